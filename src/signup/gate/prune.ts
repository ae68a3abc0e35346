import type { Db } from "../../db/client.ts";
import { forgetOld } from "./queries.ts";

/** How long the keyed hash of a visitor's network stays with their consent. */
const NETWORK_KEPT_MS = 30 * 24 * 3_600_000;
const STEP = 5000;

/** A tick's share of forgetting: budgets whose time is over, and networks of old sign-ups. */
export function pruneGate(db: Db, now: number): Promise<void> {
  return forgetOld(db, { now, ipBefore: now - NETWORK_KEPT_MS, limit: STEP });
}
