import { beforeEach, expect, test } from "vitest";
import { restoreSnapshot, takeSnapshot } from "../simulation/snapshot.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { type PartnerAnswer, putPartner } from "../support/partner.ts";
import {
  becomeReader,
  OWN_ORIGIN,
  PARTNER_ORIGIN,
  type Service,
  sequenceOf,
  startService,
} from "../support/service.ts";
import { description, expectDescribed } from "./described.ts";

const DOOR = "/api/v1/subscriptions";
const EMAIL = "ada@themepost.dev";
let service: Service;
let partner: PartnerAnswer;

beforeEach(async () => {
  await emptyTables(startService());
  service = startService({ ownGuard: true });
  await service.publish(sequenceOf(3));
  partner = await putPartner(service, "garden");
});

type Answer = { status: number; code?: string; faults?: object[] };

/** Asks for a stamp, and holds the answer against its description. */
async function stampOf(key: string | null, headers: Record<string, string> = { origin: PARTNER_ORIGIN }) {
  const path = `/api/v1/form-stamp${key === null ? "" : `?partner=${key}`}`;
  return expectDescribed<Answer & { stamp: string; wording: { version: string } }>(
    "GET",
    path,
    await service.request(path, { headers }),
  );
}

/** Posts, and holds the answer against its description. */
async function post(init: RequestInit): Promise<Answer> {
  return expectDescribed("POST", DOOR, await service.request(DOOR, { method: "POST", ...init }));
}

/** The fields of a post through the partner's form that is taken, as the API itself gives them. */
async function good(fields: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const { stamp, wording } = await stampOf(partner.form_key);
  return { email: EMAIL, partner: partner.form_key, stamp, wording: wording.version, ...fields };
}

const postJson = (fields: unknown, origin: string | null = PARTNER_ORIGIN) =>
  post({
    headers: { "content-type": "application/json", ...(origin === null ? {} : { origin }) },
    body: JSON.stringify(fields),
  });

test("a program gets a stamp and signs up with JSON, with a form and with a multipart form, as described", async () => {
  const headers = { origin: PARTNER_ORIGIN };
  const taken = { status: "pending_confirmation" };
  expect(await postJson(await good())).toEqual(taken);
  const form = (await good({ email: "bea@themepost.dev" })) as Record<string, string>;
  expect(await post({ headers, body: new URLSearchParams(form) })).toEqual(taken);
  const multipart = new FormData();
  for (const [name, value] of Object.entries({ ...form, email: "cyd@themepost.dev" }))
    multipart.set(name, value);
  expect(await post({ headers, body: multipart })).toEqual(taken);
  const { stamp, wording } = await stampOf(null, { origin: OWN_ORIGIN });
  const own = { email: "dan@themepost.dev", stamp, wording: wording.version };
  expect(await postJson(own, OWN_ORIGIN)).toEqual(taken);
  expect(await service.rows("select count(*) as n from consents")).toEqual([{ n: 4 }]);
});

test("a form that is not to be used gets its code from both routes, as described", async () => {
  const foreign = { origin: "https://elsewhere.themepost.dev" };
  expect(await stampOf("fk_other")).toMatchObject({ status: 403, code: "unknown_key" });
  expect(await stampOf(partner.form_key, foreign)).toMatchObject({ status: 403, code: "foreign_origin" });
  expect(await postJson(await good({ partner: "fk_other" }))).toMatchObject({ code: "unknown_key" });
  expect(await postJson(await good(), foreign.origin)).toMatchObject({ code: "foreign_origin" });
  const fields = await good();
  await putPartner(service, "garden", { frozen: true });
  expect(await stampOf(partner.form_key)).toMatchObject({ status: 403, code: "frozen" });
  expect(await postJson(fields)).toMatchObject({ status: 403, code: "frozen" });
});

test("a post that proves no visitor of the form gets its code, as described", async () => {
  expect(await postJson(await good(), null)).toMatchObject({ status: 403, code: "press:origin" });
  expect(await postJson(await good({ stamp: "" }))).toMatchObject({ status: 403, code: "press:stamp" });
  expect(await postJson(await good({ from: PARTNER_ORIGIN }))).toMatchObject({ code: "press:stamp" });
  expect(await postJson(await good({ wording: "garden/9" }))).toMatchObject({ code: "press:wording" });
});

test("a partner whose breaker has tripped asks for a challenge, as described", async () => {
  await emptyTables(service);
  service = startService({
    ownGuard: true,
    vars: {
      TURNSTILE_SITE_KEY: "1x00000000000000000000AA",
      TURNSTILE_SECRET_KEY: "real-secret",
    },
  });
  await service.publish(sequenceOf(3));
  partner = await putPartner(service, "garden", { limits: { mails_per_partner_hour: 1 } });
  expect(await postJson(await good({ email: "bea@themepost.dev" }))).toMatchObject({
    status: "pending_confirmation",
  });
  expect(await postJson(await good())).toMatchObject({ status: 403, code: "press:challenge" });
});

test("what a visitor should look at again is described, and so is what is no sign-up", async () => {
  expect(await postJson(await good({ email: "ada", first_name: "a".repeat(61) }))).toMatchObject({
    status: 422,
    faults: [{ field: "email" }, { field: "first_name" }],
  });
  const fields = await good({ email: "ada@gmial.com" });
  expect(await postJson(fields)).toMatchObject({
    status: 422,
    faults: [{ field: "email", suggestion: "ada@gmail.com" }],
  });
  expect(await postJson({ ...fields, keep_domain: true })).toEqual({ status: "pending_confirmation" });
  expect(await postJson([])).toMatchObject({ status: 422 });
  expect(await postJson({ email: 7 })).toMatchObject({ status: 422, faults: [{ field: "email" }] });
  expect(await post({ headers: { "content-type": "text/plain" }, body: "ada" })).toMatchObject({
    status: 415,
  });
  expect(await postJson({ email: "a".repeat(70_000) })).toMatchObject({ status: 413 });
});

test("whoever asks too often is told so, with when to try again, for a stamp and for a sign-up", async () => {
  const fields = await good();
  Object.assign(service.bindings, { SIGN_UP_RATE: { limit: async () => ({ success: false }) } });
  const headers = { origin: PARTNER_ORIGIN, "cf-connecting-ip": "203.0.113.7" };
  expect(await stampOf(partner.form_key, headers)).toMatchObject({ status: 429, code: "rate" });
  const json = { ...headers, "content-type": "application/json" };
  expect(await post({ headers: json, body: JSON.stringify(fields) })).toMatchObject({
    status: 429,
    code: "stopped:network",
    detail: "A lot of sign-ups have come from your network. Please try again in 1 minute.",
  });
  expect(await service.rows("select 1 from consents")).toEqual([]);
});

test("without published letters, and while a restored database waits, the door is closed as described", async () => {
  const before = await takeSnapshot(service.bindings.DB);
  await becomeReader(service, "bea@themepost.dev");
  await restoreSnapshot(service.bindings.DB, before);
  expect(await postJson(await good())).toMatchObject({ status: 503, code: "closed" });
  await emptyTables(service);
  service = startService({ ownGuard: true });
  const fields = await service.stamped({ email: EMAIL });
  expect(await postJson(fields, OWN_ORIGIN)).toMatchObject({ status: 503, code: "not_open" });
});

test("a preflight is answered with the headers that are described, those of access to partners only", async () => {
  const told = Object.keys(description.components.responses.Preflight.headers)
    .map((name) => name.toLowerCase())
    .filter((name) => name !== "request-id");
  for (const path of ["/api/v1/form-stamp", DOOR]) {
    const answerTo = async (origin: string) => {
      const answer = await service.request(path, { method: "OPTIONS", headers: { origin } });
      await expectDescribed("OPTIONS", path, answer);
      return [...answer.headers.keys()].filter((name) => /^(allow|vary|access-control-.*)$/.test(name));
    };
    expect(await answerTo(PARTNER_ORIGIN)).toEqual(told.sort());
    expect(await answerTo("https://elsewhere.themepost.dev")).toEqual(["allow", "vary"]);
  }
});
