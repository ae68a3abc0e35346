import { expect } from "vitest";
import { localToken } from "../../scripts/local-worker.ts";
import { trialDeskLink } from "../../scripts/trial-owner.ts";
import { hourOfDate, localDate, localHour } from "../../src/platform/calendar/slot.ts";
import { keyboard, mouse } from "./hands.ts";
import { becomeReader } from "./running-themepost.ts";
import type { themepostOfFile } from "./themepost-of-file.ts";

/** Where a day begins first: there it's an hour now that most readers have still before them. */
const FIRST_ZONE = "Pacific/Kiritimati";
/** Of the built-in site. */
const SITE_ZONE = "Europe/Berlin";

/**
 * A broadcast to a saved segment from the first word to the last: written, tried, scheduled, taken back, scheduled on readers' clocks, stopped on its way, corrected, and
 * sent to the rest. `name` keeps what several of them do apart.
 */
export async function walkABroadcast(
  themepost: ReturnType<typeof themepostOfFile>,
  {
    by,
    javaScriptEnabled,
    name,
  }: { readonly by: "mouse" | "keyboard"; readonly javaScriptEnabled: boolean; readonly name: string },
): Promise<void> {
  const reader = `${name.toLowerCase()}@example.com`;
  await becomeReader(themepost.url, reader, { time_zone: "UTC" });
  const page = await themepost.visit(await trialDeskLink(themepost.url, localToken()), {
    ...{ javaScriptEnabled, viewport: { width: 360, height: 740 } },
  });
  const { press, fill, choose, select } = by === "mouse" ? mouse : keyboard(page);
  const said = () => page.locator(".said").textContent();
  const lead = () => page.locator(".lead").textContent();
  const again = async (until: RegExp) => {
    for (let tries = 0; tries < 60; tries += 1) {
      if (until.test((await lead()) ?? "")) return;
      await page.waitForTimeout(500);
      await page.reload();
    }
    throw new Error(`never says ${until}: ${await lead()}`);
  };
  const write = async (text: string): Promise<void> => {
    if (!javaScriptEnabled) {
      await fill(page.getByLabel("Letter", { exact: true }), text);
      return;
    }
    if (by === "mouse") await page.locator(".cm-content").click();
    else {
      await page.locator(".cm-content").waitFor();
      for (let stops = 0; stops < 80; stops += 1) {
        await page.keyboard.press("Tab");
        if (
          await page
            .locator(".cm-content")
            .evaluate("element => element === element.getRootNode().activeElement")
        )
          break;
      }
    }
    await page.keyboard.press("Control+A");
    await page.keyboard.type(text);
  };

  await press(page.getByRole("button", { name: "Open the desk" }));
  await press(page.getByRole("link", { name: "Readers", exact: true }));
  await press(page.getByRole("link", { name: "Saved segments" }));
  await press(page.getByRole("link", { name: "New segment" }));
  await fill(page.getByLabel("Name", { exact: true }), `Readers of ${name}`);
  await select(page.getByLabel("Condition 1", { exact: true }).first(), "Reads in English");
  await press(page.getByRole("button", { name: "Save", exact: true }));
  expect(await lead()).toMatch(/^(One reader is|\d+ readers are) in it\.$/);
  await press(page.getByRole("button", { name: "Write them a broadcast" }));
  await fill(page.getByLabel("Subject"), `${name} news`);
  await fill(page.getByLabel("What mailboxes show"), "What happened this month");
  await write(`Hello from ${name}.`);
  await press(page.getByRole("button", { name: "Send it to yourself" }));
  expect(await said()).toContain("on its way");
  const inbox = await themepost.visit(`${themepost.url}/mailbox`);
  await inbox.getByText(`[Test] ${name} news`).first().waitFor();

  await press(page.getByRole("link", { name: "Back to the broadcast" }));
  expect(await page.locator("main").textContent()).toContain(`The segment “Readers of ${name}”`);
  await choose(page.getByLabel("As soon as its hold is over"));
  await press(page.getByRole("button", { name: "Save", exact: true }));
  expect(await said()).toContain("Saved.");
  await press(page.getByRole("button", { name: "Schedule it" }));
  expect(await lead()).toContain("Nothing has been sent, and you can take it back");
  await press(page.getByRole("button", { name: "Take it back" }));
  expect(await said()).toContain("Taken back. Nobody got it.");

  // The form begins with the hour that it is by the trial's clock.
  const date = await page.getByLabel("Date", { exact: true }).inputValue();
  const hour = Number(await page.getByLabel("Hour", { exact: true }).inputValue());
  const now = hourOfDate(date, hour, SITE_ZONE);
  await choose(page.getByLabel("At that hour of each reader’s own clock"));
  await page.getByLabel("Date", { exact: true }).fill(localDate(now, FIRST_ZONE));
  await page.getByLabel("Hour", { exact: true }).selectOption(String(localHour(now, FIRST_ZONE)));
  await page.getByLabel("On days with a weekly letter").selectOption("regardless");
  await page.getByLabel("Hold, in minutes").fill("0");
  await press(page.getByRole("button", { name: "Save", exact: true }));
  await press(page.getByRole("button", { name: "Schedule it" }));
  await again(/^Leaving: 0 of [1-9]/);
  await press(page.getByRole("button", { name: "Stop it" }));
  await again(/don’t\.$/);
  expect(await lead()).toContain("Stopped. 0 have it");
  await press(page.getByRole("link", { name: "Write it, see how it looks" }));
  await page.getByLabel("Subject").fill("");
  await fill(page.getByLabel("Subject"), `${name} news, corrected`);
  await press(page.getByRole("button", { name: "Save, and look at it" }));
  await press(page.getByRole("link", { name: "Back to the broadcast" }));
  await press(page.getByRole("button", { name: "Send it to the rest" }));
  expect(await said()).toContain("It goes on.");
  await fetch(`${themepost.url}/mailbox/advance`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ to: new Date(now + 26 * 3_600_000).toISOString() }),
  });
  await again(/^[1-9]\d* of \d+ have it\.$/);
  await inbox.goto(`${themepost.url}/mailbox?to=${encodeURIComponent(reader)}`);
  await inbox.getByText(`${name} news, corrected`).first().waitFor();
  expect(await inbox.getByText(`${name} news`).count()).toBeGreaterThan(0);
}
