import { type SQL, sql } from "drizzle-orm";
import type { Statement } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { among, rowsOf } from "../../../platform/db/json-rows.ts";
import { enrollments, subscribers } from "../../../platform/db/schema/index.ts";
import type { JournalEntry } from "../../../platform/guard/guard-port.ts";
import { recordStopped, replayRecords } from "../../people/queries/opt-outs.ts";
import { raiseStanding, replayUnsubscribed } from "../../people/queries/subscribers.ts";
import { replaySuppressions } from "../../people/queries/suppressions.ts";
import { canLeave, goesOnSince, replayStops } from "./stop.ts";

/** Someone who's to get no more mail, by the HMAC of their address: they left, or are suppressed for good. */
export type Out = {
  readonly addressHash: string;
  readonly kind: "unsubscribed" | "suppressed";
  readonly reason: string;
};

/**
 * Statements that stop mail to many people at once, where `condition` holds: what they get is stopped, they're unsubscribed, and whoever is to be
 * suppressed is; each is recorded for the Guard's journal and counted. Those who are nobody here are suppressed all the same.
 */
export function optOutStatements(
  db: Db,
  out: readonly Out[],
  { now, note, condition }: { readonly now: number; readonly note: string; readonly condition: SQL },
): Readonly<Record<string, Statement>> {
  if (out.length === 0) return {};
  const entries = out.map((each): JournalEntry => ({ ...each, sequenceId: null, at: now }) as JournalEntry);
  const rows = rowsOf(entries);
  const hashes = out.map(({ addressHash }) => addressHash);
  return {
    left: recordStopped(
      { reason: "import", now },
      sql`${enrollments.sequenceId}`,
      sql`from ${rows.from} join ${subscribers} on ${subscribers.addressHash} = ${rows.of("addressHash")}
        join ${enrollments} on ${enrollments.subscriberId} = ${subscribers.id} where ${canLeave} and ${condition}`,
    ),
    suppressed: replaySuppressions(entries, { note, condition }),
    stopped: replayStops(db, entries, condition),
    unsubscribed: replayUnsubscribed(db, entries, goesOnSince, condition),
    stands: raiseStanding(db, sql`${among(subscribers.addressHash, hashes)} and ${condition}`),
    ...replayRecords(entries, null, condition),
  };
}
