import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { codeOf } from "./project.ts";

type Listed = { readonly pid: number; readonly group: number; readonly command: string };

/** Processes of a process group; empty when there are none. */
export function groupMembers(groupId: number): readonly Listed[] {
  return listProcesses().filter((entry) => entry.group === groupId);
}

/** The command line of a running process, or null. */
export function commandOf(pid: number): string | null {
  return listProcesses().find((entry) => entry.pid === pid)?.command ?? null;
}

/** Ends a whole group: asks first, forces after three seconds. Resolves when nothing of it is left. */
export async function endGroup(groupId: number): Promise<void> {
  signal(groupId, "SIGTERM");
  for (let waited = 0; waited < 100 && groupMembers(groupId).length > 0; waited += 1) {
    if (waited === 30) signal(groupId, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function signal(groupId: number, name: NodeJS.Signals): void {
  try {
    process.kill(-groupId, name);
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error;
  }
}

function listProcesses(): readonly Listed[] {
  return process.platform === "linux" ? fromProc() : fromPs();
}

function fromProc(): readonly Listed[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        if (state === "Z") return [];
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        return [{ pid: Number(name), group: Number(group), command }];
      } catch {
        return []; // It ended while we looked.
      }
    });
}

function fromPs(): readonly Listed[] {
  return execFileSync("ps", ["-A", "-o", "pid=,pgid=,command="], { encoding: "utf8" })
    .split("\n")
    .flatMap((line) => {
      const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
      return match === null
        ? []
        : [{ pid: Number(match[1]), group: Number(match[2]), command: match[3] ?? "" }];
    });
}
