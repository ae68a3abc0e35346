import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { statePaths, writeNote } from "./local-state.ts";
import { WRANGLER, WRANGLER_ENV } from "./local-wrangler.ts";
import { endGroup } from "./process-group.ts";
import { codeOf, ROOT } from "./project.ts";
import { readVars } from "./vars.ts";

const START_TIMEOUT_MS = 120_000;

/** A Worker that runs on this machine, in the process group `group`. */
export type LocalWorker = {
  readonly url: string;
  readonly group: number;
  readonly stop: () => Promise<void>;
};

/** Writes .dev.vars from the example with fresh random secrets, unless it is there; returns what it holds. */
export function devVars(): Record<string, string> {
  const path = join(ROOT, ".dev.vars");
  if (!existsSync(path)) {
    const example = readFileSync(join(ROOT, ".dev.vars.example"), "utf8");
    writeFileSync(
      path,
      example.replaceAll(/=random$/gm, () => `=${randomBytes(32).toString("hex")}`),
      { mode: 0o600 },
    );
  }
  return readVars(path);
}

/** The owner's token of .dev.vars, which `devVars` writes first where it is missing. */
export function localToken(): string {
  return devVars().ADMIN_TOKEN ?? "";
}

type PortState = "free" | "taken" | "forbidden";

/**
 * Whether the port can be listened on: "free", "taken", or "forbidden" (ports below 1024 often are). Both loopback addresses
 * are tried, because browsers take either for localhost.
 */
export async function portState(port: number): Promise<PortState> {
  const states: PortState[] = [];
  for (const host of ["127.0.0.1", "::1"]) states.push(await listenState(port, host));
  return states.find((state) => state !== "free") ?? "free";
}

function listenState(port: number, host: string): Promise<PortState> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => {
      const code = codeOf(error);
      if (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT") resolve("free");
      else resolve(code === "EACCES" ? "forbidden" : "taken");
    });
    server.listen(port, host, () => server.close(() => resolve("free")));
  });
}

/** Starts the Worker in a process group of its own and waits until it answers. `vars` override the configuration. */
export async function startWorker(options: {
  readonly stateDir: string;
  readonly port: number;
  readonly vars: Readonly<Record<string, string>>;
}): Promise<LocalWorker> {
  const { stateDir, port, vars } = options;
  const paths = statePaths(stateDir);
  mkdirSync(stateDir, { recursive: true });
  // Letters and links stand in it, which are nobody else's on a shared machine.
  const log = openSync(paths.log, "w", 0o600);
  chmodSync(paths.log, 0o600);
  const args = ["dev", "--port", String(port), "--ip", "127.0.0.1", "--persist-to", stateDir];
  args.push("--inspector-port", "0");
  for (const [name, value] of Object.entries(vars)) args.push("--var", `${name}:${value}`);
  const child = spawn(process.execPath, [WRANGLER, ...args, "--show-interactive-dev-session=false"], {
    cwd: ROOT,
    env: WRANGLER_ENV,
    detached: true,
    stdio: ["ignore", log, log],
  });
  const group = child.pid;
  if (group === undefined) throw new Error("The Worker didn't start: wrangler couldn't be run.");
  writeNote(stateDir, { starter: process.pid, group, port });
  const url = `http://localhost:${port}`;
  const stop = async () => {
    await endGroup(group);
    rmSync(paths.note, { force: true });
  };
  const died = new Promise<"died">((resolve) => child.on("exit", () => resolve("died")));
  const answer = await Promise.race([waitForAnswer(`http://127.0.0.1:${port}/healthz`), died]);
  if (answer !== "answers") {
    await stop();
    throw new Error(`The Worker didn't start. Its log (${paths.log}) ends with:\n${logTail(paths.log)}`);
  }
  return { url, group, stop };
}

/** The last lines of a log. */
function logTail(path: string): string {
  return readFileSync(path, "utf8").split("\n").slice(-25).join("\n");
}

/** Whether the Worker answers within five seconds, healthy or not. */
export async function answers(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(5000) });
    await answer.text();
    return true;
  } catch {
    return false;
  }
}

/** What /healthz tells, with the provider that the configuration names. */
export async function health(port: number) {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
  const mailbox = await fetch(`http://127.0.0.1:${port}/mailbox/messages.json?limit=1`);
  await mailbox.text();
  const told = (await answer.json()) as { faults?: string[] };
  return { faults: told.faults ?? [], provider: mailbox.ok ? "mailbox" : "resend" };
}

/** Fires the cron trigger once, as Cloudflare would. */
export async function fireTick(port: number, time: number): Promise<void> {
  const query = new URLSearchParams({ cron: "*/15 * * * *", time: String(time) });
  const answer = await fetch(`http://127.0.0.1:${port}/cdn-cgi/handler/scheduled?${query}`, {
    signal: AbortSignal.timeout(300_000),
  });
  if (!answer.ok) throw new Error(`the tick answered ${answer.status}`);
  await answer.text();
}

async function waitForAnswer(url: string): Promise<"answers" | "silent"> {
  for (const end = Date.now() + START_TIMEOUT_MS; Date.now() < end; ) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      await answer.text();
      return "answers";
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }
  return "silent";
}
