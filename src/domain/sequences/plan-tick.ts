import { gapMs } from "../../platform/calendar/slot.ts";
import { BATCH_SIZE } from "../ledger/batch-size.ts";
import { openRun } from "../ledger/queries/runs.ts";
import type { Services } from "../services.ts";
import { type PlanStep, planTheme, renditionFor } from "./plan-theme.ts";
import {
  type Cursor,
  type DueRow,
  endPauses,
  readDuePage,
  type SlotToPass,
  slotName,
  type ThemeToPlan,
  writePlan,
} from "./queries/plan.ts";
import { readSequencePlans } from "./queries/sequences.ts";

const PAGE_SIZE = 1000;
const PAUSES_PAGE = 5000;
/** One reading, two statements for what passes, six for what is planned. */
const STATEMENTS_PER_PAGE = 9;

/** What a tick planned. `finished` is false where it stopped at its statement budget with work left. */
export type PlannedTick = {
  readonly planned: number;
  readonly passed: number;
  /** How many slots passed because the next theme is a draft: the owner should publish it. */
  readonly waiting: number;
  readonly batchIds: readonly number[];
  readonly finished: boolean;
  /** The ceiling per day was reached with letters still due; they are caught up tomorrow, within their 48 hours. */
  readonly ceilingReached: boolean;
};

type SequencePlan = { readonly version: number; readonly steps: readonly PlanStep[] };

/**
 * Ends the pauses that are over, and plans every letter that is due at `now`, in pages, with batches filled across steps and pages. Safe to run twice, at
 * once or after a crash: what is not written is still due. Writes nothing when nothing is due.
 */
export async function planTick(
  deps: Pick<Services, "db" | "now" | "wallNow" | "random">,
  options: {
    readonly tickAt: number;
    readonly statementBudget: number;
    /** How far the database had grown when the tick began. */
    readonly growth: number;
    /** Slots up to here pass as restored. */
    readonly lostUntil: number;
    /** How many letters may still be planned; null for any number. */
    readonly lettersLeft: number | null;
  },
): Promise<PlannedTick> {
  const { db, now } = deps;
  const batchIds: number[] = [];
  let planned = 0;
  let passed = 0;
  let waiting = 0;
  let statements = 0;
  let pending: Omit<ThemeToPlan, "key" | "place">[] = [];
  let runId: number | null = null;
  let plans: ReadonlyMap<number, SequencePlan> | null = null;
  let cursor: Cursor = { dueAt: Number.MIN_SAFE_INTEGER, enrollmentId: 0 };

  const write = async (
    themes: readonly Omit<ThemeToPlan, "key" | "place">[],
    passing: readonly SlotToPass[],
  ) => {
    if (themes.length === 0 && passing.length === 0) return;
    runId ??= await openRun(
      db,
      { cause: "tick", causeId: options.tickAt, at: options.tickAt },
      deps.wallNow(),
    );
    const keyed = inBatches(themes, deps.random);
    batchIds.push(
      ...(await writePlan(db, {
        runId,
        now,
        wallNow: deps.wallNow(),
        growth: options.growth,
        themes: keyed,
        passing,
      })),
    );
    planned += themes.length;
    passed += passing.length;
    waiting += passing.filter((slot) => slot.reason === "unpublished").length;
  };

  while ((await endPauses(db, { now, growth: options.growth }, PAUSES_PAGE)) === PAUSES_PAGE) statements += 1;
  for (;;) {
    if (statements + STATEMENTS_PER_PAGE > options.statementBudget) {
      await write(pending, []);
      return { planned, passed, waiting, batchIds, finished: false, ceilingReached: false };
    }
    const page = await readDuePage(db, now, cursor, PAGE_SIZE);
    const last = page.at(-1);
    if (last === undefined) break;
    cursor = { dueAt: last.dueAt, enrollmentId: last.enrollmentId };
    plans ??= await sequencePlans(deps);
    const decided = decidePage(page, plans, { now, lostUntil: options.lostUntil });
    const room = (options.lettersLeft ?? Number.POSITIVE_INFINITY) - planned - pending.length;
    if (decided.themes.length > room) {
      await write(pending.concat(decided.themes.slice(0, room)), decided.passing);
      return { planned, passed, waiting, batchIds, finished: true, ceilingReached: true };
    }
    pending = pending.concat(decided.themes);
    const full = pending.length - (pending.length % BATCH_SIZE);
    await write(pending.slice(0, full), decided.passing);
    pending = pending.slice(full);
    statements += STATEMENTS_PER_PAGE;
  }
  await write(pending, []);
  return { planned, passed, waiting, batchIds, finished: true, ceilingReached: false };
}

function decidePage(
  page: readonly DueRow[],
  plans: ReadonlyMap<number, SequencePlan>,
  at: { readonly now: number; readonly lostUntil: number },
) {
  const themes: Omit<ThemeToPlan, "key" | "place">[] = [];
  const passing: SlotToPass[] = [];
  for (const row of page) {
    const plan = plans.get(row.sequenceId) ?? { version: 0, steps: [] };
    const decision = planTheme(
      {
        round: row.round,
        slot: { weekday: row.weekday, hour: row.hour, timeZone: row.timeZone },
        everyWeeks: row.everyWeeks,
        dueAt: row.dueAt,
        standing: {
          subscriber: row.subscriber,
          enrollment: row.enrollment,
          suppression: row.suppression,
          suppressedAt: row.suppressedAt,
        },
      },
      row.ledger,
      plan.steps,
      at,
    );
    const base = { e: row.enrollmentId, due: row.dueAt, slot: slotName(row), version: plan.version };
    switch (decision.kind) {
      case "plan": {
        const { step, nextDueAt: next } = decision;
        const apart = row.dueAt - gapMs(row.everyWeeks);
        themes.push({ ...base, next, apart, step: step.stepId, rendition: renditionFor(step, row.answer) });
        break;
      }
      case "skip": {
        const { stepId, renditionId } = decision.step;
        const { nextDueAt: next, reason } = decision;
        passing.push({ ...base, next, step: stepId, rendition: renditionId, reason });
        break;
      }
      case "defer":
        passing.push({ ...base, next: decision.nextDueAt, step: null, rendition: null, reason: null });
        break;
      case "complete":
        passing.push({ ...base, next: null, step: null, rendition: null, reason: null });
        break;
    }
  }
  return { themes, passing };
}

function inBatches(
  themes: readonly Omit<ThemeToPlan, "key" | "place">[],
  random: () => string,
): ThemeToPlan[] {
  let key = "";
  return themes.map((theme, index) => {
    if (index % BATCH_SIZE === 0) key = random();
    return { ...theme, key, place: index % BATCH_SIZE };
  });
}

async function sequencePlans({ db }: Pick<Services, "db">): Promise<ReadonlyMap<number, SequencePlan>> {
  const plans = new Map<number, { version: number; steps: PlanStep[] }>();
  for (const { sequenceId, version, ...step } of await readSequencePlans(db)) {
    const plan = plans.get(sequenceId);
    if (plan === undefined) plans.set(sequenceId, { version, steps: [step] });
    else plan.steps.push(step);
  }
  return plans;
}
