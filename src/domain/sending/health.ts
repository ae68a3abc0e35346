import type { Config } from "../../platform/config.ts";
import type { Db } from "../../platform/db/client.ts";
import { databaseBytes } from "../../platform/db/database-bytes.ts";
import { readFact } from "../../platform/db/facts.ts";
import type { GuardPort, Sending } from "../../platform/guard/guard-port.ts";
import { readOpenFigures } from "../ledger/queries/sweep.ts";
import { suppressionCheck } from "../people/address-hash.ts";
import { oldestDueAt } from "../sequences/queries/due.ts";
import { SUPPRESSION_CHECK } from "./suppression-key.ts";

/** A letter is late after three cron periods: one tick may be lost, two are a fault. */
export const LATE_AFTER_MS = 45 * 60_000;

/** What /healthz answers. `faults` is empty when all is well; each is a stable name (docs/operations/when-something-is-wrong.md says what to do). */
export type Health = {
  readonly faults: readonly HealthFault[];
  readonly oldestDueSeconds: number;
  readonly oldestPlannedSeconds: number;
  readonly openBatches: number;
  /** How large the database is, and how large it may become. */
  readonly databaseBytes: number;
  readonly databaseBytesMax: number;
  readonly sending: Sending;
};

/** What may be wrong, by stable names. */
export const HEALTH_FAULTS = [
  "late",
  "stuck_batch",
  "stopped",
  "disarmed",
  "no_webhook_secret",
  "wrong_suppression_key",
] as const;

type HealthFault = (typeof HEALTH_FAULTS)[number];

/** How the work stands at `now` (leases by `wallNow`); seconds are 0 when nothing waits. Changes nothing. */
export async function readHealth(
  deps: { readonly db: Db; readonly config: Config; readonly guard: GuardPort },
  at: { readonly now: number; readonly wallNow: number },
): Promise<Health> {
  const { oldestPlannedAt, openBatches, oldestLeaseUntil } = await readOpenFigures(deps.db);
  const dueAt = await oldestDueAt(deps.db);
  const { sending } = await deps.guard.status();
  const age = (instant: number | null) => (instant === null ? 0 : Math.max(0, at.now - instant));
  const { provider } = deps.config;
  const kept = await readFact(deps.db, SUPPRESSION_CHECK);
  const found: ReadonlyArray<readonly [boolean, HealthFault]> = [
    [age(dueAt) > LATE_AFTER_MS || age(oldestPlannedAt) > LATE_AFTER_MS, "late"],
    [oldestLeaseUntil !== null && at.wallNow - oldestLeaseUntil > LATE_AFTER_MS, "stuck_batch"],
    [sending === "stopped", "stopped"],
    [sending === "disarmed", "disarmed"],
    [provider.kind === "resend" && provider.webhookSecret === undefined, "no_webhook_secret"],
    [kept !== null && kept !== (await suppressionCheck(deps.config)), "wrong_suppression_key"],
  ];
  return {
    faults: found.filter(([is]) => is).map(([, fault]) => fault),
    oldestDueSeconds: Math.round(age(dueAt) / 1000),
    oldestPlannedSeconds: Math.round(age(oldestPlannedAt) / 1000),
    openBatches,
    databaseBytes: await databaseBytes(deps.db),
    databaseBytesMax: deps.config.limits.databaseBytes,
    sending,
  };
}
