import { expect, test } from "vitest";
import { readConfig } from "../src/platform/config.ts";

const good = {
  PUBLIC_URL: "https://letters.themepost.dev",
  INSTANCE: "main",
  MAIL_PROVIDER: "resend",
  MAIL_FROM: "Letters <letters@themepost.dev>",
  MAIL_REPLY_TO: "hello@themepost.dev",
  RESEND_API_KEY: "re_x",
  SIGNING_SECRET: `${"n".repeat(32)}, ${"o".repeat(32)}`,
  SUPPRESSION_KEY: "s".repeat(32),
  ADMIN_TOKEN: "t".repeat(32),
};
const read = (changes: Record<string, unknown>) => readConfig({ ...good, ...changes });

test("a complete configuration is read, newest signing secret first", () => {
  const reading = read({});
  if (reading.kind !== "valid") throw new Error(reading.faults.join("\n"));
  expect(reading.config.signingSecrets).toEqual(["n".repeat(32), "o".repeat(32)]);
});

test("all faults are reported together, by name, without values", () => {
  const reading = read({
    ADMIN_TOKEN: "secret-but-short",
    INSTANCE: "Mars!",
    MAIL_REPLY_TO: undefined,
  });
  if (reading.kind !== "faulty") throw new Error("faulty");
  expect(reading.faults.map((fault) => fault.split(":")[0]).sort()).toEqual([
    "ADMIN_TOKEN",
    "INSTANCE",
    "MAIL_REPLY_TO",
  ]);
  expect(reading.faults.join()).not.toContain("secret-but-short");
});

test.each([
  ["the mailbox on a public address", { MAIL_PROVIDER: "mailbox" }],
  ["Resend without a key", { RESEND_API_KEY: undefined }],
  ["http on a public address", { PUBLIC_URL: "http://letters.themepost.dev" }],
  ["an address with a path", { PUBLIC_URL: "https://themepost.dev/letters" }],
  ["two lines in a header", { MAIL_FROM: "Letters <a@b.dev>\r\nBcc: x@y.dev" }],
  ["another place for mail and keys", { RESEND_BASE_URL: "https://api.resend.com.evil.dev" }],
  ["another place for the challenge", { TURNSTILE_BASE_URL: "https://evil.dev" }],
  [
    "a test secret that lets everybody pass",
    { TURNSTILE_SITE_KEY: "1x00000000000000000000AA", TURNSTILE_SECRET_KEY: `1x${"0".repeat(33)}AA` },
  ],
  ["one short secret among good ones", { SIGNING_SECRET: `${"n".repeat(32)},short` }],
])("%s is refused", (_, changes) => {
  expect(read(changes).kind).toBe("faulty");
});

test.each([
  ["letters@mail.garden.org", "letters@mail.garden.org"],
  ["Garden Mornings <letters@mail.garden.org>", "Garden Mornings <letters@mail.garden.org>"],
  ["Anna Müller <l@garden.org>", "Anna Müller <l@garden.org>"],
  ['"Müller, Anna" <l@garden.org>', '"Müller, Anna" <l@garden.org>'],
  ['"Garden" <l@garden.org>', "Garden <l@garden.org>"],
  ["J.R. Tolkien <l@garden.org>", '"J.R. Tolkien" <l@garden.org>'],
  ['"Anna \\"Rose\\" M." <l@garden.org>', '"Anna \\"Rose\\" M." <l@garden.org>'],
])("the sender %s is written %s", (typed, written) => {
  const reading = read({ MAIL_FROM: typed });
  expect(reading.kind === "valid" && reading.config.mail.from).toBe(written);
});

test.each([
  "Müller, Anna <l@garden.org>",
  "Anna <l@garden.org>, Bea <b@garden.org>",
  "Anna <l@garden.org",
  "Anna",
  "Group: a@garden.org;",
])("the sender %s is refused, with how to write it", (typed) => {
  const reading = read({ MAIL_FROM: typed });
  expect(reading.kind === "faulty" && reading.faults).toEqual([
    expect.stringMatching(/^MAIL_FROM: .*double quotes/),
  ]);
});

test("a retired signing secret is marked opt-out:, and one that isn't is needed", () => {
  const old = "o".repeat(32);
  const reading = read({ SIGNING_SECRET: `${"n".repeat(32)}, opt-out:${old}` });
  expect(reading.kind === "valid" && reading.config).toMatchObject({
    signingSecrets: ["n".repeat(32)],
    optOutSecrets: [old],
  });
  expect(read({ SIGNING_SECRET: `opt-out:${old}` }).kind).toBe("faulty");
  expect(read({ SIGNING_SECRET: `${"n".repeat(32)}, opt-out:short` }).kind).toBe("faulty");
});
