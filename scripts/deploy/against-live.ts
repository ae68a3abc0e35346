import { suppressionCheck } from "../../src/domain/people/address-hash.ts";
import { type Installation, installationOf } from "../../src/domain/sending/installation.ts";
import { readConfig } from "../../src/platform/config.ts";
import type { Settings } from "./settings.ts";

/** What a database says of the installation that it belongs to, by the names of its facts. */
export type Facts = Readonly<Record<string, string>>;

/**
 * What a deploy of these settings would break of what's there: links in letters, and the list of those who are never mailed. Empty where nothing is
 * there, or it's the same installation.
 */
export async function wouldBreak(settings: Settings, facts: Facts): Promise<readonly string[]> {
  const reading = readConfig({ ...settings });
  if (reading.kind === "faulty") throw new Error("settings are judged before they're compared");
  const { config } = reading;
  const now = await installationOf(config);
  const deployed = facts.installation === undefined ? null : (JSON.parse(facts.installation) as Installation);
  const check = facts.suppression_check;
  return [
    ...(deployed !== null && deployed.instance !== now.instance
      ? [`INSTANCE: the database belongs to “${deployed.instance}”, not to “${now.instance}”`]
      : []),
    ...(deployed !== null && deployed.public_url !== now.public_url
      ? [
          `PUBLIC_URL: readers' letters link to ${deployed.public_url}. With ${now.public_url} those links lead nowhere, unless both addresses keep working`,
        ]
      : []),
    ...(deployed?.signing.some((secret) => !now.signing.includes(secret)) === true
      ? [
          "SIGNING_SECRET: a secret that letters were signed with is missing. Their unsubscribe links would stop working: put the new secret in front, and keep the old one behind a comma",
        ]
      : []),
    ...(check !== undefined && check !== (await suppressionCheck(config))
      ? [
          "SUPPRESSION_KEY: the list of those who are never mailed was written with another key. Nothing is sent under this one",
        ]
      : []),
  ];
}

/** What /healthz of an address says; null where no Themepost answers there. */
export async function answersAt(
  get: typeof fetch,
  publicUrl: string,
): Promise<{ readonly instance: string } | null> {
  try {
    const answer = await get(`${publicUrl}/healthz`, {
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    });
    const said = (await answer.json()) as { readonly instance?: unknown };
    return typeof said.instance === "string" ? { instance: said.instance } : null;
  } catch {
    return null;
  }
}
