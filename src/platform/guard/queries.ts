import { and, desc, eq, getTableColumns, gt, gte, lt, lte, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/durable-sqlite";
import type { Admission, AdmittedMember, BroadcastNote, GuardAct, JournalEntry } from "./guard-port.ts";
import { admissions, broadcastNotes, CREATE, guardActs, journal, state } from "./schema.ts";

const ACTS_PAGE = 100;
const NOTES_MAX = 1000;

/**
 * The Guard's own tables, made when it wakes. What every batch asks for is prepared once, because it answers one call after the
 * other.
 */
export function openTables(storage: DurableObjectStorage) {
  storage.sql.exec(CREATE);
  const db = drizzle(storage);
  const given = sql.placeholder;
  const write = db
    .insert(state)
    .values({ name: given("name"), value: given("value") })
    .onConflictDoUpdate({ target: state.name, set: { value: sql`excluded.value` } })
    .prepare();
  const admit = db
    .insert(admissions)
    .values({ batchId: given("batchId"), members: given("members"), admittedAt: given("wallNow") })
    .prepare();
  const behind = db
    .select({ hash: journal.addressHash })
    .from(journal)
    .where(gt(journal.id, given("entry")))
    .limit(given("limit"))
    .prepare();

  return {
    /** A stored value, or null. */
    readState: (name: string): unknown =>
      db.select({ value: state.value }).from(state).where(eq(state.name, name)).get()?.value ?? null,

    writeState: (name: string, value: unknown): void => {
      write.run({ name, value });
    },

    /** Adds entries; one that is there already stays as it is. */
    addToJournal: (entries: readonly JournalEntry[], wallNow: number): void =>
      db.transaction((tx) => {
        for (const { addressHash, kind, sequenceId, reason, at } of entries) {
          const entry = { addressHash, kind, sequenceId: sequenceId ?? 0, at };
          const same = and(
            eq(journal.addressHash, addressHash),
            eq(journal.kind, kind),
            eq(journal.sequenceId, entry.sequenceId),
            eq(journal.at, at),
          );
          // Not "on conflict": that would count up the numbers of entries that were never made.
          if (tx.select({ id: journal.id }).from(journal).where(same).get() === undefined)
            tx.insert(journal)
              .values({ ...entry, reason, recordedAt: wallNow })
              .run();
        }
      }),

    /** Entries behind `after`, oldest first. */
    pageOfJournal: (after: number, limit: number): Array<JournalEntry & { readonly entryId: number }> =>
      db
        .select({
          entryId: journal.id,
          addressHash: journal.addressHash,
          kind: journal.kind,
          sequenceId: sql<number | null>`nullif(${journal.sequenceId}, 0)`,
          reason: journal.reason,
          at: journal.at,
        })
        .from(journal)
        .where(gt(journal.id, after))
        .orderBy(journal.id)
        .limit(limit)
        .all(),

    /** The number of the newest entry ever made, whether it is still kept or not. The table is SQLite's own. */
    lastJournalEntry: (): number =>
      storage.sql
        .exec<{ seq: number }>("select seq from sqlite_sequence where name = 'journal'")
        .toArray()
        .at(0)?.seq ?? 0,

    /** Whose opt-outs stand behind an entry; at most `limit`, one an entry. */
    hashesBehind: (entry: number, limit: number): string[] =>
      behind.all({ entry, limit }).map(({ hash }) => hash),

    countJournal: (): number => db.select({ n: sql<number>`count(*)` }).from(journal).get()?.n ?? 0,

    noteBroadcast: (note: BroadcastNote, wallNow: number): void => {
      db.insert(broadcastNotes)
        .values({ ...note, recordedAt: wallNow })
        .onConflictDoNothing()
        .run();
    },

    readBroadcastNotes: (): BroadcastNote[] => {
      const { recordedAt, ...columns } = getTableColumns(broadcastNotes);
      return db.select(columns).from(broadcastNotes).orderBy(desc(recordedAt)).limit(NOTES_MAX).all();
    },

    addAdmission: (batchId: number, members: string, wallNow: number): void => {
      admit.run({ batchId, members, wallNow });
    },

    /** Admissions behind `after` of batches from `fromBatch` on, oldest first. */
    pageOfAdmissions: (after: number, limit: number, fromBatch: number): Admission[] =>
      db
        .select({ admissionId: admissions.id, batchId: admissions.batchId, members: admissions.members })
        .from(admissions)
        .where(and(gt(admissions.id, after), gte(admissions.batchId, fromBatch)))
        .orderBy(admissions.id)
        .limit(limit)
        .all()
        .map((row) => ({ ...row, members: JSON.parse(row.members) as readonly AdmittedMember[] })),

    /** Keeps an act; the same of one request once. */
    keepAct: (act: Omit<GuardAct, "actId">): void => {
      db.insert(guardActs).values(act).onConflictDoNothing().run();
    },

    /** Forgets acts up to `copied`, and gives the next ones, oldest first. */
    handOverActs: (copied: number): GuardAct[] => {
      db.delete(guardActs).where(lte(guardActs.id, copied)).run();
      const { id: actId, ...columns } = getTableColumns(guardActs);
      return db
        .select({ actId, ...columns })
        .from(guardActs)
        .orderBy(guardActs.id)
        .limit(ACTS_PAGE)
        .all();
    },

    /** Forgets what is older than `wall`. */
    forgetBefore: (wall: number): void => {
      db.delete(journal).where(lt(journal.recordedAt, wall)).run();
      db.delete(broadcastNotes).where(lt(broadcastNotes.recordedAt, wall)).run();
      db.delete(admissions).where(lt(admissions.admittedAt, wall)).run();
    },
  };
}
