import { spawnSync } from "node:child_process";
import { installPackage } from "./debian-package.mjs";

/** The command of SpamAssassin, installed now as Debian's package where root may; null where there is none. */
export function findSpamAssassin() {
  if (runs()) return "spamassassin";
  return installPackage("spamassassin", "the spam scores") && runs() ? "spamassassin" : null;
}

function runs() {
  return spawnSync("spamassassin", ["--version"], { stdio: "ignore" }).status === 0;
}
