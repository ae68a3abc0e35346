import type { Db } from "../../platform/db/client.ts";
import type { Kinds, Leaving } from "../ledger/kind.ts";
import { lettersUnderWay } from "../ledger/queries/person.ts";

/**
 * What of a subscriber a letter is on its way of at this moment: enrollments by id, or broadcasts. Read after a change that leaves, pauses or
 * skips, it's all that may still come: no call that is begun later holds them.
 */
export async function enrollmentsUnderWay(
  db: Db,
  kinds: Kinds,
  subscriberId: number,
): Promise<ReadonlySet<number | "broadcasts">> {
  const letters = await lettersUnderWay(db, kinds, subscriberId);
  return new Set(
    letters.map((letter) => stoppedBy(kinds.of(letter.kind).leaving(letter))).filter((of) => of !== null),
  );
}

function stoppedBy(leaving: Leaving): number | "broadcasts" | null {
  switch (leaving.stops) {
    case "sequence":
      return leaving.enrollmentId;
    case "broadcasts":
      return "broadcasts";
    case "nothing":
      return null;
  }
}
