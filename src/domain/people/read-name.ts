import { getPublicSuffix, parse } from "tldts";

/** A name as it was typed, cleaned; empty means that none was given. */
export type NameReading =
  | { readonly kind: "valid"; readonly value: string }
  | { readonly kind: "faulty"; readonly fault: "too_long" | "no_name" };

/** UTF-16 units that a name may have for each character of its limit, before it's looked at: pictures take several. */
const UNITS_PER_CHARACTER = 8;

/** The most that is read of a name with this limit; what's longer is too long, unseen. */
export function unitsMax(charactersMax: number): number {
  return charactersMax * UNITS_PER_CHARACTER;
}

/** Controls, private and broken characters, direction marks, and characters that nobody sees, which can break a header, turn a line around or hide. */
const JUNK =
  /\u034f|[\p{Cc}\p{Co}\p{Cs}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]/gu;

/** Joiners form letters in many scripts, and pictures; where they join nothing they're junk. */
const LOOSE_JOINERS =
  /(?<![\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]+|[\u200c\u200d]+(?![\p{L}\p{M}\p{Extended_Pictographic}])|(?<=[\u200c\u200d])[\u200c\u200d]+/gu;

/**
 * Reads a name: takes out what nobody sees (rule 2.21) and folds white space. Joiners between letters stay, because they spell. A name
 * stands in the greeting of every letter, so one that is, or holds, an address of the web or of mail is none; nor is one that arrived broken.
 */
export function readName(typed: string, charactersMax: number): NameReading {
  if (typed.length > unitsMax(charactersMax)) return { kind: "faulty", fault: "too_long" };
  const value = typed
    .normalize("NFC")
    .replace(/\s+/gu, " ")
    .replace(JUNK, "")
    .replace(LOOSE_JOINERS, "")
    .trim();
  if ([...value].length > charactersMax) return { kind: "faulty", fault: "too_long" };
  return namesPlace(value) ? { kind: "faulty", fault: "no_name" } : { kind: "valid", value };
}

function namesPlace(name: string): boolean {
  // As a browser would read it: with wide forms of dots and slashes, and without joiners.
  const read = name
    .normalize("NFKC")
    .replaceAll(/[\u200c\u200d]/g, "")
    .replaceAll(/[\u3002\uff61]/g, ".");
  return /[/\\@\ufffd]|:\/\/|\bwww\./iu.test(read) || read.split(/[^\p{L}\p{M}\p{N}.-]+/u).some(isHost);
}

/** An initial and a name without a blank, such as J.Kim. */
const INITIAL = /^\p{Lu}\.\p{Lu}\p{Ll}+$/u;

/** Whether a word is a host: labels with dots between them, under a suffix that the Public Suffix List knows, or an IP address. */
function isHost(word: string): boolean {
  if (!/[^.]\.[^.]/u.test(word) || INITIAL.test(word)) return false;
  const { domain, isIcann, isIp } = parse(word.toLowerCase().replace(/\.+$/u, ""));
  return isIp === true || (isIcann === true && domain !== null && getPublicSuffix(word) !== null);
}
