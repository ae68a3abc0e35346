import { DAY_MS } from "../../platform/calendar/durations.ts";
import type { Services } from "../services.ts";
import { forgetPicture, pictureChecked, pictureToCheck } from "../site/queries/pictures.ts";
import { isUnused } from "./queries/unused-picture.ts";

/** So long a picture is kept that no letter names. */
const KEPT_MS = 90 * DAY_MS;

/**
 * Looks at one picture that was added, or looked at, 90 days ago: what no letter names goes, first its row and then its file. A file whose removal was cut short
 * stays, and nobody is led to it. Idempotent.
 */
export async function forgetUnusedPicture(
  { db, bucket }: Pick<Services, "db" | "bucket">,
  now: number,
): Promise<void> {
  const before = now - KEPT_MS;
  const name = bucket === null ? null : await pictureToCheck(db, before);
  if (name === null || bucket === null) return;
  if (await forgetPicture(db, name, before, isUnused(name))) await bucket.delete(name);
  else await pictureChecked(db, name, now);
}
