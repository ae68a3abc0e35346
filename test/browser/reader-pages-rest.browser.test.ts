import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { axe } from "../support/axe.ts";
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

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const LONG_ADDRESS =
  "somebodywithaverylongnameandnothingtobreakitat@a-domain-that-is-nearly-as-long-as-the-name.example.com";

const state = freshState();
let themepost: RunningThemepost;
let browser: Browser;
const contexts: BrowserContext[] = [];
/** Every answer that a browser of this file was shown as a page. */
const answers: {
  readonly page: string;
  readonly status: number;
  readonly headers: Record<string, string>;
}[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  themepost = await startThemepost(state.folder, await freePort());
  if (!themepost.output().includes("Stop it with")) throw new Error(themepost.output());
});

afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())));

afterAll(async () => {
  await browser?.close();
  if (themepost) await stopThemepost(themepost);
  state.remove();
});

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  contexts.push(context);
  const page = await context.newPage();
  page.on("response", (response) => {
    if (!response.request().isNavigationRequest()) return;
    const [, kind = "", , ...rest] = new URL(response.url()).pathname.split("/");
    const page = [response.request().method(), kind, ...rest].join(" ");
    answers.push({ page, status: response.status(), headers: response.headers() });
  });
  return page;
}

/** Presses a button and waits for the page that it leads to. */
async function press(page: Page, name: string | RegExp): Promise<void> {
  await Promise.all([
    page.waitForEvent("load"),
    page.getByRole("button", { name, exact: typeof name === "string" }).click(),
  ]);
}

/** One press on a page, without looking at it; the address that it leads to. */
async function pressAt(url: string, name: string | RegExp): Promise<string> {
  const page = await open({ javaScriptEnabled: false });
  await page.goto(url);
  await press(page, name);
  return page.url();
}

const newReader = (email: string) => becomeReader(themepost.url, email, { first_name: "Zinaida" });
const themesOf = async (email: string) =>
  (await mailbox(themepost.url, email)).filter(({ tags }) => tags.some(({ value }) => value === "theme"));

/** A page of a reader's, in a state that a reader can see it in. `act` leads there and changes nothing that is stored. */
type Shown = {
  readonly name: string;
  readonly url: string;
  readonly status?: number;
  readonly act?: (page: Page) => Promise<void>;
};

/** Every page of a reader's. Made once, because no test here changes what they show or moves the clock. */
let all: Promise<readonly Shown[]> | undefined;
function pages(): Promise<readonly Shown[]> {
  all ??= makePages();
  return all;
}

async function makePages(): Promise<readonly Shown[]> {
  const { url } = themepost;
  const late = await confirmLink("late@example.com");
  const reader = await newReader(LONG_ADDRESS);
  await advance(url, { weeks: 2 });
  const [letter] = await themesOf(reader.email);
  const [changed, paused, left, gone] = await Promise.all(
    ["changed", "paused", "left", "gone"].map((name) => newReader(`${name}@example.com`)),
  );
  if (changed === undefined || paused === undefined || left === undefined || gone === undefined)
    throw new Error();
  const [after, , , erase, erased, confirm, denied] = await Promise.all([
    pressAt(changed.preferences, /^Skip the letter of /),
    pressAt(paused.preferences, "Pause"),
    pressAt(left.unsubscribe, "Unsubscribe"),
    eraseLink(reader),
    eraseLink(gone),
    confirmLink("confirms@example.com"),
    confirmLink("denies@example.com"),
  ]);
  await Promise.all([pressAt(erased, "Erase it now"), pressAt(denied, "I did not sign up for this")]);
  const own = { name: "preferences", url: reader.preferences };
  return [
    own,
    { name: "preferences after a change", url: after },
    {
      ...own,
      name: "preferences with a faulty date",
      status: 422,
      act: (page) => typeDate(page, "2020-01-01"),
    },
    { ...own, name: "preferences with a faulty name", status: 422, act: typeLongName },
    { ...own, name: "preferences with a preview", act: preview },
    { ...own, name: "preferences changed elsewhere", status: 409, act: pressStale },
    { name: "preferences, paused", url: paused.preferences },
    { name: "preferences, stopped", url: left.preferences },
    { name: "preferences, erased", url: gone.preferences },
    { name: "unsubscribe", url: linkIn("unsubscribe", letter) },
    { name: "unsubscribed", url: left.unsubscribe },
    { name: "unsubscribed, with a reason", url: `${left.unsubscribe}?said=why` },
    { name: "data", url: `${reader.preferences}/data` },
    { name: "erase", url: erase },
    { name: "erased", url: erased },
    { name: "read online", url: linkIn("read", letter) },
    { name: "archive", url: `${url}/letters` },
    { name: "confirm", url: confirm },
    { name: "confirmed", url: reader.confirm },
    { name: "confirm, too late", url: late, status: 410 },
    { name: "denied", url: denied },
    { name: "unknown link", url: `${url}/preferences/unknown`, status: 404 },
  ];
}

async function confirmLink(email: string): Promise<string> {
  await signUpByProgram(themepost.url, { email });
  return linkIn("confirm", (await waitForMessages(themepost.url, email, 1))[0]);
}

/** The link that erases, as it is mailed to whoever asks for it. */
async function eraseLink({ email, preferences }: { email: string; preferences: string }): Promise<string> {
  const had = await mailbox(themepost.url, email);
  await pressAt(`${preferences}/data`, "Send me the link");
  return linkIn("erase", (await waitForMessages(themepost.url, email, had.length + 1)).at(-1));
}

async function typeDate(page: Page, date: string): Promise<void> {
  const field = page.getByLabel("Letters may come again from");
  await field.evaluate((input) => input.removeAttribute("min"));
  await field.fill(date);
  await press(page, "Pause until that day");
}

async function typeLongName(page: Page): Promise<void> {
  await page.getByLabel("First name").fill("Wilhelmina".repeat(6).concat("s"));
  await press(page, "Save");
}

async function preview(page: Page): Promise<void> {
  await page.getByLabel("Time zone").selectOption("America/North_Dakota/New_Salem");
  await press(page, "Show the dates first");
}

/** As on a page that was opened before another change was made. */
async function pressStale(page: Page): Promise<void> {
  await page.evaluate("for (const field of document.getElementsByName('seen')) field.value = '999'");
  await press(page, "Save day, hour and time zone");
}

async function show(page: Page, shown: Shown): Promise<void> {
  await page.goto(shown.url);
  await shown.act?.(page);
}

test("no page of a reader has an accessibility fault or is wider than the window: light, dark, phone, 320 pixels, text twice as large", async () => {
  const faults: string[] = [];
  const look = async (page: Page, where: string) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      faults.push(...(await axe(page)).map((fault) => `${where}, ${colorScheme}: ${fault}`));
    }
    const overflow = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    if (overflow > 0) faults.push(`${where}: ${overflow} px too wide`);
  };
  const onPhone = async () => {
    const page = await open({ ...PHONE, bypassCSP: true });
    for (const shown of await pages()) {
      await show(page, shown);
      await look(page, `${shown.name}, phone`);
    }
  };
  const onDesktop = async () => {
    const page = await open({ bypassCSP: true });
    for (const shown of await pages()) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await show(page, shown);
      await look(page, `${shown.name}, desktop`);
      await page.evaluate("void (document.documentElement.style.fontSize = '200%')");
      await look(page, `${shown.name}, text twice as large`);
      await page.evaluate("void (document.documentElement.style.fontSize = '')");
      await page.setViewportSize({ width: 320, height: 640 });
      await look(page, `${shown.name}, 320 px`);
    }
  };
  await Promise.all([onPhone(), onDesktop()]);
  expect(faults).toEqual([]);
});

test("no page of a reader asks another origin for anything, logs an error, or breaks its own policy", async () => {
  const faults: string[] = [];
  const page = await open();
  let where = "";
  page.on("request", (request) => {
    if (!request.url().startsWith(`${themepost.url}/`)) faults.push(`${where}: asks ${request.url()}`);
  });
  page.on("pageerror", (error) => faults.push(`${where}: ${error.message}`));
  page.on("console", (message) => {
    // What a browser says of a page that is answered with a fault's status.
    const ofThePage = message.location().url === page.url() && /status of 4\d\d/.test(message.text());
    if (!ofThePage) faults.push(`${where}: ${message.type()} ${message.text()} ${message.location().url}`);
  });
  for (const shown of await pages()) {
    where = shown.name;
    await show(page, shown);
  }
  expect(faults).toEqual([]);
});

test("every page of a reader is answered with headers that keep it from caches, search engines, frames and other sites", async () => {
  const page = await open();
  for (const shown of await pages()) await show(page, shown);
  const file = await fetch(`${await urlOf("preferences")}/data.json`);
  const headers = Object.fromEntries(file.headers);
  const wrong = [...answers, { page: "GET data as a file", status: file.status, headers }].flatMap(
    (answer) => {
      const { "content-security-policy": policy = "", "x-robots-tag": robots, ...rest } = answer.headers;
      const strict = policy.includes("default-src 'none'") && policy.includes("frame-ancestors 'none'");
      const faults = [
        !strict || policy.includes("unsafe") ? `policy ${policy}` : null,
        rest["referrer-policy"] !== "no-referrer" ? `referrer ${rest["referrer-policy"]}` : null,
      ];
      const redirects = answer.status === 302 || answer.status === 303;
      if (!redirects && answer.page !== "GET letters") {
        if (rest["cache-control"] !== "no-store") faults.push(`cache ${rest["cache-control"]}`);
        if (robots !== "noindex") faults.push(`robots ${robots}`);
      } else if (robots !== undefined) faults.push(`robots ${robots}`);
      return faults.filter((fault) => fault !== null).map((fault) => `${answer.page}: ${fault}`);
    },
  );
  expect(wrong).toEqual([]);
  // Answers to presses are among them.
  const posts = answers.filter(({ page, status }) => page.startsWith("POST") && status !== 303);
  for (const post of ["POST preferences", "POST preferences erase", "POST unsubscribe", "POST erase"])
    expect(posts.map(({ page }) => page)).toContain(post);
});

const urlOf = async (name: string) => (await pages()).find((shown) => shown.name === name)?.url ?? "";

test("a letter's copy online is the same for everybody: nothing personal stands on it or is linked from it", async () => {
  const page = await open();
  await page.goto(await urlOf("read online"));
  const [letter] = await themesOf(LONG_ADDRESS);
  expect(letter?.text).toContain("Dear Zinaida,");
  const html = await page.content();
  expect(html).not.toMatch(/zinaida|@example|\{\{|\/preferences|\/unsubscribe|\/confirm|\?to=/i);
  const title = (await page.locator("h1").textContent()) ?? "?";
  expect(letter?.html).toContain(title);
  const letters = await open();
  await letters.goto(`${themepost.url}/letters`);
  const articles = letters.locator("article");
  expect(await articles.count()).toBe(10);
  for (const [place, article] of (await articles.all()).entries()) {
    const full = (await article.getByRole("heading", { name: "This week" }).count()) > 0;
    const cut = (await article.getByText("The rest of this letter comes by mail.").count()) > 0;
    expect([full, cut]).toEqual([place === 0, place > 0]);
  }
  expect(await articles.first().locator("h2").first().textContent()).toBe(title);
});

test("a robot that opens every link of every mail, runs its scripts and presses nothing, changes nothing", async () => {
  const preferences = await urlOf("preferences");
  const stands = async () => {
    const page = await open();
    await page.goto(preferences);
    return page.locator("main").textContent();
  };
  const before = await stands();
  const unconfirmed = await mailbox(themepost.url, "confirms@example.com");
  const mails = [...(await mailbox(themepost.url, LONG_ADDRESS)), ...unconfirmed];
  const sent = (await mailbox(themepost.url)).length;
  const links = new Set(
    mails.flatMap(({ html }) => [...html.matchAll(/href="(http[^"]+)"/g)].map(([, link]) => link)),
  );
  const kinds = new Set([...links].map((link) => new URL(link ?? "").pathname.split("/")[1]));
  expect(kinds).toEqual(new Set(["confirm", "preferences", "unsubscribe", "read", "erase", "privacy"]));
  const robot = await open();
  for (const link of links) await robot.goto(link ?? "", { waitUntil: "networkidle" });
  expect(await stands()).toBe(before);
  expect(await mailbox(themepost.url)).toHaveLength(sent);
  await robot.goto(linkIn("confirm", unconfirmed[0]));
  await robot.getByRole("button", { name: "Confirm my sign-up" }).waitFor();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`printed from a ${colorScheme} screen, the page with a reader's data is dark on white and leaves the controls out`, async () => {
    const page = await open({ colorScheme });
    await page.goto(await urlOf("data"));
    await page.emulateMedia({ media: "print", colorScheme });
    for (const control of await page.locator("button, .no-print, .skip, .strip").all())
      expect(await control.isVisible()).toBe(false);
    for (const heading of ["You", "Your letters", "What was sent to you", "Confirmed consent"])
      expect(await page.getByRole("heading", { name: heading }).count(), heading).toBeGreaterThan(0);
    const pale = await page.evaluate<string[]>(`
      const light = (colour) => {
        const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
        return a === 0 ? 1 : (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
      };
      const texts = [...document.querySelectorAll("main *")].filter((part) =>
        part.checkVisibility() && [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""));
      const ground = [document.documentElement, ...document.querySelectorAll("body, body *")].filter(
        (part) => light(getComputedStyle(part).backgroundColor) < 0.99 && part.checkVisibility());
      [...texts.filter((part) => light(getComputedStyle(part).color) > 0.3), ...ground].map((part) => part.outerHTML.slice(0, 120));
    `);
    expect(pale).toEqual([]);
    expect(await page.getByText(LONG_ADDRESS).first().isVisible()).toBe(true);
  });
}
