import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { ROOT } from "./bootstrap.mjs";
import { commandOf, endGroup, groupMembers } from "./process-group.mjs";

const WRANGLER = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
const WRANGLER_ENV = {
  ...process.env,
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_LOG: "log",
  NO_COLOR: "1",
  FORCE_COLOR: "0",
};
const START_TIMEOUT_MS = 120_000;

/** Where a local instance keeps its data, its log and the note of its processes. */
export function statePaths(stateDir) {
  return {
    data: stateDir,
    log: join(stateDir, "worker.log"),
    note: join(stateDir, "themepost-process.json"),
  };
}

/** Writes .dev.vars from the example with fresh random secrets, unless it is there; returns what it holds. */
export function devVars() {
  const path = join(ROOT, ".dev.vars");
  if (!existsSync(path)) {
    const example = readFileSync(join(ROOT, ".dev.vars.example"), "utf8");
    writeFileSync(
      path,
      example.replaceAll(/=random$/gm, () => `=${randomBytes(32).toString("hex")}`),
      { mode: 0o600 },
    );
  }
  const entries = readFileSync(path, "utf8")
    .split("\n")
    .map((line) => /^([A-Z_]+)=(.*)$/.exec(line.trim()))
    .filter((match) => match !== null)
    .map((match) => [match[1], match[2].replace(/^"(.*)"$/, "$1")]);
  return Object.fromEntries(entries);
}

/**
 * What an earlier start left: {kind: "running", port} while its start command lives; otherwise ends left-over processes
 * of it and returns {kind: "free"}. Processes are known by their group, and never by name alone.
 */
export async function clearLeftovers(stateDir) {
  const { note } = statePaths(stateDir);
  if (!existsSync(note)) return { kind: "free" };
  const { starter, group, port } = readNote(note) ?? {};
  if (group === undefined) {
    rmSync(note, { force: true });
    return { kind: "free" };
  }
  const ours = groupMembers(group).some(({ command }) => /workerd|wrangler/.test(command));
  if (ours && (commandOf(starter) ?? "").includes("start.mjs"))
    return { kind: "running", port, pid: starter };
  if (ours) await endGroup(group);
  rmSync(note, { force: true });
  return { kind: "free" };
}

/**
 * Whether the port can be listened on: "free", "taken", or "forbidden" (ports below 1024 often are). Both loopback addresses
 * are tried, because browsers take either for localhost.
 */
export async function portState(port) {
  const states = [];
  for (const host of ["127.0.0.1", "::1"]) states.push(await listenState(port, host));
  return states.find((state) => state !== "free") ?? "free";
}

function listenState(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", ({ code }) => {
      if (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT") resolve("free");
      else resolve(code === "EACCES" ? "forbidden" : "taken");
    });
    server.listen(port, host, () => server.close(() => resolve("free")));
  });
}

/** Takes the state folder for this start command; the pid of another one that is starting with it, or null. */
export function takeStateFolder(stateDir) {
  mkdirSync(stateDir, { recursive: true });
  const lock = join(stateDir, "themepost-starting.pid");
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      process.on("exit", () => rmSync(lock, { force: true }));
      return null;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const other = Number(readFileSync(lock, "utf8"));
      if ((commandOf(other) ?? "").includes("start.mjs")) return other;
      rmSync(lock, { force: true });
    }
  }
}

function readNote(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null; // Cut off when its writer was killed.
  }
}

/**
 * Applies the migrations to the local D1; throws with wrangler's output when that fails, or with what to delete where the
 * database has tables that were never released.
 */
export function migrateLocal(stateDir) {
  try {
    wranglerD1(["migrations", "apply", "DB", "--local", "--persist-to", stateDir]);
  } catch (error) {
    if (!/table `?\w+`? already exists/.test(error.message)) throw error;
    throw new Error(
      `The database in ${stateDir} was made by an edition that was never released, and this one can't read it. ` +
        `It holds trial data only: delete that folder and run the command again.`,
    );
  }
}

/** Runs SQL on the local D1. Use it while the Worker is idle. */
export function executeLocal(stateDir, sql) {
  const file = join(stateDir, "execute.sql");
  writeFileSync(file, sql);
  wranglerD1(["execute", "DB", "--local", "--persist-to", stateDir, "--file", file, "--yes"]);
}

/** The rows of a query on the local D1. Use it while the Worker is idle. */
export function queryLocal(stateDir, sql) {
  const output = wranglerD1([
    "execute",
    "DB",
    "--local",
    "--persist-to",
    stateDir,
    "--command",
    sql,
    "--json",
  ]);
  return JSON.parse(output)[0].results;
}

function wranglerD1(args) {
  const result = spawnSync(process.execPath, [WRANGLER, "d1", ...args], {
    cwd: ROOT,
    env: { ...WRANGLER_ENV, CI: "true" },
    encoding: "utf8",
    maxBuffer: 100_000_000,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (result.status !== 0) throw new Error(`${result.stdout}\n${result.stderr}`);
  return result.stdout;
}

/**
 * Starts the Worker in a process group of its own and waits until it answers. `vars` override the configuration.
 * Returns {url, group, stop, ended}; `ended` resolves when it ends by itself.
 */
export async function startWorker({ stateDir, port, vars }) {
  const paths = statePaths(stateDir);
  mkdirSync(stateDir, { recursive: true });
  const log = openSync(paths.log, "w");
  const args = [
    "dev",
    "--port",
    String(port),
    "--ip",
    "127.0.0.1",
    "--persist-to",
    stateDir,
    "--inspector-port",
    "0",
  ];
  for (const [name, value] of Object.entries(vars)) args.push("--var", `${name}:${value}`);
  const child = spawn(process.execPath, [WRANGLER, ...args, "--show-interactive-dev-session=false"], {
    cwd: ROOT,
    env: WRANGLER_ENV,
    detached: true,
    stdio: ["ignore", log, log],
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  writeFileSync(`${paths.note}.new`, JSON.stringify({ starter: process.pid, group: child.pid, port }));
  renameSync(`${paths.note}.new`, paths.note);
  const url = `http://localhost:${port}`;
  const stop = async () => {
    await endGroup(child.pid);
    rmSync(paths.note, { force: true });
  };
  const died = ended.then(() => "died");
  const answer = await Promise.race([waitForAnswer(`http://127.0.0.1:${port}/healthz`), died]);
  if (answer !== "answers") {
    await stop();
    throw new Error(`The Worker did not start. Its log (${paths.log}) ends with:\n${logTail(paths.log)}`);
  }
  return { url, group: child.pid, stop, ended };
}

/** The last lines of a log. */
export function logTail(path) {
  return readFileSync(path, "utf8").split("\n").slice(-25).join("\n");
}

/** Whether the Worker answers within five seconds, healthy or not. */
export async function answers(port) {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(5000) });
    await answer.text();
    return true;
  } catch {
    return false;
  }
}

/** What /healthz tells, with the provider that the configuration names. */
export async function health(port) {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
  const mailbox = await fetch(`http://127.0.0.1:${port}/mailbox/messages.json?limit=1`);
  await mailbox.text();
  return { ...(await answer.json()), provider: mailbox.ok ? "mailbox" : "resend" };
}

/** Fires the cron trigger once, as Cloudflare would. */
export async function fireTick(port, time) {
  const query = new URLSearchParams({ cron: "*/15 * * * *", time: String(time) });
  const answer = await fetch(`http://127.0.0.1:${port}/cdn-cgi/handler/scheduled?${query}`, {
    signal: AbortSignal.timeout(300_000),
  });
  if (!answer.ok) throw new Error(`the tick answered ${answer.status}`);
  await answer.text();
}

async function waitForAnswer(url) {
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
