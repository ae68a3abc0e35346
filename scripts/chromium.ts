import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import { installPackage } from "./debian-package.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/**
 * The path of a Chromium: the one that CHROMIUM names, one on this system, Playwright's, or, as root on Debian, its
 * package, installed now. Null when there is none.
 */
export function findChromium(): string | null {
  return fromEnvironment() ?? onSystem() ?? playwrights() ?? debians();
}

function fromEnvironment(): string | null {
  const { CHROMIUM } = process.env;
  return CHROMIUM !== undefined && existsSync(CHROMIUM) ? CHROMIUM : null;
}

function onSystem(): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...candidates, MAC_CHROME].find((path) => existsSync(path)) ?? null;
}

function playwrights(): string | null {
  const path = chromium.executablePath();
  return existsSync(path) ? path : null;
}

function debians(): string | null {
  return installPackage("chromium", "the browser tests") ? onSystem() : null;
}
