import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { forgetRenditions } from "../../src/domain/sending/compose-call.ts";
import { emptyDatabase } from "./empty-database.ts";
import { takeNewGuard } from "./guard-of-file.ts";
import { inThisDatabase } from "./rows.ts";
import { TEST_SITE } from "./site.ts";
import { comparesUnqualified } from "./statements.ts";

// Each file begins with empty storage, and ids start at one again: what was remembered by id must go, too. The pool's own way to empty
// storage is done some time after it says so, and ends whatever is asked meanwhile.
const { DB, TEST_MIGRATIONS } = env as unknown as { DB: D1Database; TEST_MIGRATIONS: D1Migration[] };
await emptyDatabase(DB);
takeNewGuard();
forgetRenditions();
await applyD1Migrations(DB, TEST_MIGRATIONS);
await DB.prepare(
  inThisDatabase(
    "insert into site (id, version, published_at, origin, content) values (1, 1, 0, 'files', ?)",
  ),
)
  .bind(JSON.stringify(TEST_SITE))
  .run();

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
