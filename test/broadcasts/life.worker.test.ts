import { beforeEach, expect, test } from "vitest";
import { runBroadcast } from "../../src/domain/broadcasts/step-broadcast.ts";
import {
  goOn,
  sendToJoined,
  sendToRest,
  stopBroadcast,
  takeBack,
} from "../../src/domain/broadcasts/way-back.ts";
import { saveWritten } from "../../src/domain/broadcasts/written.ts";
import { reArm } from "../../src/domain/sending/re-arm.ts";
import { sendBatch } from "../../src/domain/sending/send-batch.ts";
import { restoreSnapshot, takeSnapshot } from "../simulation/snapshot.ts";
import {
  broadcastDeps,
  draftBroadcast,
  LETTER,
  outcomeOf,
  schedule,
  theBroadcast,
  tickAt,
  work,
} from "../support/broadcast.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { enroll } from "../support/enroll.ts";
import { DAY, HOUR, linkIn, type Service, START, sequenceOf, startService } from "../support/service.ts";

let service: Service;
const MINUTE = 60_000;

beforeEach(async () => {
  service = startService({ ownGuard: true });
  await emptyTables(service);
  await service.publish(sequenceOf(2));
});

/** So many readers who agreed to broadcasts, and whose themes come much later. */
async function readers(count: number): Promise<void> {
  await enroll(service, count, START + 30 * DAY);
  await service.rows("update subscribers set broadcasts = 1");
}
const got = async () =>
  (await service.account()).accepted.flatMap(({ to, subject }) =>
    subject === LETTER.subject || subject.startsWith("Corrected") ? [`${to}`] : [],
  );

test("a broadcast waits out its hold, in which nothing of it exists, and then everyone who agreed has it once", async () => {
  await readers(250);
  await service.rows("update subscribers set broadcasts = 0 where id % 10 = 0");
  const id = await draftBroadcast(service);
  expect(await schedule(service, id)).toEqual({ kind: "scheduled", locksAt: START + 10 * MINUTE });
  await tickAt(service, START + 9 * MINUTE);
  expect([await outcomeOf(service, id), await got()]).toEqual([{}, []]);
  await tickAt(service, START + 10 * MINUTE);
  expect(await outcomeOf(service, id)).toEqual({ accepted: 225 });
  const to = await got();
  expect([to.length, new Set(to).size]).toEqual([225, 225]);
  expect(await theBroadcast(service, id)).toMatchObject({ state: "done", lockedAt: START + 10 * MINUTE });
  await tickAt(service, START + HOUR);
  expect(await got()).toHaveLength(225);
});

test("taken back in its hold it reached nobody, whoever else decides at that moment", async () => {
  await readers(3);
  const id = await draftBroadcast(service);
  await schedule(service, id);
  const seen = await theBroadcast(service, id);
  const two = await Promise.all([takeBack(service.deps(), seen), takeBack(service.deps(), seen)]);
  expect(two.sort()).toEqual([false, true]);
  await tickAt(service, START + HOUR);
  expect([await outcomeOf(service, id), await got()]).toEqual([{}, []]);
  expect(await theBroadcast(service, id)).toMatchObject({ state: "draft", locksAt: null });
  expect(await service.rows(`select verb from acts where object = 'broadcast:${id}' order by id`)).toEqual(
    ["begin_broadcast", "change_broadcast", "schedule_broadcast", "take_back_broadcast"].map((verb) => ({
      verb,
    })),
  );
  // Of taking back and locking one wins.
  await schedule(service, id);
  service.moveTo(START + 2 * HOUR);
  const again = await theBroadcast(service, id);
  const [, taken] = await Promise.all([runBroadcast(service.deps(), id), takeBack(service.deps(), again)]);
  await work(service);
  await tickAt(service, START + 3 * HOUR);
  expect([taken, (await got()).length]).toEqual(taken ? [true, 0] : [false, 3]);
});

test("stopped while it leaves, nobody else gets it, the numbers are exact, and a correction goes to the rest alone", async () => {
  await readers(350);
  const id = await draftBroadcast(service);
  await schedule(service, id);
  service.moveTo(START + 11 * MINUTE);
  await runBroadcast(service.deps(), id);
  const [first] = await service.rows<{ id: number }>(
    "select min(id) as id from batches where lane = 'letters'",
  );
  await sendBatch(service.deps(), first?.id ?? 0, "letters");
  expect(await outcomeOf(service, id)).toEqual({ accepted: 100, planned: 250 });
  const seen = await theBroadcast(service, id);
  expect(await stopBroadcast(service.deps(), seen)).toBe(true);
  expect(await stopBroadcast(service.deps(), seen)).toBe(false);
  await work(service);
  await tickAt(service, START + 15 * MINUTE);
  expect(await outcomeOf(service, id)).toEqual({ accepted: 100, "skipped: stopped": 250 });
  const stopped = await theBroadcast(service, id);
  expect(stopped).toMatchObject({ state: "stopped", endedAt: expect.any(Number) });
  const [save] = await service.rows<{ id: number }>("select max(id) as id from drafts where kind = 'letter'");
  await saveWritten(service.deps(), { id }, { ...LETTER, subject: "Corrected: a letter" }, save?.id ?? 0);
  expect(await sendToRest(await broadcastDeps(service), stopped)).toEqual({ kind: "goes_on" });
  await work(service);
  await tickAt(service, START + 30 * MINUTE);
  expect(await outcomeOf(service, id)).toEqual({ accepted: 350 });
  const { accepted } = await service.account();
  const letters = accepted.filter(({ subject }) => subject.includes("etter"));
  expect(new Set(letters.map(({ to }) => `${to}`)).size).toBe(350);
  expect(letters.filter(({ subject }) => subject.startsWith("Corrected"))).toHaveLength(250);
  expect(await theBroadcast(service, id)).toMatchObject({ state: "done" });
});

test("who leaves, is erased or suppressed between the lock and their call gets nothing of it, and the numbers say why", async () => {
  await readers(4);
  const id = await draftBroadcast(service);
  await schedule(service, id);
  service.moveTo(START + 11 * MINUTE);
  await runBroadcast(service.deps(), id);
  const raised = "standing = standing + 1 where address like";
  await service.rows(`update subscribers set broadcasts = 0, ${raised} 'reader-1@%'`);
  await service.rows(`update subscribers set state = 'unsubscribed', ${raised} 'reader-2@%'`);
  await service.rows("insert into suppressions (address_hash, reason, at) values ('hash-3', 'complaint', 1)");
  await work(service);
  await tickAt(service, START + 15 * MINUTE);
  expect(await outcomeOf(service, id)).toEqual({
    accepted: 1,
    "skipped: left_broadcasts": 1,
    "skipped: suppressed": 1,
    "skipped: unsubscribed": 1,
  });
  expect(await got()).toEqual(["reader-4@themepost.dev"]);
});

test("its unsubscribe link and one-click stop broadcasts and nothing else; the page says what still comes", async () => {
  await readers(1);
  const id = await draftBroadcast(service);
  await schedule(service, id);
  await tickAt(service, START + 10 * MINUTE);
  const [letter] = (await service.account()).accepted.filter(({ subject }) => subject === LETTER.subject);
  const leave = linkIn(letter, "unsubscribe");
  expect(await (await service.request(leave)).text()).toContain("Stop the letters in between to");
  const one = await service.form(leave, { "List-Unsubscribe": "One-Click" });
  expect(one.status).toBe(200);
  expect(await service.rows("select state, broadcasts from subscribers")).toEqual([
    { state: "active", broadcasts: 0 },
  ]);
  expect(await service.rows("select state from enrollments")).toEqual([{ state: "active" }]);
  const page = await (await service.request(leave)).text();
  expect(page).toContain("We won’t send any more letters in between to");
  expect(page).toContain("You still get:");
  expect(letter?.headers["List-Id"] ?? "").toContain("broadcasts");
});

test("one that should have left two days ago is held, and leaves only when an owner says so", async () => {
  await readers(2);
  const id = await draftBroadcast(service);
  await schedule(service, id);
  await tickAt(service, START + 3 * DAY);
  expect(await theBroadcast(service, id)).toMatchObject({ state: "held", reason: "late" });
  expect(await got()).toEqual([]);
  expect(await goOn(service.deps(), await theBroadcast(service, id))).toBe(true);
  await tickAt(service, START + 3 * DAY + HOUR);
  expect(await got()).toHaveLength(2);
});

test("after a restore each broadcast is held, and it's known what was decided about it in the time that was lost", async () => {
  await readers(2);
  const [taken, left, waits, draft] = [
    await draftBroadcast(service),
    await draftBroadcast(service),
    await draftBroadcast(service),
    await draftBroadcast(service, { holdMinutes: 0 }),
  ];
  for (const id of [taken, left, waits]) await schedule(service, id);
  await tickAt(service, START + MINUTE);
  const backup = await takeSnapshot(service.bindings.DB);
  await takeBack(service.deps(), await theBroadcast(service, taken));
  await service.rows("update broadcasts set locks_at = locks_at + 3600000 where id = ?", waits);
  await schedule(service, draft);
  await tickAt(service, START + 20 * MINUTE);
  await restoreSnapshot(service.bindings.DB, backup);
  await tickAt(service, START + 21 * MINUTE);
  for (let times = 0; times < 2; times += 1) await reArm(service.deps());
  const told = [];
  for (const id of [taken, left, waits, draft]) {
    const { state, reason } = await theBroadcast(service, id);
    told.push([state, reason]);
  }
  expect(told).toEqual([
    ["held", "restored_taken_back"],
    ["held", "restored_locked"],
    ["held", "restored"],
    ["draft", "restored_locked"],
  ]);
});

test("messages that come twice and at once lock everyone once", async () => {
  await readers(300);
  const id = await draftBroadcast(service);
  await schedule(service, id);
  service.moveTo(START + 11 * MINUTE);
  await Promise.all([1, 2, 3].map(() => runBroadcast(service.deps(), id)));
  await work(service);
  await tickAt(service, START + 30 * MINUTE);
  expect(await outcomeOf(service, id)).toEqual({ accepted: 300 });
  expect(new Set(await got()).size).toBe(300);
});

test("on readers' clocks each gets it at that hour of theirs, and not on the day of a theme", async () => {
  await readers(4);
  const zones = ["Asia/Tokyo", "Europe/Berlin", "America/New_York", "Europe/Berlin"];
  for (const [place, zone] of zones.entries())
    await service.rows(
      `update enrollments set time_zone = ? where id = (select min(id) from enrollments) + ${place}`,
      zone,
    );
  // The last one gets a theme on that Wednesday.
  await service.rows(
    "update enrollments set next_due_at = ? where id = (select max(id) from enrollments)",
    Date.UTC(2026, 10, 25, 8),
  );
  const time = { kind: "clock", date: "2026-11-25", hour: 18, passed: "tomorrow" } as const;
  const id = await draftBroadcast(service, { time, onThemeDays: "move" });
  await schedule(service, id);
  for (let at = START + HOUR; at <= START + 5 * DAY; at += HOUR) await tickAt(service, at);
  expect(
    await service.rows("select slot_at, state from deliveries where kind = 'broadcast' order by anchor"),
  ).toEqual(
    [
      Date.UTC(2026, 10, 25, 9),
      Date.UTC(2026, 10, 25, 17),
      Date.UTC(2026, 10, 25, 23),
      Date.UTC(2026, 10, 26, 17),
    ].map((slot_at) => ({ slot_at, state: "accepted" })),
  );
  expect(await theBroadcast(service, id)).toMatchObject({ state: "done" });
});

test("who joined since gets it by one button, and nobody else", async () => {
  await readers(2);
  const id = await draftBroadcast(service);
  await schedule(service, id);
  await tickAt(service, START + 10 * MINUTE);
  expect(await got()).toHaveLength(2);
  await service.rows(
    `insert into subscribers (address, address_key, address_hash, state, broadcasts, created_at, confirmed_at)
     values ('new@themepost.dev', 'new@themepost.dev', 'hash-new', 'active', 1, ?, ?)`,
    START + HOUR,
    START + HOUR,
  );
  service.moveTo(START + 2 * HOUR);
  expect(await sendToJoined(service.deps(), await theBroadcast(service, id))).toBe(true);
  await work(service);
  await tickAt(service, START + 3 * HOUR);
  expect((await got()).sort()).toEqual([
    "new@themepost.dev",
    "reader-1@themepost.dev",
    "reader-2@themepost.dev",
  ]);
});

test("under a ceiling smaller than its audience a broadcast goes as far as there's room, and on when there's room again", async () => {
  service = startService({ ownGuard: true, vars: { LETTERS_PER_DAY: "150" } });
  await emptyTables(service);
  await service.publish(sequenceOf(2));
  await readers(200);
  const id = await draftBroadcast(service);
  await schedule(service, id);
  await tickAt(service, START + 10 * MINUTE);
  expect(await outcomeOf(service, id)).toEqual({ accepted: 150 });
  expect(await service.rows("select name from alerts where name = 'plan.ceiling'")).toHaveLength(1);
  await tickAt(service, START + HOUR);
  expect(await outcomeOf(service, id)).toEqual({ accepted: 150 });
  await tickAt(service, START + 2 * DAY);
  expect(await outcomeOf(service, id)).toEqual({ accepted: 200 });
  expect(new Set(await got()).size).toBe(200);
});
