import { expect, test } from "vitest";
import { maskedAddress, readAddress } from "../../src/domain/people/address.ts";

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

test.each([
  ["ada\u200b@themepost.org", "a zero-width space before the @"],
  ["\ufeffada@themepost.org", "a byte-order mark"],
  ["ada@\u200ethemepost.org", "a direction mark"],
  ["ad\u00ada@themepost.org", "a soft hyphen"],
  ["ada\u200d@themepost.org", "a joiner"],
])("%j, with %s, is the address that people see", (typed) => {
  expect(readAddress(typed, strict)).toMatchObject({
    kind: "valid",
    value: { address: "ada@themepost.org" },
  });
});
