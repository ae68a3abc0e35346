import { FIRST_THEME_AFTER_MS, nextSlot } from "../../platform/calendar/slot.ts";
import type { Db } from "../../platform/db/client.ts";
import { readResumable, resumeEnrollments } from "./queries/sequences.ts";

const PAGE = 1000;

/**
 * Lets readers of a sequence who had everything go on with what it has gained: their next theme comes in their next slot, six
 * days from the last one at least. Unsubscribed people are not among them. Returns how many; what a crash leaves out, the
 * same publication takes up again.
 */
export async function resumeCompleted(
  deps: { readonly db: Db; readonly now: number },
  sequenceSlug: string,
): Promise<number> {
  let resumed = 0;
  for (let after = 0; ; ) {
    const page = await readResumable(deps.db, sequenceSlug, after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return resumed;
    after = last.enrollmentId;
    const rows = page.map(({ enrollmentId, lastSlotAt, everyWeeks, ...slot }) => ({
      id: enrollmentId,
      next: nextSlot(slot, deps.now + FIRST_THEME_AFTER_MS, lastSlotAt, everyWeeks),
    }));
    resumed += await resumeEnrollments(deps.db, rows);
  }
}
