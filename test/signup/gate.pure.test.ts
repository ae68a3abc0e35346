import fc from "fast-check";
import { expect, test } from "vitest";
import { budgetsFor } from "../../src/domain/signup/gate/budgets.ts";
import { foldedAddress } from "../../src/domain/signup/gate/folded-address.ts";
import { judgeOrigin } from "../../src/domain/signup/gate/judge-origin.ts";
import {
  countedDomain,
  isDisposable,
  isTechnicalMailbox,
  suggestDomain,
} from "../../src/domain/signup/gate/mail-domains.ts";
import { networkOf, wideNetworkOf } from "../../src/domain/signup/gate/network.ts";
import {
  makeStamp,
  readStamp,
  STAMP_MAX_MS,
  STAMP_MIN_MS,
  stampBinding,
} from "../../src/domain/signup/gate/stamp.ts";
import { DEFAULT_LIMITS } from "../../src/domain/signup/partners/limits.ts";

const SECRET = "a-secret-of-at-least-32-characters";
const AT = { wallNow: 1_795_000_000_000, random: "0123456789abcdef0123456789abcdef" };
const FORM = { formKey: "fk_1", network: "203.0.113.9", from: "" };

const sides = (address: string) => {
  const [localPart = "", domain = ""] = address.split("@");
  return { localPart, domain };
};

test("a stamp holds from two seconds to a day after it was made, for its form, network and origin only", async () => {
  const stamp = await makeStamp(SECRET, FORM, AT);
  const read = async (afterMs: number, binding = FORM, text = stamp, secrets = [SECRET]) =>
    (await readStamp(secrets, text, binding, AT.wallNow + afterMs)).kind;
  expect(await read(0)).toBe("young");
  expect(await read(STAMP_MIN_MS - 1)).toBe("young");
  expect(await read(STAMP_MIN_MS)).toBe("valid");
  expect(await read(STAMP_MAX_MS)).toBe("valid");
  expect(await read(STAMP_MAX_MS + 1)).toBe("old");
  expect(await read(5000, { ...FORM, formKey: "fk_2" })).toBe("forged");
  expect(await read(5000, { ...FORM, network: "203.0.113.8" })).toBe("forged");
  expect(await read(5000, { ...FORM, from: "https://evil.themepost.dev" })).toBe("forged");
  expect(await read(5000, FORM, stamp, ["another-secret-of-32-characters-now"])).toBe("forged");
  expect(await read(5000, FORM, stamp, ["another-secret-of-32-characters-now", SECRET])).toBe("valid");
  expect(await read(5000, FORM, "")).toBe("missing");
});

test("a stamp from the future counts as young and never makes anyone wait longer than two seconds", async () => {
  const stamp = await makeStamp(SECRET, FORM, { ...AT, wallNow: AT.wallNow + 3_600_000 });
  expect(await readStamp([SECRET], stamp, FORM, AT.wallNow)).toMatchObject({
    kind: "young",
    waitMs: STAMP_MIN_MS,
  });
});

test("no change of a stamp's text makes another stamp", async () => {
  const stamp = await makeStamp(SECRET, FORM, AT);
  await fc.assert(
    fc.asyncProperty(fc.nat(stamp.length - 1), fc.constantFrom(..."AZaz09-_."), async (place, letter) => {
      const changed = stamp.slice(0, place) + letter + stamp.slice(place + 1);
      fc.pre(changed !== stamp);
      expect((await readStamp([SECRET], changed, FORM, AT.wallNow + 5000)).kind).toBe("forged");
    }),
  );
});

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:1:2::", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["127.0.0.1", null],
  ["::1", null],
  ["", null],
  ["203.0.113.9, 198.51.100.1", null],
  ["not an address", null],
])("the network of %j is %j", (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});

test("whoever has an IPv6 /48 has one wide network; IPv4 has none", () => {
  expect(wideNetworkOf("2001:db8:1:2::/64")).toBe("2001:db8:1::/48");
  expect(wideNetworkOf("203.0.113.9")).toBe(null);
});

test("every address of a /64 is one network", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 }), (tail) => {
      const ip = `2001:db8:7:8:${tail.map((group) => group.toString(16)).join(":")}`;
      expect(networkOf(ip)).toBe("2001:db8:7:8::/64");
    }),
  );
});

const OWN = "https://letters.themepost.dev";
const PARTNER = ["https://www.garden.themepost.dev", "http://localhost:8788"];
test.each([
  ["https://letters.themepost.dev", null, "own"],
  [null, "same-origin", "own"],
  ["null", "same-origin", "own"],
  [null, "cross-site", "unusable"],
  ["null", null, "unusable"],
  [null, null, "unusable"],
  ["https://www.garden.themepost.dev", "cross-site", "partner"],
  ["http://localhost:8788", "same-site", "partner"],
  ["http://www.garden.themepost.dev", null, "foreign"],
  ["https://garden.themepost.dev", null, "foreign"],
  ["https://www.garden.themepost.dev.evil.org", null, "foreign"],
  ["https://www.garden.themepost.dev:8443", null, "foreign"],
  ["https://evil-www.garden.themepost.dev", null, "foreign"],
  ["https://letters.themepost.dev@evil.org", null, "foreign"],
] as const)("a post with Origin %j and Sec-Fetch-Site %j is %s", (origin, fetchSite, kind) => {
  expect(judgeOrigin({ origin, fetchSite, own: OWN, partner: PARTNER }).kind).toBe(kind);
});

test.each([
  ["gmial.com", "gmail.com"],
  ["gmal.com", "gmail.com"],
  ["gmail.con", "gmail.com"],
  ["hotmial.com", "hotmail.com"],
  ["outlok.com", "outlook.com"],
  ["yahooo.com", "yahoo.com"],
  ["gmail.com", null],
  ["email.com", null],
  ["mail.com", null],
  ["ymail.com", null],
  ["gmx.net", null],
  ["gmx.de", null],
  ["hotmail.dk", null],
  ["yahoo.se", null],
  ["gmx.com", null],
  ["web.de", null],
  ["live.nl", null],
  ["themepost.dev", null],
  ["company.co", null],
])("for the domain %s the form suggests %s", (typed, meant) => {
  expect(suggestDomain(typed)).toBe(meant);
});

test("throw-away providers are flagged, real ones that such lists often name are not", () => {
  expect(["mailinator.com", "sub.yopmail.com", "trashmail.de"].every(isDisposable)).toBe(true);
  const real = [
    "zoho.com",
    "hushmail.com",
    "outlook.de",
    "privaterelay.appleid.com",
    "gmail.com",
    "themepost.dev",
  ];
  expect(real.some(isDisposable)).toBe(false);
});

test("mailboxes that no person reads are refused, those of small firms are not", () => {
  expect(["abuse", "Postmaster", "no-reply", "noreply+x", "mailer-daemon"].every(isTechnicalMailbox)).toBe(
    true,
  );
  expect(["info", "sales", "hello", "norepl", "rooty", "ada"].some(isTechnicalMailbox)).toBe(false);
});

test("spellings of one mailbox are counted as one", () => {
  for (const spelling of ["ada.l+x@gmail.com", "a.d.a.l@googlemail.com", "adal+news+2@gmail.com"]) {
    expect(foldedAddress(sides(spelling))).toBe("adal@gmail.com");
  }
  expect(foldedAddress(sides("+@themepost.dev"))).toBe("+@themepost.dev");
});

test.each([
  ["ada@fastmail.com", ["ada+x@fastmail.com", "anything@ada.fastmail.com", "a.b+c@ada.fastmail.com"]],
  [
    "ada@proton.me",
    ["ada@protonmail.com", "a.d-a@pm.me", "a_d.a+news@protonmail.com", "Ada@pm.me".toLowerCase()],
  ],
  ["ada@icloud.com", ["ada@me.com", "ada@mac.com", "ada+x@icloud.com"]],
  ["adal@yandex.ru", ["ada-l@ya.ru", "ada.l@yandex.com", "adal+x@yandex.kz"]],
  ["ada@yahoo.com", ["ada-shopping@yahoo.com", "ada-news@yahoo.com"]],
  ["ada@anonaddy.com", ["one@ada.anonaddy.com", "two@ada.anonaddy.com"]],
  ["ada@outlook.com", ["ada+x@outlook.com"]],
])("the names of one account are counted as %s", (one, others) => {
  for (const other of others) expect(foldedAddress(sides(other))).toBe(one);
});

test("two people are two, also where their addresses look alike", () => {
  const people = [
    "ada@fastmail.com",
    "bea@fastmail.com",
    "ada@yahoo.de",
    "ada@yahoo.com",
    "ada-l@outlook.com",
    "adal@outlook.com",
    "ada@mail.ru",
    "ada@themepost.dev",
    "ada@www.themepost.dev",
  ];
  expect(new Set(people.map((person) => foldedAddress(sides(person)))).size).toBe(people.length);
});

test.each([
  ["themepost.dev", "themepost.dev"],
  ["a.b.c.themepost.dev", "themepost.dev"],
  ["mail.firm.co.uk", "firm.co.uk"],
  ["x.ada.duckdns.org", "ada.duckdns.org"],
  ["gmail.com", null],
  ["yahoo.co.uk", null],
  ["example.com", null],
  ["ada.fastmail.com", "ada.fastmail.com"],
  ["class1.example", "class1.example"],
  ["a.class1.example", "class1.example"],
  ["co.uk", "co.uk"],
])("mail to %s is counted by %j", (domain, counted) => {
  expect(countedDomain(domain)).toBe(counted);
});

test("a proven person passes the breakers; what speaks of an address is looked at last; large providers have no budget of their own", () => {
  const uses = {
    stampNonce: "n",
    stampOnce: false,
    foldedHash: "f",
    networkHash: "h",
    wideNetworkHash: null,
    domainHash: "d",
    partnerId: 1,
    proven: false,
  };
  const reasons = (changes: object) => [
    ...new Set(
      budgetsFor({ ...uses, ...changes }, DEFAULT_LIMITS, 1000, AT.wallNow).map(({ reason }) => reason),
    ),
  ];
  expect(reasons({})).toEqual([
    "network_budget",
    "stamp_used_up",
    "denied_network",
    "partner_budget",
    "partner_breaker",
    "service_breaker",
    "denied_before",
    "domain_budget",
  ]);
  expect(reasons({ proven: true })).toEqual([
    "network_budget",
    "stamp_used_up",
    "denied_network",
    "partner_budget",
    "denied_before",
    "domain_budget",
  ]);
  expect(reasons({ domainHash: null })).not.toContain("domain_budget");
});

test("a press on our own page is not bound to a network, so that nobody's origin is lost when theirs changes", async () => {
  const binding = stampBinding({ ...FORM, from: "https://www.garden.themepost.dev" });
  const stamp = await makeStamp(SECRET, binding, AT);
  const elsewhere = stampBinding({ ...binding, network: "203.0.113.8" });
  expect((await readStamp([SECRET], stamp, elsewhere, AT.wallNow + 5000)).kind).toBe("valid");
});
