import { logEvent } from "../../platform/log/log-event.ts";
import { raiseAlert } from "../../platform/log/queries.ts";
import { readRunFigures, stopRun } from "../ledger/queries/runs.ts";
import type { Services } from "../services.ts";
import { stopReason } from "./run-limits.ts";

/**
 * Looks at a run in which something just went wrong, and stops it where too much did: nothing more of it is sent before the
 * owner resumes it. Idempotent.
 */
export async function checkRun(
  deps: Pick<Services, "db" | "config" | "now" | "by">,
  runId: number,
): Promise<void> {
  const { limits } = deps.config;
  const reason = stopReason(await readRunFigures(deps.db, runId), limits);
  if (reason === null || !(await stopRun(deps.db, { runId, reason, now: deps.now, by: deps.by }))) return;
  logEvent("run.stopped", { runId, reason });
  await raiseAlert(deps.db, { name: "run.stopped", detail: `run ${runId}: ${reason}`, now: deps.now });
}
