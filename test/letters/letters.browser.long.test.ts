import { readFileSync, statSync } from "node:fs";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import type { NamedMail } from "../../scripts/gallery/every-mail.ts";
import { axe } from "../support/axe.ts";
import { themepostOfFile } from "../support/themepost-of-file.ts";
import { forcedDarkFaults } from "./checks/contrast.ts";
import { addressesIn, envelopeFaults } from "./checks/envelope.ts";
import { htmlFaults } from "./checks/html-rules.ts";
import { textFaults } from "./checks/text-part.ts";
import { everyMail } from "./every-mail.ts";
import { allMails } from "./mails.ts";

const themepost = themepostOfFile();
let mails: readonly NamedMail[];

beforeAll(async () => {
  mails = await everyMail(themepost.url);
});

const mailNamed = (name: string): NamedMail => {
  const mail = mails.find((each) => each.name === name);
  if (mail === undefined) throw new Error(`no mail ${name}`);
  return mail;
};

/** A letter as a client that keeps everything shows it: in the main part of its own page. */
async function show(page: Page, html: string): Promise<void> {
  const inside = html.replace(/<body[^>]*>/, (body) => `${body}<main>`).replace("</body>", "</main></body>");
  await page.setContent(inside, { waitUntil: "load" });
}

const faultsOn = async (page: Page, html: string): Promise<string[]> => {
  await show(page, html);
  const wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
  return [...(await axe(page)), ...(wide === true ? ["wider than the screen"] : [])];
};

test("every mail that really goes out is whole: each theme once, the system mails, sound text parts, links that lead to a page of ours", async () => {
  expect(mails.map(({ name }) => name)).toEqual([
    "confirmation",
    "welcome",
    ..."emotional-needs connection communication boundaries change legacy emotional-intelligence mutual-growth independence closing".split(
      " ",
    ),
    "welcome-back",
    "access",
    "erase",
  ]);
  const found: string[] = [];
  const addresses = new Set<string>();
  for (const mail of mails) {
    const { name, html } = mail;
    const faults = [
      ...envelopeFaults(mail, themepost.url),
      ...textFaults(mail),
      // The trial has no https.
      ...(await htmlFaults(html.replaceAll(/src="http:/g, 'src="https:'))),
    ];
    found.push(...faults.map((fault) => `${name}: ${fault}`));
    for (const { value } of addressesIn(html)) addresses.add(value);
  }
  expect(found).toEqual([]);
  for (const address of addresses) {
    const { status } = await fetch(address, { redirect: "manual" });
    expect({ address, status }).toEqual({ address, status: 200 });
  }
});

test.each(["light", "dark"] as const)(
  "every mail is accessible in %s, on a desk and at 320 px, and nowhere wider than the screen",
  async (colorScheme) => {
    const found: string[] = [];
    for (const width of [700, 320]) {
      const page = await themepost.open({ colorScheme, viewport: { width, height: 800 } });
      for (const { name, html } of mails) {
        for (const fault of await faultsOn(page, html)) found.push(`${name} at ${width}: ${fault}`);
      }
    }
    expect(found).toEqual([]);
  },
);

// Nobody answers at the address that they are rendered for.
const withoutPictures = (html: string) => html.replaceAll(/src="[^"]+"/g, 'src="data:,"');

/** A specimen of all that Markdown can put into a letter, a letter for each age, and the system mails. */
const renditions = allMails().then((all) =>
  all
    .filter(({ name }) => /^(?:specimen|connection|confirmation|welcome-back|erase)/.test(name))
    .map(({ name, html }) => ({ name, html: withoutPictures(html) })),
);
const withoutStyle = (html: string) => html.replaceAll(/<style>.*?<\/style>/gs, "");
/** As webmail that takes grounds by keyword only. */
const withKeywordsOnly = (html: string) =>
  html
    .replaceAll(/background-color:\s*#[0-9a-f]{6}(?: !important)?;?/g, "")
    .replaceAll(/ bgcolor="[^"]+"/g, "");

test.each([
  ["as it is, in light", "light", (html: string) => html],
  ["as it is, in dark", "dark", (html: string) => html],
  ["without its head style, by day", "light", withoutStyle],
  ["without its head style, by night", "dark", withoutStyle],
  ["with grounds by keyword only, in light", "light", withKeywordsOnly],
  ["with grounds by keyword only, in dark", "dark", withKeywordsOnly],
] as const)("whatever a letter may hold is accessible and fits a phone: %s", async (_, colorScheme, seen) => {
  const page = await themepost.open({ colorScheme, viewport: { width: 320, height: 800 } });
  const found: string[] = [];
  for (const { name, html } of await renditions) {
    for (const fault of await faultsOn(page, seen(html))) found.push(`${name}: ${fault}`);
  }
  expect(found).toEqual([]);
});

test("forced dark keeps every word readable, whichever way a client turns the colours around", async () => {
  const page = await themepost.open({ colorScheme: "light" });
  const found: string[] = [];
  for (const { name, html } of [...mails, ...(await renditions)]) {
    await show(page, html);
    for (const fault of await forcedDarkFaults(page)) found.push(`${name}: ${fault}`);
  }
  expect(found).toEqual([]);
});

test("with pictures off nothing is lost and nothing moves out of its place", async () => {
  const page = await themepost.open({ viewport: { width: 600, height: 800 } });
  const { html } = mailNamed("connection");
  const words = () =>
    page.evaluate(
      "[document.body.innerText, ...[...document.querySelectorAll('p, h1, h2, li')].map((e) => JSON.stringify(e.getBoundingClientRect()))]",
    );
  await show(page, html);
  const before = await words();
  await page.route("**/*.png", (route) => route.abort());
  await show(page, html);
  expect(await words()).toEqual(before);
  await expect(page.evaluate("document.querySelectorAll('img:not([alt=\"\"])').length")).resolves.toBe(0);
});

test("a screen reader hears the title, the three parts in order, real lists and links that say where they lead, and no table or picture", async () => {
  const page = await themepost.open();
  await show(page, mailNamed("boundaries").html);
  const heard = await page.locator("body").ariaSnapshot();
  const lines = heard.split("\n").map((line) => line.trim().replace(/^- /, ""));
  expect(lines[1]).toBe('article "Four degrees outside, and no jacket":');
  expect(lines.filter((line) => line.startsWith("heading"))).toEqual([
    'heading "Four degrees outside, and no jacket" [level=1]',
    'heading "This week" [level=2]',
    'heading "Three questions" [level=2]',
    'heading "One line to keep" [level=2]',
  ]);
  expect(lines.filter((line) => line.startsWith("link"))).toEqual([
    'link "Read online":',
    'link "Change the day, skip or pause":',
    'link "Unsubscribe":',
    'link "Privacy":',
  ]);
  expect(lines.filter((line) => line.startsWith("list:"))).toHaveLength(2);
  expect(lines.filter((line) => line.startsWith("listitem"))).toHaveLength(7);
  expect(lines.filter((line) => /^(table|row|cell|img)/.test(line))).toEqual([]);
});

test("the button of a system mail can be pressed all over, is as large as a finger, and has its room in Word's engine from a cell", async () => {
  const page = await themepost.open({ viewport: { width: 320, height: 700 } });
  await show(page, mailNamed("confirmation").html);
  const cell = page.locator("td.press");
  const box = await cell.locator("a").boundingBox();
  expect(box?.height).toBeGreaterThanOrEqual(44);
  expect(box).toEqual(await cell.boundingBox());
  expect(await cell.getAttribute("bgcolor")).toBe("maroon");
  expect(await cell.getAttribute("style")).toContain("mso-padding-alt:14px 26px");
});

test("every ornament is a small picture of twice its size, and is the one that its drawing gives", async () => {
  const { drawn, ornamentNames, pictureOf } = await import("../../scripts/ornaments.ts");
  const { ORNAMENTS } = await import("../../src/domain/letters/ornament.ts");
  expect(ornamentNames()).toEqual([...ORNAMENTS]);
  for (const name of ORNAMENTS) {
    const file = pictureOf(name);
    expect(statSync(file).size).toBeLessThan(20 * 1024);
    const { width, height } = await sharp(file).metadata();
    expect({ width, height }).toEqual({ width: 320, height: 240 });
    const [kept, fresh] = await Promise.all(
      [readFileSync(file), await drawn(name)].map((png) => sharp(png).ensureAlpha().raw().toBuffer()),
    );
    const differing = (kept as Buffer).filter(
      (value, at) => Math.abs(value - ((fresh as Buffer)[at] ?? 0)) > 32,
    ).length;
    // Another processor rounds a little differently; another drawing differs in thousands of places.
    expect({ name, few: differing < 500 }).toEqual({ name, few: true });
  }
  const answer = await fetch(`${themepost.url}/ornaments/bookshelf.png`);
  expect(answer.headers.get("content-type")).toBe("image/png");
  expect(answer.headers.get("cache-control")).toContain("max-age=604800");
  expect((await fetch(`${themepost.url}/ornaments/nothing.png`)).status).toBe(404);
});

test("the public page, the archive and a letter online show the same ornaments, beside words that need none", async () => {
  for (const [path, count] of [
    ["/", 10],
    ["/letters/strengthening-bonds", 10],
    [
      new URL(
        addressesIn(mailNamed("legacy").html).find(({ value }) => value.includes("/read/"))?.value ?? "",
      ).pathname,
      1,
    ],
  ] as const) {
    // Under the page's own policy, which must let them in.
    const page = await themepost.visit(`${themepost.url}${path}`);
    const pictures = page.locator("img.ornament");
    expect(await pictures.count()).toBe(count);
    const loaded = await page.evaluate(
      "[...document.querySelectorAll('img.ornament')].every((i) => i.alt === '' && i.complete && i.naturalWidth === 320)",
    );
    expect({ path, loaded }).toEqual({ path, loaded: true });
    expect(await axe(await themepost.visit(`${themepost.url}${path}`, { bypassCSP: true }))).toEqual([]);
  }
});

test("the mailbox shows a letter with its picture, under the policy of its frame", async () => {
  const page = await themepost.open();
  const picture = page.waitForResponse(/\/ornaments\/bookshelf\.png$/, { timeout: 10_000 });
  await page.goto(`${themepost.url}/mailbox/messages/${mailNamed("connection").id}/letter?scheme=light`);
  expect((await picture).status()).toBe(200);
  await page.goto(`${themepost.url}/mailbox`);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download .eml" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^themepost-\d+\.eml$/);
});

test.each([
  [
    "words as light as their ground",
    "light",
    (html: string) => html.replace("</h1>", '</h1><p style="color:#c9c2b8">Pale words</p>'),
  ],
  [
    "words that stay dark by night",
    "dark",
    (html: string) => html.replace("</h1>", '</h1><p style="color:#2b2724">Dark words</p>'),
  ],
  ["a picture that says nothing to a listener", "light", (html: string) => html.replace(' alt=""', "")],
  [
    "a line that does not break",
    "light",
    (html: string) =>
      html.replace("</h1>", `</h1><p style="white-space:nowrap">${"unbroken ".repeat(60)}</p>`),
  ],
] as const)("a letter broken on purpose is found in the browser: %s", async (_, colorScheme, broken) => {
  const page = await themepost.open({ colorScheme, viewport: { width: 700, height: 800 } });
  expect(await faultsOn(page, broken(mailNamed("connection").html))).not.toEqual([]);
});

test("a letter broken on purpose is found in forced dark: words that are only readable the right way round", async () => {
  const page = await themepost.open({ colorScheme: "light", viewport: { width: 700, height: 800 } });
  const html = mailNamed("connection").html.replace(
    "</h1>",
    '</h1><p style="color:#1e1e1f;background-color:#0785f8">On blue</p>',
  );
  expect(await faultsOn(page, html)).toEqual([]);
  await show(page, html);
  expect((await forcedDarkFaults(page)).join()).toContain("On blue");
});
