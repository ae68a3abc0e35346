/**
 * The highest id that each growing table of a database has given away (its `sqlite_sequence`), by table name. Ids are never
 * given away twice in one life of a database, so a mark that falls tells of a restore.
 */
export type Marks = Readonly<Record<string, number>>;

/** The tables whose ids must never come back: links and provider tags name them, or their growth shows a restore. */
const MARKED_TABLES = [
  "attempts",
  "batches",
  "consents",
  "deliveries",
  "enrollments",
  "erasures",
  "opt_outs",
  "partner_links",
  "partners",
  "renditions",
  "runs",
  "sequences",
  "steps",
  "subscribers",
] as const;

/** Whether `marks` lack anything that `known` has seen. */
export function isBehind(marks: Marks, known: Marks): boolean {
  return Object.entries(known).some(([table, id]) => (marks[table] ?? 0) < id);
}

/** The higher of each pair. */
export function highest(a: Marks, b: Marks): Marks {
  const tables = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...tables].map((table) => [table, Math.max(a[table] ?? 0, b[table] ?? 0)]));
}

/** Random seals of attempts, by attempt id. */
export type Seals = Readonly<Record<string, string>>;

/** More than a state carries. */
export const SEALS_KEPT = 200;

/** Whether an attempt has another seal than the one that was known: its id was given away twice. */
export function isResealed(seals: Seals, known: Seals): boolean {
  return Object.entries(seals).some(([id, seal]) => id in known && known[id] !== seal);
}

/** `known` with `seals`, the newest of both. */
export function withSeals(known: Seals, seals: Seals): Seals {
  const ids = Object.keys({ ...known, ...seals }).sort((a, b) => Number(b) - Number(a));
  return Object.fromEntries(ids.slice(0, SEALS_KEPT).map((id) => [id, seals[id] ?? known[id] ?? ""]));
}

/** What a database says of itself: its growth, the opt-outs it knows of, and the name of the Guard that it belongs to (null when it has none yet). */
export type DatabaseState = {
  readonly marks: Marks;
  /** The random seals of its last attempts, by id. */
  readonly seals: Seals;
  readonly guardName: string | null;
  /** The last journal entry that the database knows of. */
  readonly journalSeen: number;
};

/** The state of a database from what the columns of db/read-marks.ts gave. */
export function databaseState(row: {
  readonly marks: string;
  readonly seals: string;
  readonly guardName: string | null;
  readonly journalSeen: number;
}): DatabaseState {
  const all = JSON.parse(row.marks) as Marks;
  const marks = Object.fromEntries(MARKED_TABLES.map((table) => [table, all[table] ?? 0]));
  return {
    marks,
    seals: JSON.parse(row.seals) as Seals,
    guardName: row.guardName,
    journalSeen: row.journalSeen,
  };
}
