import { beforeEach, expect, test } from "vitest";
import { consumeQueue } from "../../src/domain/sending/consume-queue.ts";
import type { QueueMessage } from "../../src/platform/config.ts";
import type { GuardPort } from "../../src/platform/guard/guard-port.ts";
import type { Lane } from "../../src/platform/guard/rate.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { enroll } from "../support/enroll.ts";
import { type Service, START, sequenceOf, startService } from "../support/service.ts";

let service: Service;

beforeEach(async () => {
  await emptyTables(startService());
  service = startService({ ownGuard: true });
  await service.publish(sequenceOf(1));
  await service.deps().guard.observe({ limitPerSecond: 10_000, holdMs: 0, why: "" }, service.clock.wall);
});

/** Works off messages in one invocation; returns what the Guard was asked for, in order. */
async function consume(lane: Lane, bodies: readonly QueueMessage[]): Promise<string[]> {
  const asked: string[] = [];
  const deps = service.deps();
  const guard = new Proxy(deps.guard, {
    get: (inner, method: keyof GuardPort) => {
      return (...args: unknown[]) => {
        asked.push(method);
        return (inner[method] as (...given: unknown[]) => Promise<unknown>)(...args);
      };
    },
  });
  const messages = bodies.map((body) => ({ body, ack() {}, retry() {} }) as unknown as Message<unknown>);
  await consumeQueue({ ...deps, guard }, lane, messages);
  return asked;
}

test("the Guard is asked once for a batch, and twice more for an invocation", async () => {
  await enroll(service, 1000, START);
  await service.tick();
  const batches = service.queued.map(({ message }) => message).filter((message) => "batchId" in message);
  expect(batches).toHaveLength(10);
  const asked = await consume("letters", batches);
  expect(asked.filter((method) => method === "admit")).toHaveLength(10);
  expect(asked.filter((method) => method !== "admit")).toEqual(["reserve", "report"]);
  expect(await service.accepted()).toHaveLength(1000);
});

test("a message that finds nothing to send leaves its place to the next", async () => {
  await service.signUp({ email: "ada@themepost.dev" });
  const asked = await consume(
    "confirmations",
    Array.from({ length: 10 }, () => ({ gather: "confirmations" as const })),
  );
  expect(asked.filter((method) => method === "reserve")).toHaveLength(1);
  expect(await service.accepted("ada@themepost.dev")).toHaveLength(1);
});

test("a letter counts as arrived when the provider took it, however long the invocation has waited by then", async () => {
  await enroll(service, 1, START);
  await service.tick();
  const [batch] = service.queued.map(({ message }) => message).filter((message) => "batchId" in message);
  const deps = service.deps();
  const provider: typeof deps.provider = {
    ...deps.provider,
    send: (call) => {
      service.moveTo(START + 10 * 60_000);
      return deps.provider.send(call);
    },
  };
  const message = { body: batch, ack() {}, retry() {} } as unknown as Message<unknown>;
  await consumeQueue({ ...deps, provider }, "letters", [message]);
  expect(await service.rows("select state, settled_at from deliveries where kind = 'theme'")).toEqual([
    { state: "accepted", settled_at: START + 10 * 60_000 },
  ]);
});

test("where the Guard is away, each message is tried again later", async () => {
  const retried: unknown[] = [];
  const deps = service.deps();
  const guard = { ...deps.guard, reserve: () => Promise.reject(new Error("the Guard is away")) };
  const messages = Array.from({ length: 10 }, () => ({
    body: { gather: "confirmations" },
    ack() {},
    retry: (how: unknown) => retried.push(how),
  }));
  await consumeQueue({ ...deps, guard }, "confirmations", messages as unknown as Message<unknown>[]);
  expect(retried).toHaveLength(10);
});

test("what the provider holds up is given back to the queue by all who wait", async () => {
  const { clock } = service;
  await service.deps().guard.observe({ limitPerSecond: 5, holdMs: 60_000, why: "rate" }, clock.wall);
  service.queued.length = 0;
  await consume(
    "confirmations",
    Array.from({ length: 10 }, () => ({ gather: "confirmations" as const })),
  );
  expect(service.queued.map(({ message }) => message)).toEqual(Array(10).fill({ gather: "confirmations" }));
});
