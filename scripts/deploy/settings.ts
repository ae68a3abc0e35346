// What production.vars says, and everything that's wrong with it, in one round.

import { readConfig } from "../../src/platform/config.ts";
import { configSchema } from "../../src/platform/config-schema.ts";
import { cutIn, varsIn } from "../vars.ts";
import { namesOf } from "./names.ts";

/** Secrets; the others are plain variables of the Worker. */
export const SECRETS = [
  "RESEND_API_KEY",
  "RESEND_WEBHOOK_SECRET",
  "SIGNING_SECRET",
  "SUPPRESSION_KEY",
  "TURNSTILE_SECRET_KEY",
  "ADMIN_TOKEN",
  // Anyone who has such an address can post there.
  "ALERT_WEBHOOK_URL",
] as const;

/** Each is made by itself: what one of them opens, the others mustn't. */
const OWN_RANDOM = ["SIGNING_SECRET", "SUPPRESSION_KEY", "ADMIN_TOKEN"] as const;

/** What stands in a file for what's still to be filled in. */
const PLACEHOLDER = /your-domain\.org|Your (Name|Street|Town)/;

const KNOWN: readonly string[] = [...Object.keys(configSchema.shape), "CONTENT"];

/** What the file says; without those that are empty. */
export type Settings = Readonly<Record<string, string>> & {
  readonly PUBLIC_URL: string;
  readonly INSTANCE: string;
  /** The folder of the newsletter that's published. */
  readonly CONTENT: string;
};

export type SettingsReading =
  | { readonly kind: "valid"; readonly settings: Settings }
  | {
      readonly kind: "faulty";
      readonly faults: readonly string[];
      /** What it says of these two, to go on with where they're all that's needed. */
      readonly instance: string | null;
      readonly content: string | null;
    };

/**
 * Reads a file of settings and judges it: lines that are none, names that nobody knows or that stand there twice, values that are cut, and all
 * that the Worker itself would refuse. An `example` may have placeholders, and needs no secrets.
 */
export function readSettings(text: string, { example = false } = {}): SettingsReading {
  const values = Object.fromEntries(Object.entries(varsIn(text)).filter(([, value]) => value !== ""));
  const made = example ? { ...placeholders(), ...values } : values;
  const faults = [
    ...lineFaults(text),
    ...cutIn(text).map((name) => `${name}: a # or a quote ends its value early; put it in single quotes`),
    ...configFaults(made),
    ...(example ? [] : ownFaults(values)),
  ];
  const { PUBLIC_URL, INSTANCE, CONTENT } = values;
  if (CONTENT === undefined)
    faults.push(
      "CONTENT: names the folder of your newsletter, with its site.yaml. To begin one: npx themepost new my-letters",
    );
  if (faults.length > 0 || PUBLIC_URL === undefined || INSTANCE === undefined || CONTENT === undefined)
    return {
      kind: "faulty",
      faults: [...new Set(faults)],
      instance: INSTANCE ?? null,
      content: CONTENT ?? null,
    };
  return {
    kind: "valid",
    settings: { ...values, PUBLIC_URL: new URL(PUBLIC_URL).origin, INSTANCE, CONTENT },
  };
}

function placeholders(): Record<string, string> {
  const secrets = OWN_RANDOM.map((name) => [name, name.padEnd(64, "x")]);
  return { ...Object.fromEntries(secrets), RESEND_API_KEY: "re_example" };
}

function lineFaults(text: string): readonly string[] {
  const seen = new Map<string, number>();
  return text.split(/\r?\n/).flatMap((line, index) => {
    const place = `line ${index + 1}`;
    if (/^\s*(#|$)/.test(line)) return [];
    const [, name] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line) ?? [];
    if (name === undefined) return [`${place}: isn't NAME=value`];
    const before = seen.get(name);
    seen.set(name, index + 1);
    return [
      ...(before === undefined
        ? []
        : [`${name}: stands in line ${before} and in ${place}; keep one of them`]),
      ...(KNOWN.includes(name) ? [] : [`${name}: isn't a setting (${place})${meant(name)}`]),
    ];
  });
}

/** The setting that was probably meant. */
function meant(name: string): string {
  const plain = (each: string) => each.replaceAll("_", "").toLowerCase();
  const wanted = plain(name);
  const near = KNOWN.find((each) => {
    const other = plain(each);
    return other === wanted || (wanted.length > 3 && (other.includes(wanted) || wanted.includes(other)));
  });
  return near === undefined ? "" : `; did you mean ${near}?`;
}

function configFaults(values: Readonly<Record<string, string>>): readonly string[] {
  const reading = readConfig({ ...values });
  return reading.kind === "faulty" ? reading.faults : [];
}

/** The secrets of a value: SIGNING_SECRET may have several, and some that only links to unsubscribe are read with. */
function secretsIn(value: string): readonly string[] {
  return value
    .split(",")
    .map((each) => each.trim().replace(/^opt-out:/, ""))
    .filter(Boolean);
}

/** What makes a deployed Worker useless or unsafe, though it would start. */
function ownFaults(values: Readonly<Record<string, string>>): readonly string[] {
  const { PUBLIC_URL = "", INSTANCE = "", MAIL_PROVIDER, RESEND_API_KEY = "re_" } = values;
  const host = URL.canParse(PUBLIC_URL) ? new URL(PUBLIC_URL).hostname : "";
  const worker = namesOf(INSTANCE).worker;
  const named = OWN_RANDOM.flatMap((name) =>
    [...new Set(secretsIn(values[name] ?? ""))].map((secret) => [name, secret] as const),
  );
  return [
    ...Object.entries(values)
      .filter(([, value]) => PLACEHOLDER.test(value))
      .map(([name]) => `${name}: still has the example's text`),
    ...Object.entries(values)
      .filter(([name, value]) => (SECRETS as readonly string[]).includes(name) && /^random$/i.test(value))
      .map(([name]) => `${name}: is the word "random"; make a value with: openssl rand -hex 32`),
    ...(MAIL_PROVIDER === "mailbox"
      ? ["MAIL_PROVIDER: the mailbox works on your own machine only; it must be resend"]
      : []),
    ...(values.TURNSTILE_SECRET_KEY !== undefined && values.TURNSTILE_SITE_KEY === undefined
      ? [
          "TURNSTILE_SITE_KEY: is needed because TURNSTILE_SECRET_KEY is set; remove both to have no challenge",
        ]
      : []),
    ...(RESEND_API_KEY.startsWith("re_") ? [] : ["RESEND_API_KEY: must begin with re_"]),
    ...named
      .filter(([, value], place) => named.findIndex(([, other]) => other === value) !== place)
      .map(([name]) => `${name}: is the same as another secret; each needs a value of its own`),
    ...(host.endsWith(".workers.dev") && !new RegExp(`^${worker}\\.[^.]+\\.workers\\.dev$`).test(host)
      ? [`PUBLIC_URL: on workers.dev this installation answers at ${worker}.YOUR-SUBDOMAIN.workers.dev alone`]
      : []),
    ...(["localhost", "127.0.0.1", "[::1]"].includes(host)
      ? ["PUBLIC_URL: is this machine's own address; readers need one on the internet"]
      : []),
  ];
}
