import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { inject } from "vitest";
import { publishContent } from "../../scripts/content/publish-content.ts";
import { serveDemoPartner, setUpDemoPartner } from "../../scripts/demo-partner.ts";
import { localToken, startWorker } from "../../scripts/local-worker.ts";
import type { MailboxMessage } from "../../scripts/reader-by-program.ts";
import { addTrialOwner } from "../../scripts/trial-owner.ts";

export type { MailboxMessage };

const ROOT = join(import.meta.dirname, "..", "..");
const BUILT_IN = join(ROOT, "emails");

/** The service with data of its own, and the demo partner's site on another origin. */
export type RunningThemepost = {
  readonly url: string;
  readonly demoUrl: string;
  readonly stop: () => Promise<void>;
};

/** What `npm start` runs. `ended` resolves with the exit code. */
export type StartedThemepost = Omit<RunningThemepost, "stop"> & {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
};

/** A folder for the data of a test's instance. */
export function freshState(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "themepost-state-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/**
 * What `npm start` comes to, without its checks: a copy of the migrated state, the Worker, the newsletter of `content`, the built-in
 * one by itself, and the demo partner's site. `stop` ends all of it and removes the data.
 */
export async function runThemepost(content = BUILT_IN): Promise<RunningThemepost> {
  const state = freshState();
  cpSync(inject("migratedState"), state.folder, { recursive: true });
  const [port, demoPort] = [await freePort(), await freePort()];
  const token = localToken();
  const origin = `http://localhost:${demoPort}`;
  const worker = await startWorker({
    stateDir: state.folder,
    port,
    vars: { PUBLIC_URL: `http://localhost:${port}` },
  });
  const url = `http://localhost:${port}`;
  const edition = { origin: "built_in", force: false } as const;
  await publishContent({ url, token }, content, edition, () => undefined);
  await addTrialOwner(url, token);
  await setUpDemoPartner({ url, token, origin });
  const demo = await serveDemoPartner({ url, token, port: demoPort });
  return {
    url: worker.url,
    demoUrl: origin,
    stop: async () => {
      demo.close();
      await worker.stop();
      state.remove();
    },
  };
}

/** Runs `npm start` and waits until it says that it runs, or until it ends. */
export async function startThemepost(state: string, port: number): Promise<StartedThemepost> {
  const demoPort = await freePort();
  const child = spawn(process.execPath, [join(ROOT, "scripts", "bootstrap.mjs"), "start"], {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port), DEMO_PORT: String(demoPort), THEMEPOST_STATE: state },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const ended = new Promise<number | null>((resolve) => child.on("exit", (code) => resolve(code)));
  const runs = new Promise<void>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString("utf8");
      if (output.includes("Stop it with Ctrl+C")) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
  });
  await Promise.race([runs, ended]);
  return {
    url: `http://localhost:${port}`,
    demoUrl: `http://localhost:${demoPort}`,
    process: child,
    output: () => output,
    ended,
  };
}

/** Stops it as Ctrl+C does, and waits for its end. */
export async function stopThemepost(running: StartedThemepost): Promise<void> {
  running.process.kill("SIGINT");
  await running.ended;
}

type Proof = { readonly stamp: string; readonly wording: string };

/** For sign-ups to come: a stamp serves four of them, and the service lets a fresh one wait. */
const proofs = new Map<string, Proof[]>();

async function takeProof(url: string): Promise<Proof> {
  const kept = proofs.get(url) ?? [];
  proofs.set(url, kept);
  if (kept.length === 0) {
    const fresh = await Promise.all(Array.from({ length: 4 }, () => freshProof(url)));
    kept.push(...fresh, ...fresh, ...fresh, ...fresh);
  }
  return kept.pop() ?? freshProof(url);
}

async function freshProof(url: string): Promise<Proof> {
  const { stamp, wording } = (await (await fetch(`${url}/api/v1/form-stamp`)).json()) as {
    stamp: string;
    wording: { version: string };
  };
  return { stamp, wording: wording.version };
}

/** A sign-up without a browser, as a program of the owner's would do it. */
export async function signUpByProgram(url: string, fields: Readonly<Record<string, string>>): Promise<void> {
  const { stamp, wording } = await takeProof(url);
  const answer = await fetch(`${url}/api/v1/subscriptions`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ ...fields, stamp, wording }),
  });
  if (answer.status !== 202) throw new Error(await answer.text());
}

/** Someone who signed up and confirmed without a browser, with the links of their welcome. */
export async function becomeReader(
  url: string,
  email: string,
  fields: Readonly<Record<string, string>> = {},
) {
  await signUpByProgram(url, { email, ...fields });
  const [confirmation] = await waitForMessages(url, email, 1);
  const answer = await fetch(linkIn("confirm", confirmation), { method: "POST" });
  if (answer.status !== 200) throw new Error(await answer.text());
  // The first letter comes right behind the welcome.
  const [, welcome] = await waitForMessages(url, email, 3);
  return {
    email,
    confirm: linkIn("confirm", confirmation),
    preferences: linkIn("preferences", welcome),
    unsubscribe: linkIn("unsubscribe", welcome),
  };
}

/** The first link to a page of this kind in a message. */
export function linkIn(purpose: string, message: Pick<MailboxMessage, "html"> | undefined): string {
  const link = new RegExp(`http://localhost:\\d+/${purpose}/[\\w-]+`).exec(message?.html ?? "")?.[0];
  if (link === undefined) throw new Error(`no link to ${purpose} in this message`);
  return link;
}

/** A reader's own page, for the hour to come: asked for on the page of their letters, and mailed. */
export async function ownPageOf(
  url: string,
  { email, preferences }: { readonly email: string; readonly preferences: string },
): Promise<string> {
  const had = await mailbox(url, email);
  const asked = await fetch(`${preferences}/link`, { method: "POST" });
  if (asked.status !== 200) throw new Error(await asked.text());
  return linkIn("data", (await waitForMessages(url, email, had.length + 1)).at(-1));
}

/** Moves the mailbox's clock, sends what falls due on the way, and returns the time that the clock then shows. */
export async function advance(url: string, step: { weeks: number } | { to: string }): Promise<number> {
  const answer = await fetch(`${url}/mailbox/advance`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(step),
  });
  if (answer.status !== 200) throw new Error(await answer.text());
  return Date.parse(((await answer.json()) as { now: string }).now);
}

/** Messages in the mailbox, oldest first, to one address where `to` is given. */
export async function mailbox(url: string, to?: string): Promise<MailboxMessage[]> {
  const query = to === undefined ? "" : `&to=${encodeURIComponent(to)}`;
  const answer = await fetch(`${url}/mailbox/messages.json?limit=1000${query}`);
  return ((await answer.json()) as MailboxMessage[]).reverse();
}

/** The weekly letters to an address, oldest first. */
export async function themesTo(url: string, to: string): Promise<MailboxMessage[]> {
  return (await mailbox(url, to)).filter(({ tags }) => tags.some(({ value }) => value === "theme"));
}

/** Waits until the mailbox holds `count` messages to the address: the queue takes a second or two. */
export async function waitForMessages(url: string, to: string, count: number): Promise<MailboxMessage[]> {
  for (const end = Date.now() + 20_000; ; ) {
    const messages = await mailbox(url, to);
    if (messages.length >= count) return messages;
    if (Date.now() > end) throw new Error(`${messages.length} of ${count} messages came`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A connection to the one Chromium of all browser tests; closing it closes its own contexts only. */
export function openBrowser(): Promise<Browser> {
  return chromium.connect(inject("chromiumUrl"));
}

/** Presses a button and waits for the page that it leads to. A text is the whole name of the button. */
export async function press(page: Page, name: string | RegExp): Promise<void> {
  await Promise.all([
    page.waitForEvent("load"),
    page.getByRole("button", { name, exact: typeof name === "string" }).click(),
  ]);
}
