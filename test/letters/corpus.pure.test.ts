import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readLetterFile } from "../../scripts/content/read-sequence.ts";
import { FolderFaults } from "../../scripts/content/text-file.ts";
import { readBody, wordsOf } from "./read-body.ts";

// Letters as people paste them: texts of ours in the manner of real newsletters, with what their editors leave in them.
const path = (name: string) => join(import.meta.dirname, "corpus", name);

/** What's told of a letter with the lines of its file, and what came of it; its pictures stand as if they had been added. */
async function readCorpus(name: string, fences: RegExp | null = null) {
  const source = readFileSync(path(name), "utf8");
  const front = fences?.exec(source)?.[0] ?? null;
  const { markdown, offset } =
    front === null
      ? readLetterFile(path(name), name)
      : { markdown: source.slice(front.length), offset: front.split("\n").length - 1 };
  const placed = markdown.replaceAll(/(!\[[^\]]*\]\()(?!https:)([^)\s]+)/g, "$1https://example.org/$2");
  const read = await readBody(placed, "");
  const told = read.told.map((each) => each.replace(/^\d+/, (line) => String(Number(line) + offset)));
  const count = (marks: RegExp) => (read.mail?.match(marks) ?? []).length;
  return { ...read, told, count, links: count(/<a href="(?:https?|mailto):/g) };
}

/** Nothing of Markdown is seen, but in code. */
function expectNothingRaw({ page, text }: { readonly page: string | null; readonly text: string | null }) {
  const words = wordsOf((page ?? "").replaceAll(/<(pre|code)[^>]*>[\s\S]*?<\/\1>/g, ""));
  expect(words).not.toMatch(/\*\*|\]\(|\]\[|\[\^|\|-{3}|~~|^#{1,6} |<br|&nbsp;|\t/m);
  expect(text).not.toContain("&nbsp;");
}

const only = (told: readonly string[], ...mild: readonly string[]) =>
  told.filter((each) => !mild.some((rule) => each.endsWith(` ${rule}`)));

test("a Chinese weekly is published whole: bold beside full-width punctuation, links, pictures and lines", async () => {
  const read = await readCorpus("chinese-weekly.md");
  expect(read.told).toEqual(["49 pasted", "71 pasted"]);
  expect([read.links, read.count(/<strong>/g), read.count(/<em>/g), read.count(/<img /g)]).toEqual([
    11, 17, 3, 2,
  ]);
  expect(read.page).toContain('<a href="https://example.org/abacus">https://example.org/abacus</a>告诉我们');
  expect(read.page).toContain("map%EF%BC%88%E6%96%B0%EF%BC%89.html");
  expect(read.text).not.toMatch(/\p{Script=Han} \p{Script=Han}/u);
  expectNothingRaw(read);
});

test("a German recipe keeps its steps' numbers, its quantities, its times and its words with colons", async () => {
  const read = await readCorpus("recipe.md");
  expect(read.told).toEqual([]);
  expect([read.links, read.count(/<img /g)]).toEqual([4, 2]);
  expect([...(read.page ?? "").matchAll(/<ol start="(\d+)">/g)].map(([, start]) => start)).toContain("5");
  expect(read.page).toContain("<strong>Wichtig:</strong>");
  for (const word of ["Leser:innen", "jede:r", "10:30", "500\u00a0g"]) expect(read.text).toContain(word);
  expectNothingRaw(read);
});

test("an Arabic course without fences around its front matter is refused at its first line, and its text is sound", async () => {
  expect(() => readLetterFile(path("arabic-course.md"), "arabic-course.md")).toThrow(FolderFaults);
  expect(() => readLetterFile(path("arabic-course.md"), "arabic-course.md")).toThrow("arabic-course.md:1 ");
  const read = await readCorpus("arabic-course.md", /^(?:.*\n){4}/);
  expect(read.told).toEqual([]);
  expect([read.links, read.count(/<strong>/g), read.count(/<img /g)]).toEqual([3, 4, 1]);
  expect(read.page).toMatch(/href="[^"،]*\.pdf"/);
  expectNothingRaw(read);
});

test("a letter in many scripts arrives sign by sign", async () => {
  const read = await readCorpus("poem-and-scripts.md");
  expect(read.told).toEqual(only(read.told, "long-word"));
  expect(read.page).toContain("<strong>ध्यान दें:</strong>कल");
  for (const text of [wordsOf(read.page), read.text ?? ""]) {
    expect(text.match(/\u200b/g)).toHaveLength(14);
    expect([text.includes("ශ්‍රී"), text.includes("👩‍🌾"), text.includes("ı")]).toEqual([true, true, true]);
  }
  expectNothingRaw(read);
});

test("a day of another service's course is refused with all thirteen of its tags, each with its line", async () => {
  const { told } = await readCorpus("drip-day-3.md");
  const tags = told
    .filter((each) => /merge-tag|slot/.test(each))
    .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  expect(tags.map((each) => Number.parseInt(each, 10))).toEqual([
    7, 9, 11, 20, 27, 29, 31, 35, 59, 60, 61, 61, 61,
  ]);
  expect(only(told, "merge-tag", "slot")).toEqual(["35 pasted", "47 pasted", "55 link-http"]);
});

test("the same course without its tags is published whole, its signature as text", async () => {
  const source = readFileSync(path("drip-day-3.md"), "utf8").replace(/^---[\s\S]*?\n---\n/, "");
  const read = await readBody(
    source.replaceAll(/\*\|[^|]*\|\*|\{%[^%]*%\}|%[A-Z]+%|\?u=\{\{[^}]*\}\}|\{\{[^}]*\}\}/g, ""),
    "",
  );
  expect(only(read.told, "link-http", "pasted", "link-target")).toEqual([]);
});

test("maths and code are as they were typed, formulas are told of, and HTML that does something is refused with its line", async () => {
  const { told } = await readCorpus("maths-and-code.md", /^\+\+\+\n[\s\S]*?\n\+\+\+\n/);
  expect(only(told, "html-dropped")).toEqual([
    ...[
      "20 formula",
      "24 formula",
      "70 raw-html",
      "83 raw-html",
      "92 raw-html",
      "101 raw-html",
      "101 raw-html",
    ],
  ]);
});

test("a letter of six thousand words arrives whole, with its ten notes", async () => {
  const read = await readCorpus("very-long.md");
  expect(read.told).toEqual([]);
  expect([read.links, read.count(/<img /g), read.count(/id="note-\d+"/g), read.count(/<h2/g)]).toEqual([
    5, 5, 10, 8,
  ]);
  expect(read.page).toContain("<hr/>");
  expect(read.text).toContain("where it is a quarter past two");
  expect(new TextEncoder().encode(read.mail ?? "").length).toBeLessThan(80_000);
  expectNothingRaw(read);
});

test("a weekly of forty links is refused for the one that leads nowhere; without it, all forty arrive", async () => {
  const { told } = await readCorpus("weekly-links.md");
  expect(only(told, "html-dropped", "link-http", "link-jump", "one-title")).toEqual(["127 raw-mark"]);
  expect(told.filter((each) => each.endsWith("link-http"))).toHaveLength(7);
  const source = readFileSync(path("weekly-links.md"), "utf8").replace(/^---[\s\S]*?\n---\n/, "");
  const read = await readBody(source.replace("[timetable puzzle][tt-puzzle]", "timetable puzzle"), "");
  const links = new Set([...(read.mail ?? "").matchAll(/<a href="(https?:[^"]+)"/g)].map(([, href]) => href));
  expect(links.size).toBe(40);
  expect(read.mail).not.toContain("never-used");
  expect(read.mail).toContain("site%20(north)");
  expectNothingRaw(read);
});

test("a letter pasted from a word processor has its lists, its table, its lines and its links", async () => {
  const read = await readCorpus("word-paste.md");
  expect(only(read.told, "pasted", "link-http")).toEqual(["38 link-empty"]);
  expect([read.links, read.count(/<ul/g), read.count(/<hr/g)]).toEqual([4, 3, 3]);
  expect(read.text).toContain("Week | Opens | Closes | Who");
  expectNothingRaw(read);
});
