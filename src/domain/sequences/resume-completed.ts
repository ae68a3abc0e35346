import { FIRST_THEME_AFTER_MS, nextSlot } from "../../platform/calendar/slot.ts";
import type { Db } from "../../platform/db/client.ts";
import type { Doer } from "../acts/act.ts";
import { nextStep } from "./plan-theme.ts";
import { readResumable, readSequencePlans, resumeEnrollments } from "./queries/sequences.ts";

const PAGE = 1000;

/**
 * Lets readers of a sequence who had everything go on with what it has gained, by the planner's own rule: their next theme comes
 * in their next slot, six days from the last one at least. Unsubscribed people are not among them, nor who left it since. Returns
 * how many; what a crash leaves out, the same publication takes up again.
 */
export async function resumeCompleted(
  deps: { readonly db: Db; readonly now: number; readonly by: Doer },
  sequenceSlug: string,
): Promise<number> {
  const steps = (await readSequencePlans(deps.db)).filter((step) => step.sequence === sequenceSlug);
  const [first] = steps;
  if (first === undefined) return 0;
  let resumed = 0;
  for (let after = 0; ; ) {
    const page = await readResumable(deps.db, first.sequenceId, after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return resumed;
    after = last.enrollmentId;
    const lacking = page.filter(({ round, ledger }) => nextStep(round, ledger, steps) !== null);
    const rows = lacking.map(({ enrollmentId, lastAt, everyWeeks, weekday, hour, timeZone }) => ({
      id: enrollmentId,
      next: nextSlot({ weekday, hour, timeZone }, deps.now + FIRST_THEME_AFTER_MS, lastAt, everyWeeks),
    }));
    if (rows.length > 0) resumed += await resumeEnrollments(deps.db, rows, { ...deps, sequenceSlug });
  }
}
