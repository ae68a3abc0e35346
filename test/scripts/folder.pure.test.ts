import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { beginFolder } from "../../scripts/content/begin.ts";
import { readSequence } from "../../scripts/content/read-sequence.ts";
import { readContent } from "../../scripts/content/read-site.ts";
import { writeContent } from "../../scripts/content/write-content.ts";
import { filesOf, jsonLines } from "../../src/domain/letters/as-folder.ts";
import { siteSchema } from "../../src/domain/site/site-schema.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "letters-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SETTINGS = "title: A small course\n";
const letter = (slug: string, subject = '"The first letter of a small course"') =>
  `---\nslug: ${slug}\nsubject: ${subject}\npreheader: "What it holds and how to begin with it today."\n---\n\n# ${slug}\n\nText.\n`;

function fill(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, text] of Object.entries({
    "sequence.yaml": SETTINGS,
    "welcome.md": letter("welcome"),
    ...files,
  }))
    writeFileSync(join(folder, name), text);
}

function faults(): string {
  try {
    readSequence(folder);
    return "";
  } catch (error) {
    return String((error as Error).message);
  }
}

const slugs = () => readSequence(folder).body.steps.map(({ slug }) => slug);

test.each([
  ["a byte order mark", `\uFEFF${letter("one")}`],
  ["Windows line ends", letter("one").replaceAll("\n", "\r\n")],
  ["an empty first line", `\n${letter("one")}`],
  ["blanks behind the dashes", letter("one").replaceAll("---", "---  ")],
  ["three dots at the end of the front matter", letter("one").replace('today."\n---', 'today."\n...')],
  ["no line end at the end", letter("one").trimEnd()],
  ["dashes at the end of a value", letter("one", "A thought ---")],
])("a letter with %s is read", (_, source) => {
  fill({ "01-one.md": source });
  const [step] = readSequence(folder).body.steps;
  expect(step).toMatchObject({ slug: "one", status: "published" });
  expect(step?.markdown.trim()).toBe("# one\n\nText.");
});

test("letters come in the order that people count in, whatever their endings; other files are named, dot files are not", () => {
  fill({
    "2-b.md": letter("b"),
    "10-c.MARKDOWN": letter("c"),
    "1-a.Md": letter("a"),
    ".DS_Store": "x",
    "notes.txt": "x",
    "picture.png": "x",
  });
  expect(slugs()).toEqual(["a", "b", "c"]);
  expect(readSequence(folder).files).toEqual(["welcome.md", "1-a.Md", "2-b.md", "10-c.MARKDOWN"]);
  expect(readSequence(folder).unread.toSorted()).toEqual(["notes.txt", "picture.png"]);
});

test("bytes that are no UTF-8 are refused with the file's name, beside everything else that's wrong", () => {
  fill({
    "01-latin.md": Uint8Array.from(Buffer.from(letter("one").replace("Text", "Été"), "latin1")),
    "02-colon.md": letter("two", "Week 1: the roots"),
    "03-hash.md": letter("three", "The #1 mistake"),
    "04-bare.md": "# No front matter\n",
    "05-alias.md": letter("five", "*Starred* words"),
  });
  expect(
    faults()
      .split("\n")
      .map((line) => line.split("  ")[0]),
  ).toEqual(["01-latin.md", "02-colon.md:3", "03-hash.md:3", "04-bare.md:1", "05-alias.md:3"]);
  expect(faults()).toContain("Save it as UTF-8");
  expect(faults()).toContain(
    "02-colon.md:3  has a colon and a blank inside its text. Put the whole text in quotes.",
  );
  expect(faults()).toContain("subject ends at its #");
});

test("a folder without a welcome, with two, or that is no folder of letters says what to do", () => {
  expect(faults()).toContain("it has no sequence.yaml");
  fill({ "WELCOME.markdown": letter("welcome") });
  expect(faults()).toContain("two welcomes");
  rmSync(join(folder, "welcome.md"));
  rmSync(join(folder, "WELCOME.markdown"));
  expect(faults()).toContain("has no welcome.md");
  mkdirSync(join(folder, "empty"));
  expect(() => readContent(join(folder, "empty"))).toThrow("Is it the right folder?");
});

test("a fault names the line of its file, of the settings as of a letter's text", () => {
  fill({ "01-one.md": letter("one") });
  writeFileSync(
    join(folder, "sequence.yaml"),
    "title: A\n\nquestion:\n  choices:\n    - { block: a }\n    - { block: b }\n",
  );
  const { placeOf } = readSequence(folder);
  expect(placeOf(["question", "choices", "1", "block"], null)).toBe("sequence.yaml:6");
  expect(placeOf(["steps", "0", "subject"], null)).toBe("01-one.md:3");
  expect(placeOf(["steps", "0", "markdown"], 2)).toBe("01-one.md:7");
});

test("a newsletter that was just begun is read whole, and its site passes every rule", () => {
  const target = join(folder, "my-letters");
  beginFolder(target, "my-letters");
  const { site, sequences } = readContent(target);
  expect(siteSchema.safeParse(site?.body).error?.issues).toBeUndefined();
  expect(sequences.map(({ slug }) => slug)).toEqual(["my-letters"]);
  expect(readSequence(sequences[0]?.folder ?? "").body.steps).toHaveLength(3);
});

test("a site's picture is read from beside it, and one that isn't there is told with its line", () => {
  const site = (picture: string) => `name: A small course\nauthor:\n  name: Rosa\n  picture: ${picture}\n`;
  const file = Uint8Array.from([1, 2, 3]);
  fill({ "site.yaml": site("rosa.png"), "rosa.png": file });
  const read = readContent(folder).site;
  expect(read?.body).toEqual({ name: "A small course", author: { name: "Rosa" } });
  expect({ name: read?.picture?.name, bytes: [...(read?.picture?.file ?? [])] }).toEqual({
    name: "rosa.png",
    bytes: [1, 2, 3],
  });
  for (const picture of ["ada.png", "../rosa.png", "[1]"]) {
    fill({ "site.yaml": site(picture) });
    expect(() => readContent(folder)).toThrow(/^site\.yaml:4 .* isn't beside site\.yaml/);
  }
});

test("a newsletter that was pulled has its author's picture beside it, and reads as what was published", () => {
  const picture = { kind: "png", file: Uint8Array.from([1, 2, 3]) };
  const site = {
    name: "A small course",
    author: { name: "Rosa", picture: `${"0".repeat(32)}.png` },
    version: 3,
  };
  writeContent(folder, { site, picture, sequences: [], pictures: new Map() });
  const read = readContent(folder).site;
  expect(read?.body).toEqual({ name: "A small course", author: { name: "Rosa" } });
  expect([read?.picture?.name, [...(read?.picture?.file ?? [])]]).toEqual(["author.png", [1, 2, 3]]);
});

test("a folder that was downloaded at the desk reads as what was published, whatever is in its texts", () => {
  const strange = 'Quotes " and : colons, # hashes\u2028, {braces} – and ümläuts';
  const welcome = {
    slug: "hello",
    subject: strange,
    preheader: "One",
    status: "published",
    markdown: "\n# Hello\n\n---\n\nText\n",
  };
  const step = { ...welcome, slug: "one", backfill: true, ornament: "leaf", markdown: "# One\n\nText" };
  const sequence = { slug: "course", title: strange, every_weeks: 2, version: 3, welcome, steps: [step] };
  const site = { name: strange, hero: { over: "", lead: "Two\nlines" }, version: 1, origin: "desk" };
  const files = filesOf(
    { site, picture: null, sequences: [sequence], pictures: new Map() },
    jsonLines,
    () => undefined,
  );
  for (const { name, content } of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const { site: read, sequences } = readContent(folder);
  expect(read?.body).toEqual({ name: strange, hero: { over: "", lead: "Two\nlines" } });
  const { body } = readSequence(sequences[0]?.folder ?? "");
  expect(body).toMatchObject({ title: strange, every_weeks: 2, welcome, steps: [step] });
});
