// npm run themepost -- …: the owner's command line over the API. THEMEPOST_URL and ADMIN_TOKEN, or the local trial.
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
import { type Command, Misused, Refused } from "./themepost/command.ts";
import { type Asked, readCommandLine } from "./themepost/command-line.ts";
import { begin, publish, pull } from "./themepost/content.ts";
import { addToDesk, atDesk, desk, removeFromDesk } from "./themepost/desk.ts";
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
import { resumeRun, run, runs } from "./themepost/runs.ts";
import { dryRun, reArm, resume, status, stop } from "./themepost/sending.ts";
import { archive, preview, sequences, unarchive } from "./themepost/sequences.ts";
import { usage, usageOf } from "./themepost/usage.ts";

/** Every command by its name. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  status,
  runs,
  run,
  "resume-run": resumeRun,
  timeline,
  held,
  uncertain,
  release,
  reconcile,
  "give-up": giveUp,
  "send-again": sendAgain,
  stop,
  resume,
  "re-arm": reArm,
  "dry-run": dryRun,
  new: begin,
  preview,
  publish,
  pull,
  broadcasts,
  broadcast,
  schedule,
  "take-back": takeBack,
  "stop-broadcast": stopBroadcast,
  "send-to-rest": sendToRest,
  "send-to-joined": sendToJoined,
  "go-on": goOn,
  count: countAudience,
  segments,
  sequences,
  archive,
  unarchive,
  alerts,
  clear,
  acts,
  desk,
  "add-to-desk": addToDesk,
  "at-desk": atDesk,
  "remove-from-desk": removeFromDesk,
  partners,
  partner,
  "set-partner": setPartner,
  "rotate-key": rotateKey,
  snippets,
  "partner-link": partnerLink,
  "revoke-link": revokeLink,
  report,
  refusals,
  consents,
  reasons,
  erase,
  suppress,
  lift,
};

/** Where the command line speaks: `print` takes what it's asked for, `complain` why it doesn't do it. */
export type Voice = { readonly print: (text: string) => void; readonly complain: (text: string) => void };

/** Does what a command line asks; resolves with the exit code: 1 where it was refused, 2 where it makes no sense. */
export async function commandLine(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  voice: Voice,
): Promise<number> {
  try {
    return await answer(readCommandLine(args, COMMANDS), env, voice);
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Misused)) throw error;
    voice.complain(error.message);
    return error instanceof Misused ? 2 : 1;
  }
}

async function answer(asked: Asked, env: NodeJS.ProcessEnv, { print, complain }: Voice): Promise<number> {
  if (asked.kind === "help") {
    print((asked.command === null ? null : usageOf(asked.command)) ?? usage(env));
    return 0;
  }
  if (asked.kind === "unknown") {
    complain(`There's no command “${asked.command}”.\n\n${usage(env)}`);
    return 2;
  }
  const { command, words, flags, asJson } = asked;
  const shown = await command.run({ ...apiOf(env), words, flags });
  const lines = () => shown.lines().filter((line) => line !== "");
  print(asJson ? JSON.stringify(shown.answer, null, 2) : lines().join("\n"));
  return 0;
}

/** Does what the words ask, and says so. */
export async function main(args: readonly string[]): Promise<void> {
  process.exitCode = await commandLine(args, process.env, { print: console.log, complain: console.error });
}
