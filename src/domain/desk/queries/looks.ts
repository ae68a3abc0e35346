import type { Db } from "../../../platform/db/client.ts";
import { deskLooks } from "../../../platform/db/schema/index.ts";

/** Keeps that someone at the desk looked at a person: once an hour (whole hours since the epoch). */
export async function noteLook(
  db: Db,
  look: { readonly personId: number; readonly subscriberId: number; readonly hour: number },
): Promise<void> {
  await db.insert(deskLooks).values(look).onConflictDoNothing();
}
