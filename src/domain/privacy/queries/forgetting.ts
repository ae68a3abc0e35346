import { and, notExists, sql } from "drizzle-orm";
import { batch, together } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import {
  batches,
  consents,
  deliveries,
  erasures,
  keptAnswers,
  readerChanges,
} from "../../../platform/db/schema/index.ts";
import { forgetOldAnswers, oldAnswers } from "../../acts/queries/kept-answers.ts";
import { forgetOldReports, hasOldReports } from "../../feedback/queries/forget.ts";
import { endStaleImports, hasStaleImports } from "../../jobs/queries/jobs.ts";
import { hasOldAttempts } from "../../ledger/queries/forget.ts";
import { forgetDeliveries } from "../../ledger/queries/person.ts";
import { forgetOldChanges, oldChanges } from "../../people/queries/changes.ts";
import {
  forgetNetworks,
  forgetUnconfirmed,
  lapsedBefore,
  networksBefore,
  unconfirmedOf,
} from "../../people/queries/consents.ts";
import { openErasures } from "../../people/queries/erasures.ts";
import { forgetNeverReaders } from "../../people/queries/subscribers.ts";
import { confirmation } from "../../signup/confirmation-kind.ts";
import { countLapsed, forgetOldCounts, hasOldCounts } from "../../signup/queries/forgetting.ts";

/** What a tick forgets; instants before which each kind of record is old. */
export type Before = {
  readonly pending: number;
  readonly network: number;
  readonly events: number;
  readonly changes: number;
  readonly counts: number;
  readonly imports: number;
  /** Real time, as the next. */
  readonly attempts: number;
  /** Real time, by which kept answers are old. */
  readonly wallNow: number;
};

/** Whether there is anything to forget or to erase: one look at the end of each index. */
export async function readForgettable(db: Db, now: number, before: Before) {
  const [row] = await db
    .select({
      erasures: sql<0 | 1>`exists (select 1 from ${erasures} where ${openErasures})`,
      pending: sql<0 | 1>`exists (select 1 from ${consents} where ${lapsedBefore(before.pending)})`,
      attempts: sql<0 | 1>`${hasOldAttempts(before.attempts)}`,
      rest: sql<0 | 1>`(exists (select 1 from ${consents} where ${networksBefore(before.network)})
        or exists (select 1 from ${readerChanges} where ${oldChanges(before.changes)})
        or ${hasOldReports(before.events)} or ${hasOldCounts(now, before.counts)}
        or ${hasStaleImports(before.imports)}
        or exists (select 1 from ${keptAnswers} where ${oldAnswers(before.wallNow)}))`,
    })
    .from(sql`(select 1)`);
  return {
    erasures: row?.erasures === 1,
    pending: row?.pending === 1,
    attempts: row?.attempts === 1,
    rest: row?.rest === 1,
  };
}

/**
 * Forgets sign-ups that were not confirmed in time (or were denied): the consents with their confirmations, and whoever has none
 * left and was never a reader. How many there were stays, by day and partner. At most `limit` a call, oldest first; all or
 * nothing. Nobody is forgotten while a confirmation of theirs is on its way. Returns how many sign-ups.
 */
export async function forgetPending(db: Db, before: number, limit: number): Promise<number> {
  const underWay = db
    .select({ id: deliveries.id })
    .from(deliveries)
    .leftJoin(batches, sql`${batches.id} = ${deliveries.batchId}`)
    .where(
      sql`${deliveries.kind} = ${confirmation.name} and ${deliveries.anchor} = ${consents.id}
        and (${batches.state} <> 'done' or ${batches.id} is null and ${deliveries.state} = 'planned')`,
    );
  const rows = await db
    .select({ id: consents.id, subscriberId: consents.subscriberId })
    .from(consents)
    .where(and(lapsedBefore(before), notExists(underWay)))
    .orderBy(consents.requestedAt)
    .limit(limit);
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  const { forgotten } = await batch(db, {
    counted: countLapsed(ids),
    mails: forgetDeliveries(db, confirmation, unconfirmedOf(db, ids)),
    forgotten: forgetUnconfirmed(db, ids),
    people: forgetNeverReaders(
      db,
      rows.map((row) => row.subscriberId),
    ),
  });
  return forgotten.length;
}

/** Forgets budgets that are over, networks of sign-ups, reports of mailboxes, readers' changes, old counts and old answers; a bounded number of each. */
export async function forgetRest(db: Db, now: number, before: Before, limit: number): Promise<void> {
  await batch(
    db,
    together(
      forgetOldCounts(db, now, before.counts, limit),
      { networks: forgetNetworks(db, before.network, limit) },
      forgetOldReports(db, before.events, limit),
      endStaleImports(db, before.imports, now),
      { changes: forgetOldChanges(db, before.changes, limit) },
      { answers: forgetOldAnswers(db, before.wallNow, limit) },
    ),
  );
}
