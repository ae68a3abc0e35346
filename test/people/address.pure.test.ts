import { expect, test } from "vitest";
import { maskedAddress, readAddress } from "../../src/domain/people/address.ts";
import { readLine } from "../../src/domain/people/one-line.ts";

const strict = { reservedAllowed: false };

test.each([
  ["Ada@Example.ORG".replace("Example", "Themepost"), "Ada@themepost.org", "ada@themepost.org"],
  ["  ada@themepost.org ", "ada@themepost.org", "ada@themepost.org"],
  ["a.d.a+tag@themepost.org", "a.d.a+tag@themepost.org", "a.d.a+tag@themepost.org"],
  ["ada@BÜCHER.de", "ada@xn--bcher-kva.de", "ada@xn--bcher-kva.de"],
  ["o'neill_{x}@themepost.co.uk", "o'neill_{x}@themepost.co.uk", "o'neill_{x}@themepost.co.uk"],
])("%s is mailed as %s and known as %s", (typed, address, key) => {
  expect(readAddress(typed, strict)).toMatchObject({ kind: "valid", value: { address, key } });
});

test.each([
  ["", "missing"],
  ["   ", "missing"],
  ["ada", "malformed"],
  ["@themepost.org", "malformed"],
  ["ada@themepost", "malformed"],
  ["ada@-themepost.org", "malformed"],
  ["ada@themepost..org", "malformed"],
  ["ada@127.0.0.1", "malformed"],
  ["ada b@themepost.org", "malformed"],
  ['"ada"@themepost.org', "malformed"],
  ["ada@theme\u202epost.org", "malformed"],
  ["ada@themepost.org\nBcc: x@y.org", "malformed"],
  ["a@b@themepost.org", "malformed"],
  ["ädä@themepost.org", "non_ascii_local_part"],
  [`${"a".repeat(65)}@themepost.org`, "too_long"],
  [
    `${"a".repeat(64)}@${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}.${"e".repeat(60)}.org`,
    "too_long",
  ],
  ["ada@example.com", "reserved_domain"],
  ["ada@mail.test", "reserved_domain"],
])("%j is refused as %s", (typed, fault) => {
  expect(readAddress(typed, strict)).toEqual({ kind: "faulty", fault });
});

test("reserved names are taken where nothing is really sent", () => {
  expect(readAddress("ada@example.com", { reservedAllowed: true }).kind).toBe("valid");
});

test("a masked address shows its owner enough and a stranger little", () => {
  expect(maskedAddress("ada@themepost.org")).toBe("a•••@themepost.org");
});

test("a first name loses control and bidi characters and extra space, and keeps its letters", () => {
  expect(readLine("  Zoë\u0000\u202e \t Ann\r\nBcc: x ", 60)).toEqual({
    kind: "valid",
    value: "Zoë Ann Bcc: x",
  });
  expect(readLine("", 60)).toEqual({ kind: "valid", value: "" });
  expect(readLine("é".repeat(60), 60).kind).toBe("valid");
  expect(readLine("e".repeat(61), 60)).toEqual({ kind: "faulty", fault: "too_long" });
});
