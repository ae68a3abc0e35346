import { gapMs, nextSlot } from "../../platform/calendar/slot.ts";
import { type Coming, comesAt } from "./schedule.ts";

/** What a change of a schedule does to the next theme, as a sentence tells it. */
export type ChangeEffect = {
  /** Whether it comes when it came before. */
  readonly same: boolean;
  /** The slot that it would come in, if that weren't too soon after the last theme (guarantee 3); null where that isn't so. */
  readonly tooSoon: number | null;
};

/**
 * Compares a schedule before (null where no letters came) and after a change at `atMs`. `lastAt` of both is when the last theme arrived
 * before the change, null for none.
 */
export function effectOf(
  was: Coming | null,
  is: Coming & { readonly notBefore: number | null },
  atMs: number,
): ChangeEffect {
  const { nextDueAt, notBefore, lastAt, everyWeeks } = is;
  const comes = comesAt(is);
  const same = was !== null && comes !== null && comesAt(was) === comes;
  if (same || nextDueAt === null || comes === null || lastAt === null) return { same, tooSoon: null };
  const first = nextSlot(is, Math.max(atMs, notBefore ?? atMs), null);
  return { same, tooSoon: first < comes && first < lastAt + gapMs(everyWeeks) ? first : null };
}
