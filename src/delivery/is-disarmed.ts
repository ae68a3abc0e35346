import { growthOf, readMarks } from "../db/read-marks.ts";
import { faceOf } from "../guard/marks.ts";
import { askGuard } from "./ask-guard.ts";
import type { DeliveryDeps } from "./deps.ts";

/**
 * Whether the database was restored and not re-armed since. Asked before anything gives away ids: a restored database would
 * give some away again that stand in people's links. `growth` is how far it had grown, for `grownTo`.
 */
export async function isDisarmed(
  deps: Pick<DeliveryDeps, "db" | "guard" | "now" | "wallNow">,
): Promise<{ readonly disarmed: boolean; readonly growth: number }> {
  const marks = await readMarks(deps.db);
  const { permission } = await askGuard(deps, faceOf(marks), (face) => deps.guard.check(face), null);
  return {
    disarmed: permission.kind === "withheld" && permission.why === "disarmed",
    growth: growthOf(marks),
  };
}
