import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { supportOf, usageOf } from "./checks/client-support.ts";
import { clientsPage } from "./checks/clients-page.ts";
import { DEGRADATIONS, NOT_IN_THE_DATA } from "./checks/degradations.ts";
import { envelopeFaults } from "./checks/envelope.ts";
import { htmlFaults } from "./checks/html-rules.ts";
import { textFaults } from "./checks/text-part.ts";
import { wordFaults } from "./checks/word-engine.ts";
import { allMails, type Mail, PUBLIC_URL } from "./mails.ts";

const CLIENTS = join(import.meta.dirname, "..", "..", "docs", "CLIENTS.md");

let mails: readonly Mail[];
let sound: Mail;

beforeAll(async () => {
  mails = await allMails();
  const found = mails.find(({ name }) => name === "connection");
  if (found === undefined) throw new Error("the letter on connection is not there");
  sound = found;
});

/** What a mail uses that some mail client lacks, and of which docs/CLIENTS.md does not tell what a reader sees then. */
function clientFaults({ html }: Pick<Mail, "html">): string[] {
  const { features, unlisted } = usageOf(html);
  const lacking = [...features].filter((slug) =>
    [...supportOf(slug).values()].some((support) => support !== "yes"),
  );
  return [
    ...lacking.filter((slug) => DEGRADATIONS[slug] === undefined),
    ...[...unlisted].filter((name) => NOT_IN_THE_DATA[name] === undefined),
  ];
}

const faultsOf = async (mail: Mail) => ({
  html: await htmlFaults(mail.html),
  clients: clientFaults(mail),
  word: wordFaults(mail.html),
  text: textFaults(mail),
  envelope: envelopeFaults(mail, PUBLIC_URL),
});

test("every letter, for every age, and every system mail is sound in HTML, text part, links, size and preheader, and uses nothing that breaks in a mail client", async () => {
  const found: unknown[] = [];
  for (const mail of mails) {
    const faults = await faultsOf(mail);
    if (Object.values(faults).flat().length > 0) found.push({ name: mail.name, ...faults });
  }
  expect(found).toEqual([]);
  expect(mails.length).toBeGreaterThan(40);
});

test("docs/CLIENTS.md tells what the letters use, where it is lacking and what is seen then, and nothing that they no longer use", async () => {
  const usages = mails.map(({ html }) => usageOf(html));
  const used = new Set(usages.flatMap(({ features, unlisted }) => [...features, ...unlisted]));
  expect(
    [...Object.keys(DEGRADATIONS), ...Object.keys(NOT_IN_THE_DATA)].filter((name) => !used.has(name)),
  ).toEqual([]);
  await expect(clientsPage(usages)).toMatchFileSnapshot(CLIENTS);
});

describe("a letter broken on purpose is found", () => {
  const BROKEN: ReadonlyArray<
    readonly [
      rule: string,
      kind: keyof Awaited<ReturnType<typeof faultsOf>>,
      told: RegExp,
      break_: (mail: Mail) => Partial<Mail>,
    ]
  > = [
    [
      "an element left open",
      "html",
      /close-order/,
      ({ html }) => ({ html: html.replace("</em>", "").replace("</h2>", "") }),
    ],
    [
      "no language",
      "html",
      /lang/,
      ({ html }) => ({ html: html.replace(/<html[^>]*>/, '<html dir="ltr">') }),
    ],
    [
      "language on html only",
      "html",
      /mail-language/,
      ({ html }) => ({ html: html.replaceAll(/(role="article"[^>]*) lang="en"/g, "$1") }),
    ],
    [
      "a layout table that says it is data",
      "html",
      /role/,
      ({ html }) => ({ html: html.replace(/<table role="presentation"/, "<table") }),
    ],
    [
      "a picture without alternative text",
      "html",
      /alt/,
      ({ html }) => ({ html: html.replace(' alt=""', "") }),
    ],
    [
      "a picture without its size",
      "html",
      /width/,
      ({ html }) => ({ html: html.replace(/(<img[^>]*) width="\d+"/, "$1") }),
    ],
    [
      "a picture at no full address",
      "html",
      /src/,
      ({ html }) => ({ html: html.replace(/src="https:\/\/[^/]+/, 'src="') }),
    ],
    [
      "a form",
      "html",
      /element-name/,
      ({ html }) => ({ html: html.replace("<h1", '<form action="/x"></form><h1') }),
    ],
    [
      "a script",
      "html",
      /element-name/,
      ({ html }) => ({ html: html.replace("<h1", "<script>1</script><h1") }),
    ],
    [
      "two titles",
      "html",
      /heading-level/,
      ({ html }) => ({ html: html.replace(/<h2([^>]*)>(.*?)<\/h2>/, "<h1$1>$2</h1>") }),
    ],
    [
      "a level left out",
      "html",
      /heading-level/,
      ({ html }) => ({ html: html.replace(/<h2([^>]*)>(.*?)<\/h2>/, "<h4$1>$2</h4>") }),
    ],
    [
      "a property that Outlook lacks",
      "clients",
      /css-display-flex/,
      ({ html }) => ({ html: html.replace('style="', 'style="display:flex;') }),
    ],
    [
      "an element that mail clients drop",
      "clients",
      /html-semantics/,
      ({ html }) => ({ html: html.replace("<h1", "<section></section><h1") }),
    ],
    [
      "a property that nobody has tested",
      "clients",
      /caret-color/,
      ({ html }) => ({ html: html.replace(".ink {", ".ink { caret-color: red;") }),
    ],
    [
      "no width for Word's engine",
      "word",
      /no width/,
      ({ html }) => ({ html: html.replaceAll(/<!--\[if mso\]><(?:table|\/td).*?<!\[endif\]-->/g, "") }),
    ],
    [
      "a table for Word's engine left open",
      "word",
      /not closed/,
      ({ html }) => ({ html: html.replace("<!--[if mso]></td></tr></table><![endif]-->", "") }),
    ],
    [
      "room on a paragraph, which Word's engine drops",
      "word",
      /padding on <p>/,
      ({ html }) => ({
        html: html
          .replace('<p style="', '<p style="padding:20px;')
          .replace(/<p class="([^"]+)" style="/, '<p class="$1" style="padding:20px;'),
      }),
    ],
    [
      "pictures that Word's engine scales",
      "word",
      /scaled/,
      ({ html }) => ({ html: html.replace("<o:PixelsPerInch>96", "<o:PixelsPerInch>72") }),
    ],
    ["a text line too long", "text", /long line/, ({ text }) => ({ text: text.replaceAll("\n", " ") })],
    [
      "a text part set too narrow",
      "text",
      /too narrow/,
      ({ text }) => ({ text: text.replaceAll(/(.{1,44})(?: |$)/gm, "$1\n") }),
    ],
    [
      "a link inside a line of text",
      "text",
      /link in a line/,
      ({ text }) => ({ text: text.replace("Read online:\n", "Read online: ") }),
    ],
    [
      "a sentence missing in the text part",
      "text",
      /words missing/,
      ({ text }) => ({ text: text.replace(/Two people sit on a floor[^.]*\./, "") }),
    ],
    [
      "a link missing in the text part",
      "text",
      /link missing/,
      ({ text }) => ({ text: text.replace(/https:\S+unsubscribe\S+/, "") }),
    ],
    [
      "a text part that only sends to a browser",
      "text",
      /browser/,
      () => ({ text: "View this letter in your browser:\nhttps://letters.themepost.dev/" }),
    ],
    [
      "an unresolved slot",
      "envelope",
      /slot/,
      ({ html }) => ({ html: html.replace("Dear Maximiliane Friederike,", "{{greeting}}") }),
    ],
    [
      "a link to another domain",
      "envelope",
      /not on our domain/,
      ({ html }) => ({
        html: html.replace("https://letters.themepost.dev/privacy", "https://elsewhere.example/"),
      }),
    ],
    [
      "a malformed link",
      "envelope",
      /not an address/,
      ({ html }) => ({ html: html.replace("https://letters.themepost.dev/privacy", "https://[") }),
    ],
    [
      "a picture of someone else",
      "envelope",
      /not on our domain/,
      ({ html }) => ({ html: html.replace(/src="https:\/\/[^/]+/, 'src="https://pixel.example') }),
    ],
    [
      "a short preheader",
      "envelope",
      /preheader/,
      ({ html }) => ({ html: html.replace(/(data-skip-in-text="true"[^>]*>)[^<]*/, "$1Hello") }),
    ],
    [
      "no preheader",
      "envelope",
      /preheader/,
      ({ html }) => ({ html: html.replace("data-skip-in-text", "data-x") }),
    ],
    [
      "a preheader that repeats the subject",
      "envelope",
      /repeats/,
      ({ html, subject }) => ({
        html: html.replace(/(data-skip-in-text="true"[^>]*>)[^<]*/, `$1${subject}`),
      }),
    ],
    [
      "a letter too large",
      "envelope",
      /size/,
      ({ html }) => ({ html: html.replace("<h1", `${"<p>more</p>".repeat(2000)}<h1`) }),
    ],
  ];
  test.each(BROKEN)("%s", async (_, kind, told, break_) => {
    const faults = await faultsOf({ ...sound, ...break_(sound) });
    expect(faults[kind].join("\n")).toMatch(told);
  });
});
