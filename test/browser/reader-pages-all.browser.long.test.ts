import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe } from "../support/axe.ts";
import {
  advance,
  becomeReader,
  linkIn,
  mailbox,
  ownPageOf,
  press,
  signUpByProgram,
  themesTo,
  waitForMessages,
} from "../support/running-themepost.ts";
import { themepostOfFile } from "../support/themepost-of-file.ts";

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const LONG_ADDRESS =
  "somebodywithaverylongnameandnothingtobreakitat@a-domain-that-is-nearly-as-long-as-the-name.example.com";

const themepost = themepostOfFile();
/** Every answer that a browser of this file was shown as a page. */
const answers: {
  readonly page: string;
  readonly status: number;
  readonly headers: Record<string, string>;
}[] = [];

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const page = await themepost.open(options);
  page.on("response", (response) => {
    if (!response.request().isNavigationRequest()) return;
    const [, kind = "", , ...rest] = new URL(response.url()).pathname.split("/");
    const page = [response.request().method(), kind, ...rest].join(" ");
    answers.push({ page, status: response.status(), headers: response.headers() });
  });
  return page;
}

/** One press on a page, without looking at it; the address that it leads to. */
async function pressAt(url: string, name: string | RegExp): Promise<string> {
  const page = await open({ javaScriptEnabled: false });
  await page.goto(url);
  const folded = page.locator("details:not([open]) summary");
  while ((await folded.count()) > 0) await folded.first().click();
  await press(page, name);
  return page.url();
}

const newReader = (email: string) => becomeReader(themepost.url, email, { first_name: "Zinaida" });
const themesOf = (email: string) => themesTo(themepost.url, email);

/** A page of a reader's, in a state that a reader can see it in. `act` leads there and changes nothing that is stored. */
type Shown = {
  readonly name: string;
  readonly url: string;
  /** What the page says in this state only. */
  readonly says: string;
  readonly status?: number;
  readonly act?: (page: Page) => Promise<void>;
};

/** Every page of a reader's. Made once, because no test here changes what they show or moves the clock. */
let all: Promise<readonly Shown[]> | undefined;
function pages(): Promise<readonly Shown[]> {
  all ??= makePages();
  return all;
}

const urlOf = async (name: string) => (await pages()).find((shown) => shown.name === name)?.url ?? "";

async function makePages(): Promise<readonly Shown[]> {
  const { url } = themepost;
  const late = await confirmLink("late@example.com");
  const reader = await newReader(LONG_ADDRESS);
  await advance(url, { weeks: 2 });
  const [letter] = await themesOf(reader.email);
  const [changed, paused, left, gone] = await Promise.all([
    newReader("changed@example.com"),
    newReader("paused@example.com"),
    newReader("left@example.com"),
    newReader("gone@example.com"),
  ]);
  const [after, , back, erase, erased, confirm, denied] = await Promise.all([
    pressAt(changed.preferences, "Skip this letter"),
    pressAt(paused.preferences, "Pause"),
    leave(left),
    eraseLink(reader),
    eraseLink(gone),
    confirmLink("confirms@example.com"),
    confirmLink("denies@example.com"),
  ]);
  await Promise.all([pressAt(erased, "Erase it now"), pressAt(denied, "I didn’t sign up for this")]);
  const { preferences } = reader;
  const own = linkIn("data", (await mailbox(url, reader.email)).at(-2));
  const shown = (name: string, address: string, says: string, more: Partial<Shown> = {}): Shown => ({
    name,
    url: address,
    says,
    ...more,
  });
  return [
    shown("preferences", preferences, "Your next letter comes on"),
    shown("preferences after a change", after, "Skipped."),
    shown("preferences with a faulty date", preferences, "isn’t in the future", {
      status: 422,
      act: typeDate,
    }),
    shown("data with a faulty name", own, "longer than 40", { status: 422, act: typeName }),
    shown("preferences with a preview", preferences, "Not saved yet", { act: preview }),
    shown("preferences changed elsewhere", preferences, "We didn’t save what you just chose.", {
      status: 409,
      act: pressStale,
    }),
    shown("preferences, paused", paused.preferences, "Paused until"),
    shown("preferences, stopped", left.preferences, "To start again, sign up on"),
    shown("preferences, erased", gone.preferences, "erased your data"),
    shown("unsubscribe", linkIn("unsubscribe", letter), "The letters stop right away."),
    shown("unsubscribed", left.unsubscribe, "sign up again"),
    shown("unsubscribed just now", back, "You can undo this until"),
    shown("unsubscribed, with a reason", `${back}?said=why`, "Thank you. That helps."),
    shown("data", own, "Everything we have about you"),
    shown("erase", erase, "You can’t undo it."),
    shown("erased", erased, "We’ve erased everything about you"),
    shown("read online", linkIn("read", letter), "Get the letters yourself"),
    shown("archive", `${url}/letters/strengthening-bonds`, "The rest of this letter comes by email."),
    shown("confirm", confirm, "Confirm your sign-up"),
    shown("confirmed", reader.confirm, "You’re in"),
    shown("confirm, too late", late, "Send me", { status: 410 }),
    shown("denied", denied, "We’ve deleted the sign-up"),
    shown("unknown link", `${url}/preferences/unknown`, "This link", { status: 404 }),
  ];
}

async function confirmLink(email: string): Promise<string> {
  await signUpByProgram(themepost.url, { email });
  return linkIn("confirm", (await waitForMessages(themepost.url, email, 1))[0]);
}

/** Leaves by a letter's link and says why; gives the page with the ways back. */
async function leave({ unsubscribe }: { readonly unsubscribe: string }): Promise<string> {
  const page = await open({ javaScriptEnabled: false });
  await page.goto(unsubscribe);
  await press(page, "Unsubscribe");
  await page.getByText("Tell us why (optional)").click();
  await page.getByLabel("Something else").check();
  await press(page, "Send");
  return page.url().replace(/\?.*/, "");
}

/** The link that erases, as it is mailed to whoever asks for it. */
async function eraseLink({ email, preferences }: { email: string; preferences: string }): Promise<string> {
  const had = await mailbox(themepost.url, email);
  await pressAt(await ownPageOf(themepost.url, { email, preferences }), "Email me the link");
  return linkIn("erase", (await waitForMessages(themepost.url, email, had.length + 2)).at(-1));
}

async function typeDate(page: Page): Promise<void> {
  await page.locator("summary", { hasText: /^Pause$/ }).click();
  const field = page.getByLabel("Pause until");
  await field.evaluate((input) => input.removeAttribute("min"));
  await field.fill("2020-01-01");
  await press(page, "Pause until that day");
}

async function typeName(page: Page): Promise<void> {
  await page.getByLabel("First name").fill("Wilhelmina".repeat(6).concat("s"));
  await press(page, "Save");
}

async function preview(page: Page): Promise<void> {
  await page.locator("summary", { hasText: "When:" }).click();
  await page.getByLabel("Time zone").fill("New Salem");
  await press(page, "See the dates");
}

/** As on a page that was opened before another change was made. */
async function pressStale(page: Page): Promise<void> {
  await page.evaluate("for (const field of document.getElementsByName('seen')) field.value = '999'");
  await page.locator("summary", { hasText: "When:" }).click();
  await press(page, "Save");
}

async function show(page: Page, { url, says, act }: Shown): Promise<void> {
  await page.goto(url);
  await act?.(page);
  // What's folded is looked at, too.
  await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
  await page.getByText(says).first().waitFor();
}

test("no page of a reader has an accessibility fault or is wider than the window: light, dark, phone, 320 pixels, text twice as large", async () => {
  const faults: string[] = [];
  const look = async (page: Page, where: string) => {
    const note = (found: string[], scheme: string) =>
      faults.push(...found.map((fault) => `${where}, ${scheme}: ${fault}`));
    await page.emulateMedia({ colorScheme: "light" });
    note(await axe(page), "light");
    // In the dark only the colours are others.
    await page.emulateMedia({ colorScheme: "dark" });
    note(await axe(page, ["color-contrast", "link-in-text-block"]), "dark");
    // A phone shows a page that is too wide by making everything smaller, and its innerWidth larger.
    const overflow = await page.evaluate<number>(
      "document.documentElement.scrollWidth - Math.min(innerWidth, document.documentElement.clientWidth)",
    );
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
  for (const shown of await pages()) {
    await show(page, shown);
    expect(answers.at(-1)?.status, shown.name).toBe(shown.status ?? 200);
  }
  const file = await fetch(`${await urlOf("data")}/my-letters.json`);
  answers.push({
    page: "GET data as a file",
    status: file.status,
    headers: Object.fromEntries(file.headers),
  });
  const wrong = answers.flatMap(({ page, status, headers }) => {
    const { "content-security-policy": policy = "", "x-robots-tag": robots } = headers;
    const redirects = status === 302 || status === 303;
    const isPublic = page.startsWith("GET letters");
    const faults = {
      policy: !/default-src 'none'.*frame-ancestors 'none'/.test(policy) || policy.includes("unsafe"),
      // A public letter ends in a form, which tells its origin to ourselves.
      referrer: headers["referrer-policy"] !== (isPublic ? "same-origin" : "no-referrer"),
      cache: headers["cache-control"] !== "private, no-store" && !redirects && !isPublic,
      robots: isPublic ? robots !== undefined : robots !== "noindex" && !redirects,
    };
    return Object.entries(faults).flatMap(([name, wrong]) => (wrong ? [`${page}: ${name}`] : []));
  });
  expect(wrong).toEqual([]);
  // Answers to presses are among them.
  const posts = answers.filter(({ page, status }) => page.startsWith("POST") && status !== 303);
  for (const post of ["POST preferences", "POST data erase", "POST unsubscribe", "POST erase"])
    expect(posts.map(({ page }) => page)).toContain(post);
});

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
    const cut = (await article.getByText("The rest of this letter comes by email.").count()) > 0;
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
  expect(kinds).toEqual(
    new Set(["confirm", "preferences", "unsubscribe", "read", "erase", "data", "privacy", "letters"]),
  );
  const robot = (await open()).context();
  await Promise.all(
    [...links].map(async (link) => (await robot.newPage()).goto(link ?? "", { waitUntil: "networkidle" })),
  );
  expect(await stands()).toBe(before);
  expect(await mailbox(themepost.url)).toHaveLength(sent);
  const confirm = await open();
  await confirm.goto(await urlOf("confirm"));
  await confirm.getByRole("button", { name: "Confirm my sign-up" }).waitFor();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`printed from a ${colorScheme} screen, the page with a reader's data is dark on white and leaves the controls out`, async () => {
    const page = await open({ colorScheme });
    await page.goto(await urlOf("data"));
    await page.emulateMedia({ media: "print", colorScheme });
    // The record is folded on the screen.
    expect(await page.getByText("Asked for and confirmed").first().isVisible()).toBe(true);
    for (const control of await page.locator("button, .no-print, .skip, .strip").all())
      expect(await control.isVisible()).toBe(false);
    for (const heading of ["You", "Your letters", "What we sent you", "Asked for and confirmed"])
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
