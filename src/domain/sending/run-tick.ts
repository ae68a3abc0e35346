import { DAY_MS, HOUR_MS } from "../../platform/calendar/durations.ts";
import type { QueueMessage } from "../../platform/config.ts";
import { growthOf, readMarks } from "../../platform/db/read-marks.ts";
import { databaseState } from "../../platform/guard/marks.ts";
import { raiseAlert } from "../../platform/log/queries.ts";
import { copyGuardActs, tellLater } from "../acts/guard-acts.ts";
import { dueBroadcasts } from "../broadcasts/step-broadcast.ts";
import { chanceOf, countLater, countNightly } from "../counts/nightly.ts";
import { dayOf } from "../counts/queries/day-counts.ts";
import { listOpenJobs } from "../jobs/queries/jobs.ts";
import { LATE_AFTER_MS } from "../ledger/late-after.ts";
import { passOverdueHeld } from "../ledger/queries/letters.ts";
import { lettersLeft } from "../ledger/queries/runs.ts";
import { lanesWaiting } from "../ledger/queries/sweep.ts";
import { journalOptOuts } from "../people/journal.ts";
import type { Permission } from "../restore/ask-guard.ts";
import { askGuard } from "../restore/ask-guard.ts";
import { type PlannedTick, planTick } from "../sequences/plan-tick.ts";
import type { Services } from "../services.ts";
import { checkSize } from "./check-size.ts";
import { noteInstallation } from "./installation.ts";
import { readChores } from "./queries/chores.ts";
import { type Reconciled, reconcileUncertain } from "./reconcile.ts";
import { holdsSuppressionKey } from "./suppression-key.ts";
import { LANES, STRANDED_AFTER_MS, SWEEP_STEP, sweepLane } from "./sweep.ts";

/**
 * D1 allows 1,000 queries an invocation on the paid plan (developers.cloudflare.com/d1/platform/limits); a tick shares them
 * with its other steps, or with the batches of the queue message that continues it.
 */
const STATEMENT_BUDGET = 600;

/** More jobs than anyone has open. */
const JOBS_A_TICK = 20;

/** Cron comes every quarter of an hour (wrangler.toml). */
const TICK_EVERY_S = 15 * 60;
/** Where no rate holds calls back, more than any installation has open. */
const SWEEP_MAX = 100_000;
/**
 * Letters that became uncertain this lately are looked up by the ticks, because the letters of the next week may prove what wasn't sent; later on
 * the owner may still ask.
 */
const LOOK_UP_MS = 8 * DAY_MS;
const LOOK_UP_PAGES = 5;
/** 100,000 emails: as many as a large run sends in the hours around an outage. */
const PROOF_PAGES = 1000;
/** Ticks come every quarter of an hour; forgetting and long walks of the provider's list may take their time. */
const HOURLY_MS = HOUR_MS;

/** Cloudflare fires a cron within minutes; more than this is another clock, or someone else's request. */
const BELIEVED_MS = 2 * HOUR_MS;

/** The next tick comes this much later (wrangler.toml). */
const PERIOD_MS = HOUR_MS / 4;

/**
 * The time that a tick is for: the scheduled one, where it's two hours late at most and no further ahead than the next tick, or else the real
 * one. So a tick fired from elsewhere, as a page can on the machine of a trial, does nothing that the next one wouldn't.
 */
export function tickTime(scheduledTime: number, wallNow: number): number {
  const aheadMs = scheduledTime - wallNow;
  return aheadMs <= PERIOD_MS && aheadMs >= -BELIEVED_MS ? scheduledTime : wallNow;
}

/** What a tick did. `withheld` tells why nothing was planned, null where planning was free. */
export type TickResult = PlannedTick &
  Reconciled & {
    readonly withheld: string | null;
    readonly swept: number;
    readonly held: number;
    /** Whether feedback waits for a letter that was not known (feedback/take-feedback.ts). */
    readonly parked: boolean;
  };

const NONE_RECONCILED: Reconciled = { found: 0, unsent: 0 };

const NOTHING_PLANNED: PlannedTick = {
  planned: 0,
  passed: 0,
  waiting: 0,
  batchIds: [],
  finished: true,
  ceilingReached: false,
};

/**
 * One tick: tell the Guard what it lacks, plan what is due, put the batches on the queue, and put there again what a lost
 * message or a dead consumer left behind. A tick that stops at its budget asks the queue to continue it.
 */
export async function runTick(deps: Services, tickAt: number): Promise<TickResult> {
  const marks = await readMarks(deps.db);
  const word = await askGuard(deps, databaseState(marks), (state) => deps.guard.check(state), null);
  const chores = await readChores(deps.db, {
    heldBefore: deps.now - LATE_AFTER_MS,
    uncertainSince: deps.now - LOOK_UP_MS,
    today: dayOf(deps.now),
    now: deps.now,
  });
  // What was done is told later where it can't be now; letters don't wait for it.
  if (word.acts) await copyGuardActs(deps).catch(tellLater);
  if (chores.unjournaled) await journalOptOuts(deps);
  // Until a restored database is re-armed nothing of its ledger may be settled: some of it was sent.
  const disarmed = word.permission.kind === "withheld" && word.permission.why === "disarmed";
  const held =
    disarmed || !chores.held
      ? 0
      : await passOverdueHeld(deps.db, deps.kinds, { now: deps.now, heldBefore: deps.now - LATE_AFTER_MS });
  const withheld = await whyNotPlan(deps, word.permission);
  const planned =
    withheld === null
      ? await plan(deps, tickAt, { lostUntil: word.lostUntil, growth: growthOf(marks) })
      : NOTHING_PLANNED;
  const messages: QueueMessage[] = planned.batchIds.map((batchId) => ({ batchId }));
  if (!planned.finished) messages.push({ continueTickAt: tickAt });
  // The message that goes on rendering may have been lost.
  if (chores.rendering) messages.push({ renderSite: true });
  if (chores.jobs)
    for (const job of await listOpenJobs(deps.db, deps.now, JOBS_A_TICK)) messages.push({ job });
  if (chores.broadcasts && withheld === null) messages.push(...(await dueBroadcasts(deps)));
  await deps.enqueue("letters", messages);
  const swept = await sweep(
    deps,
    withheld === null ? callsUntilNextTick(deps, word.limitPerSecond) : SWEEP_STEP,
  );
  const isHourly = tickAt % HOURLY_MS === 0;
  const reconciled =
    withheld === null && chores.uncertain
      ? await reconcileUncertain(deps, {
          ids: null,
          since: deps.now - LOOK_UP_MS,
          pages: LOOK_UP_PAGES,
          pagesToProve: isHourly ? PROOF_PAGES : LOOK_UP_PAGES,
        })
      : NONE_RECONCILED;
  if (chores.counting && !disarmed)
    await countNightly({ ...deps, toSubscribers: deps.kinds.toSubscribers }, chanceOf(deps.random())).catch(
      countLater,
    );
  if (isHourly) {
    if (!disarmed) await noteInstallation(deps);
    await checkSize(deps);
    await deps.guard.prune(deps.wallNow());
  }
  return { ...planned, withheld, swept, held, ...reconciled, parked: chores.parked };
}

async function whyNotPlan(deps: Services, permission: Permission): Promise<string | null> {
  if (permission.kind === "withheld") return permission.why;
  if (!(await holdsSuppressionKey(deps))) return "wrong_suppression_key";
  const { provider } = deps.config;
  // Without feedback nobody would learn that an address is dead or that someone complained.
  return provider.kind === "resend" && provider.webhookSecret === undefined ? "no_webhook_secret" : null;
}

async function plan(
  deps: Services,
  tickAt: number,
  base: { readonly lostUntil: number; readonly growth: number },
): Promise<PlannedTick> {
  const { limits } = deps.config;
  const left = await lettersLeft(deps.db, limits, deps.now);
  const planned = await planTick(deps, {
    ...{ tickAt, ...base, statementBudget: STATEMENT_BUDGET },
    lettersLeft: left,
  });
  if (planned.ceilingReached) {
    await raiseAlert(deps.db, {
      name: "plan.ceiling",
      detail: `${limits.lettersPerDay} letters in 24 hours`,
      now: deps.now,
    });
  }
  return planned;
}

function callsUntilNextTick({ provider }: Services, limitPerSecond: number | null): number {
  if (!provider.rateLimited) return SWEEP_MAX;
  return Math.max(SWEEP_STEP, Math.ceil((limitPerSecond ?? 0) * TICK_EVERY_S));
}

/** Sweeps both lanes, of each up to `most` batches by and by. Returns how many went on the queues at once. */
async function sweep(deps: Services, most: number): Promise<number> {
  let swept = 0;
  for (const lane of LANES) swept += await sweepLane(deps, lane, most);
  // What waits without a batch was put on a queue when it was planned; a message that was lost is made up for here.
  for (const lane of await lanesWaiting(deps.db, deps.kinds, deps.now - STRANDED_AFTER_MS)) {
    await deps.enqueue(lane, [{ gather: lane }]);
  }
  return swept;
}
