import { inArray, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import { broadcasts } from "../../../platform/db/schema/index.ts";
import type { BroadcastNote } from "../../../platform/guard/guard-port.ts";

const { id, state, revision, createdAt, runId } = broadcasts;

/** Statement: holds every broadcast that could leave by itself, because the database was restored. Returns their ids. */
export function holdAll(db: Db) {
  return db
    .update(broadcasts)
    .set({ state: "held", revision: sql`${revision} + 1` })
    .where(inArray(state, ["scheduled", "sending"]))
    .returning({ id });
}

/**
 * Statement, before `holdAll`: why broadcasts are held, and what a draft may lack: what was decided about them later than this database knows.
 * Repeated, it changes nothing.
 */
export function noteRestored(db: Db, notes: readonly BroadcastNote[]) {
  const { from, of } = rowsOf(notes);
  const later = sql`${of("id")} = ${id} and ${of("createdAt")} = ${createdAt} and ${of("revision")} > ${revision}`;
  const last = sql`(select 'restored_' || (${of("what")}) from ${from} where ${later} order by ${of("revision")} desc limit 1)`;
  return db
    .update(broadcasts)
    .set({ reason: sql`${sql`coalesce(${last}, iif(${state} = 'draft', null, 'restored'))`}` })
    .where(inArray(state, ["draft", "scheduled", "sending"]));
}

/** The runs of those that are held on their way. */
export const runsOfHeld: SQL = sql`(select ${runId} from ${broadcasts} where ${state} = 'held' and ${runId} is not null)`;
