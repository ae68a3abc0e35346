import { expect, test } from "vitest";
import { readName } from "../../src/domain/people/read-name.ts";

const MAX = 40;

test.each([
  ["ක්\u200dරිශාන්ත", "Sinhala joins letters by it"],
  ["ශ්\u200dරී", "the same"],
  ["می\u200cلاد", "the half-space of Persian"],
  ["സജീവ്\u200cകുമാർ", "Malayalam"],
  ["👩\u200d🚀 Ada", "one picture of two"],
  ["👩🏽\u200d🚀", "with a colour of skin"],
  ["❤️\u200d🔥", "with a variation selector"],
  ["José Müller", "accents"],
  ["O'Brien-Smith, Jr.", "marks of names"],
  ["J.R.R.", "initials"],
  ["St.John", "a dot without a blank"],
  ["Anna.Maria", "two names with a dot"],
  ["J.Li", "an initial and a name"],
  ["M.Wang", "the same"],
  ["Dr. Nguyễn Văn A", "a title"],
  ["李", "one sign"],
  ["عبد الله", "Arabic"],
  ["𝒶".repeat(MAX), "as long as it may be"],
])("%j stays as it was typed (%s)", (name) => {
  expect(readName(name, MAX)).toEqual({ kind: "valid", value: name.normalize("NFC") });
});

test.each([
  ["  Zoë\u0000\u202e \t Ann\r\nBcc: x ", "Zoë Ann Bcc: x"],
  ["\u2066Ada\u2069\u200b", "Ada"],
  ["Ada\u200d", "Ada"],
  ["\u200cAda \u200d Bea", "Ada Bea"],
  ["A\u200d\u200d\u200dda", "Ada"],
  ["Ada\u{e0041}\u{e0042}", "Ada"],
  ["\u3164\u2800", ""],
  ["", ""],
])("of %j what can be seen stays: %j", (typed, seen) => {
  const read = readName(typed, MAX);
  expect(read.kind === "valid" && read.value.replaceAll(/ +/g, " ")).toBe(seen);
});

test.each([
  "https://evil.example",
  "evil.com",
  "Visit evil.com now",
  "www.evil",
  "WWW.Evil",
  "a@b",
  "Ada/Bea",
  "evil。com",
  "evil．com",
  "ｅｖｉｌ.com",
  "e\u200cvil.com",
  "free-money.co.uk",
  "xn--bcher-kva.de",
  "bücher.de",
  "192.0.2.1",
  "Jos\ufffd",
  "(evil.com)",
  "evil.com.",
  "Win at evil.com!",
  '"evil.com"',
  "evil.com»",
  "see|evil.com",
  "*evil.com*",
  "x.com",
])("%j is no name: it would stand in the greeting of every letter", (typed) => {
  expect(readName(typed, MAX)).toEqual({ kind: "faulty", fault: "no_name" });
});

test("a name has forty characters at most, and what's far longer isn't even looked at", () => {
  expect(readName("e".repeat(41), MAX)).toEqual({ kind: "faulty", fault: "too_long" });
  expect(readName("\u0301".repeat(100_000), MAX)).toEqual({ kind: "faulty", fault: "too_long" });
});
