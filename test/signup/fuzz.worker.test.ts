import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { putPartner } from "../support/partner.ts";
import { OWN_ORIGIN, PARTNER_ORIGIN, type Service, sequenceOf, startService } from "../support/service.ts";

let service: Service;
let key = "";
let version = "";

beforeAll(async () => {
  service = startService();
  await service.publish(sequenceOf(1));
  const partner = await putPartner(service, "garden");
  key = partner.form_key;
  version = partner.wording.version;
});

const people = async () =>
  (
    await service.rows<{ n: number }>(
      "select (select count(*) from subscribers) + (select count(*) from consents) as n",
    )
  )[0]?.n;

const names = [
  "email",
  "first_name",
  "time_zone",
  "partner",
  "wording",
  "return",
  "lang",
  "stamp",
  "from",
  "page",
  "leave_empty",
  "keep_domain",
  "cf-turnstile-response",
];
// No "@" with a domain in it, so that no value is an address that could be signed up.
const text = fc.oneof(
  fc.string({ unit: "binary" }).map((value) => value.replaceAll("@", "")),
  fc.constantFrom(
    "ada@",
    "@gmail.com",
    "a@b",
    "null",
    "\u202e",
    "$" + "{x}",
    "'; drop table consents; --",
    "x".repeat(4000),
  ),
);
const anything = fc.oneof(
  text,
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 3 }),
  fc.object({ maxDepth: 2 }),
);
const origin = fc.constantFrom(OWN_ORIGIN, PARTNER_ORIGIN, "null", "https://evil.themepost.dev");

async function unharmed(path: string, init: RequestInit) {
  const before = await people();
  const answer = await service.request(path, { method: "POST", ...init });
  await answer.text();
  expect(answer.status).toBeLessThan(500);
  expect(await people()).toBe(before);
}

/** Some fields as a real form has them, so that the rest of the gate is reached too. */
const real = fc.subarray(["partner", "wording", "stamp"]);
async function withReal(chosen: readonly string[], fields: Record<string, unknown>) {
  const stamped: Record<string, unknown> = await service.stamped({ partner: key, wording: version });
  return { ...fields, ...Object.fromEntries(chosen.map((name) => [name, stamped[name]])) };
}

test("no JSON body, however strange, breaks the door or writes anything of a person", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.constantFrom(...names), anything),
      real,
      origin,
      async (fields, chosen, from) => {
        const body = JSON.stringify(await withReal(chosen, fields));
        const headers = { "content-type": "application/json", origin: from };
        await unharmed("/api/v1/subscriptions", { headers, body });
      },
    ),
    { numRuns: 300 },
  );
});

test("no JSON value and no bytes at all break the door", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string({ unit: "binary" })), origin, async (body, from) => {
      await unharmed("/api/v1/subscriptions", {
        headers: { "content-type": "application/json", origin: from },
        body,
      });
    }),
    { numRuns: 200 },
  );
});

test("no form body breaks either door or writes anything of a person", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...names), text), { maxLength: 12 }),
      real,
      origin,
      fc.constantFrom("/subscribe", "/api/v1/subscriptions"),
      async (fields, chosen, from, path) => {
        const body = new URLSearchParams(fields);
        for (const [name, value] of Object.entries(await withReal(chosen, {}))) body.set(name, String(value));
        await unharmed(path, { headers: { origin: from }, body });
      },
    ),
    { numRuns: 300 },
  );
});
