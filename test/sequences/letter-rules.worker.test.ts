import { beforeAll, expect, test } from "vitest";
import { LETTER_RULES, type LetterFault, type LetterRule } from "../../src/sequences/publish/letter-rules.ts";
import { expectDescribed } from "../admin/described.ts";
import { ADMIN_TOKEN, type Service, startService } from "../support/service.ts";

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

const publication = (letter: object) => ({
  title: "Garden letters",
  welcome: {
    ...SOUND,
    slug: "welcome",
    markdown: "# Welcome\n\nYour first letter comes on {{first_theme_date}}.",
  },
  steps: [letter, { ...SOUND, slug: "weeding" }],
});

const send = (method: "PUT" | "POST", letter: object) =>
  service.request(method === "PUT" ? PATH : `${PATH}/preview`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify(publication(letter)),
  });

type Told = { readonly faults?: readonly LetterFault[]; readonly warnings?: readonly LetterFault[] };

/** For every rule a letter that breaks it, and the line of its Markdown that is told. */
const BROKEN: Readonly<Record<LetterRule, readonly [change: object, line: number | null]>> = {
  format: [{ ornament: "elephant" }, null],
  "raw-html": [{ markdown: "# T\n\n<b>raw</b>" }, 3],
  "not-shown": [{ markdown: "# T\n\n![A shed](https://themepost.dev/shed.png)" }, 3],
  "unknown-block": [{ markdown: "# T\n\n:::granny\nx\n:::" }, 3],
  nesting: [{ markdown: `# T\n\n${"> ".repeat(30)}x` }, null],
  "one-title": [{ markdown: "# T\n\nText\n\n# Another" }, 5],
  "heading-depth": [{ markdown: "# T\n\n## A\n\n#### B\n\nText" }, 5],
  "heading-order": [{ markdown: "# T\n\n### A\n\nText" }, 3],
  "heading-empty": [{ markdown: "# T\n\n##\n\nText" }, 3],
  "link-target": [{ markdown: "# T\n\n[The shed](http://letters.themepost.dev/shed)" }, 3],
  "link-empty": [{ markdown: "# T\n\nSee []({{read_url}}) there" }, 3],
  slot: [{ markdown: "# T\n\nDear {{first_nam}}" }, 3],
  "no-text": [{ markdown: "# T" }, null],
  "reserved-character": [{ markdown: "# T\n\nA mark: \uE000open\uE001" }, 3],
  "slug-twice": [{ slug: "weeding" }, null],
  "preheader-echo": [{ preheader: SOUND.subject.toUpperCase() }, null],
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
    const letter = { ...SOUND, ...change }.slug;
    expect(faults).toContainEqual({
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
