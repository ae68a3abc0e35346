// npx themepost …, or npm run themepost -- …: the owner's command line over the API.
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";
import { acts, alerts, clear } from "./themepost/acts.ts";
import { apiOf } from "./themepost/api.ts";
import {
  broadcast,
  broadcasts,
  countAudience,
  goOn,
  schedule,
  segments,
  sendToJoined,
  sendToRest,
  stopBroadcast,
  takeBack,
} from "./themepost/broadcasts.ts";
import {
  type Command,
  EXIT_CODES,
  type Given,
  type Groups,
  Misused,
  Refused,
  type Shown,
} from "./themepost/command.ts";
import { type Asked, profileIn, readCommandLine, USAGE, wantsJson } from "./themepost/command-line.ts";
import { begin, publish, pull } from "./themepost/content.ts";
import { addToDesk, atDesk, desk, removeFromDesk } from "./themepost/desk.ts";
import { doctor } from "./themepost/doctor.ts";
import { init } from "./themepost/init.ts";
import { giveUp, held, reconcile, release, sendAgain, uncertain } from "./themepost/letters.ts";
import {
  partner,
  partnerLink,
  partners,
  report,
  revokeLink,
  rotateKey,
  setPartner,
  snippets,
} from "./themepost/partners.ts";
import { consents, erase, lift, reasons, refusals, suppress, timeline } from "./themepost/people.ts";
import { addProfile, profiles, removeProfile } from "./themepost/profiles.ts";
import {
  exportReaders,
  importReaders,
  imports,
  readers,
  runImport,
  stopImport,
} from "./themepost/readers.ts";
import { resumeRun, run, runs } from "./themepost/runs.ts";
import { dryRun, reArm, resume, status, stop } from "./themepost/sending.ts";
import { archive, preview, sequences, unarchive } from "./themepost/sequences.ts";

/** Every command by its name, as help lists them. */
export const GROUPS: Groups = {
  "How things stand": { status, doctor, runs, run, alerts, clear, acts },
  Sending: { stop, resume, "resume-run": resumeRun, "dry-run": dryRun, "re-arm": reArm },
  Letters: { held, uncertain, release, reconcile, "give-up": giveUp, "send-again": sendAgain },
  "Your newsletter": { init, new: begin, preview, publish, pull, sequences, archive, unarchive },
  "Letters in between": {
    broadcasts,
    broadcast,
    count: countAudience,
    schedule,
    "take-back": takeBack,
    "stop-broadcast": stopBroadcast,
    "send-to-rest": sendToRest,
    "send-to-joined": sendToJoined,
    "go-on": goOn,
    segments,
  },
  Readers: {
    readers,
    timeline,
    consents,
    reasons,
    refusals,
    suppress,
    lift,
    erase,
    export: exportReaders,
    import: importReaders,
    imports,
    "run-import": runImport,
    "stop-import": stopImport,
  },
  Partners: {
    partners,
    partner,
    "set-partner": setPartner,
    "rotate-key": rotateKey,
    snippets,
    "partner-link": partnerLink,
    "revoke-link": revokeLink,
    report,
  },
  "Your desk": { desk, "at-desk": atDesk, "add-to-desk": addToDesk, "remove-from-desk": removeFromDesk },
  Installations: { profiles, "add-profile": addProfile, "remove-profile": removeProfile },
};

/** Where the command line speaks: `print` takes what it's asked for, `complain` why it doesn't do it; `sure` asks someone, where there's someone to ask. */
export type Voice = {
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  readonly sure?: (question: string) => Promise<boolean>;
  /** Asks someone for an answer in words. */
  readonly ask?: (question: string) => Promise<string>;
};

/** Does what a command line asks; resolves with the exit code (`EXIT_CODES`). */
export async function commandLine(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  voice: Voice,
): Promise<number> {
  const asJson = wantsJson(args);
  try {
    const asked = readCommandLine(args, GROUPS);
    const { text, failed } = await answered(asked, { args, env, voice, asJson, profile: profileIn(args) });
    voice.print(text);
    return failed ? EXIT_CODES.refused : 0;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { kind, message, details } = error;
    voice.complain(asJson ? JSON.stringify({ error: { kind, message, ...details } }, null, 2) : message);
    return EXIT_CODES[kind];
  }
}

async function answered(
  asked: Asked,
  how: {
    readonly args: readonly string[];
    readonly env: NodeJS.ProcessEnv;
    readonly voice: Voice;
    readonly asJson: boolean;
    readonly profile: string | undefined;
  },
): Promise<{ readonly text: string; readonly failed: boolean }> {
  if (asked.kind === "help") return { text: asked.text, failed: false };
  const { name, command, words, flags } = asked;
  const { env, voice, asJson, profile } = how;
  // npm runs its scripts in the package's folder, wherever they were called.
  const at = (path: string) => resolve(env.INIT_CWD ?? process.cwd(), path);
  const given = {
    ...{ ...apiOf(env, profile), words, flags, at },
    ...(voice.ask === undefined ? {} : { ask: voice.ask }),
  };
  const shown = await done(command, given, how).catch((error: unknown) => {
    if (!(error instanceof Misused)) throw error;
    throw new Misused(`${error.message}\nSee: ${USAGE} ${name} --help`);
  });
  const { failed = false } = shown;
  if (asJson) return { text: JSON.stringify(shown.answer, null, 2), failed };
  const lines = shown.lines().filter((line) => line !== "");
  return { text: lines.join("\n"), failed };
}

/** Runs a command; one that can't be undone, only when it's sure. */
async function done(
  { risk, run }: Command,
  given: Given,
  { args, voice }: { readonly args: readonly string[]; readonly voice: Voice },
): Promise<Shown> {
  if (risk === undefined || given.flags.yes === true) return run(given);
  const question = risk(given);
  if (voice.sure === undefined)
    throw new Refused(`${question} If you're sure, add --yes: ${USAGE} ${withYes(args)}`, "unconfirmed");
  if (!(await voice.sure(question))) throw new Refused("Nothing was done.", "unconfirmed");
  return run(given);
}

/** A command line as it was typed, with --yes behind its flags. */
function withYes(args: readonly string[]): string {
  const typed = args.map((arg) => (/[^\w./:@=-]/.test(arg) ? `'${arg.replaceAll("'", "'\\''")}'` : arg));
  const end = typed.indexOf("--", 1);
  return (end < 0 ? [...typed, "--yes"] : [...typed.slice(0, end), "--yes", ...typed.slice(end)]).join(" ");
}

/** Does what the words ask, and says so. */
export async function main(args: readonly string[]): Promise<void> {
  const { stdin, stderr } = process;
  process.exitCode = await commandLine(args, process.env, {
    print: (text) => console.log(text),
    complain: (text) => console.error(styleText("red", text, { stream: stderr })),
    ...(stdin.isTTY && stderr.isTTY ? { sure, ask: asked } : {}),
  });
}

async function sure(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await asked(`${question} Go on? (yes/no)`)).trim());
}

async function asked(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(`${question}\n> `);
  } finally {
    lines.close();
  }
}
