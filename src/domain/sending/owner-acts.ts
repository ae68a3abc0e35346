import type { Lane } from "../../platform/guard/rate.ts";
import { BATCH_SIZE } from "../ledger/batch-size.ts";
import { planCopies, readCopies } from "../ledger/queries/copies.ts";
import { type Chosen, readHeld, releaseHeld } from "../ledger/queries/letters.ts";
import { lanesWaiting, readyOpenBatches } from "../ledger/queries/sweep.ts";
import type { Services } from "../services.ts";

/**
 * Releases held letters, by id or of a whole run: they go out at once, as far as their readers may still be mailed. Held
 * letters have certainly not been sent, so a new key is safe. Returns how many; at most 500 a call.
 */
export async function releaseLetters(deps: Services, which: Chosen): Promise<number> {
  const held = (await readHeld(deps.db, which)).map(({ kind, ...letter }) => ({
    ...letter,
    lane: deps.kinds.of(kind).lane,
  }));
  for (const group of Map.groupBy(held, (letter) => `${letter.lane} ${letter.runId}`).values()) {
    const [first] = group;
    if (first === undefined) continue;
    const { lane, runId } = first;
    const letters = numbered(
      group.map(({ id }) => id),
      deps.random,
    );
    const when = { now: deps.now, wallNow: deps.wallNow() };
    const batchIds = await releaseHeld(deps.db, { ...when, letters, lane, runId });
    await deps.enqueue(
      lane,
      batchIds.map((batchId) => ({ batchId })),
    );
  }
  return held.length;
}

/**
 * Sends letters again that failed or stayed uncertain, because the owner says so: the one way in which a letter may reach
 * somebody twice. Returns the letters that are sent again; at most 100 a call.
 */
export async function sendAgain(deps: Services, ids: readonly number[]): Promise<readonly number[]> {
  const known = await readCopies(deps.db, ids.slice(0, BATCH_SIZE));
  const letters = known.map((letter, place) => ({ ...letter, place }));
  const when = { now: deps.now, wallNow: deps.wallNow() };
  const made = await planCopies(deps.db, { ...when, letters, key: deps.random() });
  if (made.batchId !== null) await deps.enqueue("letters", [{ batchId: made.batchId }]);
  return made.ids;
}

/**
 * Puts what a switch kept back on the queue again, without waiting for the next tick. Returns how many batches; what waits on a lane
 * without one counts as one.
 */
export async function wakeBatches(deps: Services): Promise<number> {
  const open = await readyOpenBatches(deps.db, deps.wallNow());
  for (const lane of ["confirmations", "letters"] satisfies Lane[]) {
    await deps.enqueue(
      lane,
      open.filter((batch) => batch.lane === lane).map(({ id }) => ({ batchId: id })),
    );
  }
  const waiting = await lanesWaiting(deps.db, deps.kinds, deps.now);
  for (const lane of waiting) await deps.enqueue(lane, [{ gather: lane }]);
  return open.length + waiting.length;
}

function numbered(ids: readonly number[], random: () => string) {
  let key = "";
  return ids.map((id, index) => {
    if (index % BATCH_SIZE === 0) key = random();
    return { id, key, place: index % BATCH_SIZE };
  });
}
