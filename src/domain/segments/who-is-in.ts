import type { Db } from "../../platform/db/client.ts";
import { nextStep } from "../sequences/plan-theme.ts";
import { readThemesHad } from "../sequences/queries/next-themes.ts";
import { readSequencePlans } from "../sequences/queries/sequences.ts";
import { type Asked, type ComesNext, type IdRange, isIn } from "./queries/compile.ts";
import type { Condition, Segment } from "./segment.ts";

type NextTheme = Parameters<ComesNext>[0];

/**
 * The condition that compiles a segment for a range of people. Which letter comes next to someone is decided by the planner's own rule, for the people
 * of the range, before.
 */
export async function whoIsIn(db: Db, segment: Segment, asked: Asked, range: IdRange) {
  const { all, any = [] } = segment;
  const asking = [...all, ...any].filter((each: Condition): each is NextTheme => each.field === "next_theme");
  if (asking.length === 0) return isIn(segment, asked, range, () => []);
  const plans = await readSequencePlans(db);
  const found = new Map<NextTheme, readonly number[]>();
  for (const condition of asking) {
    const steps = plans.filter(({ sequence }) => sequence === condition.sequence);
    const readers = await readThemesHad(db, condition.sequence, range);
    const comes = readers.filter(({ round, had }) => {
      const next = nextStep(round, had, steps);
      return next !== null && condition.any_of.includes(next.slug);
    });
    found.set(
      condition,
      comes.map(({ subscriberId }) => subscriberId),
    );
  }
  return isIn(segment, asked, range, (condition) => found.get(condition) ?? []);
}
