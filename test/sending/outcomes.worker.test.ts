import { beforeEach, expect, test } from "vitest";
import { KEY_LIFE_MS } from "../../src/domain/sending/compose-attempt.ts";
import { consumeDeadLetters, consumeQueue } from "../../src/domain/sending/consume-queue.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { enroll } from "../support/enroll.ts";
import type { Fault } from "../support/resend-emulator/server.ts";
import { DAY, HOUR, type Service, sequenceOf, startService, WEEK } from "../support/service.ts";

const TUESDAY = Date.UTC(2026, 10, 24, 8);
let service: Service;

beforeEach(async () => {
  service = startService();
  await emptyTables(service);
  service = startService({ ownGuard: true });
  await service.publish(sequenceOf(3));
});

type Row = { id: number; state: string; reason: string | null; item: number | null; subscriber_id: number };
const ledger = () =>
  service.rows<Row>(
    "select id, state, reason, item, recipient_id as subscriber_id from deliveries where kind <> 'confirmation' order by id",
  );
const states = async () => (await ledger()).map((row) => row.state);
const readers = (count: number) => enroll(service, count, TUESDAY);

async function planned(count: number): Promise<void> {
  await readers(count);
  service.moveTo(TUESDAY);
  await service.tick();
}

/** Sends until nothing is open, an hour apart. */
async function sendAll(rounds = 12): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await service.drain();
    service.moveTo(service.clock.now + HOUR);
  }
}

test.each<Fault>([
  "drop_before_accept",
  "drop_after_accept",
  "error_500_before_accept",
  "error_500_after_accept",
  "garbage_200",
  "refuse:rate_limit_exceeded",
  "refuse:concurrent_idempotent_requests",
  "refuse:application_error",
  "refuse:internal_server_error",
])("after %s everybody gets the letter, once", async (fault) => {
  await planned(5);
  await service.arrangeFaults(fault, fault);
  await sendAll();
  expect(await states()).toEqual(Array(5).fill("accepted"));
  expect(await service.accepted()).toHaveLength(5);
});

test("an answer too short for its call makes nobody's letter accepted on a guess, and webhooks name them all", async () => {
  await planned(3);
  await service.arrangeFaults("short_answer");
  await service.drain();
  expect(await ledger()).toMatchObject(Array(3).fill({ state: "uncertain", reason: "answer_mismatch" }));
  for (const event of (await service.takeEvents()).reverse()) await service.hook(event);
  expect(await states()).toEqual(["accepted", "accepted", "accepted"]);
});

test.each([
  "missing_api_key",
  "restricted_api_key",
  "invalid_api_key",
  "invalid_from_address",
  "security_error",
] as const)(
  "%s fails no letter: sending stops, the owner is told, and after mending it everybody gets the letter",
  async (name) => {
    await planned(250);
    await service.arrangeFaults(`refuse:${name}`);
    await service.drain();
    expect((await service.account()).calls).toBe(1);
    expect(await (await service.admin("GET", "/sending")).json()).toMatchObject({
      sending: "stopped",
      reason: `provider: ${name}`,
    });
    expect(await (await service.admin("GET", "/alerts")).json()).toMatchObject({
      data: [{ name: "sending.stopped", detail: name }],
    });
    expect((await service.health()).status).toBe(503);
    await service.admin("POST", "/sending/resume");
    await service.drain();
    expect(await service.accepted()).toHaveLength(250);
    expect(new Set(await states())).toEqual(new Set(["accepted"]));
  },
);

test("one letter that breaks the whole call is found by halving, and fails alone", async () => {
  await readers(100);
  await service.rows(
    "update subscribers set address = 'poison@themepost.dev' where address like 'reader-37@%'",
  );
  service.moveTo(TUESDAY);
  await service.tick();
  await sendAll();
  expect(await service.accepted()).toHaveLength(99);
  expect((await ledger()).filter((row) => row.state !== "accepted")).toMatchObject([
    { state: "failed", reason: "refused: validation_error" },
  ]);
  // 100, 50, 25, 13, 7, 4, 2, 1 and the other halves.
  expect((await service.account()).calls).toBeLessThanOrEqual(16);
  expect(await service.rows("select id from batches where state <> 'done'")).toEqual([]);
});

test("a batch that may have been taken is never halved, and its letters never fail", async () => {
  await planned(10);
  await service.arrangeFaults("drop_after_accept", "refuse:validation_error", "refuse:validation_error");
  await sendAll();
  expect(await states()).toEqual(Array(10).fill("accepted"));
  expect(await service.rows("select count(*) as n from batches")).toEqual([{ n: 1 }]);
  expect(await service.accepted()).toHaveLength(10);
});

test("an exhausted quota holds every lane until it begins anew, with one call; then the letters go by themselves", async () => {
  await planned(250);
  await service.arrangeAccount({ aheadMs: TUESDAY - Date.now() });
  await service.arrangeFaults("refuse:daily_quota_exceeded");
  await service.drain();
  expect((await service.account()).calls).toBe(2);
  expect(await (await service.admin("GET", "/sending")).json()).toMatchObject({
    held_until: "2026-11-25T00:00:00.000Z",
    held_for: "daily_quota",
  });
  service.moveTo(TUESDAY + 15 * HOUR);
  await service.drain();
  expect((await service.account()).calls).toBe(2);
  service.moveTo(TUESDAY + 17 * HOUR);
  await service.drain();
  expect(await service.accepted()).toHaveLength(250);
});

test("a quota that does not begin anew within 48 hours leaves the letters held, with that reason, for the owner to release", async () => {
  await planned(2);
  await service.arrangeAccount({ aheadMs: TUESDAY - Date.now() });
  await service.arrangeFaults("refuse:monthly_quota_exceeded");
  await service.drain();
  service.moveTo(Date.UTC(2026, 11, 1, 1));
  await service.drain();
  expect(await ledger()).toMatchObject(Array(2).fill({ state: "held", reason: "quota" }));
  const held = (await (await service.admin("GET", "/letters?state=held")).json()) as {
    data: { id: number }[];
  };
  const release = await service.admin("POST", "/letters/release", {
    ids: held.data.map(({ id }) => id),
  });
  expect(await release.json()).toEqual({ released: 2 });
  await service.drain();
  expect(await states()).toEqual(["accepted", "accepted"]);
});

test("while a quota lasts, a batch is one message of the queue, not one more with each tick", async () => {
  await planned(1);
  await service.arrangeAccount({ aheadMs: TUESDAY - Date.now() });
  await service.arrangeFaults("refuse:monthly_quota_exceeded");
  await service.drain();
  for (let quarter = 1; quarter <= 40; quarter += 1) {
    service.moveTo(TUESDAY + quarter * 15 * 60_000);
    await service.tick();
    const messages = service.queued.splice(0).map(({ message }) => message);
    expect(messages.length).toBeLessThanOrEqual(1);
    await consumeQueue(
      service.deps(),
      "letters",
      messages.map((body) => ({
        body,
        ack: () => undefined,
        retry: () => undefined,
      })) as unknown as Message<unknown>[],
    );
  }
  expect((await service.account()).calls).toBe(2);
});

test("a reader who left between a lost call and its repeat: the key tells that the first call was taken, and nobody is mailed again", async () => {
  await planned(3);
  await service.arrangeFaults("drop_after_accept");
  await service.drain();
  await service.rows(
    "update enrollments set state = 'paused' where subscriber_id = (select id from subscribers where address like 'reader-2@%')",
  );
  await sendAll(3);
  expect(await states()).toEqual(["accepted", "accepted", "accepted"]);
  expect(await service.accepted()).toHaveLength(3);
});

test("… and where the first call was not taken, the leaver's letter is skipped and the others get theirs", async () => {
  await planned(3);
  await service.arrangeFaults("drop_before_accept");
  await service.drain();
  await service.rows(
    "update enrollments set state = 'paused' where subscriber_id = (select id from subscribers where address like 'reader-2@%')",
  );
  await sendAll(3);
  expect(await ledger()).toMatchObject([
    { state: "accepted" },
    { state: "skipped", reason: "paused", item: null },
    { state: "accepted" },
  ]);
  expect(await service.accepted()).toHaveLength(2);
});

test("someone left out of the call that was taken, and back since, waits for their next slot", async () => {
  await planned(3);
  await service.arrangeFaults("drop_before_accept", "drop_after_accept");
  await service.drain();
  await service.rows(
    "update enrollments set state = 'paused' where subscriber_id = (select id from subscribers where address like 'reader-2@%')",
  );
  service.moveTo(TUESDAY + HOUR);
  await service.drain();
  await service.rows(
    "update enrollments set state = 'active' where subscriber_id = (select id from subscribers where address like 'reader-2@%')",
  );
  await sendAll(3);
  expect(await ledger()).toMatchObject([
    { state: "accepted" },
    { state: "skipped", reason: "left_out", item: null },
    { state: "accepted" },
  ]);
  service.moveTo(TUESDAY + WEEK);
  await service.tick();
  await service.drain();
  const mine = (await service.accepted("reader-2@themepost.dev")).map((message) => message.subject);
  expect(mine).toEqual(["A letter on theme-1"]);
});

test("an uncertain letter is found in the provider's list by a later tick, and what is not found stays uncertain", async () => {
  await planned(2);
  await service.arrangeAccount({ aheadMs: TUESDAY - Date.now() });
  await service.arrangeFaults("drop_after_accept");
  await service.drain();
  service.moveTo(TUESDAY + KEY_LIFE_MS);
  await service.drain();
  expect(await states()).toEqual(["uncertain", "uncertain"]);
  await service.rows(
    "update subscribers set address = 'moved@themepost.dev' where address like 'reader-2@%'",
  );
  service.moveTo(TUESDAY + KEY_LIFE_MS + HOUR);
  expect((await service.tick()).found).toBe(1);
  expect((await states()).sort()).toEqual(["accepted", "uncertain"]);
});

test("a letter that nobody knows of is sent again only by the owner, as many times as they say", async () => {
  await planned(1);
  await service.arrangeFaults("drop_before_accept");
  await service.drain();
  service.moveTo(TUESDAY + KEY_LIFE_MS);
  await service.drain();
  service.moveTo(TUESDAY + 5 * DAY);
  await service.tick();
  await service.drain();
  expect(await service.accepted()).toEqual([]);
  const [{ id } = { id: 0 }] = await ledger();
  const press = () => service.admin("POST", "/letters/send-again", { ids: [id] });
  await Promise.all([press(), press()]);
  await service.drain();
  expect((await service.accepted()).length).toBeGreaterThanOrEqual(1);
  const repeats = await service.rows<{ copy: number }>(
    "select copy from deliveries where copy > 0 order by copy",
  );
  expect(repeats.map(({ copy }) => copy)).toEqual(repeats.map((_, index) => index + 1));
  expect(await service.accepted()).toHaveLength(repeats.length);
});

test("sending a slot again that passed without its letter sends nothing: it is not the letter that failed", async () => {
  await planned(1);
  await service.arrangeFaults("refuse:validation_error");
  await service.drain();
  await service.rows(`insert into deliveries (kind, anchor, round, item, intended_item, recipient_id, rendition_id, slot_at, state,
      reason, planned_at) select kind, anchor, round, null, intended_item, recipient_id, rendition_id, 5, 'skipped', 'missed', 5
      from deliveries`);
  const [failed, passed] = await ledger();
  expect([failed?.state, passed?.state]).toEqual(["failed", "skipped"]);
  const again = (id: number | undefined) => service.admin("POST", "/letters/send-again", { ids: [id] });
  expect(await (await again(passed?.id)).json()).toMatchObject({ sent_again: [] });
  expect(await (await again(failed?.id)).json()).toMatchObject({ sent_again: [failed?.id] });
});

test("with a ceiling a day the rest is planned when there is room again, and nobody twice", async () => {
  service = startService({ ownGuard: true, vars: { LETTERS_PER_DAY: "150" } });
  await service.rows("delete from facts where name = 'guard'");
  await readers(400);
  service.moveTo(TUESDAY);
  expect(await service.tick()).toMatchObject({ planned: 150, ceilingReached: true });
  service.moveTo(TUESDAY + HOUR);
  expect(await service.tick()).toMatchObject({ planned: 0, ceilingReached: true });
  service.moveTo(TUESDAY + DAY + HOUR);
  expect(await service.tick()).toMatchObject({ planned: 150 });
  await service.drain();
  expect(await service.accepted()).toHaveLength(300);
  service.moveTo(TUESDAY + 2 * DAY + 2 * HOUR);
  const last = await service.tick();
  expect(last).toMatchObject({ planned: 0, passed: 100 });
  expect(await service.rows("select distinct reason from deliveries where state = 'skipped'")).toEqual([
    { reason: "missed" },
  ]);
});

test("too many refused letters stop a run by itself; the owner resumes it, and the rest goes out", async () => {
  service = startService({ ownGuard: true, vars: { STOP_AFTER_LETTERS: "50" } });
  await service.rows("delete from facts where name = 'guard'");
  await readers(300);
  await service.rows(
    "update subscribers set address = 'refuse' || id || '@themepost.dev' where cast(substr(address_key, 8) as integer) % 3 = 0",
  );
  service.moveTo(TUESDAY);
  await service.tick();
  await service.drain();
  expect(await service.accepted()).toHaveLength(67);
  const { data: runs } = (await (await service.admin("GET", "/runs")).json()) as {
    data: { id: number; stop_reason: string }[];
  };
  expect(runs).toMatchObject([{ stop_reason: "provider_failures" }]);
  const run = await (await service.admin("GET", `/runs/${runs[0]?.id}`)).json();
  expect(run).toMatchObject({
    account: { planned: 300, accepted: 67, failed: 33, waiting: 200, adds_up: true },
  });
  await service.rows(
    "update subscribers set address = 'good' || id || '@themepost.dev' where cast(substr(address_key, 8) as integer) % 3 = 0",
  );
  await service.admin("POST", `/runs/${runs[0]?.id}/resume`);
  await service.drain();
  expect(await service.accepted()).toHaveLength(267);
});

test("a message that the queue gave up on only raises an alert", async () => {
  await planned(1);
  const message = { body: { batchId: 1 }, ack: () => undefined, retry: () => expect.fail("retried") };
  await consumeDeadLetters(service.deps(), [message as unknown as Message<unknown>]);
  expect(await (await service.admin("GET", "/alerts")).json()).toMatchObject({
    data: [{ name: "queue.dead_letter" }],
  });
  expect(await states()).toEqual(["planned"]);
});

test("waiting is no failure: a batch that must wait goes back to the queue with its delay, without using up a retry", async () => {
  await planned(1);
  await service.arrangeFaults("error_500_before_accept");
  const [batchId] = service.queued.map(({ message }) => ("batchId" in message ? message.batchId : 0));
  service.queued.length = 0;
  let acknowledged = 0;
  const message = {
    body: { batchId },
    ack: () => (acknowledged += 1),
    retry: () => expect.fail("retried"),
  };
  await consumeQueue(service.deps(), "letters", [message as unknown as Message<unknown>]);
  expect(acknowledged).toBe(1);
  expect(service.queued).toEqual([{ lane: "letters", message: { batchId } }]);
});
