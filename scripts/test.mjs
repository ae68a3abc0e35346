// npm test, npm run test:long (--long), or single files: npm test -- test/calendar
import { join } from "node:path";
import { bootstrap, fail, ROOT, runTool } from "./bootstrap.mjs";

if (await bootstrap(import.meta.url)) {
  const { findChromium } = await import("./chromium.mjs");
  const long = process.argv.includes("--long");
  const filters = process.argv.slice(2).filter((arg) => arg !== "--long");
  const chromium = findChromium();
  if (chromium === null) {
    fail(
      "The browser tests need Chromium, and none was found or could be installed. Install Chromium or Chrome, " +
        "or run `npx playwright-core install chromium`, or set CHROMIUM to the path of one.",
    );
  }
  process.exitCode = runTool(join("vitest", "vitest.mjs"), ["run", ...filters], {
    cwd: ROOT,
    env: { THEMEPOST_LONG: long ? "1" : "0", CHROMIUM: chromium },
  });
}
