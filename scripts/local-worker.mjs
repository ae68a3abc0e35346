import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { ROOT } from "./bootstrap.mjs";
import { commandOf, endGroup, groupMembers } from "./process-group.mjs";

const WRANGLER = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
const WRANGLER_ENV = { ...process.env, WRANGLER_SEND_METRICS: "false", NO_COLOR: "1", FORCE_COLOR: "0" };
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
  const { starter, group, port } = JSON.parse(readFileSync(note, "utf8"));
  const ours = groupMembers(group).some(({ command }) => /workerd|wrangler/.test(command));
  if (ours && (commandOf(starter) ?? "").includes("start.mjs"))
    return { kind: "running", port, pid: starter };
  if (ours) await endGroup(group);
  rmSync(note, { force: true });
  return { kind: "free" };
}

/** Whether nobody listens on the port yet. */
export function portIsFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Applies the migrations to the local D1; throws with wrangler's output when that fails. */
export function migrateLocal(stateDir) {
  wranglerD1(["migrations", "apply", "DB", "--local", "--persist-to", stateDir]);
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
  writeFileSync(paths.note, JSON.stringify({ starter: process.pid, group: child.pid, port }));
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

/** Fires the cron trigger once, as Cloudflare would. */
export async function fireTick(port, time) {
  const query = new URLSearchParams({ cron: "*/15 * * * *", time: String(time) });
  const answer = await fetch(`http://127.0.0.1:${port}/cdn-cgi/handler/scheduled?${query}`);
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
