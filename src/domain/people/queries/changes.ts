import { and, desc, eq, lt, ne, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { readerChanges, subscribers } from "../../../platform/db/schema/index.ts";
import { insertFrom } from "../../../platform/db/write.ts";
import type { Doer } from "../../acts/act.ts";
import { recordAct } from "../../acts/queries/acts.ts";

/** A change as it is written: who made it, on a page that showed which revision, and what was asked for. */
export type ChangeToWrite = {
  readonly subscriberId: number;
  readonly seen: number;
  readonly kind: string;
  readonly request: string;
  readonly token: string;
  readonly now: number;
  /** Someone at the desk who makes it for them; null for their own hand. */
  readonly by: Doer | null;
};

/**
 * Statement: records a change, where `from` selects its subscriber (and enrollment). Returns its id. `became` and `was` are kept
 * as JSON.
 */
export function recordChange(
  change: ChangeToWrite,
  of: { readonly enrollmentId: SQL | null; readonly was: unknown; readonly became: unknown },
  from: SQL,
) {
  const { now: at, kind, seen, request, token } = change;
  return insertFrom(
    readerChanges,
    {
      subscriberId: subscribers.id,
      enrollmentId: of.enrollmentId,
      at,
      kind,
      by: change.by === null ? "reader" : "desk",
      seen,
      request,
      was: JSON.stringify(of.was),
      became: JSON.stringify(of.became),
      token,
    },
    from,
  ).returning({ id: readerChanges.id });
}

/** Statements: keep a change that someone at the desk made for a reader as an act, where it was recorded. */
export function actOfChange({ by, now, kind, subscriberId, token }: ChangeToWrite) {
  if (by === null) return {};
  const act = {
    at: now,
    verb: "change_reader",
    object: `subscriber:${subscriberId}`,
    changed: { kind },
  } as const;
  return { act: recordAct(by, act, wasRecorded(token)) };
}

/** A person's latest changes, at most `limit`, the newest first. */
export function readLatestChanges(db: Db, subscriberId: number, limit: number) {
  return db
    .select({ kind: readerChanges.kind, at: readerChanges.at })
    .from(readerChanges)
    .where(eq(readerChanges.subscriberId, subscriberId))
    .orderBy(desc(readerChanges.id))
    .limit(limit);
}

/** Condition: the change of this token was recorded. */
export function wasRecorded(token: string): SQL {
  return sql`exists (select 1 from ${readerChanges} where ${readerChanges.token} = ${token})`;
}

/** Statement: forgets everything that a person changed, where `condition` holds. */
export function forgetChangesOf(db: Db, subscriberId: number, condition: SQL) {
  return db.delete(readerChanges).where(and(eq(readerChanges.subscriberId, subscriberId), condition));
}

/** Condition: changes from before `before`. Those by which a reader came back stay: they are the proof that letters were wanted again. */
export function oldChanges(before: number): SQL | undefined {
  return and(lt(readerChanges.at, before), ne(readerChanges.kind, "return"));
}

/** Statement: forgets some of the old changes. */
export function forgetOldChanges(db: Db, before: number, limit: number) {
  const old = db
    .select({ id: readerChanges.id })
    .from(readerChanges)
    .where(oldChanges(before))
    .orderBy(readerChanges.at)
    .limit(limit);
  return db.delete(readerChanges).where(sql`${readerChanges.id} in ${old}`);
}
