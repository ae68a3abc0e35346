import type { Config } from "../../platform/config.ts";

/**
 * What the configuration puts into every message of a call. Pinned with a batch's first attempt, so that a repeat has the
 * same bytes even where the configuration has changed since. The secret is named by a digest, never stored.
 */
export type MessageFrame = {
  readonly from: string;
  readonly replyTo: string;
  readonly publicUrl: string;
  readonly instance: string;
  readonly secretId: string;
};

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

/** The signing secret that a frame names; the newest where that one has been removed. */
export async function secretOf(config: Config, frame: MessageFrame): Promise<string> {
  for (const secret of config.signingSecrets) {
    if ((await idOf(secret)) === frame.secretId) return secret;
  }
  return config.signingSecrets[0];
}

async function idOf(secret: string): Promise<string> {
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(`themepost signing ${secret}`),
  );
  return Array.from(new Uint8Array(digest).subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}
