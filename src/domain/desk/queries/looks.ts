import { HOUR_MS } from "../../../platform/calendar/durations.ts";
import type { Db } from "../../../platform/db/client.ts";
import { deskLooks } from "../../../platform/db/schema/index.ts";

/** Keeps that someone at the desk looked at a person: once an hour (whole hours since the epoch) of real time. */
export async function noteLook(
  db: Db,
  {
    wallNow,
    ...look
  }: { readonly personId: number; readonly subscriberId: number; readonly wallNow: number },
): Promise<void> {
  const hour = Math.floor(wallNow / HOUR_MS);
  await db
    .insert(deskLooks)
    .values({ ...look, hour })
    .onConflictDoNothing();
}
