import { batch } from "../../platform/db/batch.ts";
import type { Db } from "../../platform/db/client.ts";
import { among } from "../../platform/db/json-rows.ts";
import { type JournalSpan, sawJournal } from "../../platform/db/read-marks.ts";
import { subscribers } from "../../platform/db/schema/index.ts";
import type { JournalEntry } from "../../platform/guard/guard-port.ts";
import { replayErasures } from "../people/queries/erasures.ts";
import { replayRecords } from "../people/queries/opt-outs.ts";
import { raiseStanding, replayBroadcasts, replayUnsubscribed } from "../people/queries/subscribers.ts";
import { replaySuppressions } from "../people/queries/suppressions.ts";
import { goesOnSince, replayStops } from "../sequences/queries/stop.ts";

/**
 * Applies opt-outs from the Guard's journal to a restored database: suppressions, stops, unsubscribes, each unless the
 * person confirmed again after it, and remembers how far. Idempotent.
 */
export async function replayOptOuts(
  db: Db,
  entries: readonly JournalEntry[],
  when: { readonly wallNow: number; readonly journaled: JournalSpan },
): Promise<void> {
  await batch(db, {
    suppressed: replaySuppressions(entries),
    stopped: replayStops(db, entries),
    withoutBroadcasts: replayBroadcasts(db, entries),
    unsubscribed: replayUnsubscribed(db, entries, goesOnSince),
    stands: raiseStanding(
      db,
      among(subscribers.addressHash, [...new Set(entries.map(({ addressHash }) => addressHash))]),
    ),
    ...replayRecords(entries, when.wallNow),
    erased: replayErasures(entries),
    saw: sawJournal(when.journaled),
  });
}
