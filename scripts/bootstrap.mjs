// Plain JavaScript for any Node from 20 on: installs what is missing and goes on under a Node that wrangler takes.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

// wrangler asks for 22.12; TypeScript runs as it is from 22.18 on, on the 23 line from 23.6.
const MINOR_WANTED = { 22: 18, 23: 6 };
const NODE_WANTED = "22.18";
const BUNDLED_NODE = join(ROOT, "node_modules", "node", "bin", "node");
const STAMP = join(ROOT, "node_modules", ".themepost-installed");

/**
 * Makes sure that the dependencies are installed and that the calling script runs under a Node that is new enough. Returns
 * true when the script should go on; false when it now runs in a child under the bundled Node (the exit code is passed on).
 */
export async function bootstrap(script) {
  install();
  if (newEnough()) return true;
  if (!existsSync(BUNDLED_NODE)) {
    fail(
      `This needs Node ${NODE_WANTED} or newer; you have ${process.versions.node}, and the bundled one is missing. ` +
        "Install a newer Node, or allow npm to run install scripts and delete node_modules.",
    );
  }
  const child = spawn(BUNDLED_NODE, [fileURLToPath(script), ...process.argv.slice(2)], {
    stdio: "inherit",
    env: withBundledNodeFirst(),
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve) => {
    child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
  return false;
}

/** Prints what is wrong and ends with code 1. */
export function fail(message) {
  console.error(`\n${message}\n`);
  process.exit(1);
}

/** Runs one of the project's tools to its end with the output shown; returns its exit code. */
export function runTool(packageBin, args, options = {}) {
  const result = spawnSync(process.execPath, [join(ROOT, "node_modules", packageBin), ...args], {
    cwd: ROOT,
    stdio: "inherit",
    ...options,
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", ...options.env },
  });
  return result.status ?? 1;
}

function install() {
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wantedVersions()) return;
  console.log("Installing what Themepost needs (about a minute, once) …");
  const npm = process.env.npm_execpath;
  // Unlike npm install, npm ci never writes the lock file.
  const args = ["ci", "--loglevel=error", "--no-audit", "--no-fund"];
  const options = { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] };
  const result =
    npm === undefined
      ? spawnSync("npm", args, { ...options, shell: process.platform === "win32" })
      : spawnSync(process.execPath, [npm, ...args], options);
  if (result.status !== 0)
    fail("npm ci failed; its reasons stand above. After a change of package.json, run npm install first.");
  writeFileSync(STAMP, wantedVersions());
}

function wantedVersions() {
  const hash = createHash("sha256");
  for (const file of ["package.json", "package-lock.json"]) hash.update(readFileSync(join(ROOT, file)));
  return hash.digest("hex");
}

function newEnough() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major >= 24 || (MINOR_WANTED[major] !== undefined && minor >= MINOR_WANTED[major]);
}

function withBundledNodeFirst() {
  const separator = process.platform === "win32" ? ";" : ":";
  return { ...process.env, PATH: `${join(BUNDLED_NODE, "..")}${separator}${process.env.PATH ?? ""}` };
}
