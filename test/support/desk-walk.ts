import { expect } from "vitest";
import { localToken } from "../../scripts/local-worker.ts";
import { trialDeskLink } from "../../scripts/trial-owner.ts";
import { keyboard, mouse } from "./hands.ts";
import { becomeReader } from "./running-themepost.ts";
import type { themepostOfFile } from "./themepost-of-file.ts";

/** As narrow as phones are, and a page that bypasses its policy, so that axe can look at it. */
export const PHONE = { viewport: { width: 360, height: 740 }, bypassCSP: true };

/** What an old service exported: one who wants letters, one who left, one who never confirmed. */
const OLD_LIST =
  "email,status\nnew-reader@example.com,active\nleaver@example.com,unsubscribed\nunsure@example.com,pending\n";

/** An owner's first morning at the desk of a service where nothing was imported yet. */
export async function walkTheDesk(
  themepost: ReturnType<typeof themepostOfFile>,
  { by, javaScriptEnabled }: { readonly by: "mouse" | "keyboard"; readonly javaScriptEnabled: boolean },
): Promise<void> {
  const who = "grace@example.com";
  await becomeReader(themepost.url, who);
  const page = await themepost.visit(await trialDeskLink(themepost.url, localToken()), {
    javaScriptEnabled,
    ...PHONE,
  });
  const { press, fill, choose, select } = by === "mouse" ? mouse : keyboard(page);
  await press(page.getByRole("button", { name: "Open the desk" }));
  await fill(page.getByLabel("Why?"), "a look at the first letters");
  await press(page.getByRole("button", { name: "Stop all sending" }));
  expect(await page.locator(".said").textContent()).toContain("Stopped");
  await press(page.getByRole("button", { name: "Resume sending" }));
  expect(await page.locator(".said").textContent()).toContain("Sending goes on");
  await press(page.getByRole("link", { name: "Readers", exact: true }));
  await fill(page.getByLabel("Find by address"), who.slice(0, 6));
  await press(page.getByRole("button", { name: "Find", exact: true }));
  await press(page.getByRole("link", { name: who }));
  await press(page.getByRole("button", { name: "Pause for 4 weeks" }));
  expect(await page.locator(".said").textContent()).toContain("Done.");
  await press(page.getByRole("button", { name: "Undo" }));
  expect(await page.locator("main").textContent()).toContain("Getting letters");
  await fill(page.getByLabel("Add a tag"), "garden club");
  await press(page.getByRole("button", { name: "Add", exact: true }));
  await press(page.getByRole("link", { name: "Readers", exact: true }));
  await press(page.getByText("Filter", { exact: true }));
  await select(page.getByLabel("Tag", { exact: true }), "garden club");
  await press(page.getByRole("button", { name: "Show", exact: true }));
  const download = page.waitForEvent("download");
  await press(page.getByRole("button", { name: "Export as CSV" }));
  const chunks: Buffer[] = [];
  for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toMatch(new RegExp(`^email,first_name[^]*\r\n${who},`));
  await press(page.getByRole("link", { name: "Bring your readers" }));
  await page
    .getByLabel("File", { exact: true })
    .setInputFiles({ name: "old.csv", mimeType: "text/csv", buffer: Buffer.from(OLD_LIST) });
  await choose(page.getByLabel("Ask these people"));
  await fill(page.getByLabel("in your words"), "You know me from the garden club.");
  await press(page.getByRole("button", { name: "Check the file" }));
  await page.getByText("Nothing has been changed yet").waitFor();
  expect(await page.locator("main").textContent()).toContain("1 (in a day)");
  await press(page.getByRole("button", { name: "Import", exact: true }));
  await page.getByText("old.csv is imported.").waitFor();
}
