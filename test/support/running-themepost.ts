import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const ROOT = join(import.meta.dirname, "..", "..");

/** A message as /mailbox/messages.json shows it. */
export type MailboxMessage = {
  readonly id: number;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: ReadonlyArray<{ readonly name: string; readonly value: string }>;
  readonly sent_at: string;
};

/** What `npm start` runs, with data of its own. `ended` resolves with the exit code. */
export type RunningThemepost = {
  readonly url: string;
  /** The demo partner's site, on an origin of its own. */
  readonly demoUrl: string;
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

/** Starts Themepost and waits until it says that it runs, or until it ends. */
export async function startThemepost(state: string, port: number): Promise<RunningThemepost> {
  const demoPort = await freePort();
  const child = spawn(process.execPath, [join(ROOT, "scripts", "start.mjs")], {
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
export async function stopThemepost(running: RunningThemepost): Promise<void> {
  running.process.kill("SIGINT");
  await running.ended;
}

/** A sign-up without a browser, as a program of the owner's would do it. */
export async function signUpByProgram(url: string, fields: Readonly<Record<string, string>>): Promise<void> {
  const { stamp, wording } = (await (await fetch(`${url}/api/v1/form-stamp`)).json()) as {
    stamp: string;
    wording: { version: string };
  };
  const answer = await fetch(`${url}/api/v1/subscriptions`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ ...fields, stamp, wording: wording.version }),
  });
  if (answer.status !== 202) throw new Error(await answer.text());
}

/** Messages in the mailbox, oldest first, to one address where `to` is given. */
export async function mailbox(url: string, to?: string): Promise<MailboxMessage[]> {
  const query = to === undefined ? "" : `&to=${encodeURIComponent(to)}`;
  const answer = await fetch(`${url}/mailbox/messages.json?limit=1000${query}`);
  return ((await answer.json()) as MailboxMessage[]).reverse();
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

/** The Chromium that scripts/test.mjs found. */
export function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM;
  if (executablePath === undefined) throw new Error("start the tests with npm test: it finds a Chromium");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
