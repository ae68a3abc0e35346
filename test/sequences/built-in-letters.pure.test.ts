import { join } from "node:path";
import { expect, test } from "vitest";
import type { Letter } from "../../src/sequences/publish/letter-schema.ts";
import { publicationSchema } from "../../src/sequences/publish/letter-schema.ts";
import { parseLetter } from "../../src/sequences/publish/parse-letter.ts";
import { renderConfirmLetter, renderThemeLetter } from "../../src/sequences/publish/render-letter.tsx";
import { readSequence } from "../support/read-sequence.ts";

const folder = join(import.meta.dirname, "..", "..", "emails", "sequences", "strengthening-bonds");
const { title, welcome, steps } = publicationSchema.parse(readSequence(folder));
const frame = {
  publicUrl: "https://letters.themepost.dev",
  sequenceTitle: title,
  sender: { ownerName: "Themepost", postalAddress: "1 Street, 12345 Town" },
};
const slots = ["preferences_url", "unsubscribe_url", "read_url", "first_theme_date"] as const;
const parsed = (letter: Letter) => parseLetter(letter.slug, letter.markdown, [...slots]);

/** The words of a letter as one reader gets them: with one age block, without the marks. */
function wordsOf(letter: Letter): number {
  const blocks = [...letter.markdown.matchAll(/:::(?:young-boy|teenager|grown-son)\n([\s\S]*?)\n:::/g)];
  const rest = letter.markdown.replaceAll(/:::(?:young-boy|teenager|grown-son)\n[\s\S]*?\n:::/g, "");
  const count = (text: string) =>
    text
      .replaceAll(/[#*:>-]|^\d+\./gm, " ")
      .split(/\s+/)
      .filter(Boolean).length;
  return count(rest) + Math.max(0, ...blocks.map((block) => count(block[1] ?? "")));
}

test("there are ten letters, nine themes and a closing, in their order", () => {
  expect(steps.map((letter) => letter.slug)).toEqual([
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
  ]);
});

test.each([welcome, ...steps].map((letter) => [letter.slug, letter] as const))(
  "the letter %s is sound: subject, preheader, parts, size, and every link of the HTML in the text",
  async (slug, letter) => {
    const { parsed: content, faults } = parsed(letter);
    expect(faults).toEqual([]);
    expect(letter.subject.length).toBeGreaterThanOrEqual(30);
    expect(letter.subject.length).toBeLessThanOrEqual(55);
    expect(letter.preheader.length).toBeGreaterThanOrEqual(35);
    expect(letter.preheader.length).toBeLessThanOrEqual(90);
    const rendered = await renderThemeLetter(frame, letter, content, slug === "welcome" ? null : content);
    expect(new TextEncoder().encode(rendered.html).length).toBeLessThan(25_000);
    const found = [...`${rendered.html}${rendered.text}`.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]);
    expect(found.every((slot) => ["greeting", ...slots].some((known) => known === slot))).toBe(true);
    const links = [...rendered.html.matchAll(/<a [^>]*href="([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(links.length).toBeGreaterThanOrEqual(3);
    for (const link of links) expect(rendered.text).toContain(link);
    for (const needed of ["{{unsubscribe_url}}", "{{preferences_url}}", "1 Street, 12345 Town"]) {
      expect(rendered.html).toContain(needed);
      expect(rendered.text).toContain(needed);
    }
    expect(rendered.html.match(/<h1/g)).toHaveLength(1);
    expect(rendered.html).toMatch(/<html[^>]* lang="en"/);
    expect(rendered.html.match(/<table/g)?.length).toBe(
      rendered.html.match(/<table[^>]*role="presentation"/g)?.length,
    );
    if (slug === "welcome" || slug === "closing") return;
    expect(wordsOf(letter)).toBeGreaterThanOrEqual(400);
    expect(wordsOf(letter)).toBeLessThanOrEqual(600);
    expect([...letter.markdown.matchAll(/^## (.+)$/gm)].map((match) => match[1])).toEqual([
      "The idea",
      "This week",
      "Three questions",
      "One line to keep",
    ]);
    expect([...letter.markdown.matchAll(/^:::([a-z-]+)$/gm)].map((match) => match[1])).toEqual([
      "young-boy",
      "teenager",
      "grown-son",
      "keep",
    ]);
    expect(letter.markdown.match(/^- /gm)).toHaveLength(3);
    expect(letter.markdown).toContain("For him to ask you:");
  },
);

test("the same letter renders to the same bytes", async () => {
  const first = await renderThemeLetter(frame, welcome, parsed(welcome).parsed, null);
  const second = await renderThemeLetter(frame, welcome, parsed(welcome).parsed, null);
  expect(second).toEqual(first);
});

test("the confirmation mail has one link to press and the sender, and asks for nothing else", async () => {
  const { html, text } = await renderConfirmLetter(frame);
  expect([...html.matchAll(/<a [^>]*href="([^"]+)"/g)].map((match) => match[1])).toEqual(["{{confirm_url}}"]);
  expect(text).toContain("{{confirm_url}}");
  expect(text).toContain("1 Street, 12345 Town");
});
