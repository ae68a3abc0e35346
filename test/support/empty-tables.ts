import type { Service } from "./service.ts";

// Children before parents: D1 keeps foreign keys. Renditions stay, as they may in life.
const TABLES = [
  "alerts",
  "bounce_days",
  "feedback_events",
  "opt_outs",
  "suppressions",
  "attempts",
  "deliveries",
  "batches",
  "runs",
  "enrollments",
  "consents",
  "subscribers",
  "steps",
  "sequences",
];

/** Forgets everybody and everything published, for tests of one file that need the tables to themselves. */
export async function emptyTables(service: Pick<Service, "rows">): Promise<void> {
  for (const table of TABLES) await service.rows(`delete from ${table}`);
  await service.rows("delete from facts where name = 'guard'");
}
