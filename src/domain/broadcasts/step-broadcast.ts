import { HOUR_MS } from "../../platform/calendar/durations.ts";
import { batch } from "../../platform/db/batch.ts";
import { growthOf, readMarks } from "../../platform/db/read-marks.ts";
import { databaseState } from "../../platform/guard/marks.ts";
import { raiseAlert } from "../../platform/log/queries.ts";
import { beginRunCount } from "../jobs/count-run.ts";
import { BATCH_SIZE } from "../ledger/batch-size.ts";
import { batchWaiting } from "../ledger/queries/plan-delivery.ts";
import { readProgress } from "../ledger/queries/run-counts.ts";
import { hasPlanned, planSkippedAgain, skipWaiting } from "../ledger/queries/run-letters.ts";
import { lettersLeft, openRun } from "../ledger/queries/runs.ts";
import { lastPersonId } from "../people/queries/find-people.ts";
import { askGuard } from "../restore/ask-guard.ts";
import { partEnd } from "../segments/queries/compile.ts";
import { whoIsIn } from "../segments/who-is-in.ts";
import type { Services } from "../services.ts";
import { readSite } from "../site/site.ts";
import { segmentIn } from "./audience.ts";
import { LATE_LOCK_MS, STOPPED } from "./broadcast.ts";
import { broadcast as kind } from "./broadcast-kind.ts";
import { noteDecision } from "./hold-broadcasts.ts";
import { COUNTED_AT_ONCE } from "./numbers.ts";
import {
  type Broadcast,
  changeBroadcast,
  endBroadcast,
  isSending,
  listDueBroadcasts,
  readBroadcast,
} from "./queries/broadcasts.ts";
import { type Locked, readAudience, writeLocked } from "./queries/lock.ts";
import { type Clock, slotFor } from "./when.ts";

/** So many people's ids are looked at in a step: a sign-up never waits long behind one. */
const STEP_IDS = 2500;
/** So many batches go on the queue in a step. */
const BATCHES_A_STEP = 25;
/** So many steps one message does; another goes on. */
const STEPS_A_MESSAGE = 10;
/** More than anyone has open. */
const A_TICK = 20;
/** How soon it's looked whether all of it has left, and for how long behind its lock. */
const LOOK_AGAIN_S = 10;
const LOOKED_AGAIN_MS = HOUR_MS;

/** Messages for the broadcasts that have something to do. */
export async function dueBroadcasts(deps: Pick<Services, "db" | "now">) {
  return (await listDueBroadcasts(deps.db, deps.now, A_TICK)).map((broadcast) => ({ broadcast }));
}

/** Goes on with a broadcast, some steps of it, and asks the queue to go on with the rest. Safe to repeat and to run at once: a step is taken once. */
export async function runBroadcast(deps: Services, id: number): Promise<void> {
  const marks = await readMarks(deps.db);
  const word = await askGuard(deps, databaseState(marks), (state) => deps.guard.check(state), null);
  // Nothing is locked that may not leave: taking it back stays possible for as long.
  if (word.permission.kind === "withheld") return;
  const growth = growthOf(marks);
  let hasLeft = false;
  for (let steps = 0; steps < STEPS_A_MESSAGE; steps += 1) {
    const broadcast = await readBroadcast(deps.db, id);
    const stepped = broadcast === null ? "waits" : await stepBroadcast(deps, broadcast, growth);
    hasLeft ||= stepped === "leaves";
    if (stepped === "leaves" || stepped === "more") continue;
    // What has just been given to the queue, or set going lately, soon has an end; else the ticks look for it.
    const soon = hasLeft || deps.now - (broadcast?.locksAt ?? 0) < LOOKED_AGAIN_MS;
    if (stepped === "under_way" && soon) await deps.enqueue(kind.lane, [{ broadcast: id }], LOOK_AGAIN_S);
    return;
  }
  await deps.enqueue(kind.lane, [{ broadcast: id }]);
}

/** What a step came to: there's more to do at once, also as some of it has been given to the queue; some of it isn't settled yet; or nothing is to be done now. */
type Stepped = "more" | "leaves" | "under_way" | "waits";

async function stepBroadcast(deps: Services, broadcast: Broadcast, growth: number): Promise<Stepped> {
  switch (broadcast.state) {
    case "draft":
    case "done":
    case "held":
      return "waits";
    case "scheduled":
      return beginLock(deps, broadcast);
    case "sending":
      return broadcast.cursor < broadcast.idMark
        ? lockSome(deps, broadcast, growth)
        : sendDue(deps, broadcast);
    case "stopped":
      return broadcast.endedAt === null ? skipRest(deps, broadcast) : "waits";
  }
}

/** From here on it can't be taken back, only stopped. One whose time was long ago is held. */
async function beginLock(deps: Services, broadcast: Broadcast): Promise<Stepped> {
  const { db, now, by } = deps;
  const { id, locksAt } = broadcast;
  if (locksAt === null || locksAt > now) return "waits";
  if (now - locksAt > LATE_LOCK_MS) {
    const held = { state: "held", reason: "late" } as const;
    await changeBroadcast(db, {
      seen: broadcast,
      become: held,
      verb: "hold_broadcast",
      changed: held,
      now,
      by,
    });
    await raiseAlert(db, { name: "broadcast.held", detail: `broadcast ${id}: late`, now });
    return "waits";
  }
  const runId = await openRun(db, { cause: "broadcast", causeId: id, at: now }, deps.wallNow());
  const idMark = await lastPersonId(db);
  const locked = { state: "sending", lockedAt: now, cursor: 0, idMark, runId } as const;
  const begun = await changeBroadcast(db, {
    ...{ seen: broadcast, become: locked, verb: "lock_broadcast", changed: { idMark }, now },
    by,
  });
  if (begun) await noteDecision(deps, broadcast, "locked");
  return begun ? "more" : "waits";
}

/** Locks the people of one range: each gets a delivery, with their own time. */
async function lockSome(deps: Services, broadcast: Broadcast, growth: number): Promise<Stepped> {
  const { db, now, config } = deps;
  const { id, runId, renditionId, cursor, time, lockedAt } = broadcast;
  if (runId === null || renditionId === null || time === null || lockedAt === null)
    throw new Error(`broadcast ${id} is being sent and lacks what that takes`);
  const segment = segmentIn(broadcast);
  const end = await partEnd(db, segment, { after: cursor, upTo: broadcast.idMark }, STEP_IDS);
  const site = await readSite(db, config.publicUrl);
  const asked = { now, timeZone: site.timeZone, kinds: deps.kinds };
  const isIn = await whoIsIn(db, segment, asked, { after: cursor, upTo: end });
  const found = await readAudience(db, isIn, { now, joinedAfter: broadcast.joinedAfter });
  const room = (await lettersLeft(db, config.limits, now)) ?? found.length;
  const people = found.slice(0, room);
  const last = people.at(-1);
  if (found.length > 0 && last === undefined) {
    await raiseAlert(db, {
      name: "plan.ceiling",
      detail: `${config.limits.lettersPerDay} letters in 24 hours`,
      now,
    });
    return "waits";
  }
  const upTo = last !== undefined && people.length < found.length ? last.id : end;
  const slots = people.map((person) => ({
    s: person.id,
    slotted: slotFor(time, broadcast.onThemeDays, clockOf(person, site.timeZone), lockedAt),
  }));
  const written = await writeLocked(
    db,
    { ...broadcast, runId, renditionId },
    { rows: intoRows(slots, deps), upTo, step: deps.random(), growth, now, wallNow: deps.wallNow() },
  );
  await deps.enqueue(
    kind.lane,
    (written ?? []).map(({ id: batchId }) => ({ batchId })),
  );
  return "leaves";
}

/** What a reader's clock is, and when they get themes, as far as is known. */
function clockOf({ zone, enrollments }: Person, usual: string): Clock {
  return {
    timeZone: zone ?? usual,
    themesAt: enrollments.flatMap(({ nextDueAt, lastSlotAt }) =>
      [nextDueAt, lastSlotAt].filter((at) => at !== null),
    ),
  };
}

type Person = Awaited<ReturnType<typeof readAudience>>[number];

/** People in batches of a hundred, where it's their time. */
function intoRows(
  slots: ReadonlyArray<{ readonly s: number; readonly slotted: ReturnType<typeof slotFor> }>,
  { now, random }: Pick<Services, "now" | "random">,
): Locked[] {
  let key = "";
  let place = -1;
  return slots.map(({ s, slotted: { kind: what, at } }) => {
    const isNow = what === "slot" && at <= now;
    if (!isNow) return { s, slot: at, key: null, place: 0, out: what === "left_out" ? 1 : 0 };
    place += 1;
    if (place % BATCH_SIZE === 0) key = random();
    return { s, slot: at, key, place: place % BATCH_SIZE, out: 0 };
  });
}

/** Puts what waits and is due into batches: on readers' clocks, or the rest behind a stop. Ended when nothing is left to send. */
async function sendDue(deps: Services, broadcast: Broadcast): Promise<Stepped> {
  const { db, now, random } = deps;
  const { id, runId, renditionId } = broadcast;
  if (runId === null || renditionId === null) throw new Error(`broadcast ${id} has no run`);
  const again = await planSkippedAgain(
    db,
    { runId, reason: STOPPED, renditionId, now, limit: STEP_IDS },
    isSending(broadcast),
  );
  const keys = Array.from({ length: BATCHES_A_STEP }, () => random());
  const made = await batchWaiting(db, { runId, lane: kind.lane, keys, now, wallNow: deps.wallNow() });
  await deps.enqueue(
    kind.lane,
    made.map(({ id: batchId }) => ({ batchId })),
  );
  if (made.length > 0) return "leaves";
  return again.meta.changes > 0 ? "more" : endOrWait(deps, broadcast, runId);
}

/** After a stop: what waits for its slot won't leave. What is in batches is skipped by who would have sent it. */
async function skipRest(deps: Services, broadcast: Broadcast): Promise<Stepped> {
  const { db, now } = deps;
  const { runId } = broadcast;
  if (runId === null) return "waits";
  const skipped = await skipWaiting(db, { runId, reason: STOPPED, now, limit: STEP_IDS });
  if (skipped.meta.changes > 0) return "more";
  return endOrWait(deps, broadcast, runId);
}

/** Ends a broadcast of which nothing is left to send. */
async function endOrWait(deps: Services, broadcast: Broadcast, runId: number): Promise<Stepped> {
  const { db, now } = deps;
  if (await hasPlanned(db, runId)) return "under_way";
  await batch(db, { ended: endBroadcast(db, broadcast, now) });
  if ((await readProgress(db, runId)).planned > COUNTED_AT_ONCE) await beginRunCount(deps, runId);
  return "waits";
}
