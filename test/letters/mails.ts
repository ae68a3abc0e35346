import { join } from "node:path";
import { readSequence } from "../../scripts/content/read-sequence.ts";
import { readContent } from "../../scripts/content/read-site.ts";
import { frameOf, sequenceFrameOf } from "../../src/domain/letters/frame.ts";
import { type Letter, publicationSchema, settingsOf } from "../../src/domain/letters/letter-schema.ts";
import { KEPT_BLOCKS } from "../../src/domain/letters/parse-letter.ts";
import { placesOf } from "../../src/domain/letters/place.ts";
import { readLetter } from "../../src/domain/letters/read-letter.ts";
import type { RenderedLetter } from "../../src/domain/letters/render-letter.tsx";
import { renderStep, renderWelcome, type Setting } from "../../src/domain/letters/render-sequence.ts";
import { readSiteContent } from "../../src/domain/letters/site-content.ts";
import { sequenceMails, siteMails } from "../../src/domain/letters/system-mails.ts";
import { headingsOf } from "../../src/domain/letters/variants.ts";
import { siteOf } from "../../src/domain/site/site.ts";
import { siteSchema } from "../../src/domain/site/site-schema.ts";

/** A mail as a reader gets it. */
export type Mail = {
  readonly name: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
};

export const PUBLIC_URL = "https://letters.themepost.dev";

const EMAILS = join(import.meta.dirname, "..", "..", "emails");

/** The built-in sequence. */
export const BUILT_IN = publicationSchema.parse(
  readSequence(join(EMAILS, "sequences", "strengthening-bonds")).body,
);

const settings = settingsOf(BUILT_IN);

/** The blocks that its letters may have. */
export const BLOCKS = [...Object.keys(headingsOf(settings.question)), ...KEPT_BLOCKS];

/** The built-in site, with an address that the tests look for. */
const SITE = (() => {
  const reading = readSiteContent(siteSchema.parse(readContent(EMAILS).site?.body), PUBLIC_URL, null);
  if (reading.kind === "faulty") throw new Error("the built-in site has faults");
  const owner = { name: "Themepost", postalAddress: "1 Street, 12345 Town" };
  const content = { ...reading.content, owner };
  return siteOf({ version: 1, publishedAt: 0, origin: "built_in", content }, PUBLIC_URL);
})();

const sequence = { title: BUILT_IN.title, language: "en" as const };

/** What all test letters have in common. */
export const FRAME = sequenceFrameOf(frameOf(SITE, PUBLIC_URL, "en"), sequence);

/** What the built-in letters are rendered with. */
export const SETTING: Setting = {
  frame: FRAME,
  from: { fromName: SITE.name, replyTo: "" },
  headings: headingsOf(settings.question),
};

const SLOTS = [
  "preferences_url",
  "unsubscribe_url",
  "read_url",
  "first_theme_date",
  "next_theme_date",
] as const;
const TOKEN = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCdEfGhIjKlMnOpQrSt";

/** What a reader's copy is filled with, at its longest. */
const VALUES: Readonly<Record<string, string>> = {
  greeting: "Dear Maximiliane Friederike,",
  first_theme_date: "Wed 30 Sep 2026 at 09:00",
  next_theme_date: "Wed 30 Sep 2026 at 09:00",
  confirm_url: `${PUBLIC_URL}/confirm/${TOKEN}`,
  preferences_url: `${PUBLIC_URL}/preferences/${TOKEN}`,
  unsubscribe_url: `${PUBLIC_URL}/unsubscribe/${TOKEN}`,
  read_url: `${PUBLIC_URL}/read/${TOKEN}`,
  erase_url: `${PUBLIC_URL}/erase/${TOKEN}`,
  data_url: `${PUBLIC_URL}/data/${TOKEN}`,
};

/** Everything that Markdown can put into a letter, so that an owner's own letters are checked with ours. */
const SPECIMEN: Letter = {
  slug: "specimen",
  subject: "A letter that holds all that a letter can",
  preheader: "Every block, every mark, and each inside the others.",
  status: "published",
  ornament: "page",
  markdown: `# All that a letter can hold

A paragraph with _emphasis_, **strength**, **_both_**, a line\\
break, and [a link to your dates]({{preferences_url}}). Another [to leave]({{unsubscribe_url}}), one [by mail](mailto:hello@themepost.dev).

## A list

- [A link alone]({{read_url}})
- Two, with a [link]({{read_url}}) inside

  and a second paragraph
- Three
  - nested
    1. deeper

**[An important link alone]({{read_url}})**

See **[an important link]({{read_url}})** in a sentence. And _[another]({{read_url}})_.

[A question?]({{read_url}})

### A smaller heading with [a link]({{read_url}})

> A quotation, with **strength** and a list:
>
> - inside

> [A link alone]({{read_url}})
>
> — Rosa, _gardener_

---

## Steps

Some words first.

4. Four
5. Five with _emphasis_

:::young-boy
In short.

And a [link]({{read_url}}) at length.

- with a list
:::

:::teenager
In short.
:::

## A line to keep

:::keep
A line with [a link]({{read_url}}) and _emphasis_.

- and a list

> and a quotation
:::

Words after it.

## A table and what's struck out

| Plan | Wheelbarrows | Greenhouses | Price |
|------|---|---|------:|
| With [a link]({{read_url}}) | twenty | – | ~~7~~ 5 € |

### Smaller

#### The smallest heading

- [x] watered
- [ ] weeded

Use \`thyme {fresh}\`, and this:

\`\`\`
one line of code, which is as long as it takes to be wider than any phone is, really
    and one with blanks
\`\`\`

A claim.[^proof] And another.[^2]

[^proof]: A source, with [a link]({{read_url}}).
[^2]: A second one.

    In two paragraphs.

## Pictures

![A garden gate, half open](${PUBLIC_URL}/ornaments/bookshelf.png)
*The gate, in May.*

[![The way home](pictures/0123456789abcdef0123456789abcdef-1052x600.jpg)]({{read_url}})

> ![A leaf](pictures/0123456789abcdef0123456789abcdef-200x100.png)

- ![Another leaf](${PUBLIC_URL}/ornaments/bookshelf.png)

## The end

5 < 6 & “quotes” – and a very long word: Donaudampfschifffahrtsgesellschaft.
`,
};

/** Where each of the built-in letters stands. */
export const PLACES = placesOf(
  BUILT_IN.steps.map(({ slug, markdown }) => ({ slug, title: /^# (.*)/m.exec(markdown)?.[1] ?? "" })),
  { sequence: "strengthening-bonds", publicUrl: PUBLIC_URL, site: { archiveInFull: 3 } },
);

/** Every letter (for everyone and for each answer), every system mail, and a specimen, filled as for one reader. */
export async function allMails(): Promise<Mail[]> {
  const own = await sequenceMails(SITE, PUBLIC_URL, {
    ...SETTING.from,
    ...sequence,
    everyWeeks: settings.everyWeeks,
    words: settings.words,
  });
  const system = [...own, ...(await siteMails(SITE, PUBLIC_URL))].filter(({ language }) => language === "en");
  const mails = system.map(({ name, letter }) => filled(name.replace("_", "-"), letter));
  for (const letter of [BUILT_IN.welcome, ...BUILT_IN.steps, SPECIMEN]) {
    const { parsed } = readLetter(letter, SLOTS, BLOCKS, PUBLIC_URL);
    if (letter === BUILT_IN.welcome) {
      mails.push(filled(letter.slug, await renderWelcome(SETTING, letter, parsed)));
      continue;
    }
    const { plain, variants } = await renderStep(SETTING, letter, parsed, {
      offer: null,
      place: PLACES.get(letter.slug) ?? null,
    });
    mails.push(filled(letter.slug, plain));
    for (const { choice, letter: chosen } of variants)
      mails.push(filled(`${letter.slug} (${choice})`, chosen));
  }
  return mails;
}

function filled(name: string, { subject, html, text }: RenderedLetter): Mail {
  const fill = (template: string) =>
    template.replaceAll(/\{\{(\w+)\}\}/g, (whole, slot: string) => VALUES[slot] ?? whole);
  return { name, subject, html: fill(html), text: fill(text) };
}
