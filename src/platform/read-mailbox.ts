import emailAddresses from "email-addresses";

/** What may stand in a display name without quotes (RFC 5322 section 3.2.3, atext and blanks; RFC 6532 adds what isn't ASCII). */
const PLAIN = /^[\w !#$%&'*+\-/=?^`{|}~\u0080-\u{10ffff}]*$/u;

/** One mailbox as `Name <address>` (RFC 5322), its name in quotes where it needs them; null where the text is none, or is several. */
export function readMailbox(text: string): string | null {
  const read = emailAddresses.parseOneAddress({ input: text, rfc6532: true });
  if (read === null || read.type !== "mailbox") return null;
  return written(nameOf(read.name ?? ""), read.address);
}

/** The same mailbox (as `readMailbox` writes it) under another name. */
export function renamed(mailbox: string, name: string): string {
  const address = /<([^<>]+)>$/.exec(mailbox)?.[1] ?? mailbox;
  return written(name, address);
}

function written(name: string, address: string): string {
  if (name === "") return address;
  return PLAIN.test(name) ? `${name} <${address}>` : `"${name.replaceAll(/["\\]/g, "\\$&")}" <${address}>`;
}

/** A display name without its own quotes. */
function nameOf(read: string): string {
  const quoted = /^"(.*)"$/.exec(read)?.[1];
  return (quoted === undefined ? read : quoted.replaceAll(/\\(.)/g, "$1")).trim();
}
