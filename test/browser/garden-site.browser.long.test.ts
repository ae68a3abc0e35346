import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { readSequence } from "../../scripts/content/read-sequence.ts";
import { localToken } from "../../scripts/local-worker.ts";
import { axe } from "../support/axe.ts";
import {
  advance,
  linkIn,
  type MailboxMessage,
  mailbox,
  themesTo,
  waitForMessages,
} from "../support/running-themepost.ts";
import { themepostOfFile } from "../support/themepost-of-file.ts";

const GARDEN = join(import.meta.dirname, "..", "support", "sites", "garden");
const themepost = themepostOfFile(GARDEN);

/** As narrow as reflow is asked for (WCAG 2.2, 1.4.10). */
const NARROW = { viewport: { width: 320, height: 700 } };

/** Words that are in nearly every sentence of a language, and those of the built-in newsletter. */
const WORDS_OF = {
  en: /\b(the|and|you|your|with|this|that|for|from|please|week|letter|letters|unsubscribe|hours?)\b/gi,
  de: /\b(und|der|die|das|Sie|Ihre?|nicht|wird|Brief|Briefe|wir|Woche|kann)\b/g,
  latin: /\p{Script=Latin}{2,}/gu,
  builtIn: /\b(sons?|mothers?|mums?|Bonds|nine themes)\b/gi,
} as const;

/** Run in the page: its texts in its own language, and what's read out. */
const READ = `(() => {
  const { lang } = document.documentElement;
  const isForeign = (element) =>
    element.closest("[lang]").lang !== lang ||
    element.closest("aside.strip, [translate=no], pre, code, script, style, datalist") !== null;
  const said = [document.title];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode())
    if (!isForeign(node.parentElement)) said.push(node.textContent);
  for (const element of document.querySelectorAll("[aria-label], [alt], [title], [placeholder]"))
    if (!isForeign(element))
      for (const name of ["aria-label", "alt", "title", "placeholder"]) said.push(element.getAttribute(name) ?? "");
  return said.filter((text) => text.trim() !== "").join(" | ");
})()`;

/** What people read of a page in its own language: its texts, and what's read out. The trial's strip is the owner's. */
async function readOf(page: Page): Promise<string> {
  return page.evaluate<string>(READ);
}

type Shown = {
  readonly what: string;
  readonly language: string;
  readonly text: string;
  readonly faults: readonly string[];
};

/** Opens what's folded, which is read and used, too. */
const unfold = (page: Page) =>
  page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");

async function look(page: Page, what: string): Promise<Shown> {
  await unfold(page);
  const wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
  return {
    what,
    language: await page.evaluate<string>(
      "document.documentElement.lang + ' ' + document.documentElement.dir",
    ),
    text: await readOf(page),
    faults: [...(await axe(page)), ...(wide === true ? ["scrolls sideways"] : [])],
  };
}

/** Signs up on a sequence's page and goes wherever a reader can; every page on the way, and every mail. */
async function play(
  slug: string,
  email: string,
): Promise<{ readonly pages: Shown[]; readonly mails: MailboxMessage[] }> {
  const { url } = themepost;
  const page = await themepost.open({ ...NARROW, bypassCSP: true });
  const pages: Shown[] = [];
  const see = async (what: string) => void pages.push(await look(page, what));
  const go = async (path: string, what: string) => {
    await page.goto(path.startsWith("http") ? path : `${url}${path}`);
    await see(what);
  };
  const push = async (selector: string, what: string) => {
    await Promise.all([page.waitForEvent("load"), page.locator(selector).first().click()]);
    await see(what);
  };
  await go("/", "home page");
  await go(`/s/${slug}`, "sequence");
  await page
    .locator("input[name=email]")
    .first()
    .evaluate((input) => input.setAttribute("type", "text"));
  await page.locator("input[name=email]").first().fill("nobody");
  await unfold(page);
  await page.locator("input[name=first_name]").first().fill("www.spam.example");
  await push("form[action='/subscribe'] button", "faults of the form");
  await page.goto(`${url}/s/${slug}`);
  await page.locator("input[name=email]").first().fill(email);
  await unfold(page);
  await page.locator("input[name=first_name]").first().fill("Zoë");
  await push("form[action='/subscribe'] button", "inbox");
  const [confirmation] = await waitForMessages(url, email, 1);
  await go(linkIn("confirm", confirmation), "confirm");
  await push("main form button", "confirmed");
  // The welcome, and the first letter right behind it or in its slot.
  await waitForMessages(url, email, 2);
  if (slug === "first-plot") await advance(url, { weeks: 1 });
  await waitForMessages(url, email, 3);
  const [letter] = await themesTo(url, email);
  await go(linkIn("read", letter), "read online");
  const preferences = linkIn("preferences", letter);
  await go(preferences, "preferences");
  await push("button[value=preview]", "preview");
  await page.locator("select[name=hour]").first().selectOption("18");
  await push("button[value=slot]", "saved");
  await push("button[value=undo]", "undone");
  await push("button[value=pause]", "paused");
  await push("button[value=resume]", "resumed");
  const had = (await mailbox(url, email)).length;
  await page.goto(preferences);
  await unfold(page);
  await push("form[action$='/link'] button", "link asked for");
  const access = (await waitForMessages(url, email, had + 1)).at(-1);
  await go(linkIn("data", access), "data");
  await push("form[action$='/erase'] button", "erasure asked for");
  const erase = (await waitForMessages(url, email, had + 2)).at(-1);
  await go(linkIn("erase", erase), "erase");
  await go(linkIn("unsubscribe", letter), "unsubscribe");
  await push("main form button", "unsubscribed");
  await push("button[value=return_as_before]", "back");
  await page.goto(linkIn("erase", erase));
  await push("main form button", "erased");
  await go(preferences, "preferences, erased");
  await go(`/letters/${slug}`, "archive");
  await push("main li a[href*='/letters/'], main h2 a, main a[href*='/letters/']", "archived letter");
  await page.close();
  return { pages, mails: await mailbox(url, email) };
}

/** What a mail says: its frame, its HTML without addresses, and its text. */
function textsOf({ from, subject, html, text }: MailboxMessage): string {
  const words = html.replaceAll(/<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, "").replaceAll(/<[^>]+>/g, " ");
  return [from.replace(/<.*>/, ""), subject, words, text].join("\n");
}

/** The words of a text that another language would have. What a site is called, addresses and links are no words of a language. */
function strays(text: string, foreign: readonly RegExp[], names: readonly string[]): string[] {
  const words = text.replaceAll(
    /https?:\/\/\S+|\S*@\S+|&\w+;|own-[0-9a-f]{12}\P{L}*\(\P{L}*\w+\P{L}*\)|[0-9a-f]{32,64}/gu,
    " ",
  );
  const bare = names.reduce((left, name) => left.replaceAll(name, " "), words);
  return foreign.flatMap((words) =>
    [...bare.matchAll(words)].map(
      ({ 0: word, index }) =>
        `${word}: …${bare.slice(Math.max(0, index - 40), index + 40).replaceAll(/\s+/g, " ")}…`,
    ),
  );
}

const NAMES = [
  "Beetgeflüster",
  "Rosa Lindner",
  "Rosa vom Beet",
  "Verlag Lindner",
  "Gartenweg 3, 1010 Wien, Österreich",
  "Zoë",
  "Post aus dem Küchengarten",
];

/** The German letters in a frame of another language. */
async function publishAs(slug: string, language: string): Promise<void> {
  const { body } = readSequence(join(GARDEN, "sequences", "gartenjahr"));
  const answer = await fetch(`${themepost.url}/api/v1/admin/sequences/${slug}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${localToken()}`, "content-type": "application/json" },
    body: JSON.stringify({ ...body, title: `Jardin ${language}`, language }),
  });
  expect(answer.status).toBe(200);
}

test.each([
  {
    slug: "gartenjahr",
    language: "de",
    dir: "ltr",
    foreign: [WORDS_OF.en, WORDS_OF.builtIn],
    names: ["Your first plot"],
  },
  {
    slug: "first-plot",
    language: "en",
    dir: "ltr",
    foreign: [WORDS_OF.de, WORDS_OF.builtIn],
    names: ["Das Gartenjahr"],
  },
  {
    slug: "hadiqa",
    language: "ar",
    dir: "rtl",
    foreign: [WORDS_OF.latin],
    names: ["localhost", "GMT", "UTC", "Cloudflare", "JSON", "SHA-256"],
  },
  ...(["fr", "es", "pt"] as const).map((language) => ({
    slug: `jardin-${language}`,
    language,
    dir: "ltr",
    foreign: [WORDS_OF.en, WORDS_OF.builtIn],
    names: ["Your first plot"],
  })),
])(
  "$slug is met in $language from the form to the erasure, and in nothing else",
  async ({ slug, language, dir, foreign, names }) => {
    if (slug.startsWith("jardin")) await publishAs(slug, language);
    const { pages, mails } = await play(slug, `${slug}@example.com`);
    const known = [...NAMES, ...names, slug];
    const own = pages.filter(({ what }) => what !== "home page");
    expect(own.map((shown) => [shown.what, shown.language])).toEqual(
      own.map(({ what }) => [what, `${language} ${dir}`]),
    );
    expect(pages.flatMap(({ what, faults }) => faults.map((fault) => `${what}: ${fault}`))).toEqual([]);
    expect(
      own.flatMap(({ what, text }) => strays(text, foreign, known).map((word) => `${what}: ${word}`)),
    ).toEqual([]);
    expect(
      mails.flatMap((mail) =>
        strays(textsOf(mail), foreign, known).map((word) => `${mail.subject}: ${word}`),
      ),
    ).toEqual([]);
    // A picture that stands as a file beside its letter is the service's own.
    const pictures = mails.flatMap(({ html }) => [
      ...html.matchAll(/<img src="([^"]+)"[^>]*class="picture/g),
    ]);
    expect(pictures.length).toBe(slug === "first-plot" ? 1 : 0);
    for (const [, src = ""] of pictures) {
      expect(src).toMatch(/\/pictures\/[0-9a-f]{32}-240x120\.png$/);
      expect((await fetch(src)).headers.get("content-type")).toBe("image/png");
    }
    for (const { html } of mails) expect(html).toMatch(new RegExp(`<html[^>]* lang="${language}"[^>]*`));
    for (const { html } of mails) expect(html).toMatch(new RegExp(`<html[^>]* dir="${dir}"[^>]*`));
  },
);
