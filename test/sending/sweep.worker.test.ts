import { beforeEach, expect, test } from "vitest";
import { consumeQueue } from "../../src/domain/sending/consume-queue.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { DAY, type Service, START, sequenceOf, startService } from "../support/service.ts";

let service: Service;

beforeEach(async () => {
  await emptyTables(startService());
  service = startService({ ownGuard: true });
  await service.publish(sequenceOf(1));
});

/** Open batches that no queue knows of, as an outage leaves them behind: letters first. */
async function leftBehind(letters: number, confirmations: number): Promise<void> {
  await service.rows(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?1 + ?2)
     insert into batches (lane, state, idempotency_key, enqueued_at)
     select case when i <= ?1 then 'letters' else 'confirmations' end, 'planned', 'left behind ' || i, ?3 + i from n`,
    letters,
    confirmations,
    START - DAY,
  );
}

/** What lies on the queues: how many batches of each lane, and what else. */
function onQueues() {
  const others = service.queued.filter(({ message }) => !("batchId" in message));
  const batches = service.queued.filter(({ message }) => "batchId" in message);
  const lanes = [...Map.groupBy(batches, ({ lane }) => lane)].map(([lane, own]) => [lane, own.length]);
  return { batches: Object.fromEntries(lanes), others: others.map(({ message }) => message) };
}

/** Takes the one message that continues a sweep, as the queue would when it has come to it. */
async function goOn(): Promise<void> {
  const place = service.queued.findIndex(({ message }) => "sweep" in message);
  const [taken] = service.queued.splice(place, 1);
  if (taken === undefined || place < 0) throw new Error("no sweep goes on");
  const message = { body: taken.message, ack() {}, retry() {} };
  await consumeQueue(service.deps(), taken.lane, [message as unknown as Message<unknown>]);
}

test("after an outage one tick brings back confirmations first, and letters as many as the rate takes until the next tick", async () => {
  await service.deps().guard.observe({ limitPerSecond: 1, holdMs: 0, why: "" }, service.clock.wall);
  await leftBehind(1200, 3);
  service.queued.length = 0;
  await service.tick();
  expect(service.queued[0]).toMatchObject({ lane: "confirmations" });
  expect(onQueues()).toEqual({
    batches: { confirmations: 3, letters: 500 },
    others: [{ sweep: "letters", left: 400 }],
  });
  await goOn();
  expect(onQueues()).toEqual({ batches: { confirmations: 3, letters: 900 }, others: [] });
  const ids = service.queued.map(({ message }) => ("batchId" in message ? message.batchId : 0));
  expect(new Set(ids).size).toBe(903);
  service.moveTo(service.clock.now + 15 * 60_000);
  service.queued.length = 0;
  await service.tick();
  // The rest, and what the queue has forgotten meanwhile.
  expect(onQueues()).toMatchObject({ batches: { letters: 500 }, others: [{ sweep: "letters", left: 400 }] });
});

test("letters of any number never keep a confirmation off its queue, and resuming brings all of them back", async () => {
  await leftBehind(1700, 2);
  const answer = await service.admin("POST", "/sending/resume");
  expect(await answer.json()).toMatchObject({ batches: 1702 });
  expect(onQueues()).toMatchObject({ batches: { confirmations: 2, letters: 500 } });
  for (let steps = 0; steps < 3; steps += 1) await goOn();
  expect(onQueues()).toEqual({ batches: { confirmations: 2, letters: 1700 }, others: [] });
});

test("while sending is stopped, a tick brings back no more than what it takes to hold letters whose time is over", async () => {
  await leftBehind(1200, 0);
  await service.admin("POST", "/sending/stop", { reason: "a test" });
  service.queued.length = 0;
  await service.tick();
  expect(onQueues()).toEqual({ batches: { letters: 500 }, others: [] });
});
