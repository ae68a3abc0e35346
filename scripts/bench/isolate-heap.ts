import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { groupMembers } from "../process-group.ts";

const WORKER = "core:user:themepost";
const ANSWER_MS = 2000;
const TRIES = 10;

type Answer = {
  readonly id?: number;
  readonly result?: { readonly usedSize?: number; readonly backingStorageSize?: number };
};

/** The heap of the Worker's isolate, watched through V8's inspector. */
export type IsolateHeap = {
  /** Megabytes that live after a collection, buffers outside the heap included. Only a busy isolate collects at once. */
  readonly liveMb: () => Promise<number>;
  readonly close: () => void;
};

/** Connects to the isolate of a local Worker. Linux only. */
export async function watchHeap(group: number): Promise<IsolateHeap> {
  const url = await inspectorOf(group);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const heap = await connect(url);
    if (heap !== null) return heap;
  }
  throw new Error("workerd's inspector doesn't answer.");
}

/** Null where the inspector lets go of us: wrangler, which connects too while it starts, comes first. */
async function connect(url: string): Promise<IsolateHeap | null> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, (answer: Answer | null) => void>();
  socket.addEventListener("message", ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    waiting.get(answer.id ?? -1)?.(answer);
  });
  let asked = 0;
  const ask = (method: string) =>
    new Promise<Answer | null>((resolve) => {
      asked += 1;
      waiting.set(asked, resolve);
      setTimeout(() => resolve(null), ANSWER_MS);
      socket.send(JSON.stringify({ id: asked, method }));
    });
  await new Promise((resolve) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", resolve);
  });
  if (socket.readyState !== WebSocket.OPEN || (await ask("Runtime.enable")) === null) {
    socket.close();
    return null;
  }
  return {
    liveMb: async () => {
      await ask("HeapProfiler.collectGarbage");
      const { usedSize = 0, backingStorageSize = 0 } = (await ask("Runtime.getHeapUsage"))?.result ?? {};
      return (usedSize + backingStorageSize) / 1e6;
    },
    close: () => socket.close(),
  };
}

/** Where workerd's own inspector shows our isolate: wrangler lets it listen on a port that it doesn't tell. */
async function inspectorOf(group: number): Promise<string> {
  const pids = groupMembers(group).filter(({ command }) => command.includes("bin/workerd"));
  for (const port of pids.flatMap(({ pid }) => listeningPorts(pid))) {
    const targets = await fetch(`http://127.0.0.1:${port}/json`, { signal: AbortSignal.timeout(2000) })
      .then((answer) => answer.json() as Promise<{ id: string; webSocketDebuggerUrl: string }[]>)
      .catch(() => []);
    const ours = Array.isArray(targets) ? targets.find(({ id }) => id === WORKER) : undefined;
    if (ours !== undefined) return ours.webSocketDebuggerUrl;
  }
  throw new Error("workerd's inspector wasn't found.");
}

/** The ports of 127.0.0.1 on which a process listens, as /proc shows them. */
function listeningPorts(pid: number): number[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      } catch {
        return undefined;
      }
    }),
  );
  const rows = readFileSync("/proc/net/tcp", "utf8").trim().split("\n").slice(1);
  return rows.flatMap((row) => {
    const [, local = "", , state, , , , , , inode] = row.trim().split(/\s+/);
    // 0A is LISTEN (include/net/tcp_states.h).
    return state === "0A" && sockets.has(inode) ? [Number.parseInt(local.split(":")[1] ?? "", 16)] : [];
  });
}
