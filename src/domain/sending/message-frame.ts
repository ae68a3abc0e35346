import type { Config } from "../../platform/config.ts";
import type { MessageFrame } from "../../platform/db/schema/index.ts";
import { sha256Hex } from "../../platform/links/mac.ts";

/** The frame of messages composed now. */
export async function frameOf(config: Config): Promise<MessageFrame> {
  const { mail, publicUrl, instance, signingSecrets } = config;
  return {
    from: mail.from,
    replyTo: mail.replyTo,
    publicUrl,
    instance,
    secretId: await idOf(signingSecrets[0]),
  };
}

/** The signing secret that a frame names, retired or not, so that a repeated call has the same bytes; the newest where that one is gone. */
export async function secretOf(config: Config, frame: MessageFrame): Promise<string> {
  for (const secret of [...config.signingSecrets, ...config.optOutSecrets]) {
    if ((await idOf(secret)) === frame.secretId) return secret;
  }
  return config.signingSecrets[0];
}

async function idOf(secret: string): Promise<string> {
  return (await sha256Hex(`themepost signing ${secret}`)).slice(0, 16);
}
