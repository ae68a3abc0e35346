/** SQLite's and D1's own tables, and the list of migrations. */
const KEPT = "name not like 'sqlite\\_%' escape '\\' and name not like '\\_cf\\_%' escape '\\'";

async function tablesOf(db: D1Database): Promise<string[]> {
  const { results } = await db
    .prepare(`select name from sqlite_master where type = 'table' and ${KEPT}`)
    .all<{ name: string }>();
  return results.map(({ name }) => name);
}

/** Empties every table but the list of migrations, and lets ids begin at one again. The schema stays. */
export async function emptyDatabase(db: D1Database): Promise<void> {
  const tables = (await tablesOf(db)).filter((name) => name !== "d1_migrations");
  if (tables.length === 0) return;
  await db.batch([
    db.prepare("pragma defer_foreign_keys = on"),
    ...tables.map((name) => db.prepare(`delete from ${name}`)),
    db.prepare("delete from sqlite_sequence where name <> 'd1_migrations'"),
  ]);
}

/** Drops every table. */
export async function dropDatabase(db: D1Database): Promise<void> {
  await emptyDatabase(db);
  const tables = await tablesOf(db);
  await db.batch([
    db.prepare("pragma defer_foreign_keys = on"),
    ...tables.map((name) => db.prepare(`drop table ${name}`)),
  ]);
}
