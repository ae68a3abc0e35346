import { MINUTE_MS } from "../../platform/calendar/durations.ts";
import { giveFailedBack } from "../ledger/queries/run-letters.ts";
import { resumeRunOf, stopRunOf } from "../ledger/queries/runs.ts";
import type { LetterFault } from "../letters/letter-rules.ts";
import { renditionOf, storeAll } from "../letters/queries/publication.ts";
import { lastPersonId } from "../people/queries/find-people.ts";
import type { Services } from "../services.ts";
import type { Site } from "../site/site.ts";
import { HELD_RUN, STOPPED, STOPPED_RUN } from "./broadcast.ts";
import { broadcast as kind } from "./broadcast-kind.ts";
import { noteDecision } from "./hold-broadcasts.ts";
import { type Broadcast, changeBroadcast } from "./queries/broadcasts.ts";
import { renderBroadcast, wakeAt } from "./schedule-broadcast.ts";

/** Takes a scheduled broadcast back to a draft: it reached nobody. False where it isn't scheduled as it was seen: of taking back and locking one wins. */
export async function takeBack(deps: Services, broadcast: Broadcast): Promise<boolean> {
  if (broadcast.state !== "scheduled" && !isHeldUnlocked(broadcast)) return false;
  const { db, now, by } = deps;
  const taken = await changeBroadcast(db, {
    seen: broadcast,
    become: { state: "draft", locksAt: null, renditionId: null, reason: null },
    ...{ verb: "take_back_broadcast", now, by },
  });
  if (taken) await noteDecision(deps, broadcast, "taken_back");
  return taken;
}

const isHeldUnlocked = ({ state, lockedAt }: Broadcast) => state === "held" && lockedAt === null;

/**
 * Stops a broadcast that's leaving, or is held on its way: no call begins any more that holds any of it. Who is in a call at this moment may get it. False where it
 * isn't leaving as it was seen.
 */
export async function stopBroadcast(deps: Services, broadcast: Broadcast): Promise<boolean> {
  const { db, now, by } = deps;
  const { id, runId, state } = broadcast;
  if (runId === null || (state !== "sending" && state !== "held")) return false;
  const stopped = await changeBroadcast(
    db,
    {
      seen: broadcast,
      become: { state: "stopped", reason: null, endedAt: null, locksAt: now },
      ...{ verb: "stop_broadcast", now, by },
    },
    { also: (done) => ({ run: stopRunOf(db, { runId, reason: STOPPED_RUN, now }, done) }) },
  );
  if (stopped) {
    await noteDecision(deps, broadcast, "stopped");
    await deps.enqueue(kind.lane, [{ broadcast: id }]);
  }
  return stopped;
}

/** What going on came to. */
export type WentOn =
  | { readonly kind: "goes_on" }
  | { readonly kind: "faulty"; readonly faults: readonly LetterFault[] }
  | { readonly kind: "stale" };

/**
 * Sends a stopped broadcast to the rest, as it's written now: those who have it don't get it again, because a person's key stays. Of one that's done,
 * the rest are those to whom it failed without having left. `stale` also while it's still being stopped.
 */
export async function sendToRest(
  deps: Services & { readonly site: Site },
  broadcast: Broadcast,
): Promise<WentOn> {
  const { db, now, by } = deps;
  const { id, runId, state, endedAt } = broadcast;
  if (runId === null || endedAt === null || (state !== "stopped" && state !== "done"))
    return { kind: "stale" };
  const { letter, faults } = await renderBroadcast(deps, broadcast);
  if (letter === null) return { kind: "faulty", faults };
  const goesOn = await changeBroadcast(
    db,
    {
      seen: broadcast,
      become: {
        ...{ state: "sending", endedAt: null, subject: letter.subject, renditionId: renditionOf(letter) },
        ...{ locksAt: now, step: deps.random() },
      },
      ...{ verb: "send_to_rest", now, by },
    },
    {
      first: storeAll([letter], now),
      also: (done) => ({
        run: resumeRunOf(db, runId, STOPPED_RUN, done),
        failed: giveFailedBack(db, runId, STOPPED, done),
      }),
    },
  );
  if (!goesOn) return { kind: "stale" };
  await deps.enqueue(kind.lane, [{ broadcast: id }]);
  return { kind: "goes_on" };
}

/** Sends a broadcast that's done to those who joined since it was locked and are of its audience. */
export async function sendToJoined(deps: Services, broadcast: Broadcast): Promise<boolean> {
  const { db, now, by } = deps;
  const { id, state, lockedAt } = broadcast;
  if (state !== "done" || lockedAt === null) return false;
  const begun = await changeBroadcast(db, {
    seen: broadcast,
    become: {
      ...{ state: "sending", endedAt: null, cursor: 0, idMark: await lastPersonId(db) },
      ...{ joinedAfter: lockedAt, lockedAt: now, locksAt: now, step: deps.random() },
    },
    ...{ verb: "send_to_joined", now, by },
  });
  if (begun) await deps.enqueue(kind.lane, [{ broadcast: id }]);
  return begun;
}

/** Sets a held broadcast going: after another hold where nobody has it yet, else at once. */
export async function goOn(deps: Services, broadcast: Broadcast): Promise<boolean> {
  const { db, now, by } = deps;
  const { id, state, lockedAt, runId, holdMinutes } = broadcast;
  if (state !== "held") return false;
  const locksAt = now + (lockedAt === null ? holdMinutes * MINUTE_MS : 0);
  const become =
    lockedAt === null ? ({ state: "scheduled", locksAt } as const) : ({ state: "sending", locksAt } as const);
  const goes = await changeBroadcast(
    db,
    {
      seen: broadcast,
      become: { ...become, reason: null },
      verb: "schedule_broadcast",
      changed: { locks_at: locksAt },
      now,
      by,
    },
    { also: (done) => (runId === null ? {} : { run: resumeRunOf(db, runId, HELD_RUN, done) }) },
  );
  if (goes) await wakeAt(deps, id, locksAt);
  return goes;
}
