import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

type LocalWorker = {
  readonly devVars: () => Record<string, string>;
  readonly migrateLocal: (stateDir: string) => void;
  readonly executeLocal: (stateDir: string, sql: string) => void;
  readonly queryLocal: (stateDir: string, sql: string) => Record<string, unknown>[];
  readonly fireTick: (port: number, time: number) => Promise<void>;
  readonly startWorker: (options: {
    readonly stateDir: string;
    readonly port: number;
    readonly vars: Readonly<Record<string, string>>;
  }) => Promise<{ readonly url: string; readonly group: number; readonly stop: () => Promise<void> }>;
};

/** What `npm start` is made of, for tests that start and kill the Worker themselves. */
export async function localWorker(): Promise<LocalWorker> {
  const path = join(import.meta.dirname, "..", "..", "scripts", "local-worker.mjs");
  return (await import(path)) as LocalWorker;
}

export function temporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `themepost-${name}-`));
}
