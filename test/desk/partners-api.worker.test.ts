import { beforeEach, expect, test } from "vitest";
import { emptyTables } from "../support/empty-tables.ts";
import { faultsBy } from "../support/openapi.ts";
import { CONSENT, type PartnerAnswer, putPartner } from "../support/partner.ts";
import {
  DAY,
  linkIn,
  PARTNER_ORIGIN,
  type Service,
  START,
  sequenceOf,
  startService,
  WEEK,
} from "../support/service.ts";
import { description, expectDescribed } from "./described.ts";

const PARTNER = { name: "Garden Mornings", origins: [PARTNER_ORIGIN], consent_text: CONSENT };
const EVERY_FIELD = {
  ...PARTNER,
  origins: [PARTNER_ORIGIN, "http://localhost:8788", "http://[::1]:8788"],
  sequence: "strengthening-bonds",
  time_zone: "Asia/Tokyo",
  return_urls: { thanks: `${PARTNER_ORIGIN}/thanks?from=letters` },
  consent_locale: "de-AT",
  daily_limit: 40,
  limits: { posts_per_network_hour: 5, mails_per_domain_hour: 0 },
  frozen: false,
};
const NONE = { data: [], has_more: false, next: null };
let service: Service;

beforeEach(async () => {
  service = startService();
  await emptyTables(service);
  await service.publish(sequenceOf(3));
});

/** Asks the API, and holds the answer against its description. */
async function ask<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
  return expectDescribed(method, `/api/v1/admin${path}`, await service.admin(method, path, body));
}

/** Signs up through the partner's form, and confirms. */
async function becomeTheirs({ form_key, wording }: PartnerAnswer, email: string): Promise<void> {
  await service.partnerForm(form_key, wording.version, { email });
  await service.drain();
  await service.request(linkIn((await service.accepted(email)).at(-1), "confirm"), { method: "POST" });
  await service.drain();
}

const fits = (schema: string, value: unknown) =>
  faultsBy(description, `#/components/schemas/${schema}`, value).length === 0;

test("a partner is made, changed, listed and read as described, with every field and with the fewest", async () => {
  expect(await ask("GET", "/partners")).toEqual(NONE);
  const { form_key } = await ask<PartnerAnswer>("PUT", "/partners/garden", PARTNER);
  await ask("PUT", "/partners/garden", EVERY_FIELD);
  await ask("PUT", "/partners/other", { ...PARTNER, name: "Other" });
  expect(await ask("GET", "/partners")).toMatchObject({ data: [{ slug: "garden" }, { slug: "other" }] });
  expect(await ask("POST", "/partners/garden/rotate-key")).toMatchObject({ rotated: true });
  expect(await ask("POST", "/partners/garden/rotate-key", { from: form_key, grace_days: 7 })).toMatchObject({
    rotated: false,
    keys: [{ retires_at: null }, { key: form_key, retires_at: new Date(START + 30 * DAY).toISOString() }],
  });
  const { id: link } = await ask("POST", "/partners/garden/links");
  await ask("POST", "/partners/garden/links");
  expect(await ask("DELETE", `/partners/garden/links/${link}`)).toEqual({ revoked: true });
  service.moveTo(START + 60_000);
  expect(await ask("DELETE", `/partners/garden/links/${link}`)).toEqual({ revoked: true });
  expect(await ask("GET", "/partners/garden")).toMatchObject({
    test_origins: ["http://[::1]:8788", "http://localhost:8788"],
    keys: [{ retires_at: null }, { key: form_key }],
    wordings: [{}, {}],
    links: [{ revoked_at: null }, { id: link, revoked_at: new Date(START).toISOString() }],
    changes: [
      { verb: "revoke_partner_link", changed: { link } },
      { verb: "make_partner_link" },
      { verb: "make_partner_link" },
      { verb: "rotate_form_key", changed: { from: form_key } },
      { verb: "save_partner", changed: { daily_limit: 40 } },
      { verb: "save_partner", changed: { name: PARTNER.name, origins: PARTNER.origins } },
    ],
  });
});

test("what is wrong with a partner is answered as described", async () => {
  const garden = (fields: object) => ask("PUT", "/partners/garden", { ...PARTNER, ...fields });
  expect(await garden({ orgins: [] })).toMatchObject({ status: 422, faults: [{ field: "orgins" }] });
  expect(await garden({ limits: { mails_per_domain_hour: -1 } })).toMatchObject({
    faults: [{ field: "limits.mails_per_domain_hour" }],
  });
  expect(await garden({ sequence: "nothing" })).toMatchObject({ faults: [{ field: "sequence" }] });
  expect(await garden({ origins: [service.config.publicUrl] })).toMatchObject({
    faults: [{ field: "origins" }],
  });
  expect(await ask("PUT", "/partners/garden")).toMatchObject({ status: 422 });
  expect(await ask("PUT", "/partners/Garden", PARTNER)).toMatchObject({ status: 422 });
  for (const path of ["", "/snippets", "/report"]) {
    expect(await ask("GET", `/partners/nobody${path}`)).toMatchObject({ status: 404 });
  }
  expect(await ask("POST", "/partners/nobody/links")).toMatchObject({ status: 404 });
  await putPartner(service, "garden");
  expect(await ask("POST", "/partners/garden/rotate-key", { grace_days: 366 })).toMatchObject({
    status: 422,
  });
  expect(await ask("POST", "/partners/garden/rotate-key", { from: "fk_other" })).toMatchObject({
    status: 404,
  });
  expect(await ask("DELETE", "/partners/garden/links/one")).toMatchObject({ status: 404 });
});

test.each([
  ["the fewest fields", {}, true],
  ["every field", EVERY_FIELD, true],
  ["strange but good return addresses", { return_urls: { a: "https://grüße.themepost.dev/ü?a=|^" } }, true],
  ["no daily limit", { daily_limit: null }, true],
  ["an unknown field", { orgins: [] }, false],
  ["no origin", { origins: [] }, false],
  ["no name", { name: undefined }, false],
  ["an empty name", { name: "" }, false],
  ["a consent text of one word", { consent_text: "Yes" }, false],
  ["a locale that is none", { consent_locale: "German" }, false],
  ["a daily limit of nothing", { daily_limit: 0 }, false],
  ["a limit that cannot be set", { limits: { mails_per_address_day: 9 } }, false],
  ["a return address with a strange id", { return_urls: { "a/b": PARTNER_ORIGIN } }, false],
  ["too many return addresses", { return_urls: manyUrls(21) }, false],
  ["frozen as a word", { frozen: "yes" }, false],
])("a partner with %s: the description and the service agree", async (_, fields, good) => {
  const input = JSON.parse(JSON.stringify({ ...PARTNER, ...fields }));
  expect(fits("PartnerInput", input)).toBe(good);
  expect(await ask("PUT", "/partners/garden", input)).toMatchObject(
    good ? { slug: "garden" } : { status: 422, faults: [{}] },
  );
});

function manyUrls(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`id-${n}`, `${PARTNER_ORIGIN}/${n}`]));
}

test("a description that does not fit a partner is noticed, also a field too many", async () => {
  const partner = await putPartner(service, "garden");
  expect(fits("Partner", partner)).toBe(true);
  expect(fits("Partner", { ...partner, secret: 1 })).toBe(false);
  const { wording: _, ...without } = partner;
  expect(fits("Partner", without)).toBe(false);
  const inFull = await ask("GET", "/partners/garden");
  expect(fits("PartnerInFull", { ...inFull, secret: 1 })).toBe(false);
  expect(fits("Act", { verb: "rotate_form_key" })).toBe(false);
  expect([0, 1, 4, 5, "<5", "<6", null].map((cell) => fits("Cell", cell))).toEqual([
    true,
    false,
    false,
    true,
    true,
    false,
    false,
  ]);
});

test("snippets come as described, in the language of the wording or the one asked for", async () => {
  await putPartner(service, "garden", { consent_locale: "de-AT" });
  expect(await ask("GET", "/partners/garden/snippets")).toMatchObject({
    lang: "de",
    embeds: [{ kind: "plain" }, { kind: "element" }],
  });
  expect(await ask("GET", "/partners/garden/snippets?lang=ar")).toMatchObject({ lang: "ar" });
  expect(await ask("GET", "/partners/garden/snippets?lang=eo")).toMatchObject({ lang: "en" });
});

test("the report comes as described: nothing yet, a young week with small cells, and an old one", async () => {
  const partner = await putPartner(service, "garden");
  expect(await ask("GET", "/partners/garden/report")).toEqual(NONE);
  for (let n = 0; n < 6; n += 1) await becomeTheirs(partner, `ada@g${n}-themepost.dev`);
  await service.request(linkIn((await service.accepted("ada@g0-themepost.dev"))[1], "unsubscribe"), {
    method: "POST",
  });
  service.moveTo(START + WEEK);
  expect(await ask("GET", "/partners/garden/report")).toMatchObject({
    data: [{ submitted: 6, active_after_four_weeks: null, unsubscribed: "<5", bounced: 0 }],
  });
  service.moveTo(START + 5 * WEEK);
  await becomeTheirs(partner, "late@themepost.dev");
  service.moveTo(START + 6 * WEEK);
  expect(await ask("GET", "/partners/garden/report")).toMatchObject({
    data: [
      { week: "2026-12-28", confirmed: "<5" },
      { week: "2026-11-23", active_after_four_weeks: 5 },
    ],
  });
});

test("refusals come as described, by day, partner and reason", async () => {
  const { form_key, wording } = await putPartner(service, "garden");
  expect(await ask("GET", "/refusals")).toEqual(NONE);
  const post = (fields: Record<string, string>) => service.partnerForm(form_key, wording.version, fields);
  await post({ email: "ada@themepost.dev", stamp: "x" });
  await service.signUp({ email: "ada@themepost.dev", leave_empty: "spam" });
  service.moveTo(START + DAY);
  await post({ email: "bea@themepost.dev" });
  await post({ email: "bea@themepost.dev" });
  const { data: refusals } = await ask<{ data: object[] }>("GET", "/refusals?days=2");
  expect(refusals).toEqual([
    { day: "2026-11-24", partner: "garden", reason: "address_budget", count: 1 },
    { day: "2026-11-23", partner: null, reason: "honeypot", count: 1 },
    { day: "2026-11-23", partner: "garden", reason: "stamp_forged", count: 1 },
  ]);
  expect(await ask("GET", "/refusals?days=1")).toMatchObject({ data: [{ day: "2026-11-24" }] });
  expect(await ask("GET", "/refusals?days=many")).toMatchObject({ status: 422, faults: [{ field: "days" }] });
});

test("the record of consent comes as described: of a partner's reader, of our own page's, and as a page", async () => {
  const partner = await putPartner(service, "garden");
  await becomeTheirs(partner, "ada@themepost.dev");
  await service.signUp({ email: "bea@themepost.dev" });
  const ada = await ask("POST", "/subscribers/consents", { address: "Ada@themepost.dev" });
  expect(ada).toMatchObject({ state: "active", consents: [{ partner: "garden", mail_state: "accepted" }] });
  const bea = await ask("POST", "/subscribers/consents", { address: "bea@themepost.dev" });
  expect(bea).toMatchObject({ state: "pending", consents: [{ partner: null, mail_state: "planned" }] });
  const path = `/subscribers/${bea.subscriber_id}/consents`;
  expect(await ask("GET", path)).toMatchObject({
    consents: [
      {
        origin: "https://letters.themepost.dev",
        wording_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        ip_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        confirmed_at: null,
        disposable: false,
      },
    ],
  });
  const page = await service.request(`/api/v1/admin${path}`, {
    headers: { authorization: `Bearer ${service.config.adminToken}`, accept: "text/html" },
  });
  expect(await expectDescribed("GET", `/api/v1/admin${path}`, page)).toContain("bea@themepost.dev");
  expect(await ask("GET", "/subscribers/99999/consents")).toMatchObject({ status: 404 });
  expect(await ask("GET", "/subscribers/one/consents")).toMatchObject({ status: 404 });
  expect(await ask("POST", "/subscribers/consents", { address: "nobody@themepost.dev" })).toMatchObject({
    status: 404,
  });
  expect(await ask("POST", "/subscribers/consents", { address: "no" })).toMatchObject({ status: 422 });
});
