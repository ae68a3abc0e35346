import { expect } from "vitest";
import { localToken } from "../../scripts/local-worker.ts";
import { trialDeskLink } from "../../scripts/trial-owner.ts";
import { keyboard, mouse } from "./hands.ts";
import type { themepostOfFile } from "./themepost-of-file.ts";

/** Who the trial's owner is, and where a letter to themselves arrives. */
const MAILBOX = "/mailbox";

/**
 * An owner's first hour: they name their site, write a letter, look at it on a phone in the dark, send it to themselves, publish it, bring the letter back as it
 * was before, and undo the publication. `name` keeps what several of them do apart.
 */
export async function firstHour(
  themepost: ReturnType<typeof themepostOfFile>,
  {
    by,
    javaScriptEnabled,
    name,
  }: { readonly by: "mouse" | "keyboard"; readonly javaScriptEnabled: boolean; readonly name: string },
): Promise<void> {
  const page = await themepost.visit(await trialDeskLink(themepost.url, localToken()), {
    ...{ javaScriptEnabled, viewport: { width: 360, height: 740 }, colorScheme: "dark" as const },
  });
  const { press, fill, choose } = by === "mouse" ? mouse : keyboard(page);
  const said = () => page.locator(".said").textContent();
  await press(page.getByRole("button", { name: "Open the desk" }));
  await press(page.getByRole("link", { name: "Settings", exact: true }));
  await press(page.getByRole("link", { name: "Your site" }));
  await page.getByLabel("One line below it").fill("");
  await fill(page.getByLabel("One line below it"), `${name} in letters`);
  await press(page.getByRole("button", { name: "See how it looks" }));
  await page.frameLocator("iframe.site").locator("title").waitFor({ state: "attached" });
  await press(page.getByRole("button", { name: "Save", exact: true }));
  expect(await said()).toContain("Saved.");

  await press(page.getByRole("link", { name: "Letters", exact: true }));
  await fill(page.getByLabel("Title"), `${name} mornings`);
  await press(page.getByRole("button", { name: "Begin" }));
  await fill(page.getByLabel("Subject"), "The first frost");
  await press(page.getByRole("button", { name: "Add and write it" }));
  await write("Cover what's tender.");
  if (!javaScriptEnabled) await press(page.getByRole("button", { name: "Save, and look at it" }));
  await choose(page.getByLabel("dark", { exact: true }));
  await page.frameLocator(".letter-frame.dark").getByText("Cover what's tender.").waitFor();
  await press(page.getByRole("button", { name: "Send it to yourself" }));
  expect(await said()).toContain("on its way");
  const inbox = await themepost.visit(`${themepost.url}${MAILBOX}`);
  await inbox
    .getByText(/\[Test\] The first frost/)
    .first()
    .waitFor();

  await press(page.getByRole("link", { name: `${name} mornings` }));
  await press(page.getByRole("button", { name: "Make it ready The first frost" }));
  await press(page.getByRole("link", { name: "The welcome letter" }));
  await fill(page.getByLabel("Subject"), "Welcome to the garden");
  await write("Hello, and welcome.");
  await press(page.getByRole("button", { name: "Save, and look at it" }));
  await press(page.getByRole("link", { name: `${name} mornings` }));
  await press(page.getByRole("link", { name: "See what publishing would mean" }));
  await press(page.getByRole("button", { name: "Publish" }));
  expect(await said()).toContain("Published.");

  await press(page.getByRole("link", { name: "The first frost" }));
  await press(page.getByRole("link", { name: "Earlier saves" }));
  expect(await page.locator("main").textContent()).toMatch(/One save|saves, newest first/);
  await press(page.getByRole("link", { name: "Back to the letter" }));
  await write(" And the roses.", "add");
  await press(page.getByRole("button", { name: "Save, and look at it" }));
  await press(page.getByRole("link", { name: `${name} mornings` }));
  await press(page.getByRole("link", { name: "See what publishing would mean" }));
  await press(page.getByRole("button", { name: "Publish" }));
  expect(await said()).toContain("Published.");
  await press(page.getByText("Throw changes away", { exact: false }).first());
  await press(page.getByRole("button", { name: "Undo the last publication" }));
  expect(await said()).toContain("Undone");
  await press(page.getByRole("link", { name: "The first frost" }));
  expect(await page.locator("#markdown").inputValue()).not.toContain("roses");

  /** Writes a letter, in the editor where there's one. */
  async function write(text: string, how: "all" | "add" = "all"): Promise<void> {
    if (how === "all") await fill(page.getByLabel("What mailboxes show"), "A line beside it");
    const letter = javaScriptEnabled
      ? page.locator(".cm-content")
      : page.getByLabel("Letter", { exact: true });
    const whole = how === "all" ? `# ${name}\n\n${text}` : text;
    if (!javaScriptEnabled && by === "mouse") {
      await letter.fill(how === "all" ? whole : `${await letter.inputValue()}${text}`);
      return;
    }
    if (by === "keyboard") await fill(letter, "");
    else await letter.click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type(whole);
    await page.getByText(/^Saved \d{1,2}:\d\d$/).waitFor();
  }
}
