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
  readonly publish: (
    options: Service & { readonly folder: string; readonly slug: string },
  ) => Promise<unknown>;
  readonly setUpDemoPartner: (options: Service & { readonly origin: string }) => Promise<void>;
  readonly serveDemoPartner: (
    options: Service & { readonly port: number },
  ) => Promise<{ readonly close: () => void }>;
};

type Service = { readonly url: string; readonly token: string };

/** What `npm start` is made of, for tests that start and kill the Worker themselves. */
export async function localWorker(): Promise<LocalWorker> {
  const scripts = ["local-worker.mjs", "publish.mjs", "demo-partner.mjs"];
  const modules = await Promise.all(
    scripts.map((name) => import(join(import.meta.dirname, "..", "..", "scripts", name))),
  );
  return Object.assign({}, ...modules) as LocalWorker;
}

export function temporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `themepost-${name}-`));
}
