import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { findChromium } from "../../scripts/chromium.ts";
import { migrateLocal } from "../../scripts/local-database.ts";
import { devVars } from "../../scripts/local-worker.ts";
import { freshState } from "./running-themepost.ts";

declare module "vitest" {
  interface ProvidedContext {
    chromiumUrl: string;
    migratedState: string;
  }
}

/** One Chromium and one migrated database for all browser tests: files connect to the first and copy the second. */
export default async function setup(project: TestProject) {
  const executablePath = findChromium();
  if (executablePath === null) {
    throw new Error(
      "The browser tests need Chromium, which wasn't found and couldn't be installed. Install Chromium or Chrome, " +
        "or run `npx playwright-core install chromium`, or set CHROMIUM to the path of one.",
    );
  }
  const browser = await chromium.launchServer({
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
  const state = freshState();
  // Made once, before two files could make it at the same time.
  devVars();
  migrateLocal(state.folder);
  project.provide("chromiumUrl", browser.wsEndpoint());
  project.provide("migratedState", state.folder);
  return async () => {
    await browser.close();
    state.remove();
  };
}
