import { batch } from "../../platform/db/batch.ts";
import { logEvent } from "../../platform/log/log-event.ts";
import { clearAlert, isRaised } from "../../platform/log/queries.ts";
import { copyGuardActs, tellLater } from "../acts/guard-acts.ts";
import { keptFields } from "../acts/kept-fields.ts";
import { recordAct, recordIntent } from "../acts/queries/acts.ts";
import { BATCH_SIZE } from "../ledger/batch-size.ts";
import { planCopies, readAgainOfRun, readCopies } from "../ledger/queries/copies.ts";
import {
  type Chosen,
  giveUp,
  type OfRun,
  readHeld,
  readUndecided,
  releaseHeld,
} from "../ledger/queries/letters.ts";
import { endWaiting, lanesWaiting } from "../ledger/queries/sweep.ts";
import type { Services } from "../services.ts";
import { enqueueBatches, intoBatches } from "./into-batches.ts";
import { LANES, sweepLane } from "./sweep.ts";

/**
 * Releases held letters, by id or of a whole run: they go out at once, as far as their readers may still be mailed. Held
 * letters have certainly not been sent, so a new key is safe. Returns how many; at most 500 a call.
 */
export async function releaseLetters(deps: Services, which: Chosen): Promise<number> {
  const held = await readHeld(deps.db, which);
  if (held.length === 0) return 0;
  const when = { now: deps.now, wallNow: deps.wallNow(), by: deps.by };
  await enqueueBatches(deps, await releaseHeld(deps.db, { ...when, ...intoBatches(deps, held) }));
  return held.length;
}

/**
 * Sends letters again that failed or stayed uncertain, because the owner says so: the one way in which a letter may reach
 * someone twice. By id, or those of a run that ended for one reason. Returns the letters that are sent again; at most 100 a call.
 */
export async function sendAgain(
  deps: Services,
  which: readonly number[] | OfRun,
): Promise<readonly number[]> {
  const ids = "runId" in which ? await readAgainOfRun(deps.db, which, BATCH_SIZE) : which;
  const known = await readCopies(deps.db, ids.slice(0, BATCH_SIZE));
  const when = { now: deps.now, wallNow: deps.wallNow(), by: deps.by };
  const { ids: planned, batches } = await planCopies(deps.db, intoBatches(deps, known), when);
  await enqueueBatches(deps, batches);
  return planned;
}

/**
 * Ends letters that are held or uncertain, by id, or those of a run with one reason; at most 500 a call. Returns the ids that were ended.
 */
export async function giveUpLetters(deps: Services, which: readonly number[] | OfRun): Promise<number[]> {
  const ids = "runId" in which ? await readUndecided(deps.db, which) : which;
  return giveUp(deps.db, deps.kinds, ids, deps);
}

/**
 * Puts what a switch kept back on the queue again, without waiting for the next tick. Returns how many batches; what waits on a lane
 * without one counts as one.
 */
export async function wakeBatches(deps: Services): Promise<number> {
  let open = 0;
  for (const lane of LANES) {
    const ended = await endWaiting(deps.db, lane, deps.wallNow());
    if (ended > 0) await sweepLane(deps, lane, ended);
    open += ended;
  }
  const waiting = await lanesWaiting(deps.db, deps.kinds, deps.now);
  for (const lane of waiting) await deps.enqueue(lane, [{ gather: lane }]);
  return open + waiting.length;
}

/**
 * The kill switch: nothing leaves any more, and the first reason stays. It works while the database is away or slow: the Guard isn't
 * told after the intent but beside it, and keeps the act until a tick can copy it. Idempotent.
 */
export async function stopSending(
  deps: Pick<Services, "db" | "guard" | "now" | "wallNow" | "by">,
  reason: string,
): Promise<void> {
  const { db, by, now } = deps;
  const changed = await keptFields({ reason });
  const act = { at: now, verb: "stop_sending", object: "sending", changed } as const;
  const intent = recordIntent(db, by, act).catch(tellLater);
  await deps.guard.stop(reason, deps.wallNow(), { ...by, at: now, changed });
  await intent;
  await copyGuardActs(deps).catch(tellLater);
}

/** Lifts the kill switch, and a hold that the provider asked for. What was kept back goes on; returns how many batches. */
export async function resumeSending(deps: Services): Promise<number> {
  const { db, by, now } = deps;
  await recordIntent(db, by, { at: now, verb: "resume_sending", object: "sending", changed: {} });
  await deps.guard.resume({ ...by, at: now });
  await copyGuardActs(deps).catch(tellLater);
  logEvent("sending.resumed", {});
  return wakeBatches(deps);
}

/** Clears an alert; false where there is none of that name. */
export async function clearAlertOf(
  deps: Pick<Services, "db" | "now" | "by">,
  name: string,
): Promise<boolean> {
  const act = { at: deps.now, verb: "clear_alert", object: `alert:${name}`, changed: {} } as const;
  const { cleared } = await batch(deps.db, {
    act: recordAct(deps.by, act, isRaised(name)),
    cleared: clearAlert(deps.db, name),
  });
  return cleared.length > 0;
}
