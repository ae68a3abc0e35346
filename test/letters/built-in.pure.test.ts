import { expect, test } from "vitest";
import { judgeRendered } from "../../src/domain/letters/judge-rendered.ts";
import { judgeWords } from "../../src/domain/letters/judge-words.ts";
import type { Letter } from "../../src/domain/letters/letter-schema.ts";
import { parseLetter } from "../../src/domain/letters/parse-letter.ts";
import { renderConfirmLetter } from "../../src/domain/letters/render-letter.tsx";
import { renderStep, renderWelcome } from "../../src/domain/letters/render-sequence.ts";
import { BLOCKS, BUILT_IN, FRAME, PLACES, PUBLIC_URL, SETTING } from "./mails.ts";

const { welcome, steps } = BUILT_IN;
const READER_SLOTS = ["preferences_url", "unsubscribe_url"] as const;
const slotsOf = (letter: Letter) =>
  [...READER_SLOTS, letter === welcome ? "next_theme_date" : "read_url"] as const;

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

test("there are ten letters, nine themes and a closing, in their order, each with a drawing of its own", () => {
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
  expect(new Set([welcome, ...steps].map(({ ornament }) => ornament ?? "")).size).toBe(11);
  expect(new Set(steps.map(({ markdown }) => /:::keep\n(.*)/.exec(markdown)?.[1])).size).toBe(10);
});

test.each([welcome, ...steps].map((letter) => [letter.slug, letter] as const))(
  "the letter %s breaks no rule that publications are held to, and has its parts, its length and the way out",
  async (slug, letter) => {
    const slots = slotsOf(letter);
    const { parsed, faults } = parseLetter(slug, letter.markdown, slots, BLOCKS);
    const rendered =
      letter === welcome
        ? await renderWelcome(SETTING, letter, parsed)
        : (await renderStep(SETTING, letter, parsed, { offer: null, place: PLACES.get(slug) ?? null })).plain;
    const all = [
      ...faults,
      ...judgeWords(letter, parsed, PUBLIC_URL),
      ...judgeRendered(slug, rendered, slots),
    ];
    expect(all).toEqual([]);
    for (const needed of ["{{unsubscribe_url}}", "{{preferences_url}}", "1 Street, 12345 Town"]) {
      expect(rendered.html).toContain(needed);
      expect(rendered.text).toContain(needed);
    }
    if (slug === "welcome" || slug === "closing") return;
    expect(wordsOf(letter)).toBeGreaterThanOrEqual(400);
    expect(wordsOf(letter)).toBeLessThanOrEqual(600);
    expect([...letter.markdown.matchAll(/^## (.+)$/gm)].map((match) => match[1])).toEqual([
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
  const { parsed } = parseLetter(welcome.slug, welcome.markdown, slotsOf(welcome), BLOCKS);
  const first = await renderWelcome(SETTING, welcome, parsed);
  expect(await renderWelcome(SETTING, welcome, parsed)).toEqual(first);
});

test("the confirmation mail has one link to press and the sender, asks for nothing else and loads nothing", async () => {
  const { html, text } = await renderConfirmLetter(FRAME, SETTING.from, 1);
  expect([...html.matchAll(/(?:href|src)="([^"]+)"/g)].map((match) => match[1])).toEqual(["{{confirm_url}}"]);
  expect(text).toContain("{{confirm_url}}");
  expect(text).toContain("1 Street, 12345 Town");
});
