/** An address as it is mailed, the key under which a person is one person, and the two sides of that key. */
export type Address = {
  readonly address: string;
  readonly key: string;
  readonly localPart: string;
  readonly domain: string;
};

export type AddressReading =
  | { readonly kind: "valid"; readonly value: Address }
  | {
      readonly kind: "faulty";
      readonly fault: "missing" | "malformed" | "non_ascii_local_part" | "too_long" | "reserved_domain";
    };

const LOCAL_PART_OCTETS_MAX = 64;
const DOMAIN_OCTETS_MAX = 255;
const ADDRESS_OCTETS_MAX = 254;
/** What's longer with its blanks is no address, and isn't looked at. */
export const ADDRESS_TYPED_MAX = 400;

// The grammar of <input type=email> (html.spec.whatwg.org, valid e-mail address), its two sides.
const LOCAL_PART = /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+$/;
const DOMAIN_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** What comes along when an address is copied: nobody sees it, and no address has it. What turns a line around isn't passed over. */
const INVISIBLE = /\u034f|[\u00ad\u200b\u200e\u200f\u2060-\u2064\ufeff]/gu;
/** These spell domains in some scripts, and are junk in a local part. */
const JOINERS = /[\u200c\u200d]/g;

// RFC 2606 and RFC 6761. Nobody can confirm from there, so mail to them can only bounce.
const RESERVED_DOMAIN = /(^|\.)(test|example|invalid|localhost|local|example\.(com|net|org))$/;

/**
 * Reads a typed address (rules 2.22 to 2.26): without what nobody sees, trimmed, NFC, a non-ASCII domain turned into its A-label, a non-ASCII
 * local part refused because the provider cannot carry it. What is mailed keeps the local part as typed; only the key
 * folds its case. Nothing is ever stripped: a+b@ is not a@ (sizes: RFC 5321 section 4.5.3.1).
 * Reserved names such as example.com are taken only with `reservedAllowed`.
 */
export function readAddress(typed: string, options: { readonly reservedAllowed: boolean }): AddressReading {
  if (typed.length > ADDRESS_TYPED_MAX) return { kind: "faulty", fault: "too_long" };
  const trimmed = typed.normalize("NFC").replace(INVISIBLE, "").trim();
  if (trimmed === "") return { kind: "faulty", fault: "missing" };
  const at = trimmed.lastIndexOf("@");
  if (at < 1) return { kind: "faulty", fault: "malformed" };
  const localPart = trimmed.slice(0, at).replace(JOINERS, "");
  const domain = asciiDomain(trimmed.slice(at + 1));
  if (/[^\p{ASCII}]/u.test(localPart)) return { kind: "faulty", fault: "non_ascii_local_part" };
  if (domain === null || !LOCAL_PART.test(localPart)) return { kind: "faulty", fault: "malformed" };
  const labels = domain.split(".");
  if (
    labels.length < 2 ||
    !labels.every((label) => DOMAIN_LABEL.test(label)) ||
    /^\d+$/.test(labels.at(-1) ?? "")
  ) {
    return { kind: "faulty", fault: "malformed" };
  }
  const address = `${localPart}@${domain}`;
  if (
    localPart.length > LOCAL_PART_OCTETS_MAX ||
    domain.length > DOMAIN_OCTETS_MAX ||
    address.length > ADDRESS_OCTETS_MAX
  ) {
    return { kind: "faulty", fault: "too_long" };
  }
  if (!options.reservedAllowed && RESERVED_DOMAIN.test(domain)) {
    return { kind: "faulty", fault: "reserved_domain" };
  }
  const folded = localPart.toLowerCase();
  return { kind: "valid", value: { address, key: `${folded}@${domain}`, localPart: folded, domain } };
}

/** "a•••@example.org": enough to recognise one's own address, too little to learn someone else's. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return `${address.slice(0, 1)}•••${address.slice(at)}`;
}

/** Lower-case A-label form of a domain (RFC 5890), null where there is none. */
function asciiDomain(typed: string): string | null {
  if (/^\p{ASCII}*$/u.test(typed)) return typed.toLowerCase();
  if (/[\s/\\?#:@[\]%]/.test(typed)) return null;
  const url = `http://${typed}/`;
  return URL.canParse(url) ? new URL(url).hostname : null;
}
