import type { Config } from "../../platform/config.ts";
import { growthOf, readMarks } from "../../platform/db/read-marks.ts";
import { databaseState } from "../../platform/guard/marks.ts";
import type { Services } from "../services.ts";
import { askGuard } from "./ask-guard.ts";

/**
 * Whether the database was restored and not re-armed since. Asked before anything gives away ids: a restored database would
 * give some away again that stand in people's links. `growth` is how far it had grown, for `grownTo`.
 */
export async function isDisarmed(
  deps: Pick<Services, "db" | "guard" | "now" | "wallNow">,
): Promise<{ readonly disarmed: boolean; readonly growth: number }> {
  const marks = await readMarks(deps.db);
  const { permission } = await askGuard(deps, databaseState(marks), (state) => deps.guard.check(state), null);
  return {
    disarmed: permission.kind === "withheld" && permission.why === "disarmed",
    growth: growthOf(marks),
  };
}

const RECENT_MS = 10_000;
const recent = new WeakMap<Config, { readonly at: number; readonly growth: number }>();

/**
 * `isDisarmed` for what happens many times a second: an isolate that found the database armed takes that for true for ten
 * seconds. Whoever uses it must write under `grownTo` the `growth`, tell `noteGrowth` how far that went and, where it did not
 * hold, ask `isDisarmed`.
 */
export async function wasDisarmedLately(
  deps: Pick<Services, "db" | "config" | "guard" | "now" | "wallNow">,
): Promise<{ readonly disarmed: boolean; readonly growth: number }> {
  const known = recent.get(deps.config);
  const wallNow = deps.wallNow();
  if (known !== undefined && wallNow >= known.at && wallNow - known.at < RECENT_MS) {
    return { disarmed: false, growth: known.growth };
  }
  const fresh = await isDisarmed(deps);
  if (!fresh.disarmed) recent.set(deps.config, { at: wallNow, growth: fresh.growth });
  return fresh;
}

/** After a write of one's own: a database that has grown less than this is not the one that was looked at. */
export function noteGrowth({ config }: Pick<Services, "config">, growth: number): void {
  const known = recent.get(config);
  if (known !== undefined) recent.set(config, { at: known.at, growth: Math.max(known.growth, growth) });
}
