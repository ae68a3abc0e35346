import { readFileSync } from "node:fs";
import { text as textOf } from "node:stream/consumers";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import {
  advance,
  becomeReader,
  linkIn,
  mailbox,
  press,
  signUpByProgram,
  themesTo,
  waitForMessages,
} from "../support/running-themepost.ts";
import { themepostOfFile } from "../support/themepost-of-file.ts";

const DAY_MS = 24 * 3_600_000;
const themepost = themepostOfFile();

const newReader = (name: string, fields = {}) => becomeReader(themepost.url, `${name}@example.com`, fields);
const { visit } = themepost;
const themesOf = (email: string) => themesTo(themepost.url, email);
const said = (page: Page) => page.locator(".said");
const text = async (page: Page) =>
  ((await page.locator("main").textContent()) ?? "").replaceAll(/\s+/g, " ").trim();
const title = (page: Page, name: string) => page.getByRole("heading", { level: 1, name }).waitFor();

/** Opens the unsubscribe link of a letter and presses its one button. */
async function leave(letter: Parameters<typeof linkIn>[1]): Promise<Page> {
  const page = await visit(linkIn("unsubscribe", letter), { javaScriptEnabled: false });
  await title(page, "Unsubscribe");
  await press(page, "Unsubscribe");
  await title(page, "You’re unsubscribed");
  return page;
}

test("one press on the letter's link stops the letters, says so, and takes an answer to why", async () => {
  const reader = await newReader("leaves");
  await advance(themepost.url, { weeks: 2 });
  const letters = await themesOf(reader.email);
  const page = await leave(letters[0]);
  expect(await text(page)).toContain("We won’t send any more letters to l•••@example.com.");
  const counted = await reasonsGiven();
  await page.getByText("Tell us why (optional)").click();
  await page.getByLabel("Too many letters").check();
  await press(page, "Send");
  expect(await said(page).textContent()).toContain("Thank you. That helps.");
  expect(await page.getByRole("button", { name: "Send", exact: true }).count()).toBe(0);
  expect(await reasonsGiven()).toBe(counted + 1);

  // A day later the way back is a new sign-up, also for a page that was left open.
  await advance(themepost.url, { weeks: 2 });
  await press(page, "Undo");
  expect(await said(page).textContent()).toContain("It’s too late to undo this.");
  expect(await page.getByRole("button", { name: "Undo" }).count()).toBe(0);
  expect(await themesOf(reader.email)).toHaveLength(letters.length);
});

async function reasonsGiven(): Promise<number> {
  const vars = readFileSync(new URL("../../.dev.vars", import.meta.url), "utf8");
  const authorization = `Bearer ${/^ADMIN_TOKEN=(.*)$/m.exec(vars)?.[1] ?? ""}`;
  const answer = await fetch(`${themepost.url}/api/v1/admin/leave-reasons?days=400`, {
    headers: { authorization },
  });
  const { data: reasons } = (await answer.json()) as { data: { reason: string | null; people: number }[] };
  return reasons.find(({ reason }) => reason === "too_often")?.people ?? 0;
}

test("whoever left by mistake, wanted fewer, or a pause, gets the letters back that way", async () => {
  const ways = [
    ["mistake", "Undo"],
    ["fewer", "Send fewer: one letter every two weeks"],
    ["break", "Just pause for four weeks"],
  ] as const;
  const readers = await Promise.all(ways.map(([name]) => newReader(name)));
  await advance(themepost.url, { weeks: 2 });
  const gone = await Promise.all(readers.map(async ({ email }) => (await themesOf(email)).length));
  const leftAt = await advance(themepost.url, { to: "2026-01-01T00:00:00Z" });
  const promised = await Promise.all(
    readers.map(async ({ email }, place) => {
      const page = await leave((await themesOf(email))[0]);
      const button = ways[place]?.[1] ?? "?";
      if (button !== "Undo") await page.getByText("Fewer letters, or a pause").click();
      const hint = await page
        .locator(`:is(li, form):has(> button:text-is("${button}")) > .hint`)
        .textContent();
      await press(page, button);
      expect(await text(page)).toContain("You’re back. You carry on where you left off.");
      await page.goto(readers[place]?.preferences ?? "");
      const next = page.locator("details > .dates time");
      expect(hint).toContain((await next.first().textContent())?.replace(" at 9:00", "") ?? "?");
      return Promise.all((await next.all()).map((time) => time.getAttribute("datetime")));
    }),
  );
  await advance(themepost.url, { weeks: 10 });
  for (const [place, { email }] of readers.entries()) {
    const back = (await themesOf(email)).slice(gone[place]).map(({ sent_at }) => sent_at);
    expect(back.slice(0, 3)).toEqual(promised[place]);
    const days = back.slice(1).map((at, index) => (Date.parse(at) - Date.parse(back[index] ?? "")) / DAY_MS);
    for (const gap of days) expect(Math.round(gap)).toBe(ways[place]?.[0] === "fewer" ? 14 : 7);
    const pauseDays = (Date.parse(back[0] ?? "") - leftAt) / DAY_MS;
    if (ways[place]?.[0] === "break") expect(pauseDays).toBeGreaterThan(27);
  }
});

/** Whoever signs up with `address` is answered like anyone else, and nothing comes, though a mail to another comes after it. */
async function expectSilence(address: string): Promise<void> {
  const had = (await mailbox(themepost.url, address)).length;
  const other = `after-${address}`;
  const forms = await Promise.all([visit(themepost.url), visit(themepost.url)]);
  const answers: string[] = [];
  for (const [place, page] of forms.entries()) {
    const typed = place === 0 ? address : other;
    await page.getByLabel("Email address").first().fill(typed);
    const button = page.getByRole("button", { name: "Send me the letters" }).first();
    await Promise.all([page.waitForEvent("load"), button.click()]);
    answers.push(`${new URL(page.url()).pathname}: ${await text(page)}`.replaceAll(typed, "…"));
  }
  expect(answers[0]).toBe(answers[1]);
  await waitForMessages(themepost.url, other, 1);
  expect(await mailbox(themepost.url, address)).toHaveLength(had);
}

test("a reader sees and downloads what is held about them, and has it erased through a mailed link; nobody can sign them up again", async () => {
  const reader = await newReader("data", { first_name: "Zinaida" });
  await advance(themepost.url, { weeks: 2 });
  const letters = await themesOf(reader.email);
  const page = await visit(reader.preferences);
  await page.getByText("Your name and your data").click();
  await press(page, "Email me the link");
  await title(page, "Check your inbox");
  const asked = await waitForMessages(themepost.url, reader.email, 3 + letters.length);
  await page.goto(linkIn("data", asked.at(-1)));
  await title(page, "Your data");
  const { wording } = (await (await fetch(`${themepost.url}/api/v1/form-stamp`)).json()) as {
    wording: { text: string };
  };
  const shown = await text(page);
  for (const held of [reader.email, "Zinaida", wording.text, "Understanding each other’s emotional needs"])
    expect(shown).toContain(held);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download as a file (JSON)" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.json$/);
  const file = JSON.parse(await textOf(await download.createReadStream())) as {
    person: { address: string };
    mail: unknown[];
  };
  expect(file.person.address).toBe(reader.email);
  expect(file.mail).toHaveLength(3 + letters.length);

  await page.locator("summary", { hasText: "Erase your data" }).click();
  await press(page, "Email me the link");
  await title(page, "Check your inbox");
  const mails = await waitForMessages(themepost.url, reader.email, 4 + letters.length);
  const link = linkIn("erase", mails.at(-1));
  const erase = await visit(link);
  await title(erase, "Erase all your data?");
  await page.goto(reader.preferences);
  expect(await page.locator("details > .dates li").count()).toBe(3);

  await press(erase, "Erase it now");
  await title(erase, "Erased");
  await erase.goto(link);
  await title(erase, "Erased");
  await page.goto(reader.preferences);
  expect(await text(page)).toContain("We’ve erased your data.");
  const own = linkIn("data", asked.at(-1));
  for (const gone of [reader.preferences, own, `${own}/my-letters.json`, reader.unsubscribe])
    expect(await (await fetch(gone)).text()).not.toMatch(/data@example|Zinaida|<button/);
  await advance(themepost.url, { weeks: 2 });
  await expectSilence(reader.email);
});

test("whoever says that they did not sign up is deleted: no link confirms it any more, and no form sends there", async () => {
  const address = "denies@example.com";
  await signUpByProgram(themepost.url, { email: address, first_name: "Ada" });
  const [confirmation] = await waitForMessages(themepost.url, address, 1);
  const link = linkIn("confirm", confirmation);
  const page = await visit(link, { javaScriptEnabled: false });
  await page.getByText("I didn’t sign up", { exact: true }).click();
  await press(page, "I didn’t sign up for this");
  await title(page, "Deleted");
  await page.reload();
  await page.goto(link);
  await title(page, "Deleted");
  expect(await page.getByRole("button").count()).toBe(0);
  const confirm = await (await fetch(link, { method: "POST" })).text();
  expect(confirm).toContain("<h1>Deleted</h1>");
  // Later than the one confirmation a day that anyone may get.
  await advance(themepost.url, { weeks: 2 });
  await expectSilence(address);
});
