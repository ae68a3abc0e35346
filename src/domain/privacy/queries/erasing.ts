import { and, eq, sql } from "drizzle-orm";
import { batch, together } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { type JournalSpan, sawJournal } from "../../../platform/db/read-marks.ts";
import { erasures, subscribers } from "../../../platform/db/schema/index.ts";
import type { Doer } from "../../acts/act.ts";
import { recordAct } from "../../acts/queries/acts.ts";
import { forgetReportsOf } from "../../feedback/queries/forget.ts";
import type { Kinds } from "../../ledger/kind.ts";
import { hasOpenLetters } from "../../ledger/queries/person.ts";
import { forgetChangesOf } from "../../people/queries/changes.ts";
import { emptyConsentsOf } from "../../people/queries/consents.ts";
import {
  confirmRequest,
  type Erasure,
  isUnconfirmed,
  noteErased,
  readErasure,
} from "../../people/queries/erasures.ts";
import { forgetSaid } from "../../people/queries/opt-outs.ts";
import { emptyPeople } from "../../people/queries/subscribers.ts";
import { emptySuppression, suppressStatements } from "../../people/queries/suppressions.ts";
import { forgetTagsOf } from "../../people/queries/tags.ts";
import { emptyEnrollmentsOf, stopStatements } from "../../sequences/queries/stop.ts";

/**
 * Everything that must hold from the moment of the confirmation on, in one batch: all letters stop, the address is on the list
 * of those never to be mailed, and the request is confirmed. Where the owner asks (`by`), their act is kept with it. Returns whether this call confirmed it. Repeating changes nothing.
 */
export async function confirmErasure(
  db: Db,
  erasure: Pick<Erasure, "erasureId" | "subscriberId" | "addressHash">,
  at: { readonly now: number; readonly journaled: JournalSpan | null; readonly by: Doer | null },
): Promise<boolean> {
  const { subscriberId, addressHash, erasureId } = erasure;
  const { now, journaled, by } = at;
  const act = {
    at: now,
    verb: "erase_subscriber",
    object: `subscriber:${subscriberId}`,
    changed: {},
  } as const;
  const { confirmed } = await batch(
    db,
    together(
      by === null ? {} : { act: recordAct(by, act, isUnconfirmed(erasureId)) },
      { confirmed: confirmRequest(db, erasureId, now) },
      stopStatements(db, { subscriberId, what: "everything", reason: "erased", now }),
      suppressStatements(db, addressHash, { reason: "erased", at: now, until: null }),
      journaled === null ? {} : { saw: sawJournal(journaled) },
    ),
  );
  return confirmed.length > 0;
}

/**
 * Erases a person whose request is confirmed, unless a provider call of unknown outcome may still need their address for a repeat
 * with the same bytes: then nothing changes, and the next tick tries again. What is emptied, what stays and why, the schema says
 * column by column (platform/db/schema/personal.ts). All or nothing; returns whether the person is erased.
 */
export async function eraseNow(db: Db, kinds: Kinds, erasure: Erasure, now: number): Promise<boolean> {
  const id = erasure.subscriberId;
  const confirmed = and(eq(erasures.id, erasure.erasureId), sql`${erasures.confirmedAt} is not null`);
  const gone = sql`exists (select 1 from ${subscribers} where ${subscribers.id} = ${id}
    and ${subscribers.state} = 'erased')`;
  await batch(db, {
    person: emptyPeople(
      db,
      sql`${subscribers.id} = ${id} and not ${hasOpenLetters(kinds, id)}
        and exists (select 1 from ${erasures} where ${confirmed})`,
    ),
    consents: emptyConsentsOf(db, id, gone, now),
    enrollments: emptyEnrollmentsOf(db, id, gone),
    changes: forgetChangesOf(db, id, gone),
    tags: forgetTagsOf(db, id, gone),
    reports: forgetReportsOf(db, id, gone),
    said: forgetSaid(db, erasure.addressHash, gone),
    note: emptySuppression(db, erasure.addressHash, gone),
    erased: noteErased(db, id, gone, now),
  });
  return (await readErasure(db, erasure.erasureId))?.erasedAt !== null;
}
