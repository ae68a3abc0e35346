import { applyD1Migrations, type D1Migration, reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { forgetRenditions } from "../../src/domain/sending/compose-call.ts";
import { inThisDatabase } from "./rows.ts";
import { TEST_SITE } from "./site.ts";
import { comparesUnqualified } from "./statements.ts";

// Each file begins with empty storage, and ids start at one again: what was remembered by id must go, too.
const { DB, GUARD, TEST_MIGRATIONS } = env as unknown as {
  DB: D1Database;
  GUARD: DurableObjectNamespace;
  TEST_MIGRATIONS: D1Migration[];
};
const guard = GUARD.get(GUARD.idFromName("guard"));
const USED = "used by a file before";
const ASK_AGAIN_MS = 5;
const ASKED_MAX = 200;
await reset();
// It's done some time after that resolves, and ends whatever is asked meanwhile.
for (let asked = 1; !(await isEmpty().catch(() => false)); asked += 1) {
  if (asked % ASKED_MAX === 0) await reset();
  await scheduler.wait(ASK_AGAIN_MS);
}
await runInDurableObject(guard, (_, { storage }) => storage.put(USED, true));
forgetRenditions();
await applyD1Migrations(DB, TEST_MIGRATIONS);
await DB.prepare(
  inThisDatabase(
    "insert into site (id, version, published_at, origin, content) values (1, 1, 0, 'files', ?)",
  ),
)
  .bind(JSON.stringify(TEST_SITE))
  .run();

async function isEmpty(): Promise<boolean> {
  const [tables] = (
    await DB.prepare("select count(*) as n from sqlite_master where name = 'site'").all<{ n: number }>()
  ).results;
  const used = await runInDurableObject(guard, (_, { storage }) => storage.get(USED));
  return tables?.n === 0 && used === undefined;
}

// Every statement that the suite sends is looked through, once for all files, because they share the database's object.
const watched = DB as D1Database & { watched?: true };
if (watched.watched === undefined) {
  const prepare = DB.prepare.bind(DB);
  DB.prepare = (query) => {
    if (comparesUnqualified(query)) throw new Error(`compares two columns without their tables: ${query}`);
    return prepare(query);
  };
  watched.watched = true;
}
