import { readFileSync } from "node:fs";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  advance,
  becomeReader,
  freePort,
  freshState,
  linkIn,
  mailbox,
  openBrowser,
  type RunningThemepost,
  signUpByProgram,
  startThemepost,
  stopThemepost,
  waitForMessages,
} from "../support/running-themepost.ts";

const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;
const MODES = [
  ["with JavaScript", { javaScriptEnabled: true }],
  ["without JavaScript", { javaScriptEnabled: false }],
] as const;

const state = freshState();
let themepost: RunningThemepost;
let browser: Browser;
/** Of the letters, in order. */
let titles: string[] = [];
const contexts: BrowserContext[] = [];
let people = 0;

beforeAll(async () => {
  browser = await openBrowser();
  themepost = await startThemepost(state.folder, await freePort());
  if (!themepost.output().includes("Stop it with")) throw new Error(themepost.output());
  const page = await visit(`${themepost.url}/letters`);
  titles = await page.locator("article h2:first-child").allTextContents();
});

afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())));

afterAll(async () => {
  await browser?.close();
  if (themepost) await stopThemepost(themepost);
  state.remove();
});

async function visit(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

const freshAddress = (name: string) => {
  people += 1;
  return `${name}-${people}@example.com`;
};
const newReader = (name: string, fields = {}) => becomeReader(themepost.url, freshAddress(name), fields);
const themesOf = async (email: string) =>
  (await mailbox(themepost.url, email)).filter(({ tags }) => tags.some(({ value }) => value === "theme"));

/** Presses a button and waits for the page that it leads to. */
async function press(page: Page, name: string | RegExp): Promise<void> {
  await Promise.all([
    page.waitForEvent("load"),
    page.getByRole("button", { name, exact: typeof name === "string" }).click(),
  ]);
}

const said = (page: Page) => page.locator(".said");
const text = async (page: Page) =>
  ((await page.locator("main").textContent()) ?? "").replaceAll(/\s+/g, " ").trim();
const upcoming = (page: Page) => datesIn(page.locator(".card > .dates"));
const before = (page: Page) => datesIn(page.locator(".before dd").first());
const now = (page: Page) => datesIn(page.locator(".before dd").last());
const whens = (dates: readonly { when: string }[]) => dates.map(({ when }) => when);

/** The dates of a list: as it says them, as wall time (epoch ms, as if it were UTC), and with the titles beside them. */
async function datesIn(list: Locator) {
  const lines = await list.locator("li").allTextContents();
  return lines.map((line) => {
    const [, when = "", title = ""] = /^(\w+ \d+ \w+ \d{4} at \d\d:\d\d)\s*(.*)$/.exec(line) ?? [];
    return { when, wall: wallOf(when), title };
  });
}

function wallOf(when: string): number {
  return Date.parse(`${when.replace(" at ", " ")} UTC`);
}

/** How many days lie between one and the next. */
function daysBetween(dates: readonly { readonly wall: number }[]): number[] {
  return dates.slice(1).map(({ wall }, place) => (wall - (dates[place]?.wall ?? 0)) / DAY_MS);
}

for (const [mode, options] of MODES) {
  test(`${mode} a reader sees the next three letters with their dates, skips one, and takes that back`, async () => {
    const reader = await newReader("skip");
    const page = await visit(reader.preferences, options);
    const dates = await upcoming(page);
    expect(dates.map(({ title }) => title)).toEqual(titles.slice(0, 3));
    expect(daysBetween(dates)).toEqual([7, 7]);
    for (const { when } of dates) expect(when).toMatch(/^Tuesday .* at 09:00$/);
    expect(await text(page)).toContain(`Your next letter comes on ${dates[0]?.when} (Europe/Berlin).`);

    await page.getByText(`The next one then comes on ${dates[1]?.when.replace(" at 09:00", "")}`).waitFor();
    await press(page, /^Skip the letter of /);
    expect(await said(page).textContent()).toContain("Skipped. No theme is lost");
    expect(whens(await before(page))).toEqual(whens(dates));
    expect(whens(await now(page)).slice(0, 2)).toEqual(whens(dates.slice(1)));
    const shifted = await upcoming(page);
    expect(whens(shifted)).toEqual(whens(await now(page)));
    expect(shifted.map(({ title }) => title)).toEqual(titles.slice(0, 3));

    await press(page, "Undo");
    expect(await said(page).textContent()).toContain("Taken back.");
    expect(await upcoming(page)).toEqual(dates);
    await press(page, "Make it again");
    expect(await upcoming(page)).toEqual(shifted);
  });

  test(`${mode} a reader pauses for two weeks, until a day, or until they come back, and resumes`, async () => {
    const reader = await newReader("pause");
    const page = await visit(reader.preferences, options);
    const dates = await upcoming(page);
    const resume = async () => {
      await press(page, "Resume");
      expect(await said(page).textContent()).toContain("Welcome back.");
      expect(await upcoming(page)).toEqual(dates);
    };

    const promised = await page.getByLabel("Two weeks").locator("xpath=..").textContent();
    await page.getByLabel("Two weeks").check();
    await press(page, "Pause");
    expect(await said(page).textContent()).toContain("Paused.");
    const [afterTwoWeeks] = await upcoming(page);
    expect(promised).toContain(`the next letter comes on ${afterTwoWeeks?.when.replace(" at 09:00", "")}`);
    expect(await text(page)).toMatch(/Paused until \w+ .*\. The next letter comes on .* at 09:00/);
    await resume();

    const chosen = new Date((dates[2]?.wall ?? 0) + 8 * DAY_MS).toISOString().slice(0, 10);
    await page.getByLabel("Letters may come again from").fill(chosen);
    await press(page, "Pause until that day");
    const [afterChosen] = await upcoming(page);
    expect(afterChosen?.wall).toBe((dates[2]?.wall ?? 0) + 2 * WEEK_MS);
    expect(whens(await before(page))).toEqual(whens(dates));
    await resume();

    await page.getByLabel("Until I come back").check();
    await press(page, "Pause");
    expect(await text(page)).toContain("Paused: no letters until you resume.");
    expect(await page.locator(".card > .dates").count()).toBe(0);
    await resume();
  });

  test(`${mode} a reader sees what another day, hour, zone and pace come to before saving them`, async () => {
    const reader = await newReader("slot");
    const page = await visit(reader.preferences, options);
    const dates = await upcoming(page);
    await page.getByLabel("Weekday").selectOption("Friday");
    await page.getByLabel("Hour").selectOption("18:00");
    await page.getByLabel("Time zone").selectOption("Pacific/Chatham");
    await page.getByLabel("How often").selectOption("every second week");
    await press(page, "Show the dates first");
    expect(await said(page).textContent()).toContain("Not saved yet");
    expect(whens(await before(page))).toEqual(whens(dates));
    const wanted = await now(page);
    expect(daysBetween(wanted)).toEqual([14, 14]);
    for (const { when } of wanted) expect(when).toMatch(/^Friday .* at 18:00$/);
    expect(await upcoming(await visit(reader.preferences, options))).toEqual(dates);

    await press(page, "Save day, hour and time zone");
    expect(await said(page).textContent()).toContain("Saved.");
    expect(whens(await upcoming(page))).toEqual(whens(wanted));
    expect(await text(page)).toContain(`${wanted[0]?.when} (Pacific/Chatham)`);
    await page.goto(reader.preferences);
    expect(await page.getByLabel("How often").inputValue()).toBe("2");
    expect(await page.getByLabel("Hour").inputValue()).toBe("18");
  });

  test(`${mode} the next letter greets a reader by the name they saved, and keeps to the age of the son`, async () => {
    const reader = await newReader("about", { first_name: "Ada" });
    const page = await visit(reader.preferences, options);
    expect(await page.getByLabel("First name").inputValue()).toBe("Ada");
    await page.getByLabel("First name").fill("Grace");
    await page.getByLabel("A teenager").check();
    await press(page, "Save");
    expect(await said(page).textContent()).toContain("Saved. It holds from the next letter on.");
    await page.goto(reader.preferences);
    expect(await page.getByLabel("First name").inputValue()).toBe("Grace");
    expect(await page.getByLabel("A teenager").isChecked()).toBe(true);
    await advance(themepost.url, { weeks: 2 });
    const [letter] = await themesOf(reader.email);
    expect(letter?.text).toContain("Dear Grace,");
    expect(letter?.text).toContain("said to the dog or to the washing-up");
    expect(letter?.text).not.toContain("Get down to his height");
  });

  test(`${mode} a reader opens the letters so far again, and unsubscribes`, async () => {
    const reader = await newReader("so-far");
    const page = await visit(reader.preferences, options);
    const promised = await instantsOf(page);
    await advance(themepost.url, { to: promised[2] ?? "" });
    const letters = await themesOf(reader.email);
    expect(letters.map(({ sent_at }) => sent_at)).toEqual(promised);

    await page.reload();
    await page.getByText("Letters so far").click();
    const links = page.locator("details").first().getByRole("link");
    expect(await links.allTextContents()).toEqual(titles.slice(0, 3));
    await links.first().click();
    await page.getByRole("heading", { level: 1, name: titles[0] ?? "?" }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/read\//);
    await page.goto(reader.preferences);
    expect((await upcoming(page))[0]?.title).toBe(titles[3]);

    await press(page, "Unsubscribe");
    expect(await said(page).textContent()).toContain("Unsubscribed. No more of these letters will come.");
    await advance(themepost.url, { weeks: 2 });
    expect(await themesOf(reader.email)).toHaveLength(3);
  });
}

/** The instants of the next letters, as programs read them. */
async function instantsOf(page: Page): Promise<string[]> {
  const times = await page.locator(".card > .dates time").all();
  return Promise.all(times.map(async (time) => (await time.getAttribute("datetime")) ?? ""));
}

for (const [mode, options] of MODES) {
  test(`${mode} what a reader typed stays on the page where it cannot be taken, with the fault told at the field`, async () => {
    const reader = await newReader("typed");
    const page = await visit(reader.preferences, options);
    const untouched = await text(page);
    const faultAt = async (label: string) => {
      const field = page.getByLabel(label);
      expect(await field.getAttribute("aria-invalid")).toBe("true");
      expect(await page.evaluate("document.activeElement.id")).toBe(await field.getAttribute("id"));
      const ids = (await field.getAttribute("aria-describedby")) ?? "";
      return page.locator(`#${ids.split(" ")[0]}`).textContent();
    };
    for (const [typed, fault] of [
      ["2020-02-29", "That day is not in the future."],
      ["2199-01-01", "That is more than two years away."],
      ["", "Please choose the day"],
    ] as const) {
      const field = page.getByLabel("Letters may come again from");
      // As a browser does that knows no date fields.
      await field.evaluate((input) => {
        input.removeAttribute("min");
        input.removeAttribute("required");
      });
      await field.fill(typed);
      await press(page, "Pause until that day");
      expect(await faultAt("Letters may come again from")).toContain(fault);
      expect(await field.inputValue()).toBe(typed);
    }

    const long = "Wilhelmina".repeat(6).concat("s");
    await page.getByLabel("First name").fill(long);
    await page.getByLabel("Grown up").check();
    await press(page, "Save");
    expect(await faultAt("First name")).toContain("That name is longer than 60 characters.");
    expect(await page.getByLabel("First name").inputValue()).toBe(long);
    expect(await page.getByLabel("Grown up").isChecked()).toBe(true);
    await page.goto(reader.preferences);
    expect(await text(page)).toBe(untouched);
  });
}

test("with the page open in two tabs nothing is overwritten: the second tab is told, and keeps what was chosen there", async () => {
  const reader = await newReader("tabs");
  const first = await visit(reader.preferences);
  const second = await first.context().newPage();
  await second.goto(reader.preferences);
  await first.getByLabel("Weekday").selectOption("Thursday");
  await press(first, "Save day, hour and time zone");
  const saved = await upcoming(first);
  for (const { when } of saved) expect(when).toMatch(/^Thursday .* at 09:00$/);

  await second.getByLabel("Hour").selectOption("20:00");
  await press(second, "Save day, hour and time zone");
  await second.getByRole("heading", { name: "This page was changed elsewhere" }).waitFor();
  expect(await upcoming(second)).toEqual(saved);
  expect(await second.getByLabel("Hour").inputValue()).toBe("20");
  await first.goto(reader.preferences);
  expect(await upcoming(first)).toEqual(saved);

  await press(second, "Save day, hour and time zone");
  expect(await said(second).textContent()).toContain("Saved.");
  const weekday = await second.locator("select[name=weekday] option:checked").textContent();
  for (const { when } of await upcoming(second)) expect(when).toMatch(`${weekday} `);
  for (const { when } of await upcoming(second)) expect(when).toMatch(/ at 20:00$/);
});

test("what a reader chose in a second tab stays there, whichever form it was", async () => {
  const reader = await newReader("forms");
  const page = await visit(reader.preferences);
  const elsewhere = await page.context().newPage();
  await elsewhere.goto(reader.preferences);
  const changeElsewhere = async (hour: string) => {
    await elsewhere.goto(reader.preferences);
    await elsewhere.getByLabel("Hour").selectOption(hour);
    await press(elsewhere, "Save day, hour and time zone");
  };
  const stale = () => page.getByRole("heading", { name: "This page was changed elsewhere" }).waitFor();

  await changeElsewhere("10:00");
  await page.getByLabel("Four weeks").check();
  await press(page, "Pause");
  await stale();
  expect(await page.getByLabel("Four weeks").isChecked()).toBe(true);

  await changeElsewhere("11:00");
  const day = new Date((await advance(themepost.url, { weeks: 1 })) + 30 * DAY_MS).toISOString().slice(0, 10);
  await page.getByLabel("Letters may come again from").fill(day);
  await press(page, "Pause until that day");
  await stale();
  expect(await page.getByLabel("Letters may come again from").inputValue()).toBe(day);

  await changeElsewhere("12:00");
  await page.getByLabel("First name").fill("Grace");
  await page.getByLabel("Grown up").check();
  await press(page, "Save");
  await stale();
  expect(await page.getByLabel("First name").inputValue()).toBe("Grace");
  expect(await page.getByLabel("Grown up").isChecked()).toBe(true);
  await press(page, "Save");
  expect(await said(page).textContent()).toContain("Saved.");
});

test("pressing a button twice counts once: one letter is skipped, not two", async () => {
  const reader = await newReader("twice");
  const page = await visit(reader.preferences);
  const dates = await upcoming(page);
  const again = await page.context().newPage();
  await again.goto(reader.preferences);
  const skip = /^Skip the letter of /;
  await Promise.all([page.getByRole("button", { name: skip }).dblclick(), press(again, skip)]);
  await page.getByRole("status").waitFor();
  expect(await said(again).textContent()).toContain("Skipped.");
  const skipped = await upcoming(again);
  expect(skipped[0]?.when).toBe(dates[1]?.when);
  await page.goto(reader.preferences);
  expect(await upcoming(page)).toEqual(skipped);
});

/** Opens the unsubscribe link of a letter and presses its one button. */
async function leave(letter: Parameters<typeof linkIn>[1]): Promise<Page> {
  const page = await visit(linkIn("unsubscribe", letter), { javaScriptEnabled: false });
  await page.getByRole("heading", { level: 1, name: "Unsubscribe" }).waitFor();
  await press(page, "Unsubscribe");
  await page.getByRole("heading", { level: 1, name: "You are unsubscribed" }).waitFor();
  return page;
}

test("one press on the letter's link stops the letters, says so, and takes an answer to why", async () => {
  const reader = await newReader("leaves");
  await advance(themepost.url, { weeks: 2 });
  const letters = await themesOf(reader.email);
  const page = await leave(letters[0]);
  expect(await text(page)).toContain("No more letters go to l•••@example.com. This took effect right away.");
  const counted = await reasonsGiven();
  await page.getByLabel("The letters came too often").check();
  await press(page, "Send the answer");
  expect(await said(page).textContent()).toContain("Thank you. That helps.");
  expect(await page.getByRole("button", { name: "Send the answer" }).count()).toBe(0);
  expect(await reasonsGiven()).toBe(counted + 1);

  // A day later the way back is a new sign-up, also for a page that was left open.
  await advance(themepost.url, { weeks: 2 });
  await press(page, "It was a mistake: go on as before");
  expect(await said(page).textContent()).toContain("That is not possible any more.");
  expect(await page.getByRole("heading", { name: "Not quite what you meant?" }).count()).toBe(0);
  expect(await themesOf(reader.email)).toHaveLength(letters.length);
});

async function reasonsGiven(): Promise<number> {
  const vars = readFileSync(new URL("../../.dev.vars", import.meta.url), "utf8");
  const authorization = `Bearer ${/^ADMIN_TOKEN=(.*)$/m.exec(vars)?.[1] ?? ""}`;
  const answer = await fetch(`${themepost.url}/api/v1/admin/leave-reasons?days=400`, {
    headers: { authorization },
  });
  const { reasons } = (await answer.json()) as { reasons: { reason: string | null; people: number }[] };
  return reasons.find(({ reason }) => reason === "too_often")?.people ?? 0;
}

test("whoever left by mistake, wanted fewer, or a pause, gets the letters back that way", async () => {
  const ways = [
    ["mistake", "It was a mistake: go on as before"],
    ["fewer", "Fewer: one letter every second week"],
    ["break", "Just a pause of four weeks"],
  ] as const;
  const readers = await Promise.all(ways.map(([name]) => newReader(name)));
  await advance(themepost.url, { weeks: 2 });
  const promised: string[][] = [];
  const gone = await Promise.all(readers.map(async ({ email }) => (await themesOf(email)).length));
  let leftAt = 0;
  for (const [place, [, button]] of ways.entries()) {
    const reader = readers[place];
    const [letter] = await themesOf(reader?.email ?? "");
    const page = await leave(letter);
    leftAt = await advance(themepost.url, { to: "2026-01-01T00:00:00Z" });
    const hint = await page.locator("li").filter({ hasText: button }).locator(".hint").textContent();
    await press(page, button);
    expect(await said(page).textContent()).toContain("You are back. You carry on where you left off.");
    expect(whens(await now(page))).toEqual(whens(await upcoming(page)));
    expect(hint).toContain((await upcoming(page))[0]?.when.replace(" at 09:00", "") ?? "?");
    promised.push(await instantsOf(page));
  }
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

/** Signs up by our own form; the text of the page that answers. */
async function signUpByForm(address: string): Promise<{ path: string; says: string }> {
  const page = await visit(themepost.url);
  await page.getByLabel("Email address").fill(address);
  await press(page, "Send me the letters");
  return { path: new URL(page.url()).pathname, says: (await text(page)).replaceAll(address, "…") };
}

/** Whoever signs up with `address` is answered like anybody else, and nothing comes, though a mail to another comes after it. */
async function expectSilence(address: string): Promise<void> {
  const had = (await mailbox(themepost.url, address)).length;
  const answer = await signUpByForm(address);
  const other = freshAddress("anybody");
  expect(await signUpByForm(other)).toEqual(answer);
  await waitForMessages(themepost.url, other, 1);
  expect(await mailbox(themepost.url, address)).toHaveLength(had);
}

test("a reader sees and downloads what is held about them, and has it erased through a mailed link; nobody can sign them up again", async () => {
  const reader = await newReader("data", { first_name: "Ada" });
  await advance(themepost.url, { weeks: 2 });
  const letters = await themesOf(reader.email);
  const page = await visit(reader.preferences);
  await page.getByRole("link", { name: "What we hold about you" }).click();
  await page.getByRole("heading", { level: 1, name: "What we hold about you" }).waitFor();
  const { wording } = (await (await fetch(`${themepost.url}/api/v1/form-stamp`)).json()) as {
    wording: { text: string };
  };
  const shown = await text(page);
  for (const held of [reader.email, "Ada", wording.text, ...titles.slice(0, letters.length)])
    expect(shown).toContain(held);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download it as a file (JSON)" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.json$/);
  const file = JSON.parse(readFileSync(await download.path(), "utf8")) as {
    person: { address: string };
    mail: unknown[];
  };
  expect(file.person.address).toBe(reader.email);
  expect(file.mail).toHaveLength(2 + letters.length);

  await press(page, "Send me the link");
  await page.getByRole("heading", { level: 1, name: "Check your inbox" }).waitFor();
  const mails = await waitForMessages(themepost.url, reader.email, 3 + letters.length);
  const link = linkIn("erase", mails.at(-1));
  const erase = await visit(link);
  await erase.getByRole("heading", { level: 1, name: "Erase everything about you?" }).waitFor();
  await page.goto(reader.preferences);
  expect(await upcoming(page)).toHaveLength(3);

  await press(erase, "Erase it now");
  await erase.getByRole("heading", { level: 1, name: "Erased" }).waitFor();
  await erase.goto(link);
  await erase.getByRole("heading", { level: 1, name: "Erased" }).waitFor();
  await page.goto(reader.preferences);
  expect(await text(page)).toContain("What we held about you has been erased.");
  expect(await page.content()).not.toContain(reader.email);
  for (const gone of [`${reader.preferences}/data`, `${reader.preferences}/data.json`, reader.unsubscribe])
    expect((await fetch(gone)).status).toBe(404);
  await advance(themepost.url, { weeks: 2 });
  await expectSilence(reader.email);
});

test("whoever says that they did not sign up is deleted: no link confirms it any more, and no form sends there", async () => {
  const address = freshAddress("denies");
  await signUpByProgram(themepost.url, { email: address, first_name: "Ada" });
  const [confirmation] = await waitForMessages(themepost.url, address, 1);
  const link = linkIn("confirm", confirmation);
  const page = await visit(link, { javaScriptEnabled: false });
  await press(page, "I did not sign up for this");
  await page.getByRole("heading", { level: 1, name: "Deleted" }).waitFor();
  await page.reload();
  await page.goto(link);
  await page.getByRole("heading", { level: 1, name: "Deleted" }).waitFor();
  expect(await page.getByRole("button").count()).toBe(0);
  const confirm = await (await fetch(link, { method: "POST" })).text();
  expect(confirm).toContain("<h1>Deleted</h1>");
  // Later than the one confirmation a day that anybody may get.
  await advance(themepost.url, { weeks: 2 });
  await expectSilence(address);
});
