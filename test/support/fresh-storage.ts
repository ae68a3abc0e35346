import { applyD1Migrations, type D1Migration, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { forgetRenditions } from "../../src/domain/sending/compose-call.ts";

// Each file begins with empty storage, and ids start at one again: what was remembered by id must go, too.
const { DB, TEST_MIGRATIONS } = env as unknown as { DB: D1Database; TEST_MIGRATIONS: D1Migration[] };
await reset();
forgetRenditions();
await applyD1Migrations(DB, TEST_MIGRATIONS);
