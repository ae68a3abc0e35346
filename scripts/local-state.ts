import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandOf, endGroup, groupMembers } from "./process-group.ts";
import { codeOf } from "./project.ts";

/** The processes of a start: its start command, the group of its Worker, and the port. */
export type ProcessNote = { readonly starter: number; readonly group: number; readonly port: number };

/** What an earlier start left behind. */
export type Leftovers =
  | { readonly kind: "free" }
  | { readonly kind: "running"; readonly port: number; readonly pid: number };

/** Where a local instance keeps its data, its log and the note of its processes. */
export function statePaths(stateDir: string) {
  return {
    data: stateDir,
    log: join(stateDir, "worker.log"),
    note: join(stateDir, "themepost-process.json"),
  };
}

/**
 * What an earlier start left: {kind: "running", port} while its start command lives; otherwise ends left-over processes
 * of it and returns {kind: "free"}. Processes are known by their group, and never by name alone.
 */
export async function clearLeftovers(stateDir: string): Promise<Leftovers> {
  const { note } = statePaths(stateDir);
  if (!existsSync(note)) return { kind: "free" };
  const noted = readNote(note);
  if (noted === null) {
    rmSync(note, { force: true });
    return { kind: "free" };
  }
  const { starter, group, port } = noted;
  const ours = groupMembers(group).some(({ command }) => /workerd|wrangler/.test(command));
  if (ours && isStart(starter)) return { kind: "running", port, pid: starter };
  if (ours) await endGroup(group);
  rmSync(note, { force: true });
  return { kind: "free" };
}

/** The port of the instance that runs on this state; null where none does. */
export function portOfRunning(stateDir: string): number | null {
  const { note } = statePaths(stateDir);
  const noted = existsSync(note) ? readNote(note) : null;
  return noted !== null && isStart(noted.starter) ? noted.port : null;
}

/** Takes the state folder for this start command; the pid of another one that is starting with it, or null. */
export function takeStateFolder(stateDir: string): number | null {
  mkdirSync(stateDir, { recursive: true });
  const lock = join(stateDir, "themepost-starting.pid");
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      process.on("exit", () => rmSync(lock, { force: true }));
      return null;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
      const other = Number(readFileSync(lock, "utf8"));
      if (isStart(other)) return other;
      rmSync(lock, { force: true });
    }
  }
}

/** Notes the processes of a start, whole or not at all. */
export function writeNote(stateDir: string, noted: ProcessNote): void {
  const { note } = statePaths(stateDir);
  writeFileSync(`${note}.new`, JSON.stringify(noted));
  renameSync(`${note}.new`, note);
}

/** Whether a process is a start command. */
function isStart(pid: number): boolean {
  return /bootstrap\.mjs start(\s|$)/.test(commandOf(pid) ?? "");
}

function readNote(path: string): ProcessNote | null {
  try {
    const noted = JSON.parse(readFileSync(path, "utf8")) as Partial<ProcessNote> | null;
    return noted?.group === undefined ? null : (noted as ProcessNote);
  } catch {
    return null; // Cut off when its writer was killed.
  }
}
