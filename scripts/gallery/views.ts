import type { MailboxMessage } from "../reader-by-program.ts";
import { LETTER_WIDTH, PHONE_WIDTH } from "./sizes.ts";

/** A way in which the gallery shows a mail. `forced` needs a browser that darkens pages by itself. */
export type View = {
  readonly name: string;
  readonly title: string;
  readonly width: number;
  readonly scheme: "light" | "dark";
  readonly forced?: boolean;
  readonly pictures?: boolean;
  readonly text?: boolean;
  readonly page?: (html: string) => string;
};

/** A mail as some clients show it: without the head's style and hints, which they drop. */
const bare = (html: string) =>
  html.replaceAll(/<style>.*?<\/style>|<meta name="(?:supported-)?color-schemes?"[^>]*>/gs, "");

/** All of them, in their order. */
export const VIEWS: readonly View[] = [
  { name: "light", title: "Light", width: LETTER_WIDTH, scheme: "light" },
  { name: "dark", title: "Dark", width: LETTER_WIDTH, scheme: "dark" },
  {
    name: "forced-dark",
    title: "Forced dark",
    width: LETTER_WIDTH,
    scheme: "dark",
    forced: true,
    page: bare,
  },
  { name: "phone", title: "Phone", width: PHONE_WIDTH, scheme: "light" },
  { name: "pictures-off", title: "Pictures off", width: LETTER_WIDTH, scheme: "light", pictures: false },
  { name: "text", title: "Text part", width: LETTER_WIDTH, scheme: "light", text: true },
];

/** The HTML that shows a mail in a view. */
export function pageOf(mail: Pick<MailboxMessage, "subject" | "html" | "text">, view: View): string {
  if (view.text === true) {
    return `<!doctype html><meta charset="utf-8"><title>${escaped(mail.subject)}</title><style>body{margin:0;background:#fff;color:#222}pre{margin:0;padding:24px;font:13px/19px monospace;white-space:pre-wrap;overflow-wrap:anywhere}</style><pre>${escaped(mail.text)}</pre>`;
  }
  return view.page === undefined ? mail.html : view.page(mail.html);
}

/** Text for HTML, in elements and in attributes. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
