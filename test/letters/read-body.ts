import { render } from "@react-email/render";
import { createElement } from "react";
import { MarkdownBlocks } from "../../emails/components/markdown.tsx";
import { themeOf } from "../../emails/components/theme.ts";
import { pageBody } from "../../src/domain/letters/page-body.tsx";
import { parseLetter } from "../../src/domain/letters/parse-letter.ts";
import { textPart } from "../../src/domain/letters/text-part.ts";
import { lookOf } from "../../src/platform/look/look.ts";

const theme = themeOf({ look: lookOf("#24615a"), language: "en" });

/** A letter with this body below a title: what's said of it, and how it looks on the web, in a mail and in its text part; null where it's refused. */
export async function readBody(markdown: string, title = "# Title\n\n") {
  const { parsed, faults } = parseLetter("one", `${title}${markdown}`, [], ["keep"]);
  const above = title.split("\n").length - 1;
  const told = faults.map(({ line, rule }) => `${(line ?? 0) - above} ${rule}`);
  if (faults.some(({ severity }) => severity === "refuse"))
    return { told, page: null, mail: null, text: null };
  const blocks = createElement(MarkdownBlocks, { nodes: parsed.content, theme, headings: {} });
  const mail = await render(blocks);
  return { told, page: pageBody(parsed, {}), mail, text: textPart(mail) };
}

/** The words of a piece of HTML; none of null. */
export const wordsOf = (html: string | null) => (html ?? "").replaceAll(/<[^>]+>/g, "");
