/** The tables of one moment, as D1's Time Travel would bring them back. */
export type Snapshot = {
  readonly tables: ReadonlyArray<readonly [name: string, rows: readonly Record<string, unknown>[]]>;
  readonly marks: readonly { readonly name: string; readonly seq: number }[];
};

// Children before parents; the mailbox is not part of it.
const TABLES = [
  "attempts",
  "deliveries",
  "batches",
  "runs",
  "feedback_events",
  "unread_events",
  "bounce_days",
  "alerts",
  "opt_outs",
  "suppressions",
  "reader_changes",
  "erasures",
  "enrollments",
  "consents",
  "wordings",
  "form_keys",
  "partner_origins",
  "partner_links",
  "acts",
  "kept_answers",
  "partners",
  "gate_counts",
  "refusals",
  "lapsed_sign_ups",
  "subscribers",
  "step_variants",
  "system_mails",
  "next_renditions",
  "pictures",
  "desk_sessions",
  "desk_links",
  "desk_looks",
  "desk_people",
  "day_counts",
  "import_lines",
  "jobs",
  "broadcasts",
  "segments",
  "reader_tags",
  "tags",
  "site",
  "steps",
  "sequences",
  "drafts",
  "renditions",
  "facts",
];

export async function takeSnapshot(db: D1Database): Promise<Snapshot> {
  const results = await db.batch([
    ...TABLES.map((table) => db.prepare(`select * from ${table}`)),
    db.prepare("select name, seq from sqlite_sequence where name <> 'd1_migrations'"),
  ]);
  return {
    tables: TABLES.map((table, index) => [table, results[index]?.results as Record<string, unknown>[]]),
    marks: results.at(-1)?.results as { name: string; seq: number }[],
  };
}

export async function restoreSnapshot(db: D1Database, snapshot: Snapshot): Promise<void> {
  const inserts = [...snapshot.tables].reverse().flatMap(([table, rows]) =>
    rows.map((row) => {
      const names = Object.keys(row);
      const marks = names.map(() => "?").join(", ");
      const quoted = names.map((name) => `"${name}"`).join(", ");
      return db.prepare(`insert into ${table} (${quoted}) values (${marks})`).bind(...Object.values(row));
    }),
  );
  await db.batch([
    ...snapshot.tables.map(([table]) => db.prepare(`delete from ${table}`)),
    ...inserts,
    db.prepare("delete from sqlite_sequence where name <> 'd1_migrations'"),
    ...snapshot.marks.map(({ name, seq }) =>
      db.prepare("insert into sqlite_sequence (name, seq) values (?, ?)").bind(name, seq),
    ),
  ]);
}
