// From nothing to something that can be deployed: asks what can't be known, makes the secrets, and writes the file of settings and a newsletter.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { beginFolder } from "../content/begin.ts";
import { readSettings } from "../deploy/settings.ts";
import { withVariable } from "../deploy/webhook.ts";
import { ROOT } from "../project.ts";
import { type Command, type Flags, type Given, Misused, Refused, shown } from "./command.ts";

/** What is asked, by the flag that answers it; with what's taken where nothing is said. */
const QUESTIONS = [
  [
    "url",
    "Where will it be? An address on a domain of yours at Cloudflare, such as https://letters.garden.org",
  ],
  ["from", "Which address sends? At the domain you've added in Resend, such as letters@mail.garden.org"],
  ["replyTo", "Where do replies go? An address whose mail you read"],
  ["key", "Resend's API key, with full access (re_…)"],
  ["name", "What's your newsletter called?"],
  ["author", "Who writes it?"],
  ["postal", "The postal address for the foot of each letter, which the law asks for"],
] as const satisfies readonly (readonly [keyof Flags, string])[];

type Answers = Readonly<Record<(typeof QUESTIONS)[number][0], string>> & { readonly instance: string };

const FLAG_OF: Readonly<Partial<Record<keyof Flags, string>>> = { replyTo: "reply-to" };

/** The file of settings: the example with the answers, and secrets of its own. `secret` makes a random one. */
function settingsFile(answers: Answers, content: string, secret: () => string): string {
  const example = readFileSync(join(ROOT, "production.vars.example"), "utf8");
  const values = {
    PUBLIC_URL: answers.url,
    INSTANCE: answers.instance,
    MAIL_FROM: answers.from,
    MAIL_REPLY_TO: answers.replyTo,
    CONTENT: content,
    RESEND_API_KEY: answers.key,
    SIGNING_SECRET: secret(),
    SUPPRESSION_KEY: secret(),
    ADMIN_TOKEN: secret(),
  };
  const begun = example.replace(
    /^# Copy to .*\n/,
    "# Settings of one installation: docs/operations/set-up.md. Never commit this file.\n",
  );
  return Object.entries(values).reduce((text, [name, value]) => withVariable(text, name, value), begun);
}

/** A newsletter's site with what was answered, in place of what the template stands for. */
function siteFile(site: string, { name, author, postal }: Answers): string {
  const quoted = (text: string) => JSON.stringify(text);
  return site
    .replace(/^name: .*$/m, () => `name: ${quoted(name)}`)
    .replaceAll(/^( {2}name): Your Name$/gm, (_, key: string) => `${key}: ${quoted(author)}`)
    .replace(/^( {2}address): .*$/m, (_, key: string) => `${key}: ${quoted(postal)}`);
}

/** The command `init`. */
export const init: Command = {
  about: "write a file of settings with secrets of its own, and begin a newsletter; asks what can't be known",
  args: "[file]",
  flags: ["url", "from", "replyTo", "key", "name", "author", "postal", "instance"],
  run: async (given) => {
    const {
      words: [typed = "production.vars"],
      at,
    } = given;
    const file = at(typed);
    if (existsSync(file)) throw new Refused(`${file} is there already. Nothing was changed.`);
    const answers = await answersOf(given);
    const slug = slugOf(answers.name);
    const folder = join(dirname(file), slug);
    const text = settingsFile(answers, relative(dirname(file), folder), () =>
      randomBytes(32).toString("hex"),
    );
    const reading = readSettings(text);
    if (reading.kind === "faulty")
      throw new Misused(`That can't be deployed. Nothing was written.\n  ${reading.faults.join("\n  ")}`);
    const begun = existsSync(folder) ? [] : beginFolder(folder, slug);
    if (begun.length > 0) {
      const site = join(folder, "site.yaml");
      writeFileSync(site, siteFile(readFileSync(site, "utf8"), answers));
    }
    writeFileSync(file, text, { mode: 0o600, flag: "wx" });
    return shown({ file, folder, begun }, () => [
      `Wrote ${file}. Only you can read it; keep a copy of its secrets in your password manager.`,
      begun.length > 0
        ? `Began ${folder}: write over what's there.`
        : `${folder} is there already, and stays.`,
      "Next:",
      "  node scripts/bootstrap.mjs with-node wrangler login",
      `  npm run deploy${file === join(ROOT, "production.vars") ? "" : ` -- --file ${file}`}`,
    ]);
  },
};

async function answersOf({ flags, ask }: Given): Promise<Answers> {
  const said: Partial<Record<keyof Flags, string>> = {};
  const missing: string[] = [];
  for (const [flag, question] of QUESTIONS) {
    const given = flags[flag] ?? (ask === undefined ? "" : (await ask(question)).trim());
    if (given === "") missing.push(`--${FLAG_OF[flag] ?? flag}`);
    said[flag] = given;
  }
  if (missing.length > 0) throw new Misused(`Still needed: ${missing.join(", ")}`);
  return { ...(said as Omit<Answers, "instance">), instance: flags.instance ?? "main" };
}

/** A folder's name out of a newsletter's. */
function slugOf(name: string): string {
  const slug = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 60);
  return slug === "" ? "my-letters" : slug;
}
