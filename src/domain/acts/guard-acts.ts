import type { Db } from "../../platform/db/client.ts";
import type { GuardPort } from "../../platform/guard/guard-port.ts";
import { faultName } from "../../platform/log/fault-name.ts";
import { copyActs } from "./queries/acts.ts";

/** For a copy that can't be made now: the Guard keeps the acts, and the next tick tries again. */
export function tellLater(error: unknown): void {
  console.error(JSON.stringify({ event: "acts.later", error: faultName(error) }));
}

/**
 * Copies what the Guard keeps of acts into the ledger of acts, where they settle their intents. The Guard forgets one only when the
 * database has it. Safe to repeat and to run at once: an act is kept once.
 */
export async function copyGuardActs({
  db,
  guard,
}: {
  readonly db: Db;
  readonly guard: Pick<GuardPort, "handOverActs">;
}): Promise<void> {
  for (let copied = 0; ; ) {
    const page = await guard.handOverActs(copied);
    const last = page.at(-1);
    if (last === undefined) return;
    await copyActs(db, page);
    copied = last.actId;
  }
}
