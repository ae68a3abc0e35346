import { beforeEach, expect, test } from "vitest";
import { emptyTables } from "../support/empty-tables.ts";
import {
  becomeReader,
  DAY,
  HOUR,
  linkIn,
  type Service,
  sequenceOf,
  startService,
  WEEK,
} from "../support/service.ts";

const TUESDAY = Date.UTC(2026, 10, 24, 8);
let service: Service;

beforeEach(async () => {
  await emptyTables(startService());
  service = startService({ ownGuard: true });
  await service.publish(sequenceOf(10));
});

/** A reader who has had the first theme; their confirmation's and welcome's events are forgotten. */
async function reader(name: string): Promise<string> {
  const email = `${name}@themepost.dev`;
  await becomeReader(service, email, { time_zone: "Europe/Berlin" });
  service.moveTo(TUESDAY);
  await service.tick();
  await service.drain();
  await service.takeEvents();
  return email;
}

const lastTheme = async (email: string) =>
  (await service.accepted(email)).findLast((message) => message.subject.startsWith("A letter on"));

/** Makes the provider report something of the reader's last theme; returns the signed event. */
async function reported(email: string, type: string, details: Record<string, unknown> = {}) {
  await service.arrangeAccount({ aheadMs: service.clock.now - Date.now() });
  await service.arrangeEvent((await lastTheme(email))?.id ?? "", type, details);
  const [event] = await service.takeEvents();
  if (event === undefined) throw new Error("no event");
  return event;
}

const bounce = (code: string, type = "Permanent") => ({
  bounce: { type, subType: "General", message: "", diagnosticCode: [`smtp; ${code}`] },
});
const suppressions = () => service.rows("select reason, until, lifted_at from suppressions");
const person = async (email: string) =>
  (await service.rows<{ state: string }>("select state from subscribers where address_key = ?", email))[0]
    ?.state;

async function nextWeek(): Promise<void> {
  service.moveTo(service.clock.now + WEEK);
  await service.tick();
  await service.drain();
}

test("only what is signed, fresh and whole is taken", async () => {
  const { headers, body } = await reported(await reader("ada"), "email.complained");
  const post = async (changed: Record<string, string>, text = body) =>
    (await service.hook({ headers: { ...headers, ...changed }, body: text })).status;
  expect(await post({ "svix-signature": "v1,AAAA" })).toBe(401);
  expect(await post({ "svix-id": "msg_other" })).toBe(401);
  expect(await post({ "svix-signature": "" })).toBe(401);
  expect(await post({}, `${body} `)).toBe(401);
  const old = String(Number(headers["svix-timestamp"]) - 301);
  expect(await post({ "svix-timestamp": old })).toBe(401);
  expect(await post({}, "x".repeat(70_000))).toBe(413);
  expect(await suppressions()).toEqual([]);
  expect(await post({})).toBe(200);
  expect(await suppressions()).toHaveLength(1);
});

test.each([
  ["a complaint", "email.complained", {}, "complaint"],
  ["a hard bounce", "email.bounced", bounce("550 5.1.1 user unknown"), "bounce"],
  [
    "the provider's own list",
    "email.suppressed",
    { suppressed: { reason: "previous_complaint" } },
    "complaint",
  ],
] as const)("%s ends all mail to the address at once", async (_, type, details, reason) => {
  const email = await reader("ada");
  await service.hook(await reported(email, type, details));
  expect(await suppressions()).toMatchObject([{ reason, until: null, lifted_at: null }]);
  expect(await person(email)).toBe("unsubscribed");
  expect(await service.rows("select kind, parked_at from feedback_events")).toEqual([
    { kind: type.slice("email.".length), parked_at: null },
  ]);
  expect(await service.rows("select kind, reason from opt_outs where kind = 'suppressed'")).toEqual([
    { kind: "suppressed", reason },
  ]);
  const before = (await service.accepted(email)).length;
  await nextWeek();
  await nextWeek();
  expect(await service.accepted(email)).toHaveLength(before);
});

test("a bounce that is about us suppresses nobody and tells the owner", async () => {
  const email = await reader("ada");
  await service.hook(await reported(email, "email.bounced", bounce("550 5.7.1 blocked")));
  expect(await suppressions()).toEqual([]);
  expect(await (await service.admin("GET", "/alerts")).json()).toMatchObject({
    data: [{ name: "feedback.about_us", detail: "themepost.dev: 5.7.1 blocked" }],
  });
  await nextWeek();
  expect((await lastTheme(email))?.subject).toBe("A letter on theme-2");
});

test("soft bounces in three weeks suspend an address for 30 days; then it is tried again", async () => {
  const email = await reader("ada");
  for (let week = 0; week < 3; week += 1) {
    expect(await suppressions()).toEqual([]);
    await service.arrangeAccount({ aheadMs: service.clock.now - Date.now() });
    await service.takeEvents();
    await service.hook(await reported(email, "email.bounced", bounce("452 4.2.2 full", "Transient")));
    await nextWeek();
  }
  expect(await suppressions()).toMatchObject([{ reason: "soft", lifted_at: null }]);
  expect((await lastTheme(email))?.subject).toBe("A letter on theme-3");
  expect(await person(email)).toBe("active");
  for (let week = 0; week < 4; week += 1) await nextWeek();
  expect((await lastTheme(email))?.subject).toBe("A letter on theme-4");
});

test("a letter that was delivered since then counts against the soft bounces, though its event comes last", async () => {
  const email = await reader("ada");
  const soft = [];
  for (let week = 0; week < 3; week += 1) {
    await service.arrangeAccount({ aheadMs: service.clock.now - Date.now() });
    soft.push(
      await reported(
        email,
        week === 1 ? "email.delivered" : "email.bounced",
        bounce("452 4.2.2 full", "Transient"),
      ),
    );
    await nextWeek();
  }
  for (const event of soft.reverse()) await service.hook(event);
  expect(await suppressions()).toEqual([]);
});

test("repeated, reordered and late events leave the strongest word standing", async () => {
  const email = await reader("ada");
  const complained = await reported(email, "email.complained");
  const events = [
    await reported(email, "email.delivery_delayed"),
    await reported(email, "email.delivered"),
    await reported(email, "email.sent"),
  ];
  await service.hook(complained);
  for (const event of [...events, ...events, complained])
    expect((await service.hook(event)).status).toBe(200);
  expect(await service.rows("select feedback from deliveries where kind = 'theme'")).toEqual([
    { feedback: "complained" },
  ]);
  expect(await service.rows("select complained from runs")).toEqual([{ complained: 1 }]);
  expect(await service.rows("select count(*) as n from opt_outs where kind = 'suppressed'")).toEqual([
    { n: 1 },
  ]);
});

test("a letter that failed after it was accepted is failed, and keeps its theme until the owner sends it again", async () => {
  const email = await reader("ada");
  await service.hook(await reported(email, "email.failed", { failed: { reason: "reached_daily_quota" } }));
  const [row] = await service.rows<{ id: number }>(
    "select id, state, reason from deliveries where kind = 'theme'",
  );
  expect(row).toMatchObject({ state: "failed", reason: "provider: reached_daily_quota" });
  await nextWeek();
  expect((await lastTheme(email))?.subject).toBe("A letter on theme-2");
  expect(await (await service.admin("POST", "/letters/send-again", { ids: [row?.id] })).json()).toEqual({
    sent_again: [row?.id],
  });
  await service.drain();
  expect((await lastTheme(email))?.subject).toBe("A letter on theme-1");
  expect(
    (await service.request(linkIn(await lastTheme(email), "unsubscribe"), { method: "POST" })).status,
  ).toBe(200);
  expect(await person(email)).toBe("unsubscribed");
});

test("events of another installation, of other mail and of other types are dropped", async () => {
  const email = await reader("ada");
  const { body } = await reported(email, "email.complained");
  const answer = async (
    change: (event: { type: string; data: { tags: Record<string, string> } }) => void,
  ) => {
    const event = JSON.parse(body);
    change(event);
    const changed = await signed(JSON.stringify(event));
    return (await service.hook(changed)).json();
  };
  expect(await answer((event) => (event.data.tags.delivery_id = "other-1"))).toEqual({ ignored: "instance" });
  expect(await answer((event) => (event.data.tags = {}))).toEqual({ ignored: "no_tag" });
  expect(await answer((event) => (event.type = "contact.created"))).toEqual({ ignored: "type" });
  expect(await answer((event) => (event.data = [] as never))).toEqual({ ignored: "unreadable" });
  expect(await suppressions()).toEqual([]);
});

test.each([
  ["optional objects sent as null", { data: { failed: null, suppressed: null } }],
  ["a foreign tag without a value", { data: { tags: { x: null } } }],
  ["tags as a list", { data: { tags: "list" } }],
  ["the time as older events have it", { created_at: "2026-11-25 18:00:00.123456+00" }],
  ["no time that anyone could read", { created_at: "yesterday", data: { created_at: 7 } }],
  ["the address as a text", { data: { to: "ada@themepost.dev" } }],
  ["addresses of another shape", { data: { to: [{ email: "ada@themepost.dev" }] } }],
  ["one diagnostic as a text", { data: { bounce: { diagnosticCode: "smtp; 550 5.1.1 user unknown" } } }],
] as const)(
  "a bounce with %s is taken all the same",
  async (_, change: { created_at?: string; data?: object }) => {
    const email = await reader("ada");
    const event = JSON.parse((await reported(email, "email.bounced", bounce("550 5.1.1 user unknown"))).body);
    const { tags = {}, bounce: own = {}, ...data } = (change.data ?? {}) as Record<string, object | string>;
    event.data.bounce = { ...event.data.bounce, ...(own as object) };
    event.data.tags =
      tags === "list"
        ? Object.entries(event.data.tags).map(([name, value]) => ({ name, value }))
        : { ...event.data.tags, ...(tags as object) };
    Object.assign(event.data, data);
    if (change.created_at !== undefined) event.created_at = change.created_at;
    const answer = await service.hook(await signed(JSON.stringify(event)));
    expect(await answer.json()).toEqual({ result: "taken" });
    expect(await suppressions()).toMatchObject([{ reason: "bounce" }]);
  },
);

test("an event that can't be read is kept without addresses, told to the owner, and taken once it can be", async () => {
  const email = await reader("ada");
  const { body } = await reported(
    email,
    "email.bounced",
    bounce("550 5.1.1 <ada@themepost.dev> user unknown"),
  );
  const odd = JSON.parse(body);
  odd.data.email_id = 7;
  const answer = await service.hook(await signed(JSON.stringify(odd)));
  expect([answer.status, await answer.json()]).toEqual([200, { ignored: "unreadable" }]);
  const [kept] = await service.rows<{ body: string }>("select body from unread_events");
  expect(kept?.body).not.toMatch(/ada|subject|A letter on/);
  const { data: alerts } = (await (await service.admin("GET", "/alerts")).json()) as {
    data: { name: string }[];
  };
  expect(alerts.map(({ name }) => name)).toContain("feedback.unreadable");
  await service.tick();
  expect(await service.rows("select 1 from unread_events")).toHaveLength(1);
  expect(await suppressions()).toEqual([]);
  // As a later version would read it.
  const id = JSON.parse(body).data.email_id;
  await service.rows("update unread_events set body = json_set(body, '$.data.email_id', ?)", id);
  await service.tick();
  expect(await service.rows("select 1 from unread_events")).toEqual([]);
  expect(await suppressions()).toMatchObject([{ reason: "bounce" }]);
});

test("after a complaint a new sign-up is answered as ever, and mails nothing until the owner lifts it", async () => {
  const email = await reader("ada");
  await service.hook(await reported(email, "email.complained"));
  service.moveTo(service.clock.now + 40 * DAY);
  const before = (await service.accepted(email)).length;
  expect((await service.signUp({ email })).status).toBe(303);
  await service.drain();
  expect(await service.accepted(email)).toHaveLength(before);
  await service.admin("POST", "/suppressions/lift", { address: email, note: "wrote to us" });
  await service.signUp({ email });
  await service.drain();
  expect(await service.accepted(email)).toHaveLength(before + 1);
});

test("after a hard bounce one confirmation is tried when 30 days are over, past the provider's own list; confirming lifts it", async () => {
  const email = await reader("ada");
  await service.hook(await reported(email, "email.bounced", bounce("550 5.1.1 user unknown")));
  await service.suppressAtProvider(email);
  const signUp = async () => {
    await service.signUp({ email });
    await service.drain();
    return (await service.accepted(email)).filter((message) => message.html.includes("/confirm/")).length;
  };
  service.moveTo(service.clock.now + 20 * DAY);
  expect(await signUp()).toBe(1);
  service.moveTo(service.clock.now + 11 * DAY);
  expect(await signUp()).toBe(2);
  service.moveTo(service.clock.now + 2 * DAY);
  expect(await signUp()).toBe(2);
  const confirmation = (await service.accepted(email)).findLast((message) =>
    message.html.includes("/confirm/"),
  );
  await service.request(linkIn(confirmation, "confirm"), { method: "POST" });
  expect(await suppressions()).toMatchObject([{ reason: "bounce" }]);
  expect(((await suppressions())[0] as { lifted_at: number }).lifted_at).not.toBeNull();
  expect(await person(email)).toBe("active");
  for (let day = 0; day < 8; day += 1) {
    service.moveTo(service.clock.now + DAY);
    await service.tick();
    await service.drain();
  }
  expect((await lastTheme(email))?.subject).toBe("A letter on theme-2");
});

test("an old bounce that is reported late does not send away someone who confirmed since; an old complaint keeps its word", async () => {
  const email = await reader("ada");
  const bounced = await reported(email, "email.bounced", bounce("550 5.1.1 user unknown"));
  const complained = await reported(email, "email.complained");
  await service.form(linkIn(await lastTheme(email), "unsubscribe"), {});
  service.moveTo(service.clock.now + 2 * DAY);
  await service.signUp({ email });
  await service.drain();
  const confirmation = (await service.accepted(email)).findLast((message) =>
    message.html.includes("/confirm/"),
  );
  await service.request(linkIn(confirmation, "confirm"), { method: "POST" });
  await service.hook(bounced);
  expect(await suppressions()).toEqual([]);
  expect(await person(email)).toBe("active");
  await service.hook(complained);
  expect(await suppressions()).toMatchObject([{ reason: "complaint", lifted_at: null }]);
});

test("parked reports of delivery make room for those that matter", async () => {
  const email = await reader("ada");
  const events = [await reported(email, "email.sent"), await reported(email, "email.delivered")];
  const [row] = await service.rows<{ id: number }>("select id from deliveries where kind = 'theme'");
  await service.rows("update deliveries set id = 900 where id = ?", row?.id);
  for (const event of events) expect(await (await service.hook(event)).json()).toEqual({ result: "parked" });
  await service.rows("update deliveries set id = ? where id = 900", row?.id);
  await service.tick();
  expect(await service.rows("select svix_id from feedback_events where parked_at is not null")).toEqual([]);
});

test("a report about a letter whose id went to a slot that passed, as a restore can bring it, is nobody's", async () => {
  const email = await reader("ada");
  const event = await reported(email, "email.bounced", bounce("550 5.1.1 user unknown"));
  await service.rows(
    "update deliveries set state = 'skipped', reason = 'earlier_open', item = null, batch_id = null, provider_id = null where kind = 'theme'",
  );
  expect(await (await service.hook(event)).json()).toEqual({ result: "parked" });
  expect(await suppressions()).toEqual([]);
  expect(await person(email)).toBe("active");
});

test("an old event replayed after the address came back changes nothing", async () => {
  const email = await reader("ada");
  const event = await reported(email, "email.bounced", bounce("550 5.1.1 user unknown"));
  await service.hook(event);
  service.moveTo(service.clock.now + HOUR);
  await service.admin("POST", "/suppressions/lift", { address: email, note: "typed wrong at the provider" });
  const again = await signed(event.body);
  await service.hook(again);
  expect(((await suppressions())[0] as { lifted_at: number | null }).lifted_at).not.toBeNull();
});

test("too many hard bounces stop the run that they belong to", async () => {
  service = startService({ ownGuard: true, vars: { STOP_AFTER_LETTERS: "4" } });
  await service.rows("delete from facts where name = 'guard'");
  const emails = [];
  for (const name of ["a", "b", "c", "d", "e"]) {
    await becomeReader(service, `${name}@themepost.dev`, { time_zone: "Europe/Berlin" });
    emails.push(`${name}@themepost.dev`);
  }
  service.moveTo(TUESDAY);
  await service.tick();
  await service.drain();
  await service.takeEvents();
  for (const email of emails.slice(0, 3)) {
    await service.hook(await reported(email, "email.bounced", bounce("550 5.1.1 user unknown")));
  }
  expect(await (await service.admin("GET", "/runs")).json()).toMatchObject({
    data: [{ bounced: 3, stop_reason: "hard_bounces" }],
  });
});

test("a storm of hard bounces at one receiver quarantines for a week instead of suppressing for ever", async () => {
  const email = await reader("ada");
  const event = await reported(email, "email.bounced", bounce("550 5.1.1 user unknown"));
  const day = Math.floor(Date.parse(JSON.parse(event.body).created_at) / DAY);
  await service.rows("insert into bounce_days (domain, day, count) values ('themepost.dev', ?, 30)", day);
  await service.hook(event);
  const [row] = (await suppressions()) as { reason: string; until: number }[];
  expect(row).toMatchObject({ reason: "quarantine" });
  expect(row?.until).toBeGreaterThan(0);
  expect(await person(email)).toBe("active");
});

/** Signs a body as the provider would (Standard Webhooks). */
async function signed(body: string) {
  const { WEBHOOK_SECRET } = await import("../support/webhook-secret.ts");
  const bytes = Uint8Array.from(atob(WEBHOOK_SECRET.replace("whsec_", "")), (char) => char.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const id = `msg_${crypto.randomUUID()}`;
  const at = String(Math.floor(Date.now() / 1000));
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${id}.${at}.${body}`));
  const signature = `v1,${btoa(String.fromCharCode(...new Uint8Array(mac)))}`;
  return { headers: { "svix-id": id, "svix-timestamp": at, "svix-signature": signature }, body };
}

test("an hour of silence does not matter: parked events are taken when their letter is known", async () => {
  const email = await reader("ada");
  const event = await reported(email, "email.complained");
  const [row] = await service.rows<{ id: number }>("select id from deliveries where kind = 'theme'");
  await service.rows("update deliveries set id = 900 where id = ?", row?.id);
  expect(await (await service.hook(event)).json()).toEqual({ result: "parked" });
  await service.rows("update deliveries set id = ? where id = 900", row?.id);
  service.moveTo(service.clock.now + HOUR);
  await service.tick();
  expect(await suppressions()).toMatchObject([{ reason: "complaint" }]);
  expect(await service.rows("select parked_at from feedback_events")).toEqual([{ parked_at: null }]);
  expect(await service.tick()).toMatchObject({ parked: false });
});
