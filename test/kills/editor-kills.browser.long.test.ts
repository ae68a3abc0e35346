import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { publishContent } from "../../scripts/content/publish-content.ts";
import { migrateLocal, queryLocal } from "../../scripts/local-database.ts";
import { localToken, startWorker } from "../../scripts/local-worker.ts";
import { ROOT } from "../../scripts/project.ts";
import { addTrialOwner } from "../../scripts/trial-owner.ts";
import { freePort, openBrowser } from "../support/running-themepost.ts";

/** Kills of one session; EDITOR_KILLS=92 makes half an hour of it. */
const KILLS = Number(process.env.EDITOR_KILLS ?? 3);
const LETTER = "/desk/letters/strengthening-bonds/letters/boundaries";

test("a letter that's typed while the service is killed again and again has every word in the end, and each save is whole", async () => {
  const stateDir = mkdtempSync(join(tmpdir(), "themepost-editor-"));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const start = () => startWorker({ stateDir, port, vars: { PUBLIC_URL: url } });
  migrateLocal(stateDir);
  let worker = await start();
  const browser = await openBrowser();
  try {
    const edition = { origin: "built_in", force: false } as const;
    await publishContent({ url, token: localToken() }, join(ROOT, "emails"), edition, () => undefined);
    await addTrialOwner(url, localToken());
    const page = await browser.newPage();
    await page.goto(`${url}${LETTER}`);
    const before = await page.locator("#markdown").inputValue();
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    let typed = before;
    const type = async (text: string) => {
      await page.keyboard.type(text, { delay: 15 });
      typed += text;
    };
    // A save that's kept, and whose answer is lost.
    await page.route(
      `**${LETTER}`,
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await type(" Kept without an answer,");
    await page.getByText("It couldn’t be saved just now.").waitFor();
    await type(" and gone on with.");
    await page.getByText(/^Saved \d{1,2}:\d\d$/).waitFor({ timeout: 60_000 });
    for (let kill = 0; kill < KILLS; kill += 1) {
      await type(` Part ${kill} is typed before the kill,`);
      // As a save is due two seconds after the last key, kills fall before, into and behind it.
      await page.waitForTimeout(Math.round(Math.random() * 4000));
      process.kill(-worker.group, "SIGKILL");
      await type(" this while nothing answers,");
      await worker.stop();
      worker = await start();
      await type(" and this after it.");
      await page.getByText(/^Saved \d{1,2}:\d\d$/).waitFor({ timeout: 60_000 });
      const other = await browser.newPage();
      await other.goto(`${url}${LETTER}`);
      expect(await other.locator("#markdown").inputValue()).toBe(typed);
      await other.close();
    }
    await worker.stop();
    const saves = queryLocal<{ markdown: string }>(
      stateDir,
      "select content ->> 'markdown' as markdown from drafts where kind = 'letter' order by id",
    );
    // Every save is the beginning of what was typed in the end.
    expect(saves.filter(({ markdown }) => !typed.startsWith(markdown))).toEqual([]);
    expect(saves.at(-1)?.markdown).toBe(typed);
  } finally {
    await browser.close();
    await worker.stop();
    rmSync(stateDir, { recursive: true, force: true, maxRetries: 5 });
  }
});
