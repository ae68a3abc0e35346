import { inThisDatabase } from "./rows.ts";
import type { Service } from "./service.ts";

// Children before parents: D1 keeps foreign keys. Renditions stay, as they may in life.
const TABLES = [
  "alerts",
  "bounce_days",
  "feedback_events",
  "unread_events",
  "opt_outs",
  "suppressions",
  "attempts",
  "deliveries",
  "batches",
  "runs",
  "reader_changes",
  "erasures",
  "enrollments",
  "consents",
  "gate_counts",
  "refusals",
  "lapsed_sign_ups",
  "subscribers",
  "wordings",
  "form_keys",
  "partner_origins",
  "partner_links",
  "acts",
  "kept_answers",
  "partners",
  "step_variants",
  "steps",
  "sequences",
  "drafts",
  "broadcasts",
  "segments",
  "pictures",
  "desk_looks",
  "day_counts",
  "import_lines",
  "jobs",
  "reader_tags",
  "tags",
  "desk_links",
  "desk_sessions",
  "desk_people",
];

/** Forgets everybody and everything published, for tests of one file that need the tables to themselves. */
export async function emptyTables({ bindings: { DB } }: Pick<Service, "bindings">): Promise<void> {
  await DB.batch([
    ...TABLES.map((table) => DB.prepare(`delete from ${table}`)),
    DB.prepare(inThisDatabase("delete from facts where name = 'guard'")),
  ]);
}
