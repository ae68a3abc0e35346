import emailAddresses from "email-addresses";

/** What may stand in a display name without quotes (RFC 5322 section 3.2.3, atext and blanks; RFC 6532 adds what isn't ASCII). */
const PLAIN = /^[\w !#$%&'*+\-/=?^`{|}~\u0080-\u{10ffff}]*$/u;

/** One mailbox as `Name <address>` (RFC 5322), its name in quotes where it needs them; null where the text is none, or is several. */
export function readMailbox(text: string): string | null {
  const read = emailAddresses.parseOneAddress({ input: text, rfc6532: true });
  if (read === null || read.type !== "mailbox") return null;
  const name = nameOf(read.name ?? "");
  if (name === "") return read.address;
  return PLAIN.test(name)
    ? `${name} <${read.address}>`
    : `"${name.replaceAll(/["\\]/g, "\\$&")}" <${read.address}>`;
}

/** A display name without its own quotes. */
function nameOf(read: string): string {
  const quoted = /^"(.*)"$/.exec(read)?.[1];
  return (quoted === undefined ? read : quoted.replaceAll(/\\(.)/g, "$1")).trim();
}
