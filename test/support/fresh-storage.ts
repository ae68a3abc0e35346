import { applyD1Migrations, type D1Migration, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { forgetRenditions } from "../../src/domain/sending/compose-call.ts";
import { comparesUnqualified } from "./statements.ts";

// Each file begins with empty storage, and ids start at one again: what was remembered by id must go, too.
const { DB, TEST_MIGRATIONS } = env as unknown as { DB: D1Database; TEST_MIGRATIONS: D1Migration[] };
await reset();
forgetRenditions();
await applyD1Migrations(DB, TEST_MIGRATIONS);

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
