import { batch } from "../../platform/db/batch.ts";
import type { BroadcastNote } from "../../platform/guard/guard-port.ts";
import { logEvent } from "../../platform/log/log-event.ts";
import { raiseAlert } from "../../platform/log/queries.ts";
import { stopRunsOf } from "../ledger/queries/runs.ts";
import type { Services } from "../services.ts";
import { HELD_RUN } from "./broadcast.ts";
import type { Broadcast } from "./queries/broadcasts.ts";
import { holdAll, noteRestored, runsOfHeld } from "./queries/hold.ts";

/**
 * Tells the Guard what was decided about a broadcast as it was seen, for the case that the database is restored. Where that fails the decision stands: it's
 * held after a restore all the same.
 */
export async function noteDecision(
  { guard, wallNow }: Pick<Services, "guard" | "wallNow">,
  { id, createdAt, revision }: Pick<Broadcast, "id" | "createdAt" | "revision">,
  what: BroadcastNote["what"],
): Promise<void> {
  try {
    await guard.noteBroadcast({ id, createdAt, revision: revision + 1, what }, wallNow());
  } catch (error) {
    logEvent("broadcast.not_noted", { broadcastId: id, error: String(error) });
  }
}

/**
 * Holds every broadcast that could leave by itself, because the database was restored: nobody knows what was decided in the lost time. Only an owner
 * sets one going again, and reads what the Guard knows of that time: that it was taken back, had begun to leave or was stopped. Idempotent.
 */
export async function holdBroadcasts({
  db,
  guard,
  now,
}: Pick<Services, "db" | "guard" | "now">): Promise<void> {
  const notes = await guard.readBroadcastNotes();
  const { held } = await batch(db, {
    noted: noteRestored(db, notes),
    held: holdAll(db),
    runs: stopRunsOf(db, { reason: HELD_RUN, now }, runsOfHeld),
  });
  if (held.length > 0)
    await raiseAlert(db, { name: "broadcast.held", detail: `${held.length} broadcasts: restored`, now });
}
