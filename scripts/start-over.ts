import { closeSync, existsSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { statePaths } from "./local-state.ts";
import { messageOf } from "./project.ts";

const LOOK_EVERY_MS = 500;
/** Where `wrangler dev --persist-to` keeps what its bindings hold. */
const MINIFLARE_DATA = "v3";
/** As the Worker logs it; nothing that a request names gets into its log in quotes. */
const ASKED = '"mailbox.start_over"';

/** Runs `then`, once a request, where the Worker whose log this is was asked to start the trial over. */
export function whenAskedToStartOver(log: string, then: () => Promise<void>): void {
  let read = existsSync(log) ? statSync(log).size : 0;
  let running = false;
  setInterval(() => {
    if (running || !existsSync(log)) return;
    const { size } = statSync(log);
    const fresh = size > read ? textOf(log, read, size) : "";
    read = size;
    if (!fresh.includes(ASKED)) return;
    running = true;
    then()
      .catch((error) => console.error(`Starting over failed: ${messageOf(error)}`))
      .finally(() => {
        read = existsSync(log) ? statSync(log).size : 0;
        running = false;
      });
  }, LOOK_EVERY_MS);
}

/** Removes all data of a stopped instance, and nothing else that its folder may hold. */
export function emptyState(stateDir: string): void {
  const { log, note } = statePaths(stateDir);
  for (const path of [join(stateDir, MINIFLARE_DATA), log, note])
    rmSync(path, { recursive: true, force: true });
}

function textOf(path: string, from: number, to: number): string {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(to - from);
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, bytes.length, from));
  } finally {
    closeSync(file);
  }
}
