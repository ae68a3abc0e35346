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
  return context.newPage();
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

const newReader = (email: string) => becomeReader(themepost.url, email, { first_name: "Ada" });
const themesOf = async (email: string) =>
  (await mailbox(themepost.url, email)).filter(({ tags }) => tags.some(({ value }) => value === "theme"));

/** A page of a reader's, in a state that a reader can see it in. `act` leads there and changes nothing that is stored. */
type Shown = {
  readonly name: string;
  readonly url: string;
  readonly status?: number;
  readonly act?: (page: Page) => Promise<void>;
};

/** Every page of a reader's. Made once, because no test here changes what they show. */
let all: Promise<readonly Shown[]> | undefined;
function pages(): Promise<readonly Shown[]> {
  all ??= makePages();
  return all;
}

async function makePages(): Promise<readonly Shown[]> {
  const { url } = themepost;
  await signUpByProgram(url, { email: "late@example.com" });
  const [late] = await waitForMessages(url, "late@example.com", 1);
  const reader = await newReader(LONG_ADDRESS);
  await advance(url, { weeks: 2 });
  const [letter] = await themesOf(reader.email);
  const changed = await newReader("changed@example.com");
  const changedUrl = await pressAt(changed.preferences, /^Skip the letter of /);
  const paused = await newReader("paused@example.com");
  await pressAt(paused.preferences, "Pause");
  const left = await newReader("left@example.com");
  await pressAt(left.unsubscribe, "Unsubscribe");
  const eraseLink = async (of: { email: string; preferences: string }) => {
    await pressAt(`${of.preferences}/data`, "Send me the link");
    const sent = async () => (await mailbox(url, of.email)).find(({ html }) => html.includes("/erase/"));
    await waitForMessages(url, of.email, 3 + (await themesOf(of.email)).length);
    return linkIn("erase", await sent());
  };
  const erase = await eraseLink(reader);
  const gone = await newReader("gone@example.com");
  const erased = await eraseLink(gone);
  await pressAt(erased, "Erase it now");
  const links: string[] = [];
  for (const email of ["confirms@example.com", "denies@example.com"]) {
    await signUpByProgram(url, { email });
    links.push(linkIn("confirm", (await waitForMessages(url, email, 1))[0]));
  }
  const [confirm = "", denied = ""] = links;
  await pressAt(denied, "I did not sign up for this");
  const own = { name: "preferences", url: reader.preferences };
  return [
    own,
    { name: "preferences after a change", url: changedUrl },
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
    { name: "confirm, too late", url: linkIn("confirm", late), status: 410 },
    { name: "denied", url: denied },
    { name: "unknown link", url: `${url}/preferences/unknown`, status: 404 },
  ];
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
  const wrong: string[] = [];
  for (const { name, url, status = 200, act } of [
    ...(await pages()),
    { name: "home", url: themepost.url },
    { name: "data as a file", url: `${(await pages())[0]?.url}/data.json` },
  ] as Shown[]) {
    const answer = await fetch(url);
    const { headers } = answer;
    const open = name === "archive" || name === "home";
    const expected = {
      status: act === undefined ? status : 200,
      cache: "no-store",
      robots: open ? null : "noindex",
      referrer: name === "home" ? "same-origin" : "no-referrer",
      inline: false,
    };
    const policy = headers.get("content-security-policy") ?? "unsafe-inline";
    const is = {
      status: answer.status,
      cache: open ? "no-store" : headers.get("cache-control"),
      robots: headers.get("x-robots-tag"),
      referrer: headers.get("referrer-policy"),
      inline: policy.includes("unsafe-inline") || !policy.includes("default-src 'none'"),
    };
    if (JSON.stringify(is) !== JSON.stringify(expected)) wrong.push(`${name}: ${JSON.stringify(is)}`);
  }
  expect(wrong).toEqual([]);
});
