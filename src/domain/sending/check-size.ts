import { databaseBytes } from "../../platform/db/database-bytes.ts";
import { raiseAlert } from "../../platform/log/queries.ts";
import type { Services } from "../services.ts";

/** From this share on the owner is told that the database fills up, and from the second on, that it's high time. */
const FILLING_SHARE = 0.6;
const NEARLY_FULL_SHARE = 0.8;

/** Which alert a database of so many bytes is worth, where `most` is all that it can hold; null for none. */
export function sizeAlert(bytes: number, most: number): "database.filling" | "database.nearly_full" | null {
  if (bytes >= most * NEARLY_FULL_SHARE) return "database.nearly_full";
  return bytes >= most * FILLING_SHARE ? "database.filling" : null;
}

/** Measures the database, and tells the owner where it fills up. */
export async function checkSize({ db, config, now }: Pick<Services, "db" | "config" | "now">): Promise<void> {
  const bytes = await databaseBytes(db);
  const most = config.limits.databaseBytes;
  const name = sizeAlert(bytes, most);
  if (name === null) return;
  await raiseAlert(db, { name, detail: `${Math.floor((100 * bytes) / most)}% of ${most / 1e6} MB`, now });
}
