import type { Db } from "../../platform/db/client.ts";
import type { Kinds } from "../ledger/kind.ts";
import { lettersUnderWay } from "../ledger/queries/person.ts";

/**
 * The enrollments of a subscriber of which a letter is on its way at this moment. Read after a change that leaves, pauses or skips,
 * it's all that may still come: no call that is begun later holds them.
 */
export async function enrollmentsUnderWay(
  db: Db,
  kinds: Kinds,
  subscriberId: number,
): Promise<ReadonlySet<number>> {
  const letters = await lettersUnderWay(db, kinds, subscriberId);
  const leaving = letters.map((letter) => kinds.of(letter.kind).leaving(letter));
  return new Set(leaving.flatMap((of) => (of.stops === "sequence" ? [of.enrollmentId] : [])));
}
