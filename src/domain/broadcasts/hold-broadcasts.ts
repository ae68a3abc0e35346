import { batch } from "../../platform/db/batch.ts";
import { raiseAlert } from "../../platform/log/queries.ts";
import { stopRunsOf } from "../ledger/queries/runs.ts";
import type { Services } from "../services.ts";
import { HELD_RUN } from "./broadcast.ts";
import { holdAll, runsOfHeld } from "./queries/broadcasts.ts";

/**
 * Holds every broadcast that could leave by itself, because the database was restored: nobody knows what was decided in the lost time. Only an owner
 * sets one going again. Idempotent.
 */
export async function holdBroadcasts({ db, now }: Pick<Services, "db" | "now">): Promise<void> {
  const { held } = await batch(db, {
    held: holdAll(db),
    runs: stopRunsOf(db, { reason: HELD_RUN, now }, runsOfHeld),
  });
  if (held.length > 0)
    await raiseAlert(db, { name: "broadcast.held", detail: `${held.length} broadcasts: restored`, now });
}
