import { beforeEach, expect, inject, test } from "vitest";
import { emptyTables } from "../support/empty-tables.ts";
import { type PartnerAnswer, putPartner } from "../support/partner.ts";
import {
  becomeReader,
  DAY,
  HOUR,
  linkIn,
  OWN_ORIGIN,
  PARTNER_ORIGIN,
  type Service,
  START,
  sequenceOf,
  startService,
} from "../support/service.ts";

let service: Service;
let partner: PartnerAnswer;
/** Where alerts are posted. */
let webhook = "";

beforeEach(async () => {
  await emptyTables(startService());
  webhook = `${inject("emulatorUrl")}/_emulator/hook-${crypto.randomUUID()}/alerts`;
  service = startService({ ownGuard: true, vars: { ALERT_WEBHOOK_URL: webhook } });
  await service.publish(sequenceOf(3));
  partner = await putPartner(service, "garden");
});

/** A sign-up by program; on the partner's form, or on our own page. */
async function signUp(email: string, on: "garden" | "own" = "garden", lang = "en"): Promise<Response> {
  const form =
    on === "garden" ? { partner: partner.form_key, wording: partner.wording.version } : { partner: "" };
  const fields = { ...(await service.stamped({ ...form })), ...form, email, lang };
  if (on === "own") fields.wording = (await service.stamped({})).wording;
  return service.request("/api/v1/subscriptions", {
    method: "POST",
    headers: { origin: on === "garden" ? PARTNER_ORIGIN : OWN_ORIGIN },
    body: new URLSearchParams(fields),
  });
}

/** So many people sign up, each at a domain of their own; returns the statuses that they were answered with. */
async function people(count: number, name: string, on: "garden" | "own" = "garden"): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < count; n += 1)
    statuses.push((await signUp(`ada@${name}-${n}-themepost.dev`, on)).status);
  // A hundred leave in a call.
  for (let n = 0; n < count; n += 100) await service.drain();
  return [...new Set(statuses)];
}

/** The confirmations of these sign-ups turn out undeliverable. */
async function bounce(count: number, name: string): Promise<void> {
  await service.takeEvents();
  await service.arrangeAccount({ aheadMs: service.clock.now - Date.now() });
  for (let n = 0; n < count; n += 1) {
    const [mail] = await service.accepted(`ada@${name}-${n}-themepost.dev`);
    await service.arrangeEvent(mail?.id ?? "", "email.bounced", {
      bounce: { type: "Permanent", subType: "General", message: "", diagnosticCode: ["smtp; 550 5.1.1 no"] },
    });
  }
  for (const event of await service.takeEvents()) {
    const headers = { ...event.headers };
    const answer = await service.request("/webhooks/resend", { method: "POST", headers, body: event.body });
    expect(answer.status).toBeLessThan(300);
    // Each is reported twice, as webhooks are.
    await service.request("/webhooks/resend", { method: "POST", headers, body: event.body });
  }
}

const deny = async (email: string) => {
  const [mail] = await service.accepted(email);
  await service.form(`${linkIn(mail, "confirm")}/deny`, {});
};

test("a burst of people gets its confirmations, on a partner's form as well", async () => {
  expect(await people(200, "burst")).toEqual([202]);
  expect(await service.accepted()).toHaveLength(200);
});

test("many hard bounces of confirmations stop a partner's form and nobody else's, with when to try again", async () => {
  await people(120, "own", "own");
  await people(30, "bad");
  await bounce(11, "bad");
  const stopped = await signUp("bea@themepost.dev");
  expect(stopped.status).toBe(429);
  expect(stopped.headers.get("retry-after")).toBe("3600");
  expect(await stopped.json()).toMatchObject({
    code: "stopped:form",
    detail: "A lot of sign-ups have come in, so we’re taking a short break. Please try again in 60 minutes.",
  });
  expect((await signUp("bea@themepost.dev", "own")).status).toBe(202);
  service.moveTo(START + HOUR);
  expect((await signUp("cleo@themepost.dev")).status).toBe(202);
});

test("a mistyped address now and then stops nobody: bounces count as a share of what was signed up", async () => {
  await people(150, "good");
  await bounce(14, "good");
  expect((await signUp("bea@themepost.dev")).status).toBe(202);
  await people(20, "more");
  expect((await signUp("cleo@themepost.dev")).status).toBe(202);
});

test("bounces that come after the hour count for the day of their sign-ups", async () => {
  await people(40, "late");
  service.moveTo(START + 2 * HOUR);
  await bounce(31, "late");
  const stopped = await signUp("bea@themepost.dev");
  expect(stopped.status).toBe(429);
  expect(Number(stopped.headers.get("retry-after"))).toBeGreaterThan(3600);
  service.moveTo(START + DAY);
  expect((await signUp("cleo@themepost.dev")).status).toBe(202);
});

test("people who say that they never signed up stop the form as well", async () => {
  await people(60, "own", "own");
  await people(20, "denied");
  for (let n = 0; n < 11; n += 1) await deny(`ada@denied-${n}-themepost.dev`);
  expect((await signUp("bea@themepost.dev")).status).toBe(429);
  const { data: alerts } = (await (await service.admin("GET", "/alerts")).json()) as {
    data: { name: string }[];
  };
  expect(alerts.map(({ name }) => name)).toContainEqual(
    expect.stringMatching(/^sign_ups\.partner_breaker\./),
  );
});

test("what stops everybody is told alike to a reader, a stranger, someone suppressed and a domain over its budget", async () => {
  await becomeReader(service, "reader@themepost.dev");
  await service.admin("POST", "/suppressions", { address: "never@themepost.dev", note: "asked us" });
  await people(11, "bad", "own");
  for (let n = 0; n < 30; n += 1) await signUp(`p${n}@full-themepost.dev`, "own");
  await service.drain();
  for (let n = 0; n < 11; n += 1) await deny(`ada@bad-${n}-themepost.dev`);
  const answers = new Set<string>();
  for (const email of [
    "reader@themepost.dev",
    "stranger@themepost.dev",
    "never@themepost.dev",
    "late@full-themepost.dev",
    "ada@bad-1-themepost.dev",
  ]) {
    const answer = await signUp(email, "own");
    answers.add(`${answer.status} ${answer.headers.get("retry-after")} ${await answer.text()}`);
  }
  expect([...answers]).toHaveLength(1);
  expect([...answers][0]).toMatch(/^429 3600 .*stopped:service/);
});

test("readers, people suppressed and full domains use a partner's limit up like anyone, so that its end tells nothing", async () => {
  await becomeReader(service, "reader@themepost.dev");
  await service.admin("POST", "/suppressions", { address: "never@themepost.dev", note: "asked us" });
  for (const [n, email] of [
    "late@full-themepost.dev",
    "reader@themepost.dev",
    "never@themepost.dev",
    "new@themepost.dev",
  ].entries()) {
    service.moveTo(START + (n + 1) * DAY);
    for (let p = 0; n === 0 && p < 30; p += 1) await signUp(`p${p}@full-themepost.dev`, "own");
    partner = await putPartner(service, "garden", { daily_limit: 2 });
    const statuses = [];
    for (const to of [`filler-${n}@themepost.dev`, email, `probe-${n}@themepost.dev`])
      statuses.push((await signUp(to)).status);
    expect(statuses).toEqual([202, 202, 429]);
  }
});

test.each([
  ["en", "A lot of sign-ups have come in, so we’re taking a short break. Please try again in 60 minutes."],
  ["de", "Bitte versuchen Sie es in 60 Minuten noch einmal."],
  ["fr", "dans 60 minutes"],
  ["es", "dentro de 60 minutos"],
  ["pt", "em 60 minutos"],
  ["ar", "خلال 60 دقيقة"],
])("the page for it says when to try again in the language of the form (%s)", async (lang, said) => {
  partner = await putPartner(service, "garden", { limits: { mails_per_partner_hour: 0 } });
  const form = { partner: partner.form_key, wording: partner.wording.version };
  const answer = await service.request("/subscribe", {
    method: "POST",
    headers: { origin: PARTNER_ORIGIN },
    body: new URLSearchParams({
      ...(await service.stamped(form)),
      ...form,
      lang,
      email: "ada@themepost.dev",
    }),
  });
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "3600"]);
  expect(await answer.text()).toContain(said);
});

test("an attacker's own sign-ups, denied from a few networks, close nobody's form", async () => {
  await people(30, "honest");
  for (let n = 0; n < 20; n += 1) {
    const email = `ada@attack-${n}-themepost.dev`;
    const network = `203.0.113.${n % 10}`;
    const fields = await service.stamped({ partner: partner.form_key }, network);
    await service.request("/api/v1/subscriptions", {
      method: "POST",
      headers: { origin: PARTNER_ORIGIN, "cf-connecting-ip": network },
      body: new URLSearchParams({ ...fields, wording: partner.wording.version, email }),
    });
    await service.drain();
    await deny(email);
  }
  expect((await signUp("bea@themepost.dev")).status).toBe(202);
});

test("a few complaints about confirmations stop a form, and the owner hears of it before the next tick", async () => {
  await people(40, "own");
  await service.takeEvents();
  for (const n of [0, 1]) {
    const [mail] = await service.accepted(`ada@own-${n}-themepost.dev`);
    await service.arrangeEvent(mail?.id ?? "", "email.complained");
  }
  for (const event of await service.takeEvents()) await service.hook(event);
  const stopped = await signUp("bea@themepost.dev");
  expect(stopped.status).toBe(429);
  expect(Number(stopped.headers.get("retry-after"))).toBeLessThanOrEqual(3600);
  const told = await (await fetch(webhook)).text();
  expect(told).toMatch(/sign_ups\.partner_breaker\./);
});
