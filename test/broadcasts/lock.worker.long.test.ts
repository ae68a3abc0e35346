import { beforeEach, expect, test } from "vitest";
import type { BroadcastTime } from "../../src/domain/broadcasts/broadcast.ts";
import { runBroadcast } from "../../src/domain/broadcasts/step-broadcast.ts";
import { stopBroadcast, takeBack } from "../../src/domain/broadcasts/way-back.ts";
import { sendBatch } from "../../src/domain/sending/send-batch.ts";
import { localDate } from "../../src/platform/calendar/slot.ts";
import { openDb } from "../../src/platform/db/client.ts";
import { gatedD1 } from "../simulation/gated.ts";
import { type Fate, Invocation } from "../simulation/scheduler.ts";
import {
  draftBroadcast,
  LETTER,
  outcomeOf,
  schedule,
  theBroadcast,
  tickAt,
  work,
} from "../support/broadcast.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { type Service, START, sequenceOf, startService } from "../support/service.ts";

let service: Service;
const MINUTE = 60_000;
/** Each in a range of their own, and one range between them without anyone. */
const IDS = [1, 2, 3000, 9000];

beforeEach(async () => {
  service = startService({ ownGuard: true });
  await emptyTables(service);
  await service.publish(sequenceOf(2));
  for (const id of IDS)
    await service.rows(
      `insert into subscribers (id, address, address_key, address_hash, state, broadcasts, created_at, confirmed_at)
       values (?, 'p${id}@themepost.dev', 'p${id}@themepost.dev', 'h${id}', 'active', 1, 0, 0)`,
      id,
    );
});

/** A broadcast whose hold has just ended, and its lock as an invocation that stands at each operation on the database. */
async function lockOf(
  subject: string,
  time: BroadcastTime = { kind: "now" },
): Promise<{ readonly id: number; readonly lock: Invocation }> {
  const id = await draftBroadcast(service, { holdMinutes: 0, time, letter: { ...LETTER, subject } });
  await schedule(service, id);
  service.queued.length = 0;
  const lock = new Invocation("lock", service.clock.wall, async (own) => {
    await runBroadcast(
      { ...service.deps(), db: openDb(gatedD1(service.bindings.DB, own, () => undefined)) },
      id,
    );
  });
  await lock.standing();
  return { id, lock };
}

/** Lets the lock do so many operations; whether it has ended with them. */
async function goOn(lock: Invocation, operations: number): Promise<boolean> {
  for (let done = 0; done < operations && !lock.finished; done += 1) await lock.step("go");
  return lock.finished;
}

async function finish(lock: Invocation): Promise<void> {
  while (!lock.finished) await lock.step("go");
  expect(lock.failure).toBeNull();
}

/** What follows: the queue, and ticks. */
async function settle(): Promise<void> {
  await work(service);
  await tickAt(service, service.clock.now + 15 * MINUTE);
}

const got = async (subject: string) =>
  (await service.account()).accepted.filter((mail) => mail.subject === subject).map(({ to }) => `${to}`);

test.each(["crash_before", "crash_after", "fail_after"] as const)(
  "a lock that ends in a %s at any of its operations reaches everyone once all the same",
  async (fate: Fate) => {
    let operations = 0;
    for (let ended = false; !ended; operations += 1) {
      const subject = `Letter ${operations}`;
      const { id, lock } = await lockOf(subject);
      ended = await goOn(lock, operations);
      if (!ended) await lock.step(fate);
      while (!lock.finished) await lock.step("go");
      await settle();
      expect([operations, await outcomeOf(service, id)]).toEqual([operations, { accepted: IDS.length }]);
      const to = await got(subject);
      expect([to.length, new Set(to).size]).toEqual([IDS.length, IDS.length]);
      expect(await theBroadcast(service, id)).toMatchObject({ state: "done" });
    }
    // It stood often enough for this to mean something.
    expect(operations).toBeGreaterThan(8);
  },
  120_000,
);

test("taken back at any operation of its lock, it reached nobody, or it couldn't be taken back any more and reaches everyone", async () => {
  const ends = new Set<boolean>();
  for (let operations = 0, ended = false; !ended; operations += 1) {
    const subject = `Letter ${operations}`;
    const { id, lock } = await lockOf(subject);
    ended = await goOn(lock, operations);
    const taken = await takeBack(service.deps(), await theBroadcast(service, id));
    await finish(lock);
    await settle();
    const people = taken ? 0 : IDS.length;
    expect([operations, taken, (await got(subject)).length]).toEqual([operations, taken, people]);
    expect(await outcomeOf(service, id)).toEqual(taken ? {} : { accepted: people });
    ends.add(taken);
  }
  expect([...ends].sort()).toEqual([false, true]);
}, 120_000);

/** Its people wait for an hour of their own clocks. */
const LATER = { kind: "clock", date: localDate(START, "UTC", 1), hour: 1, passed: "today" } as const;

test.each([
  ["that leaves at once", { kind: "now" }],
  ["on readers' clocks", LATER],
] as const)(
  "a broadcast %s that's stopped at any operation of its lock has each person in one state, and nobody gets it afterwards",
  async (_, time) => {
    const reached = new Set<number>();
    for (let operations = 0, ended = false; !ended; operations += 1) {
      const subject = `Letter ${operations}`;
      const { id, lock } = await lockOf(subject, time);
      ended = await goOn(lock, operations);
      const stopped = await stopBroadcast(service.deps(), await theBroadcast(service, id));
      // The stop is over and done with before the lock goes on.
      await work(service);
      const before = (await got(subject)).length;
      await finish(lock);
      await settle();
      const after = (await got(subject)).length;
      const { accepted = 0, "skipped: stopped": not = 0, planned = 0 } = await outcomeOf(service, id);
      if (stopped) expect([operations, planned]).toEqual([operations, 0]);
      expect([operations, accepted, accepted + not <= IDS.length]).toEqual([operations, after, true]);
      if (stopped) {
        expect([operations, after]).toEqual([operations, before]);
        expect(await theBroadcast(service, id)).toMatchObject({
          state: "stopped",
          endedAt: expect.any(Number),
        });
        reached.add(not);
      }
    }
    // Stopped before, between and behind the ranges.
    expect(reached.size).toBeGreaterThan(2);
  },
  120_000,
);

test("stopped at any operation of a batch on its way, a call that hadn't begun doesn't begin", async () => {
  for (let operations = 0, ended = false; !ended; operations += 1) {
    const subject = `Letter ${operations}`;
    const { id, lock } = await lockOf(subject);
    await finish(lock);
    const [open] = await service.rows<{ id: number }>(
      "select min(id) as id from batches where state = 'planned'",
    );
    let begun = false;
    const sending = new Invocation("batch", service.clock.wall, async (own) => {
      const db = openDb(
        gatedD1(service.bindings.DB, own, (query) => {
          if (query.includes('insert into "attempts"')) begun = true;
        }),
      );
      await sendBatch({ ...service.deps(), db }, open?.id ?? 0, "letters");
    });
    await sending.standing();
    ended = await goOn(sending, operations);
    const mayLeave = begun || ended;
    await stopBroadcast(service.deps(), await theBroadcast(service, id));
    await finish(sending);
    await settle();
    const to = await got(subject);
    if (!mayLeave) expect([operations, to]).toEqual([operations, []]);
    expect((await outcomeOf(service, id)).accepted ?? 0).toBe(to.length);
  }
}, 120_000);
