#!/usr/bin/env node
// node scripts/bootstrap.mjs SCRIPT [ARGUMENTS]: runs scripts/SCRIPT.ts; as npx themepost, the command line. Plain JavaScript for any Node
// from 20 on: installs what is missing, and goes on under a Node that runs TypeScript and that wrangler takes.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

// wrangler asks for 22.12; TypeScript runs as it is from 22.18 on, on the 23 line from 23.6.
const MINOR_WANTED = { 22: 18, 23: 6 };
const NODE_WANTED = "22.18";
const BUNDLED_NODE = join(ROOT, "node_modules", "node", "bin", "node");
const PROGRESS_EVERY_MS = 5000;
const STAMP = join(ROOT, "node_modules", ".themepost-installed");

/** Scripts that answer --help themselves; for the others the comment at their head does. */
const OWN_HELP = ["themepost", "with-node"];

const typed = process.argv.slice(2);
const [script = "", ...args] =
  basename(process.argv[1] ?? "", ".cmd") === "themepost" ? ["themepost", ...typed] : typed;
const path = join(ROOT, "scripts", `${script}.ts`);
if (!/^[a-z-]+$/.test(script) || !existsSync(path))
  fail(
    script === ""
      ? "Which script? For instance: node scripts/bootstrap.mjs start"
      : `There's no script “${script}”.`,
  );
if (!OWN_HELP.includes(script) && args.some((arg) => arg === "--help" || arg === "-h")) help();
await install();
if (newEnough()) await run();
else await goOnUnderBundledNode();

/** Fails where the file is a part of other scripts. */
async function run() {
  hideTypeScriptWarning();
  const { main } = await import(pathToFileURL(path).href);
  if (main === undefined) fail(`There's no script “${script}”.`);
  if (main.length === 0 && args.length > 0)
    fail(`${script} doesn't take words or options, but got: ${args.join(" ")}`);
  await main(args);
}

/** Passes on signals, and the exit code. */
async function goOnUnderBundledNode() {
  if (!existsSync(BUNDLED_NODE)) {
    fail(
      `This needs Node ${NODE_WANTED} or newer; you have ${process.versions.node}, and the bundled one is missing. ` +
        "Install a newer Node, or allow npm to run install scripts and delete node_modules.",
    );
  }
  const child = spawn(BUNDLED_NODE, [fileURLToPath(import.meta.url), script, ...args], {
    stdio: "inherit",
    env: withBundledNodeFirst(),
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve) => {
    child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}

function fail(message) {
  console.error(`\n${message}\n`);
  process.exit(1);
}

/** Prints the comment at the script's head. */
function help() {
  const head = readFileSync(path, "utf8").match(/^(?:\/\/ .*\n)*/)?.[0] ?? "";
  console.log(head.replaceAll(/^\/\/ /gm, "").trim());
  process.exit(0);
}

/** Says every few seconds that it's still at it: a download of some hundred megabytes is silent for long. */
async function install() {
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wantedVersions()) return;
  console.error("Installing what Themepost needs (about a minute, once) …");
  const npm = process.env.npm_execpath;
  // Unlike npm install, npm ci never writes the lock file.
  const ci = ["ci", "--loglevel=error", "--no-audit", "--no-fund"];
  const options = { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] };
  const child =
    npm === undefined
      ? spawn("npm", ci, { ...options, shell: process.platform === "win32" })
      : spawn(process.execPath, [npm, ...ci], options);
  const began = Date.now();
  const progress = setInterval(() => {
    console.error(`  … ${Math.round((Date.now() - began) / 1000)} seconds`);
  }, PROGRESS_EVERY_MS);
  const code = await new Promise((resolve) => {
    child.on("error", () => resolve(1));
    child.on("exit", resolve);
  });
  clearInterval(progress);
  if (code !== 0)
    fail("npm ci failed; see above for why. If you changed package.json, run npm install first.");
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

/** Some versions of Node say on standard error that they run TypeScript as it is; no one needs to know. */
function hideTypeScriptWarning() {
  const listeners = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name === "ExperimentalWarning" && /type stripping/i.test(warning.message)) return;
    for (const listener of listeners) listener(warning);
  });
}
