import { closeSync, existsSync, openSync, readdirSync, readSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "./project.ts";

const LOOK_EVERY_MS = 500;
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
        read = statSync(log).size;
        running = false;
      });
  }, LOOK_EVERY_MS);
}

/** Removes all data of a stopped instance, but for the note that its start command runs. */
export function emptyState(stateDir: string): void {
  for (const name of readdirSync(stateDir)) {
    if (name !== "themepost-starting.pid") rmSync(join(stateDir, name), { recursive: true, force: true });
  }
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
