import { expect, test } from "vitest";
import { PHONE } from "../support/desk-walk.ts";
import { themepostOfFile } from "../support/themepost-of-file.ts";

const themepost = themepostOfFile();
const LETTER = "/desk/letters/strengthening-bonds/letters/boundaries";

test("an author writes in the editor: it's saved by itself, shown beside the text, with what's wrong at its line, and nothing is lost", async () => {
  const page = await themepost.visit(`${themepost.url}${LETTER}`, { viewport: { width: 1400, height: 900 } });
  const wrong: string[] = [];
  page.on("console", (message) => void wrong.push(message.text()));
  page.on("pageerror", (error) => void wrong.push(String(error)));
  const editor = page.locator(".editor .cm-content");
  await editor.waitFor();
  await page.getByText("Letter", { exact: true }).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\n\nOne more thing before you go.");
  await page.getByText("Not saved yet").waitFor();
  await page.getByText(/^Saved \d{1,2}:\d\d$/).waitFor();
  const preview = page.frameLocator(".letter-frame.light");
  await preview.getByText("One more thing before you go.").waitFor();
  await page.keyboard.type("\n\nA part by button");
  await page.getByRole("button", { name: "Part", exact: true }).click();
  expect(await page.locator("#markdown").inputValue()).toMatch(/\n## A part by button$/);
  await page.keyboard.type("\n\n<b>raw</b>");
  await page.locator("#editor-faults").getByText("To fix before it’s published:").waitFor();
  expect(await page.locator(".editor .cm-lint-marker-error").count()).toBe(1);
  await page.reload();
  expect(await page.locator("#markdown").inputValue()).toContain("## A part by button\n\n<b>raw</b>");
  expect(wrong).toEqual([]);
  await page.getByRole("link", { name: "Strengthening Bonds" }).click();
  await page.getByText("Throw changes away").click();
  await page.getByRole("button", { name: "Throw the changes away" }).click();
  expect(await page.locator(".lead").textContent()).toBe("Published as it stands here.");
});

test("a letter that's begun from nothing is shown as soon as there's something to show, on a phone in the dark", async () => {
  const options = { colorScheme: "dark", viewport: PHONE.viewport } as const;
  const page = await themepost.visit(`${themepost.url}/desk/letters`, options);
  await page.getByLabel("Title").fill("Garden mornings");
  await page.getByRole("button", { name: "Begin" }).click();
  await page.getByLabel("Subject").fill("The first frost");
  await page.getByRole("button", { name: "Add and write it" }).click();
  await page.getByText("It can’t be shown yet").waitFor();
  await page.locator(".cm-content").click();
  await page.keyboard.type("# The first frost\n\nCover what's tender.");
  await page.getByLabel("What mailboxes show").fill("And leave the rest to itself");
  await page.frameLocator(".letter-frame.light").getByText("Cover what's tender.").waitFor();
  expect(await page.getByText("It can’t be shown yet").isVisible()).toBe(false);
  expect(await page.locator("#editor-text").textContent()).toContain("Cover what's tender.");
});

test("without scripts, on a phone, a letter is written, saved by a button, put in its place and published, and that's undone", async () => {
  const page = await themepost.visit(`${themepost.url}/desk/letters`, { javaScriptEnabled: false, ...PHONE });
  await page.getByRole("link", { name: "Strengthening Bonds" }).click();
  await page.getByLabel("Subject").fill("A walk in the rain");
  await page.getByRole("button", { name: "Add and write it" }).click();
  await page.getByLabel("What mailboxes show").fill("No umbrella needed");
  await page
    .getByLabel("Letter", { exact: true })
    .fill("# A walk in the rain\n\nGo out together.\n\n## Try this\n\nJump into a puddle.");
  await page.getByRole("button", { name: "Save, and look at it" }).click();
  expect(await page.locator(".said").textContent()).toContain("Saved.");
  await page.frameLocator(".letter-frame.light").getByText("Jump into a puddle.").waitFor();
  await page.getByRole("link", { name: "Strengthening Bonds" }).click();
  await page.getByRole("button", { name: "Make it ready A walk in the rain" }).click();
  await page.getByRole("link", { name: "See what publishing would mean" }).click();
  expect(await page.locator("table").textContent()).toContain("A walk in the rainNew");
  await page.getByRole("button", { name: "Publish" }).click();
  expect(await page.locator(".said").textContent()).toContain("Published.");
  await page.getByText("Throw changes away").click();
  await page.getByRole("button", { name: "Undo the last publication" }).click();
  expect(await page.locator(".said").textContent()).toContain("Undone");
});
