import type { Services } from "../services.ts";

/** What the calls of an isolate may take at once: it has 128 MB (developers.cloudflare.com/workers/platform/limits), and needs some 30 by itself. */
const ROOM_BYTES = 50_000_000;
const LOOK_AGAIN_MS = 5;
/** An invocation that was cut off gives nothing back. No call lasts as long. */
const FORGOTTEN_AFTER_MS = 120_000;

type Taken = { readonly bytes: number; readonly at: number };

/** What is taken now, by all invocations of the isolate. */
const taken = new Set<Taken>();

/** Whether so many bytes more find room, or nothing else is there: a call that's too large by itself goes alone. */
export function hasRoom(bytes: number, others: Iterable<Taken>, wallNow: number): boolean {
  let sum = 0;
  for (const other of others) if (wallNow - other.at < FORGOTTEN_AFTER_MS) sum += other.bytes;
  return sum === 0 || sum + bytes <= ROOM_BYTES;
}

/**
 * Does `work`, which takes so many bytes, once there's room for it in the isolate; each time before it waits it calls `waits`. Looks again and
 * again: no invocation can wake another. Of two that wait, the smaller may go first.
 */
export async function withRoom<T>(
  { wait, wallNow }: Pick<Services, "wait" | "wallNow">,
  { bytes, waits }: { readonly bytes: number; readonly waits: () => Promise<unknown> },
  work: () => Promise<T>,
): Promise<T> {
  while (!hasRoom(bytes, taken, wallNow())) {
    await waits();
    await wait(LOOK_AGAIN_MS);
  }
  const own = { bytes, at: wallNow() };
  taken.add(own);
  try {
    return await work();
  } finally {
    taken.delete(own);
    for (const other of taken) if (wallNow() - other.at >= FORGOTTEN_AFTER_MS) taken.delete(other);
  }
}
