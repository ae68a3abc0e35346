import { beforeEach, expect, test, vi } from "vitest";
import { consumeQueue } from "../../src/domain/sending/consume-queue.ts";
import { wakeBatches } from "../../src/domain/sending/owner-acts.ts";
import { AFTER_CRASH_S } from "../../src/domain/sending/send-batch.ts";
import type { QueueMessage } from "../../src/platform/config.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { enroll } from "../support/enroll.ts";
import { HOUR, type Service, sequenceOf, startService } from "../support/service.ts";

const TUESDAY = Date.UTC(2026, 10, 24, 8);
let service: Service;

beforeEach(async () => {
  await emptyTables(startService());
  service = startService({ ownGuard: true });
  await service.publish(sequenceOf(3));
  service.moveTo(TUESDAY);
});

const GATHER = { gather: "confirmations" } as const;

/** Works off one message of the confirmations' queue; returns what is on the queues then. */
async function consume(body: QueueMessage, deps = service.deps()) {
  service.queued.length = 0;
  const message = { body, ack: () => undefined, retry: vi.fn() };
  await consumeQueue(deps, "confirmations", [message as unknown as Message<unknown>]);
  return { queued: service.queued.map((entry) => entry.message), retried: message.retry.mock.calls };
}

/** Welcomes of so many readers that wait without a batch. */
async function waiting(count: number): Promise<void> {
  await enroll(service, count, TUESDAY + HOUR);
  await service.rows(`insert into deliveries (kind, anchor, round, item, intended_item, recipient_id, rendition_id, slot_at,
      state, planned_at) select 'welcome', e.id, e.round, 0, 0, e.subscriber_id, q.welcome_rendition_id, ${TUESDAY}, 'planned',
      ${TUESDAY} from enrollments e join sequences q on q.id = e.sequence_id`);
}

test("what was gathered and must wait is asked for as a batch, because nothing waits any more", async () => {
  await service.signUp({ email: "ada@themepost.dev" });
  await service.arrangeFaults("drop_before_accept");
  const { queued } = await consume(GATHER);
  expect(queued).toEqual([{ batchId: expect.any(Number) }]);
  service.moveTo(TUESDAY + 60_000);
  const [batch] = queued;
  if (batch === undefined) throw new Error("nothing is asked for");
  expect((await consume(batch)).queued).toEqual([]);
  expect(await service.accepted("ada@themepost.dev")).toHaveLength(1);
});

test("what was gathered by a consumer that then crashed is asked for as a batch, too", async () => {
  await service.signUp({ email: "ada@themepost.dev" });
  const deps = service.deps();
  const broken = { ...deps, kinds: { ...deps.kinds, of: () => expect.fail("broken") } };
  const { queued, retried } = await consume(GATHER, broken);
  expect(queued).toEqual([{ batchId: expect.any(Number) }]);
  expect(retried).toEqual([[{ delaySeconds: AFTER_CRASH_S }]]);
  service.moveTo(TUESDAY + (AFTER_CRASH_S + 1) * 1000);
  for (const message of queued) await consume(message);
  expect(await service.accepted("ada@themepost.dev")).toHaveLength(1);
});

test("more letters than a call takes leave one call after the other, without waiting for ticks, each once", async () => {
  await waiting(250);
  let messages: readonly QueueMessage[] = [GATHER];
  let rounds = 0;
  for (; messages.length > 0; rounds += 1) {
    const [message, ...rest] = messages;
    if (message === undefined) break;
    messages = [...rest, ...(await consume(message)).queued];
  }
  expect(rounds).toBe(3);
  expect((await service.accepted()).map(({ to }) => to).sort()).toEqual(
    Array.from({ length: 250 }, (_, n) => `reader-${n + 1}@themepost.dev`).sort(),
  );
});

test("resuming wakes what waits without a batch as well", async () => {
  await waiting(1);
  service.queued.length = 0;
  expect(await wakeBatches(service.deps())).toBe(1);
  expect(service.queued).toEqual([{ lane: "confirmations", message: GATHER }]);
});

test("personal mail that was left out of the call that was taken is sent in a call of its own", async () => {
  await waiting(3);
  await service.arrangeFaults("drop_before_accept", "drop_after_accept");
  const standing = (state: string) =>
    service.rows(`update subscribers set state = '${state}' where address like 'reader-2@%'`);
  await service.drain();
  await standing("unsubscribed");
  service.moveTo(TUESDAY + HOUR);
  await service.drain();
  await standing("active");
  for (let hours = 2; hours < 6; hours += 1) {
    service.moveTo(TUESDAY + hours * HOUR);
    await service.drain();
  }
  expect(await service.rows("select distinct state from deliveries where kind = 'welcome'")).toEqual([
    { state: "accepted" },
  ]);
  expect((await service.accepted()).map(({ to }) => to).sort()).toEqual(
    [1, 2, 3].map((n) => `reader-${n}@themepost.dev`),
  );
});
