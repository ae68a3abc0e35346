import { beforeEach, expect, test } from "vitest";
import { cleanUp } from "../../src/domain/privacy/clean-up.ts";
import { openGuard } from "../../src/platform/guard/open-guard.ts";
import { restoreSnapshot, takeSnapshot } from "../simulation/snapshot.ts";
import { emptyTables } from "../support/empty-tables.ts";
import {
  becomeReader,
  DAY,
  HOUR,
  linkIn,
  runUntil,
  type Service,
  sequenceOf,
  startService,
  WEEK,
} from "../support/service.ts";
import { ownVersion } from "../support/site.ts";

const TUESDAY = Date.UTC(2026, 10, 24, 8);
const EMAIL = "ada@themepost.dev";
let service: Service;
let path = "";
/** The reader's own page, as of now. */
const own = () => service.ownPage(EMAIL);

beforeEach(async () => {
  service = startService({ ownGuard: true });
  await emptyTables(service);
  await service.publish(sequenceOf(4));
  await becomeReader(service, EMAIL, { time_zone: "Europe/Berlin", first_name: "Ada" });
  path = linkIn((await service.accepted(EMAIL))[1], "preferences");
});

const mail = () => service.accepted(EMAIL);
/** The link that erases, as it is mailed. */
const eraseLink = async () => {
  await service.form(`${await own()}/erase`, {});
  await service.drain();
  return linkIn((await mail()).at(-1), "erase");
};
const eraseAda = async () => service.form(await eraseLink(), {});
/** Every text column of every table, for what must not be in any of them. */
const everything = async () => {
  const tables = await service.rows<{ name: string }>(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like '\\_%' escape '\\' and name not like 'd1%' and name not in ('mailbox_messages', 'site')",
  );
  const rows = await Promise.all(tables.map(({ name }) => service.rows(`select * from ${name}`)));
  return JSON.stringify(rows);
};

test("everything that is stored of a person can be seen and downloaded, with the proof of consent", async () => {
  await service.change(await own(), { action: "personal", first_name: "Ada", answer: "teenager" });
  const page = await (await service.request(await own())).text();
  for (const part of [EMAIL, "Ada", "A teenager", "I want one letter a week", "Berlin, GMT+1", "welcome"]) {
    expect(page).toContain(part);
  }
  const answer = await service.request(`${await own()}/my-letters.json`);
  expect(answer.headers.get("content-disposition")).toContain("attachment");
  const file = (await answer.json()) as Record<string, unknown>;
  expect(file).toMatchObject({
    person: { address: EMAIL, first_name: "Ada", language: "en", state: "active" },
    sequences: [{ sequence: "strengthening-bonds", time_zone: "Europe/Berlin", answer: "teenager" }],
    consents: [{ wording_version: await ownVersion(), origin: "https://letters.themepost.dev" }],
    mail: [{ kind: "confirmation" }, { kind: "welcome" }],
    changes: [{ kind: "personal", after: { firstName: "Ada", answers: [{ answer: "teenager" }] } }],
  });
});

test("nothing of a person is left after an erasure but the HMAC, the proof and the ledger", async () => {
  const ownPage = await own();
  await service.change(await own(), { action: "personal", first_name: "Ada", answer: "teenager" });
  await service.form(linkIn((await mail())[1], "unsubscribe"), {});
  const link = await eraseLink();
  expect(await (await service.request(link)).text()).toContain("Erase all your data?");
  expect(await everything()).toContain(EMAIL);
  const done = await service.form(link, {});
  expect(await done.text()).toContain("We’ve erased everything about you");
  const left = await everything();
  for (const gone of [EMAIL, "Ada", "Europe/Berlin", "teenager"]) {
    // The sequence's own letters may well speak of teenagers.
    if (gone !== "teenager") expect(left).not.toContain(gone);
  }
  const [person] = await service.rows("select address, first_name, language, state from subscribers");
  expect(person).toEqual({ address: "", first_name: "", language: "en", state: "erased" });
  expect(
    await service.rows("select wording_version, confirmed_at is not null as confirmed from consents"),
  ).toEqual([{ wording_version: await ownVersion(), confirmed: 1 }]);
  expect(await (await service.form(link, {})).text()).toContain("We’ve erased everything about you");
  expect(await (await service.request(path)).text()).toContain("erased your data");
  for (const page of [ownPage, `${ownPage}/my-letters.json`])
    expect((await service.request(page)).status).toBe(404);
  expect(await (await service.request(linkIn((await mail())[0], "confirm"))).text()).toContain(
    "erased everything about you",
  );
});

test("a repeated sign-up of an erased address is answered as always and never mailed", async () => {
  await eraseAda();
  const before = (await mail()).length;
  const stranger = await service.signUp({ email: "someone@themepost.dev" });
  const again = await service.signUp({ email: EMAIL });
  // What was typed stands sealed in it.
  const pageOf = (answer: Response) => answer.headers.get("location")?.split("?")[0];
  expect([again.status, pageOf(again)]).toEqual([stranger.status, pageOf(stranger)]);
  service.moveTo(service.clock.now + 40 * DAY);
  await service.signUp({ email: EMAIL });
  await service.tick();
  await service.drain();
  expect(await mail()).toHaveLength(before);
  expect(await everything()).not.toContain(EMAIL);
});

test("a replayed webhook, an old confirmation link and every old letter's links bring nothing back", async () => {
  const messages = await mail();
  for (const message of messages) await service.arrangeEvent(message.id, "email.delivered");
  const events = await service.takeEvents();
  await eraseAda();
  for (const event of [...events, ...events]) await service.hook(event);
  await service.form(linkIn(messages[0], "confirm"), {});
  await service.form(`${linkIn(messages[0], "confirm")}/deny`, {});
  const leave = linkIn(messages[1], "unsubscribe");
  await service.form(leave, {});
  await service.form(`${leave}/after`, { action: "return_as_before", seen: "0", enrollment: "1" });
  for (const action of ["resume", "slot", "return_as_before", "personal"]) {
    await service.form(path, {
      action,
      seen: "0",
      enrollment: "1",
      first_name: "Ada",
      weekday: "2",
      hour: "9",
      time_zone: "UTC",
    });
  }
  await runUntil(service, TUESDAY + WEEK, HOUR);
  const [person] = await service.rows("select address, first_name, state from subscribers");
  expect(person).toEqual({ address: "", first_name: "", state: "erased" });
  expect((await mail()).filter(({ tags }) => tags.some((tag) => tag.value === "theme"))).toEqual([]);
});

test("a database restored from before an erasure erases again when it is re-armed, before anyone is mailed", async () => {
  const before = await takeSnapshot(service.bindings.DB);
  await eraseAda();
  const mailed = (await mail()).length;
  await restoreSnapshot(service.bindings.DB, before);
  expect(await everything()).toContain(EMAIL);
  service.moveTo(TUESDAY);
  await service.tick();
  await service.drain();
  expect(await mail()).toHaveLength(mailed);
  expect((await service.admin("POST", "/sending/re-arm", {})).status).toBe(200);
  await runUntil(service, TUESDAY + 2 * WEEK, 6 * HOUR);
  await cleanUp(service.deps(), service.clock.now);
  expect(await everything()).not.toContain(EMAIL);
  expect(await mail()).toHaveLength(mailed);
  expect((await openGuard(service.bindings.GUARD).status()).sending).toBe("on");
});

test("while a letter's fate is unknown its address is kept for the repeat, nothing more is sent, and then the rest goes", async () => {
  const link = await eraseLink();
  service.moveTo(TUESDAY);
  await service.tick();
  await service.arrangeFaults("drop_after_accept");
  await service.drain();
  expect(await (await service.form(link, {})).text()).toContain("One letter was just on its way");
  expect(await everything()).toContain(EMAIL);
  await cleanUp(service.deps(), service.clock.now);
  expect(await everything()).toContain(EMAIL);
  const count = (await mail()).length;
  for (let hour = 1; hour <= 26; hour += 1) {
    service.moveTo(TUESDAY + hour * HOUR);
    await service.tick();
    await service.drain();
  }
  expect(await mail()).toHaveLength(count);
  await cleanUp(service.deps(), service.clock.now);
  expect(await everything()).not.toContain(EMAIL);
});

test("one erasure link goes out a day, whoever presses, and a scanner that opens it erases nothing", async () => {
  const link = await eraseLink();
  for (let press = 0; press < 4; press += 1) await service.form(`${await own()}/erase`, {});
  await service.drain();
  expect((await mail()).filter(({ html }) => html.includes("/erase/"))).toHaveLength(1);
  for (const method of ["GET", "HEAD", "OPTIONS"]) await service.request(link, { method });
  expect(await everything()).toContain(EMAIL);
});

test("an erasure link that is older than three days erases nothing and says so", async () => {
  const link = await eraseLink();
  service.moveTo(service.clock.now + 3 * DAY);
  expect((await service.request(link)).status).toBe(410);
  expect((await service.form(link, {})).status).toBe(410);
  expect(await everything()).toContain(EMAIL);
});

test("someone who may not be mailed any more is told whom to write to, and the owner erases them", async () => {
  const [, welcome] = await mail();
  await service.arrangeEvent(welcome?.id ?? "", "email.complained");
  for (const event of await service.takeEvents()) await service.hook(event);
  const answer = await service.form(`${await own()}/erase`, {});
  expect(answer.status).toBe(409);
  expect(await answer.text()).toContain("erase your data by hand");
  expect(await (await service.admin("POST", "/subscribers/erase", { address: EMAIL })).json()).toEqual({
    result: "erased",
  });
  expect(await everything()).not.toContain(EMAIL);
  expect(
    (await service.admin("POST", "/subscribers/erase", { address: "unknown@themepost.dev" })).status,
  ).toBe(404);
  // The complaint stays what it was: erased is the stronger word, and neither is lifted by a form.
  await service.signUp({ email: EMAIL });
  await service.drain();
  expect((await mail()).filter(({ html }) => html.includes("/confirm/"))).toHaveLength(1);
});

test("an old confirmation link brings nobody back after an erasure, not even once the owner has lifted it", async () => {
  await service.publish(sequenceOf(3, "Other Letters"), "other-letters");
  await service.rows(
    `insert into consents (subscriber_id, sequence_id, wording_version, locale, page, origin, time_zone, request_id, requested_at)
     select s.id, q.id, '${await ownVersion()}', 'en', '/', '', 'UTC', 'other', ${service.clock.now + 1} from subscribers s, sequences q
     where q.slug = 'other-letters'`,
  );
  const { signLink } = await import("../../src/platform/links/token.ts");
  const [consent] = await service.rows<{ id: number }>("select max(id) as id from consents");
  const expiresAt = service.clock.now + WEEK;
  const subject = { purpose: "confirm", id: consent?.id ?? 0, expiresAt, generation: 0 } as const;
  const old = `/confirm/${await signLink(service.config.signingSecrets[0], subject)}`;
  await eraseAda();
  await service.admin("POST", "/suppressions/lift", { address: EMAIL, note: "she asked" });
  await service.form(old, {});
  expect(await service.rows("select state, address from subscribers")).toEqual([
    { state: "erased", address: "" },
  ]);
  // After the owner's lift the person may sign up as someone new.
  service.moveTo(service.clock.now + 2 * DAY);
  await service.signUp({ email: EMAIL });
  await service.drain();
  expect((await mail()).at(-1)?.html).toContain("/confirm/");
});

test("what was said about leaving, and what mailboxes report afterwards, is not kept of an erased person", async () => {
  const [, welcome] = await mail();
  const leave = linkIn(welcome, "unsubscribe");
  const left = await (await service.form(leave, { scope: "sequence" })).text();
  const back = /action="(\/back\/[^"]+)"/.exec(left)?.[1] ?? "";
  await service.form(back, { action: "why", reason: "not_for_me" });
  expect(await service.rows("select said from opt_outs where said is not null")).not.toEqual([]);
  await eraseAda();
  await service.arrangeEvent(welcome?.id ?? "", "email.bounced");
  for (const event of await service.takeEvents()) await service.hook(event);
  expect(await service.rows("select said from opt_outs where said is not null")).toEqual([]);
  expect(await service.rows("select 1 from feedback_events")).toEqual([]);
  // The old letter's links still answer, and say how it stands.
  for (const init of [
    {},
    { method: "POST" },
    { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) },
  ]) {
    const answer = await service.request(leave, init);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("We’ve erased everything about this address");
  }
  const saved = await service.form(path, { action: "personal", seen: "0", first_name: "Ada" });
  expect([saved.status, (await saved.text()).includes("erased your data")]).toEqual([200, true]);
});

test("a report that waits for its letter is not taken again and again once the person is erased", async () => {
  const [, welcome] = await mail();
  await eraseAda();
  // As after a restore: the report came while the ledger did not know the letter.
  await service.rows(
    `insert into feedback_events (svix_id, delivery_id, kind, reason, provider_id, domain, at, received_at, parked_at)
     select 'late', d.id, 'bounced', 'hard 5.1.1', '${welcome?.id}', 'themepost.dev', 1, 1, ${service.clock.now}
     from deliveries d where d.kind = 'welcome'`,
  );
  await service.tick();
  expect(await service.rows("select svix_id from feedback_events")).toEqual([]);
});

test("the proof of consent of an erased person can still be shown for their address", async () => {
  await eraseAda();
  const answer = await service.admin("POST", "/subscribers/consents", { address: EMAIL });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    state: "erased",
    consents: [{ wording_version: await ownVersion(), sequence: "strengthening-bonds" }],
  });
  expect(await (await service.admin("POST", "/subscribers/erase", { address: EMAIL })).json()).toEqual({
    result: "erased",
  });
});

test("a month's links are used up after three; then the page says whom to write to", async () => {
  for (let n = 0; n < 3; n += 1) {
    await service.form(`${await own()}/erase`, {});
    await service.drain();
    service.moveTo(service.clock.now + DAY + HOUR);
  }
  const fourth = await service.form(`${await own()}/erase`, {});
  expect(fourth.status).toBe(429);
  expect(await fourth.text()).toContain("three of these links");
});

test("a tick of a restored database forgets nothing before it is re-armed", async () => {
  const worker = (await import("../../src/index.ts")).default;
  const before = await takeSnapshot(service.bindings.DB);
  await service.signUp({ email: "late@themepost.dev" });
  await service.drain();
  await restoreSnapshot(service.bindings.DB, before);
  await service.rows("update consents set confirmed_at = null, requested_at = 1");
  const scheduledTime = Date.now();
  await worker.scheduled({ scheduledTime, cron: "*/15 * * * *", noRetry: () => undefined }, service.bindings);
  expect(await service.rows("select 1 as there from consents")).toEqual([{ there: 1 }]);
});
