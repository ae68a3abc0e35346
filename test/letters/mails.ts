import { join } from "node:path";
import { readSequence } from "../../scripts/read-sequence.ts";
import { type Letter, publicationSchema } from "../../src/domain/letters/letter-schema.ts";
import { parseLetter } from "../../src/domain/letters/parse-letter.ts";
import {
  type RenderedLetter,
  renderConfirmLetter,
  renderNotices,
  renderThemeLetter,
  renderWelcomeBack,
} from "../../src/domain/letters/render-letter.tsx";
import { agesIn, letterFor } from "../../src/domain/letters/variants.ts";

/** A mail as a reader gets it. */
export type Mail = {
  readonly name: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
};

export const PUBLIC_URL = "https://letters.themepost.dev";

const FOLDER = join(import.meta.dirname, "..", "..", "emails", "sequences", "strengthening-bonds");

/** The built-in sequence. */
export const BUILT_IN = publicationSchema.parse(readSequence(FOLDER).body);

/** What all test letters have in common. */
export const FRAME = {
  language: "en" as const,
  publicUrl: PUBLIC_URL,
  sequenceTitle: BUILT_IN.title,
  sender: { ownerName: "Themepost", postalAddress: "1 Street, 12345 Town" },
};

const SLOTS = ["preferences_url", "unsubscribe_url", "read_url", "first_theme_date"] as const;
const TOKEN = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCdEfGhIjKlMnOpQrSt";

/** What a reader's copy is filled with, at its longest. */
const VALUES: Readonly<Record<string, string>> = {
  greeting: "Dear Maximiliane Friederike,",
  first_theme_date: "Wednesday 30 September 2026 at 09:00",
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

## The end

5 < 6 & “quotes” – and a very long word: Donaudampfschifffahrtsgesellschaft.
`,
};

/** Every letter (for everybody and for each age), every system mail, and a specimen, filled as for one reader. */
export async function allMails(): Promise<Mail[]> {
  const mails = [
    filled("confirmation", await renderConfirmLetter(FRAME, 1)),
    filled("welcome-back", await renderWelcomeBack(FRAME)),
    ...Object.entries(await renderNotices(FRAME)).map(([name, mail]) => filled(name, mail)),
  ];
  for (const letter of [BUILT_IN.welcome, ...BUILT_IN.steps, SPECIMEN]) {
    const { parsed } = parseLetter(letter.slug, letter.markdown, SLOTS);
    const common = letterFor(parsed, null);
    const web = letter === BUILT_IN.welcome ? null : common;
    mails.push(filled(letter.slug, await renderThemeLetter(FRAME, letter, common, web)));
    for (const band of agesIn(parsed)) {
      const own = await renderThemeLetter(FRAME, letter, letterFor(parsed, band), web);
      mails.push(filled(`${letter.slug} (${band})`, own));
    }
  }
  return mails;
}

function filled(name: string, { subject, html, text }: RenderedLetter): Mail {
  const fill = (template: string) =>
    template.replaceAll(/\{\{(\w+)\}\}/g, (whole, slot: string) => VALUES[slot] ?? whole);
  return { name, subject, html: fill(html), text: fill(text) };
}
