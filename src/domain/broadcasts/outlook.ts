import { callsPerSecond } from "../../platform/guard/rate.ts";
import { lettersLeft } from "../ledger/queries/runs.ts";
import type { AudienceCount } from "../segments/queries/count.ts";
import type { Services } from "../services.ts";
import type { Site } from "../site/site.ts";
import type { Broadcast } from "./queries/broadcasts.ts";
import { lockTime } from "./schedule-broadcast.ts";
import { eachWay, lastLeavesAt } from "./when.ts";

/** What would become of a broadcast that's scheduled now: when the last of it will have left, and on readers' clocks how many get it each way. */
export type Outlook = {
  readonly lastAt: number;
  readonly callsPerSecond: number;
  /** Null where it isn't on readers' clocks. */
  readonly ways: ReturnType<typeof eachWay> | null;
};

/** Looks ahead, by the rate that the provider allows at present. Null without a time. */
export async function outlookOf(
  { db, guard, config, now }: Pick<Services, "db" | "guard" | "config" | "now">,
  { time, holdMinutes }: Pick<Broadcast, "time" | "holdMinutes">,
  { people, zones }: Pick<AudienceCount, "people" | "zones">,
  site: Pick<Site, "timeZone">,
): Promise<Outlook | null> {
  if (time === null) return null;
  const lockedAt = lockTime(time, holdMinutes, now);
  const rate = callsPerSecond((await guard.status()).limitPerSecond);
  const leftToday = await lettersLeft(db, config.limits, now);
  const pace = { callsPerSecond: rate, perDay: config.limits.lettersPerDay, leftToday };
  return {
    lastAt: lastLeavesAt(
      time,
      people,
      lockedAt,
      Object.keys(zones).map((zone) => zone || site.timeZone),
      pace,
    ),
    callsPerSecond: rate,
    ways: time.kind === "clock" ? eachWay(time, zones, { lockedAt, timeZone: site.timeZone }) : null,
  };
}
