import { DAY_MS, HOUR_MS } from "../../platform/calendar/durations.ts";
import type { GuardPort } from "../../platform/guard/guard-port.ts";
import { type Alert, listAlerts } from "../../platform/log/queries.ts";
import type { Readers } from "../counts/queries/readers.ts";
import { listRuns } from "../ledger/queries/runs.ts";
import { type DueHour, dueByHour } from "../sequences/queries/due.ts";
import type { Services } from "../services.ts";
import { LATE_AFTER_MS } from "./health.ts";
import { readFigures } from "./queries/figures.ts";

const HOURS_AHEAD = 24;
const RUNS_SHOWN = 5;
/** As many slots as are looked at: a page reads few rows, however many readers there are. */
const SLOTS_MAX = 1500;

/** What is true of sending now, the most pressing of it. Instants are the product's; `until` and the Guard's `since` are real ones. */
export type StateNow =
  | { readonly kind: "disarmed" }
  | { readonly kind: "stopped"; readonly reason: string; readonly since: number | null }
  | { readonly kind: "held"; readonly until: number }
  | { readonly kind: "late"; readonly since: number }
  | { readonly kind: "leaving"; readonly batches: number }
  /** `nextAt` is the next slot of the coming day; null where there's none. */
  | { readonly kind: "well"; readonly nextAt: number | null };

/** Slots of the coming hours, one entry an hour from the present one on. `cut`: there are more than these. */
export type Ahead = { readonly hours: readonly DueHour[]; readonly cut: boolean };

export type Today = {
  readonly state: StateNow;
  readonly readers: Readers;
  /** Whether there's a sequence that anyone can join. */
  readonly published: boolean;
  /** Whether the site was given a name, a letter written, and one sent to oneself. */
  readonly begun: Awaited<ReturnType<typeof readFigures>>["begun"];
  /** Published letters that are drafts: readers who come to them wait. */
  readonly waitedFor: Awaited<ReturnType<typeof readFigures>>["waitedFor"];
  readonly ahead: Ahead;
  readonly alerts: readonly Alert[];
  readonly runs: Awaited<ReturnType<typeof listRuns>>;
};

/** How things stand today, in four statements and a question to the Guard. Changes nothing. */
export async function readToday(deps: Pick<Services, "db" | "guard" | "now" | "wallNow">): Promise<Today> {
  const { db, guard, now } = deps;
  const [status, { open, readers, published, begun, waitedFor }, due, alerts, runs] = await Promise.all([
    guard.status(),
    readFigures(db, now),
    dueByHour(db, { until: now + DAY_MS, max: SLOTS_MAX + 1 }),
    listAlerts(db),
    listRuns(db, Number.MAX_SAFE_INTEGER, RUNS_SHOWN),
  ]);
  const nextAt = due[0]?.firstAt ?? null;
  const state = stateOf({ status, ...open, nextAt }, now, deps.wallNow());
  return { state, readers, published, begun, waitedFor, ahead: aheadOf(due, now), alerts, runs };
}

/** The one thing to say of sending. */
export function stateOf(
  of: {
    readonly status: Pick<
      Awaited<ReturnType<GuardPort["status"]>>,
      "sending" | "reason" | "since" | "heldUntil"
    >;
    /** The slot of the first letter that's planned and hasn't left. */
    readonly oldestPlannedAt: number | null;
    readonly openBatches: number;
    readonly nextAt: number | null;
  },
  now: number,
  wallNow: number,
): StateNow {
  const { sending, reason, since, heldUntil } = of.status;
  if (sending === "disarmed") return { kind: "disarmed" };
  if (sending === "stopped") return { kind: "stopped", reason, since };
  if (heldUntil !== null && heldUntil > wallNow) return { kind: "held", until: heldUntil };
  const oldest = Math.min(
    of.oldestPlannedAt ?? Number.POSITIVE_INFINITY,
    of.nextAt ?? Number.POSITIVE_INFINITY,
  );
  if (now - oldest > LATE_AFTER_MS) return { kind: "late", since: oldest };
  if (of.openBatches > 0) return { kind: "leaving", batches: of.openBatches };
  return { kind: "well", nextAt: of.nextAt };
}

/** The coming hours, those without a slot too. What is due already counts into the present one. */
export function aheadOf(due: readonly DueHour[], now: number): Ahead {
  const first = Math.floor(now / HOUR_MS);
  const hours = Array.from({ length: HOURS_AHEAD }, (_, place) => {
    const hour = first + place;
    const here = due.filter((each) => Math.max(each.hour, first) === hour);
    const slots = here.reduce((sum, each) => sum + each.slots, 0);
    return { hour, slots, firstAt: here[0]?.firstAt ?? hour * HOUR_MS };
  });
  const all = due.reduce((sum, { slots }) => sum + slots, 0);
  return { hours, cut: all > SLOTS_MAX };
}
