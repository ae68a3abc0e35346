import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/**
 * The path of a Chromium: the one that CHROMIUM names, one on this system, Playwright's, or, as root on Debian, its
 * package, installed now. Null when there is none.
 */
export function findChromium() {
  return fromEnvironment() ?? onSystem() ?? playwrights() ?? debians();
}

function fromEnvironment() {
  const { CHROMIUM } = process.env;
  return CHROMIUM !== undefined && existsSync(CHROMIUM) ? CHROMIUM : null;
}

function onSystem() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...candidates, MAC_CHROME].find((path) => existsSync(path)) ?? null;
}

function playwrights() {
  const path = chromium.executablePath();
  return existsSync(path) ? path : null;
}

function debians() {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get"))
    return null;
  console.log("Installing Chromium for the browser tests (once) …");
  const options = {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  spawnSync("apt-get", ["update", "-qq"], options);
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], options);
  return onSystem();
}
