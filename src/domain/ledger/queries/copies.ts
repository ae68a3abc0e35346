import { and, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { batch, together } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { among, rowsOf } from "../../../platform/db/json-rows.ts";
import { batches, deliveries } from "../../../platform/db/schema/index.ts";
import { insertFrom } from "../../../platform/db/write.ts";
import type { Doer } from "../../acts/act.ts";
import { recordAct } from "../../acts/queries/acts.ts";
import { idsOf, type OfRun, ofRun } from "./letters.ts";
import { batchesOf, dropEmptyBatches, makeBatches, type NewBatch, ONCE } from "./plan-delivery.ts";

const original = alias(deliveries, "original");
const other = alias(deliveries, "other");
const latest = alias(deliveries, "latest");

/** Condition: `original` is a letter itself, which failed or of which nobody knows. One that was skipped comes by itself. */
const mayComeAgain = sql`${original.copy} = 0 and ${original.state} in ('failed', 'uncertain')`;

/** Condition: `other` is a copy of a letter, or the letter itself. */
const sameLetterAs = (letter: typeof original | typeof deliveries) =>
  sql`${other.kind} = ${letter.kind} and ${other.anchor} = ${letter.anchor}
  and ${other.round} = ${letter.round} and ${other.intendedItem} = ${letter.intendedItem}`;
const sameLetter = sameLetterAs(original);

/** Condition: a copy of a letter is under way, was sent or is uncertain. */
const comesAgainFor = (letter: typeof original | typeof deliveries) =>
  sql`exists (select 1 from ${deliveries} other where ${sameLetterAs(letter)} and ${other.copy} > 0
  and ${other.state} not in ('failed', 'skipped'))`;
const comesAgain = comesAgainFor(original);

/** Condition on deliveries: a copy of it is under way, was sent or is uncertain, so that the reader has it, or will. */
export const isSentAgain: SQL = comesAgainFor(deliveries);

/** A letter that is to be sent again: how many copies of it there were when it was looked at. */
export type LetterAgain = { readonly id: number; readonly kind: string; readonly copies: number };

/**
 * The letters that may be sent again behind the given ids, which may be of their copies, each with how often it was sent again
 * already.
 */
export function readCopies(db: Db, ids: readonly number[]): Promise<LetterAgain[]> {
  return db
    .selectDistinct({
      id: original.id,
      kind: original.kind,
      copies:
        sql<number>`${sql`(select max(${latest.copy}) from ${deliveries} latest where ${latest.kind} = ${original.kind}
        and ${latest.anchor} = ${original.anchor} and ${latest.round} = ${original.round}
        and ${latest.intendedItem} = ${original.intendedItem})`}`.as("copies"),
    })
    .from(original)
    .innerJoin(other, sameLetter)
    .where(
      sql`${mayComeAgain} and ${among(other.id, ids)} and (${other.copy} > 0 or ${other.id} = ${original.id})`,
    );
}

/** The letters of a run that ended for one reason and may be sent again, by id, at most `limit`; none that is on its way again. */
export async function readAgainOfRun(db: Db, which: OfRun, limit: number): Promise<number[]> {
  const rows = await db
    .select({ id: original.id })
    .from(original)
    .where(
      sql`${mayComeAgain} and not ${comesAgain}
        and ${original.id} in (select ${deliveries.id} from ${deliveries} where ${ofRun(which)})`,
    )
    .orderBy(original.id)
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** The reason of a letter of which the provider's list showed that it was never sent. */
export const NEVER_SENT = "never_sent";

/** Letters to be planned once more, in batches under these keys. */
export type Again = {
  readonly letters: ReadonlyArray<LetterAgain & { readonly key: string; readonly place: number }>;
  readonly batches: readonly NewBatch[];
};

type When = { readonly now: number; readonly wallNow: number };

/**
 * Statements: plan the letters once more of which `which` holds (`original`), as copies: the copy after those that the caller saw, and one at a
 * time, so that asking twice makes one. `made`: the batches.
 */
function copy(db: Db, { letters, batches: made }: Again, which: SQL, { now, wallNow }: When) {
  const rows = rowsOf(letters);
  const keys = made.map(({ key }) => key);
  return {
    batches: makeBatches(made, wallNow),
    copied: insertFrom(
      deliveries,
      {
        kind: sql`${original.kind}`,
        anchor: sql`${original.anchor}`,
        round: sql`${original.round}`,
        item: sql`${original.intendedItem}`,
        copy: sql`${rows.of("copies")} + 1`,
        intendedItem: sql`${original.intendedItem}`,
        recipientId: sql`${original.recipientId}`,
        renditionId: sql`${original.renditionId}`,
        batchId: sql`${batches.id}`,
        place: rows.of("place"),
        slotAt: now,
        state: "planned",
        plannedAt: now,
      },
      sql`from ${rows.from} join ${deliveries} original on ${original.id} = ${rows.of("id")}
        join ${batches} on ${batches.idempotencyKey} = ${rows.of("key")}
        where ${which} and not ${comesAgain} ${ONCE}`,
    ),
    dropped: dropEmptyBatches(db, keys),
    made: batchesOf(db, keys),
  };
}

/** Statements: plan letters once more that turned out not to have been sent. */
export function copyUnsent(db: Db, again: Again, when: When) {
  return copy(
    db,
    again,
    sql`${original.copy} = 0 and ${original.state} = 'failed' and ${original.reason} = ${NEVER_SENT}`,
    when,
  );
}

/**
 * Plans letters once more that failed or stayed uncertain, because the owner says so. Returns the ids of the letters that are sent again, and
 * their batches.
 */
export async function planCopies(db: Db, again: Again, when: When & { readonly by: Doer }) {
  const keys = again.batches.map(({ key }) => key);
  const inBatches = sql`in (select ${batches.id} from ${batches} where ${among(batches.idempotencyKey, keys)})`;
  const copied = sql`${deliveries.batchId} ${inBatches}`;
  const { planned, made } = await batch(
    db,
    together(copy(db, again, mayComeAgain, when), {
      act: recordAct(
        when.by,
        { at: when.now, verb: "send_letters_again", object: "letters", changed: idsOf(copied) },
        sql`exists (select 1 from ${deliveries} where ${copied})`,
      ),
      planned: db
        .select({ id: original.id })
        .from(original)
        .innerJoin(other, sameLetter)
        .where(and(mayComeAgain, sql`${other.batchId} ${inBatches}`))
        .orderBy(original.id),
    }),
  );
  return { ids: planned.map(({ id }) => id), batches: made };
}
