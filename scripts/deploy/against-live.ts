import { suppressionCheck } from "../../src/domain/people/address-hash.ts";
import { type Installation, installationOf } from "../../src/domain/sending/installation.ts";
import { type Config, readConfig } from "../../src/platform/config.ts";
import type { Settings } from "./settings.ts";

/** What a database says of the installation that it belongs to, by the names of its facts. */
export type Facts = Readonly<Record<string, string>>;

/**
 * What a deploy of these settings would break of what's there: links in letters, and the list of those who are never mailed. Empty where nothing is
 * there, or it's the same installation.
 */
export async function wouldBreak(settings: Settings, facts: Facts): Promise<readonly string[]> {
  const config = configIn(settings);
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

/** The installation that these settings make, as its database keeps it. */
export async function installationIn(settings: Settings): Promise<string> {
  return JSON.stringify(await installationOf(configIn(settings)));
}

function configIn(settings: Settings): Config {
  const reading = readConfig({ ...settings });
  if (reading.kind === "faulty") throw new Error("settings are judged before they're compared");
  return reading.config;
}

/** What answers at an address: an installation by its name, or something else (null); nothing where no one answers. */
export type Answering = { readonly instance: string | null };

/** What answers at an address; null where no one does, as before the first deploy to it. */
export async function answersAt(get: typeof fetch, publicUrl: string): Promise<Answering | null> {
  try {
    const answer = await get(`${publicUrl}/healthz`, {
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    });
    const said = (await answer.json().catch(() => null)) as { readonly instance?: unknown } | null;
    return { instance: typeof said?.instance === "string" ? said.instance : null };
  } catch {
    return null;
  }
}

/** Whose address a deploy would take: wrangler gives a domain to the new Worker without asking where no one's there to ask. */
export function wouldTake(settings: Settings, facts: Facts, there: Answering | null): readonly string[] {
  const { INSTANCE, PUBLIC_URL } = settings;
  if (there === null || there.instance === INSTANCE) return [];
  if (there.instance !== null)
    return [
      `PUBLIC_URL: the installation “${there.instance}” answers at ${PUBLIC_URL}. This deploy would take its address away`,
    ];
  const deployed = facts.installation === undefined ? null : (JSON.parse(facts.installation) as Installation);
  // Cloudflare itself answers at a workers.dev address that no Worker has yet; and an installation of ours may be faulty for a moment.
  return new URL(PUBLIC_URL).hostname.endsWith(".workers.dev") || deployed?.public_url === PUBLIC_URL
    ? []
    : [
        `PUBLIC_URL: something else answers at ${PUBLIC_URL}. This deploy would take its address away; an address that nothing uses yet is safe`,
      ];
}
