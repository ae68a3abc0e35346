import { type SQL, sql } from "drizzle-orm";
import { drafts, renditions, sequences, steps } from "../../../platform/db/schema/index.ts";

/** Condition: no letter names the picture: none that was ever rendered, because that's in inboxes, and none that's written or drafted. */
export function isUnused(name: string): SQL {
  const names = (column: unknown) => sql`instr(${column}, ${name}) > 0`;
  return sql`not exists (select 1 from ${renditions} where ${names(renditions.html)})
    and not exists (select 1 from ${steps} where ${names(steps.markdown)})
    and not exists (select 1 from ${sequences} where ${names(sequences.welcome)})
    and not exists (select 1 from ${drafts} where ${names(drafts.content)})`;
}
