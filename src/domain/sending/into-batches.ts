import type { Lane } from "../../platform/guard/rate.ts";
import { BATCH_SIZE } from "../ledger/batch-size.ts";
import type { NewBatch } from "../ledger/queries/plan-delivery.ts";
import type { Services } from "../services.ts";

/**
 * Letters with a key and a place each, and the batches to be made under these keys: of one lane and one run each, and no larger than a call
 * may be.
 */
export function intoBatches<Letter extends { readonly kind: string; readonly runId?: number | null }>(
  deps: Pick<Services, "kinds" | "random">,
  all: readonly Letter[],
) {
  const batches: NewBatch[] = [];
  const groups = Map.groupBy(all, ({ kind, runId }) => `${deps.kinds.of(kind).lane} ${runId}`);
  const letters = [...groups.values()].flatMap((group) =>
    group.map((letter, index) => {
      const place = index % BATCH_SIZE;
      const { lane } = deps.kinds.of(letter.kind);
      if (place === 0) batches.push({ key: deps.random(), lane, runId: letter.runId ?? null });
      return { ...letter, key: batches.at(-1)?.key ?? "", place };
    }),
  );
  return { letters, batches };
}

/** Puts batches on the queues of their lanes. */
export async function enqueueBatches(
  deps: Pick<Services, "enqueue">,
  batches: ReadonlyArray<{ readonly id: number; readonly lane: Lane }>,
): Promise<void> {
  for (const [lane, here] of Map.groupBy(batches, (each) => each.lane)) {
    await deps.enqueue(
      lane,
      here.map(({ id }) => ({ batchId: id })),
    );
  }
}
