import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What a long piece of work is about: the filter of readers and the tag, the file and how it's read, or the sequence. */
export type JobParams = Readonly<Record<string, unknown>>;

/**
 * Long work that someone at the desk asked for, done in steps by the queue. `cursor` is how far it has come, moved in the transaction of each step,
 * so that a step is done once; `counts` what came of it so far. A job that is `ready` waits for someone to set it going.
 */
export const jobs = sqliteTable(
  "jobs",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    kind: text("kind", { enum: ["tag", "import", "count"] }).notNull(),
    state: text("state", {
      enum: ["taking", "checking", "ready", "running", "done", "stopped", "undone"],
    }).notNull(),
    params: text("params", { mode: "json" }).$type<JobParams>().notNull(),
    cursor: integer("cursor").notNull().default(0),
    /** How far it goes; null where that isn't known. */
    total: integer("total"),
    counts: text("counts", { mode: "json" }).$type<Readonly<Record<string, number>>>().notNull().default({}),
    /** A random name that each step replaces. */
    revision: text("revision").notNull().default(""),
    createdAt: integer("created_at").notNull(),
    endedAt: integer("ended_at"),
    /** Until then nothing more is to be done; null for as soon as there's time. */
    waitsUntil: integer("waits_until"),
  },
  (table) => [
    index("jobs_open").on(table.id).where(sql`${table.state} in ('checking', 'running')`),
    index("jobs_by_kind").on(table.kind, table.id),
  ],
);

/** A line of an imported file: its number and its fields, in the order of the columns. */
export type ImportedLine = { readonly line: number; readonly cells: readonly string[] };

/** The lines of a file that's being imported, some hundred a row; they go when it has been, or within a week. */
export const importLines = sqliteTable(
  "import_lines",
  {
    jobId: integer("job_id").notNull(),
    part: integer("part").notNull(),
    lines: text("lines", { mode: "json" }).$type<readonly ImportedLine[]>().notNull(),
    /** What the dry run finds wrong with some of them, by line. */
    faults: text("faults", { mode: "json" }).$type<ReadonlyArray<readonly [line: number, why: string]>>(),
  },
  (table) => [primaryKey({ columns: [table.jobId, table.part] })],
);
