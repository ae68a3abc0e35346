import type { Config } from "../../platform/config.ts";
import type { RunFigures } from "../ledger/run-figures.ts";

/** Fewer than these are accidents, whatever their share. */
const BAD_MIN = 3;

/**
 * Why a run should stop by itself, or null: a share of refused letters, hard bounces or complaints above its limit, once
 * enough letters went out for a share to mean something (rule 6.34).
 */
export function stopReason(figures: RunFigures, limits: Config["limits"]): string | null {
  const { attempted, failed, bounced, complained } = figures;
  if (attempted < limits.lettersBeforeStop) return null;
  const tooMany = (bad: number, share: number) => bad >= BAD_MIN && bad / attempted > share;
  if (tooMany(failed, limits.failureShare)) return "provider_failures";
  if (tooMany(bounced, limits.bounceShare)) return "hard_bounces";
  if (tooMany(complained, limits.complaintShare)) return "complaints";
  return null;
}
