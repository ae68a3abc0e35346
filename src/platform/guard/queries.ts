import type { Admission, JournalEntry } from "./guard-port.ts";

/** The Guard's own tables, made when it wakes. */
export function createTables(sql: SqlStorage): void {
  sql.exec(`create table if not exists state (name text primary key, value text not null);
    create table if not exists journal (id integer primary key autoincrement, address_hash text not null, kind text not null,
      sequence_id integer, reason text not null, at integer not null, recorded_at integer not null,
      unique (address_hash, kind, sequence_id, at));
    create table if not exists admissions (id integer primary key autoincrement, batch_id integer not null,
      members text not null, admitted_at integer not null);
    create index if not exists journal_by_age on journal (recorded_at);
    create index if not exists admissions_by_age on admissions (admitted_at);`);
}

/** A stored value, or null. */
export function readState(sql: SqlStorage, name: string): unknown {
  const [row] = sql.exec<{ value: string }>("select value from state where name = ?", name).toArray();
  return row === undefined ? null : JSON.parse(row.value);
}

export function writeState(sql: SqlStorage, name: string, value: unknown): void {
  sql.exec(
    "insert into state (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
    name,
    JSON.stringify(value),
  );
}

/** Adds entries; one that is there already stays as it is. */
export function addToJournal(sql: SqlStorage, entries: readonly JournalEntry[], wallNow: number): void {
  for (const { addressHash, kind, sequenceId, reason, at } of entries) {
    // SQLite holds two nulls for different, so the sequence of "everything" is 0.
    // Not "on conflict": that would count up the numbers of entries that were never made.
    sql.exec(
      `insert into journal (address_hash, kind, sequence_id, reason, at, recorded_at)
        select ?1, ?2, ?3, ?4, ?5, ?6 where not exists (select 1 from journal
          where address_hash = ?1 and kind = ?2 and sequence_id = ?3 and at = ?5)`,
      addressHash,
      kind,
      sequenceId ?? 0,
      reason,
      at,
      wallNow,
    );
  }
}

export function pageOfJournal(sql: SqlStorage, after: number, limit: number) {
  return sql
    .exec<{ id: number; hash: string; kind: string; seq: number; reason: string; at: number }>(
      `select id, address_hash as hash, kind, sequence_id as seq, reason, at from journal where id > ? order by id limit ?`,
      after,
      limit,
    )
    .toArray()
    .map((row) => ({
      entryId: row.id,
      addressHash: row.hash,
      kind: row.kind as JournalEntry["kind"],
      sequenceId: row.seq === 0 ? null : row.seq,
      reason: row.reason,
      at: row.at,
    }));
}

/** The number of the newest entry ever made, whether it is still kept or not. */
export function lastJournalEntry(sql: SqlStorage): number {
  const [row] = sql.exec<{ seq: number }>("select seq from sqlite_sequence where name = 'journal'").toArray();
  return row?.seq ?? 0;
}

/** Whose opt-outs stand behind an entry; at most `limit`, one an entry. */
export function hashesBehind(sql: SqlStorage, entry: number, limit: number): string[] {
  return sql
    .exec<{ hash: string }>("select address_hash as hash from journal where id > ? limit ?", entry, limit)
    .toArray()
    .map((row) => row.hash);
}

export function countJournal(sql: SqlStorage): number {
  return sql.exec<{ n: number }>("select count(*) as n from journal").one().n;
}

export function addAdmission(sql: SqlStorage, batchId: number, members: string, wallNow: number): void {
  sql.exec(
    "insert into admissions (batch_id, members, admitted_at) values (?, ?, ?)",
    batchId,
    members,
    wallNow,
  );
}

export function pageOfAdmissions(
  sql: SqlStorage,
  after: number,
  limit: number,
  fromBatch: number,
): Admission[] {
  return sql
    .exec<{ id: number; batch: number; members: string }>(
      "select id, batch_id as batch, members from admissions where id > ? and batch_id >= ? order by id limit ?",
      after,
      fromBatch,
      limit,
    )
    .toArray()
    .map((row) => ({
      admissionId: row.id,
      batchId: row.batch,
      members: JSON.parse(row.members) as Admission["members"],
    }));
}

export function forgetBefore(sql: SqlStorage, wall: number): void {
  sql.exec("delete from journal where recorded_at < ?", wall);
  sql.exec("delete from admissions where admitted_at < ?", wall);
}
