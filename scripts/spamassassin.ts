import { spawnSync } from "node:child_process";
import { installPackage } from "./debian-package.ts";

/** The command of SpamAssassin, installed now as Debian's package where root may; null where there is none. */
export function findSpamAssassin(): string | null {
  if (runs()) return "spamassassin";
  return installPackage("spamassassin", "the spam scores") && runs() ? "spamassassin" : null;
}

function runs(): boolean {
  return spawnSync("spamassassin", ["--version"], { stdio: "ignore" }).status === 0;
}
