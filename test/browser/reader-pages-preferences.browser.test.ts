import type { Locator, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { advance, becomeReader, ownPageOf, press, themesTo } from "../support/running-themepost.ts";
import { themepostOfFile } from "../support/themepost-of-file.ts";

const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;
const MODES = [
  ["with JavaScript", { javaScriptEnabled: true }],
  ["without JavaScript", { javaScriptEnabled: false }],
] as const;

const themepost = themepostOfFile();
/** Of the letters, in order. */
let titles: string[] = [];
let people = 0;

beforeAll(async () => {
  const page = await visit(`${themepost.url}/letters`);
  titles = await page.locator("article h2:first-child").allTextContents();
});

/** A new reader, each time with another address. */
const newReader = (name: string, fields = {}) => {
  people += 1;
  return becomeReader(themepost.url, `${name}-${people}@example.com`, fields);
};
const { visit } = themepost;
const themesOf = (email: string) => themesTo(themepost.url, email);

const said = (page: Page) => page.locator(".said");
const text = async (page: Page) =>
  ((await page.locator("main").textContent()) ?? "").replaceAll(/\s+/g, " ").trim();
const upcoming = (page: Page) => datesIn(page.locator("details > .dates"));
/** Of the dates that are shown before they are saved: as they are, and as they would be. */
const before = (page: Page) => datesIn(page.locator(".before dd").first());
const then = (page: Page) => datesIn(page.locator(".before dd").last());
const openPause = (page: Page) => page.locator("summary", { hasText: /^(Pause|Change the pause)$/ }).click();
const openWhen = (page: Page) => page.locator("summary", { hasText: "When:" }).click();
const whens = (dates: readonly { when: string }[]) => dates.map(({ when }) => when);

/** The dates of a list: as it says them, as wall time (epoch ms, as if it were UTC), and with the titles beside them. */
async function datesIn(list: Locator) {
  const lines = await list.locator("li").all();
  return Promise.all(
    lines.map(async (line) => {
      const [, when = "", title = ""] =
        /^(\w+ \d+ \w+(?: \d{4})? at \d{1,2}:\d\d)\s*(.*)$/.exec((await line.textContent()) ?? "") ?? [];
      const read = (await line.locator("time").getAttribute("datetime")) ?? "";
      return { when, wall: wallOf(when, new Date(read).getUTCFullYear()), title };
    }),
  );
}

/** A date on the wall is short of its year where that's clear. */
function wallOf(when: string, year: number): number {
  const [date = "", time = ""] = when.split(" at ");
  return Date.parse(`${/\d{4}/.test(date) ? date : `${date} ${year}`} ${time} UTC`);
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
    expect(dates.map(({ title }) => title)).toEqual(titles.slice(1, 4));
    expect(daysBetween(dates)).toEqual([7, 7]);
    for (const { when } of dates) expect(when).toMatch(/^Tue .* at 9:00$/);
    expect(await text(page)).toMatch(
      new RegExp(`Your next letter comes on ${dates[0]?.when} \\(Berlin, GMT\\+[12]\\)\\.`),
    );

    await page.getByText(`If you skip, it comes on ${dates[1]?.when.replace(" at 9:00", "")}`).waitFor();
    await press(page, "Skip this letter");
    expect(await said(page).textContent()).toContain(
      `Skipped. You won’t miss a theme. Your next letter comes on ${dates[1]?.when} (`,
    );
    const shifted = await upcoming(page);
    expect(whens(shifted).slice(0, 2)).toEqual(whens(dates.slice(1)));
    expect(shifted.map(({ title }) => title)).toEqual(titles.slice(1, 4));

    await press(page, "Undo");
    expect(await said(page).textContent()).toContain(`Undone. Your next letter comes on ${dates[0]?.when} (`);
    expect(await upcoming(page)).toEqual(dates);
    await press(page, "Redo");
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

    await openPause(page);
    const promised = await page.getByLabel("Two weeks").locator("xpath=..").textContent();
    await page.getByLabel("Two weeks").check();
    await press(page, "Pause");
    expect(await said(page).textContent()).toContain("Paused until");
    const [afterTwoWeeks] = await upcoming(page);
    expect(promised).toContain(`next letter ${afterTwoWeeks?.when.replace(" at 9:00", "")}`);
    expect(await text(page)).toMatch(/Paused until \w+ .*\. The next letter comes on .* at 9:00/);
    await resume();

    await openPause(page);
    const chosen = new Date((dates[2]?.wall ?? 0) + 8 * DAY_MS).toISOString().slice(0, 10);
    await page.getByLabel("Pause until").fill(chosen);
    await press(page, "Pause until that day");
    const [afterChosen] = await upcoming(page);
    expect(afterChosen?.wall).toBe((dates[2]?.wall ?? 0) + 2 * WEEK_MS);
    await resume();

    await openPause(page);
    await page.getByLabel("Until I come back").check();
    await press(page, "Pause");
    expect(await text(page)).toContain("Paused until you resume.");
    expect(await page.locator("details > .dates").count()).toBe(0);
    await resume();
  });

  test(`${mode} a reader sees what another day, hour, zone and pace come to before saving them`, async () => {
    const reader = await newReader("slot");
    const page = await visit(reader.preferences, options);
    const dates = await upcoming(page);
    await openWhen(page);
    await page.getByLabel("Weekday").selectOption("Friday");
    await page.getByLabel("Hour").selectOption("18:00");
    await page.getByLabel("Time zone").fill("chatham");
    await page.getByLabel("How often").selectOption("every two weeks");
    await press(page, "See the dates");
    expect(await said(page).textContent()).toContain("Not saved yet");
    expect(whens(await before(page))).toEqual(whens(dates));
    const wanted = await then(page);
    expect(daysBetween(wanted)).toEqual([14, 14]);
    for (const { when } of wanted) expect(when).toMatch(/^Fri .* at 18:00$/);
    expect(await upcoming(await visit(reader.preferences, options))).toEqual(dates);

    await press(page, "Save");
    expect(await said(page).textContent()).toContain("Saved.");
    expect(whens(await upcoming(page))).toEqual(whens(wanted));
    expect(await text(page)).toMatch(new RegExp(`${wanted[0]?.when} \\(Chatham, GMT\\+1[23]:45\\)`));
    await page.goto(reader.preferences);
    expect(await page.locator("summary", { hasText: "When:" }).textContent()).toMatch(
      /^When: Friday at 18:00 \(Chatham, GMT\+1[23]:45\), every two weeks/,
    );
    expect(await page.getByLabel("How often").inputValue()).toBe("2");
    expect(await page.getByLabel("Time zone").inputValue()).toBe("Chatham");
    expect(await page.getByLabel("Hour").inputValue()).toBe("18");
  });

  test(`${mode} the next letter greets a reader by the name they saved, and keeps to the age of the son`, async () => {
    const reader = await newReader("about", { first_name: "Ada" });
    const own = await ownPageOf(themepost.url, reader);
    const page = await visit(own, options);
    expect(await page.getByLabel("First name").inputValue()).toBe("Ada");
    await page.getByLabel("First name").fill("Grace");
    await page.getByLabel("A teenager").check();
    await press(page, "Save");
    expect(await said(page).textContent()).toContain("Saved. Your next letter will use it.");
    await page.goto(own);
    expect(await page.getByLabel("First name").inputValue()).toBe("Grace");
    expect(await page.getByLabel("A teenager").isChecked()).toBe(true);
    await advance(themepost.url, { weeks: 2 });
    const [, letter] = await themesOf(reader.email);
    expect(letter?.text).toContain("Dear Grace,");
    expect(letter?.text).toContain("If he is a teenager");
    expect(letter?.text).not.toContain("If he is still a boy");
  });

  test(`${mode} a reader opens the letters so far again, and unsubscribes`, async () => {
    const reader = await newReader("so-far");
    const page = await visit(reader.preferences, options);
    const promised = await instantsOf(page);
    await advance(themepost.url, { to: promised[2] ?? "" });
    const letters = await themesOf(reader.email);
    // The first one came at once.
    expect(letters.slice(1).map(({ sent_at }) => sent_at)).toEqual(promised);

    await page.reload();
    await page.getByText("Letters so far").click();
    const links = page.locator("details", { hasText: "Letters so far" }).first().getByRole("link");
    expect(await links.allTextContents()).toEqual(titles.slice(0, 4));
    await links.first().click();
    await page.getByRole("heading", { level: 1, name: titles[0] ?? "?" }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/read\//);
    await page.goto(reader.preferences);
    expect((await upcoming(page))[0]?.title).toBe(titles[4]);

    await press(page, "Unsubscribe");
    await page.getByRole("heading", { level: 1, name: "You’re unsubscribed" }).waitFor();
    await advance(themepost.url, { weeks: 2 });
    expect(await themesOf(reader.email)).toHaveLength(4);
  });
}

/** The instants of the next letters, as programs read them. */
async function instantsOf(page: Page): Promise<string[]> {
  const times = await page.locator("details > .dates time").all();
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
      ["2020-02-29", "That day isn’t in the future."],
      ["2199-01-01", "That’s more than two years away."],
      ["", "Please choose the day"],
    ] as const) {
      const field = page.getByLabel("Pause until");
      if (!(await field.isVisible())) await openPause(page);
      // As a browser does that knows no date fields.
      await field.evaluate((input) => {
        input.removeAttribute("min");
        input.removeAttribute("required");
      });
      await field.fill(typed);
      await press(page, "Pause until that day");
      expect(await faultAt("Pause until")).toContain(fault);
      expect(await field.inputValue()).toBe(typed);
    }

    await page.goto(reader.preferences);
    expect(await text(page)).toBe(untouched);
    const own = await ownPageOf(themepost.url, reader);
    await page.goto(own);
    const held = await text(page);
    const long = "Wilhelmina".repeat(6).concat("s");
    await page.getByLabel("First name").fill(long);
    await page.getByLabel("Grown up").check();
    await press(page, "Save");
    expect(await faultAt("First name")).toContain("That name is longer than 40 characters.");
    expect(await page.getByLabel("First name").inputValue()).toBe(long);
    expect(await page.getByLabel("Grown up").isChecked()).toBe(true);
    await page.goto(own);
    expect(await text(page)).toBe(held);
  });
}

test("with the page open in two tabs nothing is overwritten: the second tab is told, and keeps what was chosen there", async () => {
  const reader = await newReader("tabs");
  const first = await visit(reader.preferences);
  const second = await first.context().newPage();
  await second.goto(reader.preferences);
  await openWhen(first);
  await first.getByLabel("Weekday").selectOption("Thursday");
  await press(first, "Save");
  const saved = await upcoming(first);
  for (const { when } of saved) expect(when).toMatch(/^Thu .* at 9:00$/);

  await openWhen(second);
  await second.getByLabel("Hour").selectOption("20:00");
  await press(second, "Save");
  await second.getByRole("heading", { name: "This page has changed" }).waitFor();
  expect(await upcoming(second)).toEqual(saved);
  expect(await second.getByLabel("Hour").inputValue()).toBe("20");
  await first.goto(reader.preferences);
  expect(await upcoming(first)).toEqual(saved);

  await press(second, "Save");
  expect(await said(second).textContent()).toContain("Saved.");
  const weekday = await second.locator("select[name=weekday] option:checked").textContent();
  for (const { when } of await upcoming(second)) expect(when).toContain(`${weekday?.slice(0, 3)} `);
  for (const { when } of await upcoming(second)) expect(when).toMatch(/ at 20:00$/);
});

test("what a reader chose in a second tab stays there, whichever form it was", async () => {
  const reader = await newReader("forms");
  const page = await visit(reader.preferences);
  const elsewhere = await page.context().newPage();
  await elsewhere.goto(reader.preferences);
  const changeElsewhere = async (hour: string) => {
    await elsewhere.goto(reader.preferences);
    await openWhen(elsewhere);
    await elsewhere.getByLabel("Hour").selectOption(hour);
    await press(elsewhere, "Save");
  };
  const stale = () => page.getByRole("heading", { name: "This page has changed" }).waitFor();

  await changeElsewhere("10:00");
  await openPause(page);
  await page.getByLabel("Four weeks").check();
  await press(page, "Pause");
  await stale();
  expect(await page.getByLabel("Four weeks").isChecked()).toBe(true);

  await changeElsewhere("11:00");
  const day = new Date((await advance(themepost.url, { weeks: 1 })) + 30 * DAY_MS).toISOString().slice(0, 10);
  if (!(await page.getByLabel("Pause until").isVisible())) await openPause(page);
  await page.getByLabel("Pause until").fill(day);
  await press(page, "Pause until that day");
  await stale();
  expect(await page.getByLabel("Pause until").inputValue()).toBe(day);

  await page.goto(await ownPageOf(themepost.url, reader));
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
  const skip = "Skip this letter";
  await Promise.all([page.getByRole("button", { name: skip }).dblclick(), press(again, skip)]);
  await page.getByRole("status").waitFor();
  expect(await said(again).textContent()).toContain("Skipped.");
  const skipped = await upcoming(again);
  expect(skipped[0]?.when).toBe(dates[1]?.when);
  await page.goto(reader.preferences);
  expect(await upcoming(page)).toEqual(skipped);
});

test("on a phone the page is under 1,600 pixels high with the next letter, the letters so far and When open", async () => {
  const reader = await newReader("phone");
  await advance(themepost.url, { weeks: 5 });
  const page = await visit(reader.preferences, { viewport: { width: 390, height: 844 } });
  await page.locator("summary", { hasText: "Letters so far" }).click();
  await openWhen(page);
  expect(await page.locator(".shelf a").last().isVisible()).toBe(true);
  expect(await page.getByLabel("Time zone").isVisible()).toBe(true);
  expect(await page.evaluate<number>("document.documentElement.scrollHeight")).toBeLessThan(1600);
});

/** Goes through the page with the Tab key; the faults of that way: what is left out, out of order, or not to be seen. */
async function walk(page: Page): Promise<string[]> {
  const count = await page.evaluate<number>(`
    // Of the radio buttons of a group the chosen one is a stop, or else the first.
    const stands = (part) => part.type !== "radio" || part === (part.form.querySelector("[name=" + part.name + "]:checked")
      ?? part.form.querySelector("[name=" + part.name + "]"));
    window.stops = [...document.querySelectorAll("a[href], button, select, summary, input:not([type=hidden])")].filter(
      (part) => part.checkVisibility() && stands(part));
    stops.length;
  `);
  const faults: string[] = [];
  let reached = 0;
  for (let stop = -1, presses = 0; stop < count - 1 && presses < count + 20; presses += 1) {
    await page.keyboard.press("Tab");
    const [at, seen, html] = await page.evaluate<[number, boolean, string]>(`{
      const part = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(part);
      const { top, bottom, width } = part.getBoundingClientRect();
      const seen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && width > 1 && top >= 0 && Math.floor(bottom) <= innerHeight;
      [stops.indexOf(part), seen, part.outerHTML.slice(0, 120)];
    }`);
    // A date field has several stops inside, which the browser marks by itself.
    if (at === stop) continue;
    if (at !== stop + 1) return [...faults, `after stop ${stop} of ${count} comes ${html}`];
    if (!seen) faults.push(`not to be seen: ${html}`);
    stop = at;
    reached = stop + 1;
  }
  return reached === count ? faults : [...faults, `only ${reached} of ${count} stops are reached`];
}

/** Presses the Tab key until the focus is on something. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let stops = 0; stops < 60; stops += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`the Tab key does not reach ${selector}`);
}

/** Presses a key and waits for the page that it leads to. */
const pressKey = (page: Page, key: string) =>
  Promise.all([page.waitForEvent("load"), page.keyboard.press(key)]);

test("the keyboard alone reaches everything on the preferences page in order, and pauses the letters", async () => {
  const reader = await newReader("keys");
  const page = await visit(reader.preferences);
  expect(await walk(page)).toEqual([]);
  await page.reload();
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
  await page.keyboard.press("Enter");
  await page.waitForURL(/#main$/);
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.querySelector('main').contains(document.activeElement)")).toBe(true);

  await tabTo(page, ".acts summary");
  await page.keyboard.press("Enter");
  await tabTo(page, "input[name=pause]");
  await page.keyboard.press("ArrowDown");
  expect(await page.getByLabel("Four weeks").isChecked()).toBe(true);
  await tabTo(page, "button[value=pause]");
  await pressKey(page, "Enter");
  expect(await said(page).textContent()).toContain("Paused until");
  expect(await walk(page)).toEqual([]);
});

test("the keyboard alone unsubscribes, answers why, and comes back", async () => {
  const reader = await newReader("keys");
  const page = await visit(reader.unsubscribe);
  expect(await walk(page)).toEqual([]);
  await page.reload();
  await tabTo(page, "button");
  await pressKey(page, "Enter");
  await page.getByRole("heading", { level: 1, name: "You’re unsubscribed" }).waitFor();
  await tabTo(page, "form + details summary");
  await page.keyboard.press("Enter");
  await tabTo(page, "input[name=reason]");
  await page.keyboard.press("Space");
  await tabTo(page, "button[value=why]");
  await pressKey(page, "Space");
  expect(await said(page).textContent()).toContain("Thank you.");
  expect(await walk(page)).toEqual([]);
  await page.reload();
  await tabTo(page, "button[value=return_as_before]");
  await pressKey(page, "Enter");
  await page.getByRole("heading", { level: 1, name: "You’re back" }).waitFor();
});
