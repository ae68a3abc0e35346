import { beforeAll, expect, test } from "vitest";
import { LETTER_RULES, type LetterFault, type LetterRule } from "../../src/domain/letters/letter-rules.ts";
import { expectDescribed } from "../desk/described.ts";
import { type Service, startService } from "../support/service.ts";

let service: Service;

beforeAll(() => {
  service = startService();
});

const PATH = "/api/v1/admin/sequences/garden-letters";

const SOUND = {
  slug: "watering",
  subject: "How much water a tomato really wants",
  preheader: "Less often than you think, and all of it at once.",
  status: "published",
  markdown: "# Watering\n\n## The idea\n\nWater the [ground]({{preferences_url}}), not the leaves.\n",
};

/** `next` and `language` are fields of the sequence; anything else is one of the letter. */
const publication = ({ next, language, ...letter }: Readonly<Record<string, unknown>>) => ({
  title: "Garden letters",
  ...(next === undefined ? {} : { next }),
  ...(language === undefined ? {} : { language }),
  welcome: {
    ...SOUND,
    slug: "welcome",
    markdown: "# Welcome\n\nYour first letter comes on {{first_theme_date}}.",
  },
  steps: [letter, { ...SOUND, slug: "weeding" }],
});

const send = (method: "PUT" | "POST", letter: Readonly<Record<string, unknown>>) =>
  service.admin(
    method,
    `/sequences/garden-letters${method === "PUT" ? "" : "/preview"}`,
    publication(letter),
  );

type Told = { readonly faults?: readonly LetterFault[]; readonly warnings?: readonly LetterFault[] };

/** For every rule a letter that breaks it, and the line of its Markdown that is told. */
const BROKEN: Readonly<Record<LetterRule, readonly [change: object, line: number | null]>> = {
  format: [{ ornament: "elephant" }, null],
  "raw-html": [{ markdown: "# T\n\n<b>raw</b>" }, 3],
  picture: [{ markdown: "# T\n\n![A shed](https://themepost.dev/shed.svg) Text" }, 3],
  "picture-missing": [{ markdown: "# T\n\n![A shed](shed.png) Text" }, 3],
  "picture-alt": [{ markdown: "# T\n\n![](https://themepost.dev/shed.png) Text" }, 3],
  "unknown-block": [{ markdown: "# T\n\n:::granny\nx\n:::" }, 3],
  nesting: [{ markdown: `# T\n\n${"> ".repeat(30)}x` }, null],
  "one-title": [{ markdown: "# T\n\nText\n\n# Another" }, 5],
  "title-words": [{ markdown: "# To [the shed]({{read_url}})\n\nText" }, 1],
  "heading-depth": [{ markdown: "# T\n\n## A\n\n##### B\n\nText" }, 5],
  "heading-order": [{ markdown: "# T\n\n### A\n\nText" }, 3],
  "heading-empty": [{ markdown: "# T\n\n##\n\nText" }, 3],
  "link-target": [{ markdown: "# T\n\n[The shed](ftp://letters.themepost.dev/shed)" }, 3],
  "link-http": [{ markdown: "# T\n\n[The shed](http://letters.themepost.dev/shed)" }, 3],
  "link-jump": [{ markdown: "# T\n\nSee [the shed](#shed) below." }, 3],
  "html-dropped": [{ markdown: "# T\n\nIn <u>the</u> shed." }, 3],
  pasted: [{ markdown: "# T\n\n•\tThe shed" }, 3],
  formula: [{ markdown: "# T\n\nThe cost is $O(n)$ now" }, 3],
  "raw-mark": [{ markdown: "# T\n\nA **bold word that never ends" }, 3],
  "merge-tag": [{ markdown: "# T\n\nDear *|FNAME|*," }, 3],
  "link-empty": [{ markdown: "# T\n\nSee []({{read_url}}) there" }, 3],
  slot: [{ markdown: "# T\n\nDear {{first_nam}}" }, 3],
  "no-text": [{ markdown: "# T" }, null],
  "reserved-character": [{ markdown: "# T\n\nA mark: \uE000open\uE001" }, 3],
  "slug-twice": [{ slug: "weeding" }, null],
  "preheader-echo": [{ preheader: SOUND.subject.toUpperCase() }, null],
  "offers-itself": [{ next: "garden-letters" }, null],
  "offer-unknown": [{ next: "the-shed" }, null],
  "consent-language": [{ language: "fr" }, null],
  "html-size": [{ markdown: `# T\n\n${"word **bold** ".repeat(4200)}` }, null],
  "subject-length": [{ subject: "Water" }, null],
  "subject-shouts": [{ subject: "HOW MUCH WATER A TOMATO WANTS" }, null],
  "preheader-length": [{ preheader: "Less often." }, null],
  "link-words": [{ markdown: "# T\n\nTo read it, [click here]({{read_url}})." }, 3],
  "link-shows-address": [{ markdown: "# T\n\n[https://bank.example](https://letters.themepost.dev/)" }, 3],
  "link-elsewhere": [{ markdown: "# T\n\n[The seed shop](https://seeds.example/)" }, 3],
  "long-word": [{ markdown: `# T\n\n${"nevertheless".repeat(5)}` }, 3],
};

test.each(Object.entries(BROKEN))(
  "a letter that breaks the rule %s is told so, with its line and the fix",
  async (name, [change, line]) => {
    const rule = name as LetterRule;
    const { severity, fix } = LETTER_RULES[rule];
    const stored = await service.rows("select slug, version from sequences");
    const answer = await send("PUT", { ...SOUND, ...change });
    expect(answer.status).toBe(severity === "refuse" ? 422 : 200);
    const told = await expectDescribed<Told>("PUT", PATH, answer);
    const faults = (severity === "refuse" ? told.faults : told.warnings) ?? [];
    const letter = "next" in change || "language" in change ? null : { ...SOUND, ...change }.slug;
    expect(faults).toContainEqual({
      field: expect.stringMatching(/^(steps\.0\b.*)?$/),
      letter,
      line,
      rule,
      severity,
      fix,
      message: expect.stringMatching(/^\S.+[^.]$/),
    });
    if (severity === "refuse")
      expect(await service.rows("select slug, version from sequences")).toEqual(stored);
  },
);

test("a sound letter is published without a word, and a preview warns as the publication would", async () => {
  expect(await expectDescribed<Told>("PUT", PATH, await send("PUT", SOUND))).not.toHaveProperty("warnings");
  const preview = await send("POST", { ...SOUND, subject: "Water" });
  expect(await expectDescribed<Told>("POST", `${PATH}/preview`, preview)).toMatchObject({
    warnings: [{ letter: "watering", rule: "subject-length", severity: "warn" }],
  });
});

test("more than one fault is told at once, warnings beside what refuses", async () => {
  const answer = await send("PUT", {
    ...SOUND,
    subject: "Water",
    markdown: "# T\n\n<b>x</b>\n\n[here]({{read_url}})",
  });
  const { faults } = await answer.json<Told>();
  expect(faults?.map(({ rule, severity }) => [rule, severity])).toEqual([
    ["raw-html", "refuse"],
    ["subject-length", "warn"],
    ["link-words", "warn"],
  ]);
});

test.each([
  ["a line inside a paragraph", { markdown: "# T\n\nOne\ntwo {{nobody}}\nthree" }, "slot", 4],
  [
    "a long word inside a paragraph",
    { markdown: `# T\n\nOne\ntwo\n${"nevertheless".repeat(5)}` },
    "long-word",
    5,
  ],
  ["a title without words", { markdown: "#\n\nText" }, "heading-empty", 1],
  ["a slot in the title", { markdown: "# On {{read_url}}\n\nText" }, "title-words", 1],
  ["a title inside a quotation", { markdown: "# T\n\n> # Inner\n\nText" }, "one-title", 3],
  ["a title inside a block", { markdown: "# T\n\n:::teenager\n# Inner\n:::\n" }, "one-title", 4],
  [
    "a link whose address holds a mark",
    { markdown: "# T\n\n[words](https://letters.themepost.dev/\uE000open\uE001)" },
    "reserved-character",
    3,
  ],
  [
    "a subject that holds a mark",
    { subject: "How much \uE000open\uE001 water a tomato wants" },
    "format",
    null,
  ],
  ["short words in capitals", { subject: "WHY NOT YOU AND ME, AS WE DO IT" }, "subject-shouts", null],
  [
    "a link that only says where to click",
    { markdown: "# T\n\n[click on this link]({{read_url}})" },
    "link-words",
    3,
  ],
] as const)("%s is found, and told by its own line", async (_, change, rule, line) => {
  const told = await (await send("PUT", { ...SOUND, ...change })).json<Told>();
  expect([...(told.faults ?? []), ...(told.warnings ?? [])]).toContainEqual(
    expect.objectContaining({ rule, line }),
  );
});

test.each([
  ["subject", 29, true],
  ["subject", 30, false],
  ["subject", 55, false],
  ["subject", 56, true],
  ["preheader", 34, true],
  ["preheader", 35, false],
  ["preheader", 90, false],
  ["preheader", 91, true],
] as const)(
  "a %s that takes the width of %i characters is warned about: %s",
  async (field, length, warned) => {
    // A family of five code points is as wide as two letters, and a letter with its accent apart as one.
    const value = `👩‍👦e\u0301 ${"word ".repeat(30)}`;
    const cut = [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(value)]
      .slice(0, length - 2)
      .map(({ segment }) => segment)
      .join("");
    const told = await (await send("POST", { ...SOUND, [field]: `${cut}.` })).json<Told>();
    expect((told.warnings ?? []).some(({ rule }) => rule === `${field}-length`)).toBe(warned);
  },
);

test.each([
  ["a link to the domain above", "[The garden](https://themepost.dev/garden)"],
  ["a link to www of the own host", "[The garden](https://www.letters.themepost.dev/garden)"],
  [
    "a sentence in a language without spaces",
    "息子と話すときに大切なのは、急いで答えを出そうとせずに、相手の言葉を最後まで静かに聞くことです。",
  ],
])("%s is published without a warning", async (_, text) => {
  expect(await (await send("PUT", { ...SOUND, markdown: `# T\n\n${text}` })).json<Told>()).not.toHaveProperty(
    "warnings",
  );
});
