import { and, eq, isNull, lt, ne, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import {
  consents,
  optOuts,
  subscribers,
  suppressions,
  suppressionsPersonal,
} from "../../../platform/db/schema/index.ts";
import { erasedValues } from "../../../platform/db/schema/personal.ts";
import { excluded, insertFrom, onConflict } from "../../../platform/db/write.ts";
import type { JournalEntry } from "../../../platform/guard/guard-port.ts";
import { countThat, dayOf } from "../../counts/queries/day-counts.ts";
import { STRONGEST_FIRST, type Suppression } from "../suppression.ts";
import { raiseStanding } from "./subscribers.ts";

/** Reasons that only the owner lifts: nothing at all is mailed, not even a confirmation. */
export const FORBIDDING: SQL = sql`('erased', 'complaint', 'owner')`;

/** Condition that a suppression is in force at `now`. */
export function inForce(now: number | SQL): SQL {
  return sql`${suppressions.liftedAt} is null and (${suppressions.until} is null or ${suppressions.until} > ${now})`;
}

const rank = (reason: SQL) =>
  sql`case ${reason} ${sql.join(
    STRONGEST_FIRST.map((name, place) => sql`when ${name} then ${sql.raw(String(-place))}`),
    sql` `,
  )} end`;
const wanted = (name: "reason" | "at" | "note") => excluded(suppressions, name);
const [newRank, oldRank] = [rank(wanted("reason")), rank(sql`${suppressions.reason}`)];

/** A stronger suppression wins, and a later one as strong; nothing from before a lift does (rule 3.24). */
const whereItWins: SQL = onConflict(suppressions, ["addressHash"], {
  take: ["reason", "at", "until"],
  // What an owner noted stays while it's in force, also when a complaint comes on top.
  set: {
    liftedAt: null,
    note: sql`coalesce(${wanted("note")}, case when ${suppressions.liftedAt} is null then ${suppressions.note} end)`,
  },
  where: sql`${wanted("at")} > coalesce(${suppressions.liftedAt}, 0) and (${suppressions.liftedAt} is not null
    or ${newRank} > ${oldRank} or ${newRank} = ${oldRank} and ${wanted("at")} > ${suppressions.at})`,
});

/**
 * Statements that put an address on the suppression list. A stronger or later one wins; an event from before a lift changes
 * nothing (rule 3.24). Lasting ones are also recorded for the Guard's journal.
 */
export function suppressStatements(
  db: Db,
  addressHash: string,
  suppression: Suppression,
  note: string | null = null,
) {
  const { reason, at, until } = suppression;
  const suppressed = insertFrom(
    suppressions,
    { addressHash, reason, at, until, note },
    sql`where true ${whereItWins}`,
  );
  const stands = raiseStanding(db, eq(subscribers.addressHash, addressHash));
  if (until !== null) return { suppressed, stands };
  const suppressionRecorded = insertFrom(
    optOuts,
    { addressHash, kind: "suppressed", reason, at },
    sql`from ${suppressions} where ${suppressions.addressHash} = ${addressHash} and ${suppressions.at} = ${at}
      and ${suppressions.reason} = ${reason} and ${suppressions.liftedAt} is null
      and not exists (select 1 from ${optOuts} where ${optOuts.addressHash} = ${addressHash}
        and ${optOuts.kind} = 'suppressed' and ${optOuts.at} = ${at})`,
  );
  const suppressionCounted = countThat({ day: dayOf(at), what: "suppressed", key: reason });
  return { suppressed, suppressionRecorded, suppressionCounted, stands };
}

/** Statement: enters suppressions of the Guard's journal, or of a list of people. */
export function replaySuppressions(
  entries: readonly JournalEntry[],
  { note = null, condition = sql`true` }: { readonly note?: string | null; readonly condition?: SQL } = {},
) {
  const rows = rowsOf(entries);
  return insertFrom(
    suppressions,
    { addressHash: rows.of("addressHash"), reason: rows.of("reason") as SQL, at: rows.of("at"), note },
    sql`from ${rows.from} where ${rows.of("kind")} = 'suppressed' and ${condition} ${whereItWins}`,
  );
}

/** Statement: lifts what is in force against the person whose consent this request confirmed. */
export function liftConfirmed(
  db: Db,
  by: { readonly consentId: number; readonly confirmationId: string },
  now: number,
) {
  return db
    .update(suppressions)
    .set({ liftedAt: now, note: "confirmed" })
    .from(sql`${consents} join ${subscribers} on ${subscribers.id} = ${consents.subscriberId}`)
    .where(
      and(
        eq(consents.id, by.consentId),
        eq(consents.confirmationId, by.confirmationId),
        eq(suppressions.addressHash, subscribers.addressHash),
        inForce(now),
      ),
    );
}

/** Statement: lifts a suspension for soft bounces from before a letter was delivered at `at`. */
export function liftSoft(db: Db, addressHash: string, at: number, now: number) {
  return db
    .update(suppressions)
    .set({ liftedAt: now, note: "delivered" })
    .where(
      and(
        eq(suppressions.addressHash, addressHash),
        eq(suppressions.reason, "soft"),
        isNull(suppressions.liftedAt),
        lt(suppressions.at, at),
      ),
    );
}

/** Statement: notes why the owner wants an address on the list where it stands there already; nothing of an erased one. */
export function noteSuppression(db: Db, addressHash: string, note: string) {
  return db
    .update(suppressions)
    .set({ note })
    .where(
      and(
        eq(suppressions.addressHash, addressHash),
        isNull(suppressions.liftedAt),
        ne(suppressions.reason, "erased"),
      ),
    );
}

/** Condition: that note stands with a suppression of the address that wasn't lifted. */
export function hasNote(addressHash: string, note: string): SQL {
  return sql`exists (select 1 from ${suppressions} where ${suppressions.addressHash} = ${addressHash}
    and ${suppressions.note} = ${note} and ${suppressions.liftedAt} is null)`;
}

/** Condition: something is in force on an address at `now`. */
export function isSuppressed(addressHash: string, now: number): SQL {
  return sql`exists (select 1 from ${suppressions} where ${suppressions.addressHash} = ${addressHash} and ${inForce(now)})`;
}

/** Statement: lifts what is in force on an address. Returns its hash where there was anything to lift. */
export function liftSuppression(
  db: Db,
  lift: { readonly addressHash: string; readonly now: number; readonly note: string },
) {
  return db
    .update(suppressions)
    .set({ liftedAt: lift.now, note: lift.note })
    .where(and(eq(suppressions.addressHash, lift.addressHash), inForce(lift.now)))
    .returning({ addressHash: suppressions.addressHash });
}

/** Statement: forgets what an owner noted of an address, where `condition` holds. */
export function emptySuppression(db: Db, addressHash: string, condition: SQL) {
  return db
    .update(suppressions)
    .set(erasedValues(suppressionsPersonal))
    .where(and(eq(suppressions.addressHash, addressHash), condition));
}
