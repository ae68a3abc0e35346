import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningEmulator, startResendEmulator } from "../../test/support/resend-emulator/server.ts";
import { WEBHOOK_SECRET } from "../../test/support/webhook-secret.ts";
import { publishContent } from "../content/publish-content.ts";
import { migrateLocal } from "../local-database.ts";
import { type LocalWorker, localToken, portState, startWorker } from "../local-worker.ts";
import { ROOT } from "../project.ts";

const PORT = 8791;

/** The emulator account of a benchmark. */
export const ACCOUNT = "bench";

/** What a benchmark measures. */
export type Bench = {
  readonly url: string;
  readonly port: number;
  readonly stateDir: string;
  readonly worker: LocalWorker;
  readonly emulator: RunningEmulator;
};

/**
 * Runs `measure` against the real Worker with the built-in letters published, data
 * of its own and the instant emulator as provider (allowing `ratePerSecond` calls), `vars` over the configuration, and clears everything away afterwards.
 */
export async function withBenchWorker<T>(
  measure: (bench: Bench) => Promise<T>,
  options: { readonly ratePerSecond?: number; readonly vars?: Readonly<Record<string, string>> } = {},
): Promise<T> {
  const { ratePerSecond = 10_000, vars = {} } = options;
  // A worker that another benchmark left behind would be measured instead of ours.
  const state = await portState(PORT);
  if (state !== "free") throw new Error(`Port ${PORT} is ${state}: stop what's using it.`);
  const stateDir = mkdtempSync(join(tmpdir(), "themepost-bench-"));
  const emulator = await startResendEmulator({ lean: true, ratePerSecond });
  migrateLocal(stateDir);
  const worker = await startWorker({
    stateDir,
    port: PORT,
    vars: {
      PUBLIC_URL: `http://localhost:${PORT}`,
      MAIL_PROVIDER: "resend",
      RESEND_API_KEY: ACCOUNT,
      RESEND_BASE_URL: emulator.url,
      RESEND_WEBHOOK_SECRET: WEBHOOK_SECRET,
      ...vars,
    },
  });
  try {
    const url = `http://127.0.0.1:${PORT}`;
    const edition = { origin: "built_in", force: false } as const;
    await publishContent({ url, token: localToken() }, join(ROOT, "emails"), edition, () => undefined);
    return await measure({ url, port: PORT, stateDir, worker, emulator });
  } finally {
    await worker.stop();
    emulator.close();
    rmSync(stateDir, { recursive: true, force: true, maxRetries: 5 });
  }
}
