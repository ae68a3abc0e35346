import type { Config } from "../../platform/config.ts";
import type { Db } from "../../platform/db/client.ts";
import { readFact, writeFact } from "../../platform/db/facts.ts";
import { hmacHex } from "../../platform/links/mac.ts";
import type { Services } from "../services.ts";

/** The fact by which a database tells whose it is: what a deploy over it must not change by mistake. */
const INSTALLATION = "installation";

/** The fact that says when the cron was last seen. */
const TICKED_AT = "ticked_at";

/** An installation as its database tells it. Secrets are told by a keyed hash, from which they can't be found. */
export type Installation = {
  readonly instance: string;
  readonly public_url: string;
  /** Of each secret that links are signed or read with, the newest first. */
  readonly signing: readonly string[];
};

/** By what a secret that signs links is known again. */
export function signingCheck(secret: string): Promise<string> {
  return hmacHex(secret, "themepost signing check");
}

type Named = Pick<Config, "instance" | "publicUrl" | "signingSecrets" | "optOutSecrets">;

/** The installation that a configuration makes. */
export async function installationOf(config: Named): Promise<Installation> {
  const { instance, publicUrl, signingSecrets, optOutSecrets } = config;
  const signing = await Promise.all([...signingSecrets, ...optOutSecrets].map(signingCheck));
  return { instance, public_url: publicUrl, signing };
}

const noted = new WeakMap<Config, true>();

/** Writes down in the database that the cron was seen, and whose it is now, where that changed (looked at once an isolate). */
export async function noteInstallation({
  db,
  config,
  now,
}: Pick<Services, "db" | "config" | "now">): Promise<void> {
  await writeFact(db, TICKED_AT, String(now));
  if (noted.has(config)) return;
  const is = JSON.stringify(await installationOf(config));
  if ((await readFact(db, INSTALLATION)) !== is) await writeFact(db, INSTALLATION, is);
  noted.set(config, true);
}

/** When the cron was last seen, as the ticks note it every hour; null for never. */
export async function readTickedAt(db: Db): Promise<number | null> {
  const kept = await readFact(db, TICKED_AT);
  return kept === null ? null : Number(kept);
}
