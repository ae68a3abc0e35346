import { getPlatformProxy } from "wrangler";
import { byItself } from "../../src/domain/acts/act.ts";
import { meantBy } from "../../src/domain/broadcasts/audience.ts";
import type { BroadcastTime } from "../../src/domain/broadcasts/broadcast.ts";
import {
  changeBroadcast,
  makeBroadcast,
  readBroadcast,
} from "../../src/domain/broadcasts/queries/broadcasts.ts";
import { runBroadcast } from "../../src/domain/broadcasts/step-broadcast.ts";
import { beginAudienceCount, readAudience } from "../../src/domain/jobs/count-audience.ts";
import { runJob } from "../../src/domain/jobs/run-job.ts";
import { KINDS } from "../../src/domain/kinds.ts";
import { listOpenBatches } from "../../src/domain/ledger/queries/sweep.ts";
import type { Segment } from "../../src/domain/segments/segment.ts";
import { consumeQueue } from "../../src/domain/sending/consume-queue.ts";
import type { Services } from "../../src/domain/services.ts";
import { openDb } from "../../src/platform/db/client.ts";
import { resendProvider } from "../../src/platform/providers/resend.ts";
import { startResendEmulator } from "../../test/support/resend-emulator/server.ts";
import type { Measured } from "./measured.ts";
import { metered } from "./metered.ts";
import { countingGuard, makeSequence, migrate, testConfig } from "./rows-set-up.ts";
import { seed } from "./weekly-run.ts";

const READERS = 2500;
/** As many as a large installation has; BENCH_READERS says otherwise. */
const MANY = Number(process.env.BENCH_READERS ?? 1_000_000);
const IN_ZONES = 100_000;
const ZONES = [
  ...["Pacific/Honolulu", "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York"],
  ...["America/Sao_Paulo", "Europe/London", "Europe/Berlin", "Europe/Athens", "Asia/Dubai", "Asia/Kolkata"],
  ...["Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland"],
];
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 24, 8);
const OF_THREE: Segment = {
  all: [
    { field: "language", any_of: ["en"] },
    { field: "sequence", sequence: "bench", any_of: ["active"] },
    { field: "joined_within", days: 3650, not: true },
  ],
};

/** What a broadcast costs: rows and statements as D1 counts them, and what a lock and a forecast take among a million readers. */
export async function broadcast(): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  for (const [name, time] of [
    ["at once", { kind: "now" }],
    ["on readers' clocks", { kind: "clock", date: "2026-11-25", hour: 20, passed: "today" }],
  ] as const) {
    await withReaders(READERS, async ({ deps, meter, lock }) => {
      const id = await lock(time, { all: [] });
      const later = NOW + 2 * DAY_MS;
      if (time.kind === "clock") await runBroadcast(deps(later), id);
      const open = await listOpenBatches(deps(NOW).db);
      const locked = meter.written;
      const before = meter.statements;
      await consumeQueue(
        deps(later),
        "letters",
        open.map(({ id: batchId }) => ({ body: { batchId }, ack() {}, retry() {} }) as unknown as Message),
      );
      const statements = (meter.statements - before) / open.length;
      const budget = time.kind === "now" ? "≤ 7" : "–";
      measured.push(
        {
          what: `D1 rows written per letter ${name}, up to accepted`,
          value: round(meter.written / READERS),
          budget,
        },
        { what: "… of them by the lock", value: round(locked / READERS), budget: "–" },
        { what: "… D1 statements per batch of 100", value: round(statements), budget: "≤ 6" },
      );
    });
  }
  await withReaders(MANY, async ({ deps, meter, lock, jobs }) => {
    const { db } = deps(NOW);
    const asked = { now: NOW, timeZone: "Europe/Berlin", kinds: KINDS };
    const draft = await made(deps(NOW), { kind: "now" }, OF_THREE);
    const found = await readBroadcast(db, draft);
    if (found === null) throw new Error("no broadcast was made");
    Object.assign(meter, { read: 0, written: 0, statements: 0, roundTrips: 0 });
    const begin = performance.now();
    await readAudience({ db }, meantBy(found), asked);
    measured.push(
      { what: `a look at three conditions among ${MANY} readers, ms`, value: since(begin), budget: "–" },
      { what: "… D1 rows read", value: meter.read, budget: "–" },
    );
    const counting = performance.now();
    await beginAudienceCount(deps(NOW), meantBy(found));
    while (jobs.length > 0) await runJob(deps(NOW), jobs.shift() ?? 0);
    const { people, atLeast } = await readAudience({ db }, meantBy(found), asked);
    measured.push(
      { what: "counting them all, seconds", value: round(since(counting) / 1000), budget: "–" },
      { what: `… people${atLeast ? ", at least" : ""}`, value: people, budget: "–" },
    );
    const locking = performance.now();
    await lock({ kind: "now" }, OF_THREE);
    measured.push({ what: "its lock, seconds", value: round(since(locking) / 1000), budget: "–" });
  });
  measured.push(...(await overZones()));
  return measured;
}

/** Everyone's own clock, in fourteen zones: each gets it in the hour that's theirs, once. */
async function overZones(): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  await withReaders(IN_ZONES, async ({ deps, lock }) => {
    const { db } = deps(NOW);
    const zones = ZONES.map((zone, place) => `when ${place} then '${zone}'`).join(" ");
    await db.$client
      .prepare(`update enrollments set time_zone = case id % ${ZONES.length} ${zones} end`)
      .run();
    const begin = performance.now();
    const time = { kind: "clock", date: "2026-11-26", hour: 20, passed: "today" } as const;
    const id = await lock(time, { all: [] });
    // Some zones are half an hour beside the others.
    for (let half = 0; half < 2 * 96; half += 1) {
      const at = NOW + (half * HOUR_MS) / 2;
      for (let sent = -1; sent !== 0; ) {
        await runBroadcast(deps(at), id);
        sent = await sendOpen(deps(at));
      }
    }
    const count = async (condition: string) =>
      (
        await db.$client
          .prepare(`select count(*) as n from deliveries where ${condition}`)
          .first<{ n: number }>()
      )?.n;
    measured.push(
      {
        what: `${IN_ZONES} readers in ${ZONES.length} zones: accepted in the hour that's theirs`,
        value: (await count("state = 'accepted' and settled_at = slot_at")) ?? 0,
        budget: String(IN_ZONES),
      },
      {
        what: "… at any other time, or not at all",
        value: (await count("state <> 'accepted' or settled_at <> slot_at")) ?? 0,
        budget: "0",
      },
      { what: "… seconds", value: round(since(begin) / 1000), budget: "–" },
    );
  });
  return measured;
}

/** Sends what's in batches, and returns how many. */
async function sendOpen(deps: Services): Promise<number> {
  let sent = 0;
  for (let open = await listOpenBatches(deps.db); open.length > 0; open = await listOpenBatches(deps.db)) {
    const messages = open.map(({ id: batchId }) => ({ body: { batchId }, ack() {}, retry() {} }));
    await consumeQueue(deps, "letters", messages as unknown as Message[]);
    sent += open.length;
  }
  return sent;
}

type Meter = { read: number; written: number; statements: number; roundTrips: number; guardCalls: number };
type Bench = {
  readonly deps: (now: number) => Services;
  readonly meter: Meter;
  /** Jobs that wait on the queue. */
  readonly jobs: number[];
  /** Makes a broadcast, schedules it without a hold, and locks it whole. Counts from its lock on. */
  readonly lock: (time: BroadcastTime, audience: Segment) => Promise<number>;
};

async function withReaders(count: number, run: (bench: Bench) => Promise<void>): Promise<void> {
  const proxy = await getPlatformProxy<{ DB: D1Database }>({ persist: false });
  const emulator = await startResendEmulator({ lean: true });
  try {
    const meter = { read: 0, written: 0, statements: 0, roundTrips: 0, guardCalls: 0 };
    const db = openDb(metered(proxy.env.DB, meter));
    await migrate(proxy.env.DB);
    await makeSequence(proxy.env.DB, 10);
    for (const statement of seed(count, NOW + 30 * DAY_MS).split(";\n"))
      await proxy.env.DB.prepare(statement).run();
    await proxy.env.DB.prepare("update subscribers set broadcasts = 1").run();
    const config = testConfig(emulator.url);
    const random = () => crypto.randomUUID().replaceAll("-", "");
    const messages: number[] = [];
    const jobs: number[] = [];
    const deps = (now: number): Services => ({
      ...{
        db,
        config,
        kinds: KINDS,
        bucket: null,
        random,
        now,
        wallNow: () => now,
        guard: countingGuard(meter),
      },
      provider: resendProvider({ apiKey: "rows", baseUrl: emulator.url }),
      enqueue: async (_, some) => {
        for (const message of some) {
          if ("broadcast" in message) messages.push(message.broadcast);
          if ("job" in message) jobs.push(message.job);
        }
      },
      wait: async () => undefined,
      by: byItself(random),
    });
    const lock = async (time: BroadcastTime, audience: Segment) => {
      const id = await made(deps(NOW), time, audience);
      const seen = await readBroadcast(db, id);
      if (seen === null) throw new Error("no broadcast was made");
      const become = { state: "scheduled", locksAt: NOW, renditionId: 1, subject: "s" } as const;
      const { by } = deps(NOW);
      await changeBroadcast(db, { seen, become, verb: "schedule_broadcast", now: NOW, by });
      Object.assign(meter, { read: 0, written: 0, statements: 0, roundTrips: 0, guardCalls: 0 });
      messages.push(id);
      while (messages.length > 0) {
        messages.length = 0;
        await runBroadcast(deps(NOW), id);
        const now = await readBroadcast(db, id);
        if (now !== null && now.state === "sending" && now.cursor >= now.idMark) break;
      }
      return id;
    };
    await run({ deps, meter, lock, jobs });
  } finally {
    await proxy.dispose();
    emulator.close();
  }
}

function made({ db, now, by }: Services, time: BroadcastTime, audience: Segment): Promise<number> {
  const plain = { language: "en", fromName: "", onThemeDays: "move", holdMinutes: 0, from: null } as const;
  return makeBroadcast(db, { ...plain, audience, segmentId: null, isPublic: false, time, now, by });
}

function since(begin: number): number {
  return Math.round(performance.now() - begin);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
