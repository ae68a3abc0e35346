import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe } from "../support/axe.ts";
import { mailbox, waitForMessages } from "../support/running-themepost.ts";
import { themepostOfFile } from "../support/themepost-of-file.ts";

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;
const THEMES = [
  "emotional-needs",
  "connection",
  "communication",
  "boundaries",
  "change",
  "legacy",
  "emotional-intelligence",
  "mutual-growth",
  "independence",
  "closing",
];

const themepost = themepostOfFile();

const themesOf = async (to: string) =>
  (await mailbox(themepost.url, to)).filter((message) => message.tags.some((tag) => tag.value === "theme"));
const slugOf = (message: { headers: Readonly<Record<string, string>> }) =>
  (message.headers["Feedback-ID"] ?? "").split(":")[0];

/** Signs up and confirms by hand: form, mailbox, the button in the mail, the button on the page. */
async function signUp(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(themepost.url);
  await page.getByLabel("Email address").first().fill(address);
  await page.getByText("More about you").first().click();
  await page.getByLabel("First name").first().fill("Ada");
  await page.getByRole("button", { name: "Send me the letters" }).first().click();
  await page.getByRole("heading", { name: "Check your inbox" }).waitFor();
  await waitForMessages(themepost.url, address, 1);
  await page.getByRole("link", { name: "Open the mailbox" }).click();
  const confirmPage = await pressInLetter(page, "Confirm my sign-up");
  await confirmPage.getByRole("button", { name: "Confirm my sign-up" }).click();
  await confirmPage.getByRole("heading", { name: "You’re in" }).waitFor();
  await confirmPage.close();
  // The welcome, and the first letter right behind it.
  const [, welcome] = await waitForMessages(themepost.url, address, 3);
  const query = new URLSearchParams({ to: address, message: String(welcome?.id) });
  await page.goto(`${themepost.url}/mailbox?${query}`);
  return page;
}

/** Presses a link inside the open letter; it opens in a tab of its own. */
async function pressInLetter(page: Page, name: string): Promise<Page> {
  const [opened] = await Promise.all([
    page.waitForEvent("popup"),
    page.frameLocator("iframe.light").getByRole("link", { name, exact: true }).click(),
  ]);
  await opened.waitForLoadState();
  return opened;
}

/** Presses a button and waits for the page that it leads to. */
async function pressAndLoad(page: Page, name: string): Promise<void> {
  await Promise.all([
    page.waitForEvent("load", { timeout: 60_000 }),
    page.getByRole("button", { name }).click(),
  ]);
}

test("on a phone without JavaScript a visitor signs up, confirms, and gets exactly ten letters in order, the first at once and then one a week", async () => {
  const address = "phone@example.com";
  const context = await themepost.browser.newContext({ ...PHONE, javaScriptEnabled: false });
  const page = await signUp(context, address);
  const [, welcome] = await mailbox(themepost.url, address);
  expect(welcome?.text).toMatch(/Dear Ada,[\s\S]*\w{3} \d+ \w{3} at 9:00/);
  for (let week = 1; week <= 12; week += 1) {
    await pressAndLoad(page, "Skip ahead one week");
    const expected = Math.min(week + 1, 10);
    const count = (await themesOf(address)).length;
    expect(count === expected || count === expected - 1).toBe(true);
  }
  const letters = await themesOf(address);
  expect(letters.map(slugOf)).toEqual(THEMES);
  const gaps = letters
    .slice(1)
    .map((letter, index) => Date.parse(letter.sent_at) - Date.parse(letters[index]?.sent_at ?? ""));
  const [first = 0, ...others] = gaps;
  expect(first).toBeGreaterThanOrEqual(WEEK_MS - DAY_MS);
  expect(first).toBeLessThanOrEqual(2 * WEEK_MS);
  for (const gap of others) expect(Math.abs(gap - WEEK_MS)).toBeLessThanOrEqual(3_600_000);
  await context.close();
});

test("the footer's unsubscribe link, one press, and nothing more comes", async () => {
  const address = "footer@example.com";
  const context = await themepost.browser.newContext({ timezoneId: "America/New_York" });
  const page = await signUp(context, address);
  await pressAndLoad(page, "Skip ahead one week");
  await waitForMessages(themepost.url, address, 3);
  await page.goto(`${themepost.url}/mailbox?to=${encodeURIComponent(address)}`);
  const unsubscribe = await pressInLetter(page, "Unsubscribe");
  await unsubscribe.getByRole("button", { name: "Unsubscribe" }).click();
  await unsubscribe.getByText("We won’t send any more letters").waitFor();
  const before = (await themesOf(address)).length;
  expect(before).toBeGreaterThan(0);
  await pressAndLoad(page, "To the end");
  expect(await themesOf(address)).toHaveLength(before);
  await context.close();
});

test("a mailbox provider's one-click POST, and nothing more comes", async () => {
  const address = "one-click@example.com";
  const context = await themepost.browser.newContext();
  await signUp(context, address);
  const [, welcome] = await mailbox(themepost.url, address);
  const url = /^<(.+)>$/.exec(welcome?.headers["List-Unsubscribe"] ?? "")?.[1] ?? "";
  const answer = await fetch(url, {
    method: "POST",
    body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }),
    redirect: "manual",
  });
  expect(answer.status).toBe(200);
  await fetch(`${themepost.url}/mailbox/advance`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ weeks: 20 }),
  });
  expect(await themesOf(address)).toHaveLength(1);
  await context.close();
});

test("the browser's time zone becomes the reader's, and the preferences page changes day, hour and zone", async () => {
  const address = "zone@example.com";
  const context = await themepost.browser.newContext({ timezoneId: "Asia/Tokyo" });
  const page = await signUp(context, address);
  const preferences = await pressInLetter(page, "Change the day, skip or pause");
  expect(await preferences.locator("main").textContent()).toContain("at 9:00 (Tokyo, GMT+9)");
  await preferences.locator("summary", { hasText: "When:" }).click();
  await preferences.getByLabel("Weekday").selectOption("Sunday");
  await preferences.getByLabel("Hour").selectOption("18:00");
  await preferences.getByLabel("Time zone").fill("St Johns");
  await preferences.getByRole("button", { name: "Save", exact: true }).click();
  await preferences.getByRole("status").getByText("Saved").waitFor();
  expect(await preferences.locator("main").textContent()).toMatch(
    /comes on Sun .* at 6:00 pm \(St Johns, GMT-[23]:30\)/,
  );
  await preferences.locator("summary", { hasText: /^Pause$/ }).click();
  await preferences.getByLabel("Until I come back").check();
  await preferences.getByRole("button", { name: "Pause", exact: true }).click();
  await preferences.getByRole("button", { name: "Resume" }).click();
  await preferences.getByText("Welcome back").waitFor();
  await context.close();
});

test("every page is free of accessibility faults, fits a phone, asks nobody else for anything, and logs no error", async () => {
  const address = "axe@example.com";
  const context = await themepost.browser.newContext();
  await signUp(context, address);
  await context.close();
  const [confirmation, welcome] = await mailbox(themepost.url, address);
  const link = (purpose: string, html = "") =>
    new RegExp(`http://localhost:\\d+/${purpose}/[\\w-]+`).exec(html)?.[0] ?? "";
  const paths = [
    "/",
    "/privacy",
    "/check-your-inbox",
    "/mailbox",
    "/mailbox?to=nobody%40example.com",
    "/confirm/unknown",
    link("confirm", confirmation?.html),
    link("preferences", welcome?.html),
    link("unsubscribe", welcome?.html),
  ];
  const modes: [string, BrowserContextOptions][] = [
    ["desktop", {}],
    ["phone, dark", { ...PHONE, colorScheme: "dark" }],
    ["320 px", { viewport: { width: 320, height: 600 } }],
  ];
  const faults: string[] = [];
  for (const [mode, options] of modes) {
    const own = await themepost.browser.newContext({ ...options, bypassCSP: true });
    const page = await own.newPage();
    page.on("request", (request) => {
      if (!request.url().startsWith(themepost.url) && !request.url().startsWith("data:"))
        faults.push(`${mode}: asks ${request.url()}`);
    });
    page.on("pageerror", (error) => faults.push(`${mode}: ${error.message}`));
    for (const path of paths) {
      await page.goto(new URL(path, themepost.url).href);
      faults.push(...(await axe(page)).map((fault) => `${mode} ${path}: ${fault}`));
      const overflow = await page.evaluate<number>(
        "document.documentElement.scrollWidth - window.innerWidth",
      );
      if (overflow > 0) faults.push(`${mode} ${path}: ${overflow} px too wide`);
    }
    await page.goto(themepost.url);
    const email = page.getByLabel("Email address").first();
    await email.evaluate((field) => field.setAttribute("type", "text"));
    await email.fill("ada");
    await page.getByRole("button", { name: "Send me the letters" }).first().click();
    await page.getByRole("alert").waitFor();
    faults.push(...(await axe(page)).map((fault) => `${mode} faulty form: ${fault}`));
    await own.close();
  }
  expect(faults).toEqual([]);
});
