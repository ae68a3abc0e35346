import { type DefaultTreeAdapterTypes, parse } from "parse5";
import type { Mail } from "../mails.ts";

const PREHEADER = { min: 35, max: 90 };
/** Budget of the built-in sequence (docs/BENCHMARKS.md); the specimen holds each part several times. */
const HTML_BYTES_MAX = 25_000;
const SPECIMEN_BYTES_MAX = 30_000;

/** Faults of what surrounds a mail's words: subject, preheader, size, slots, links and pictures off our own domain. */
export function envelopeFaults({ name, subject, html, text }: Mail, publicUrl: string): string[] {
  const faults: string[] = [];
  const bytes = new TextEncoder().encode(html).length;
  if (bytes > (name.startsWith("specimen") ? SPECIMEN_BYTES_MAX : HTML_BYTES_MAX))
    faults.push(`size: ${bytes} bytes of HTML`);
  for (const [slot] of `${subject} ${html} ${text}`.matchAll(/\{\{.*?\}\}|[\uE000-\uF8FF]/g))
    faults.push(`slot: ${slot}`);

  const preheader = preheaderOf(html);
  const length = [...preheader].length;
  if (length < PREHEADER.min || length > PREHEADER.max) faults.push(`preheader: ${length} characters`);
  if (preheader.toLowerCase() === subject.toLowerCase()) faults.push("preheader: repeats the subject");

  const own = new URL(publicUrl);
  for (const { name, value } of addressesIn(html)) {
    // A note's mark and the note lead to each other.
    if (value.startsWith("#") && html.includes(`id="${value.slice(1)}"`)) continue;
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url === null) faults.push(`${name}: “${value}” is not an address`);
    else if (url.protocol === "mailto:" && name === "href") continue;
    else if (url.origin !== own.origin) faults.push(`${name}: ${value} is not on our domain`);
    else if (value.length > 300) faults.push(`${name}: ${value.slice(0, 60)}… is too long`);
  }
  return faults;
}

/** What an inbox shows beside the subject. */
function preheaderOf(html: string): string {
  const hidden = /data-skip-in-text="true"[^>]*>([^<]*)</.exec(html)?.[1] ?? "";
  return hidden.replaceAll(/\u00A0|\u200C/g, "").trim();
}

/** Every address in a mail's HTML: of links, pictures and grounds, in attributes and in style sheets. */
export function addressesIn(html: string): ReadonlyArray<{ readonly name: string; readonly value: string }> {
  const found: { name: string; value: string }[] = [];
  const visit = (node: DefaultTreeAdapterTypes.Node) => {
    if ("attrs" in node) {
      for (const { name, value } of node.attrs) {
        if (["href", "src", "background", "action", "srcset"].includes(name)) found.push({ name, value });
      }
    }
    if ("childNodes" in node) node.childNodes.forEach(visit);
  };
  visit(parse(html));
  for (const [, value = ""] of html.matchAll(/url\(["']?([^"')]+)/g)) found.push({ name: "url()", value });
  return found;
}
