import { expect } from "vitest";
import { consumeQueue } from "../../src/domain/sending/consume-queue.ts";
import type { QueueMessage } from "../../src/platform/config.ts";
import type { Lane } from "../../src/platform/guard/rate.ts";
import { enroll } from "./enroll.ts";
import { HOUR, type Service } from "./service.ts";

const MINUTE_MS = 60_000;
const TICK_MS = 15 * 60_000;

/**
 * Plays an outage of the provider of so many hours that begins with a run: what happens every `stepMs`, with a tick about every quarter of an
 * hour and a queue that keeps its delays. Returns how letters ended two and a half hours after it.
 */
export async function playOutage(
  service: Service,
  outage: "hang" | "refuse",
  { hours, stepMs = MINUTE_MS }: { readonly hours: number; readonly stepMs?: number },
) {
  let nextTickAt = service.clock.now;
  const queue: { readonly lane: Lane; readonly body: QueueMessage; readonly at: number }[] = [];
  const takeOver = () => {
    const at = service.clock.now;
    queue.push(...service.queued.splice(0).map(({ lane, message }) => ({ lane, body: message, at })));
  };
  const deps = () => {
    const own = service.deps();
    return {
      ...own,
      enqueue: async (lane: Lane, messages: readonly QueueMessage[], delaySeconds = 0) => {
        const at = service.clock.now + delaySeconds * 1000;
        queue.push(...messages.map((body) => ({ lane, body, at })));
      },
    };
  };
  const to = async (instant: number) => {
    service.moveTo(instant);
    await service.arrangeAccount({ aheadMs: instant - Date.now() });
  };
  const live = async (ms: number) => {
    for (const end = service.clock.now + ms; service.clock.now < end; ) {
      if (service.clock.now >= nextTickAt) {
        await service.tick();
        nextTickAt += TICK_MS;
      }
      takeOver();
      const due = queue.filter(({ at }) => at <= service.clock.now);
      for (const entry of due) queue.splice(queue.indexOf(entry), 1);
      for (const [lane, entries] of Map.groupBy(due, (entry) => entry.lane)) {
        const messages = entries.map(({ body }) => ({ body, ack() {}, retry() {} }));
        await consumeQueue(deps(), lane, messages as unknown as Message<unknown>[]);
      }
      await to(service.clock.now + stepMs);
    }
  };
  const count = async (condition: string) =>
    (await service.rows<{ n: number }>(`select count(*) as n from deliveries where ${condition}`))[0]?.n ?? 0;

  await enroll(service, READERS, service.clock.now);
  // So that the rate is known.
  await service.deps().guard.observe({ limitPerSecond: 10, holdMs: 0, why: "" }, service.clock.wall);
  // One letter of an hour before, by which the provider's list can be judged.
  const begin = service.clock.now;
  await to(begin - HOUR);
  await service.signUp({ email: "before@themepost.dev" });
  await service.drain();
  await to(begin);
  await service.arrangeAccount({ outage });
  await live(HOUR);
  for (let n = 0; n < SIGN_UPS; n += 1) await service.signUp({ email: `ada@d${n}-themepost.dev` });
  queue.push({ lane: "confirmations", body: { gather: "confirmations" }, at: service.clock.now });
  await live((hours - 1) * HOUR);
  expect(await count("state = 'accepted'")).toBe(1);
  expect(await count("state = 'planned' and kind = 'confirmation'")).toBe(SIGN_UPS);
  const { data: alerts } = (await (await service.admin("GET", "/alerts")).json()) as {
    data: { name: string }[];
  };
  expect(alerts.map(({ name }) => name)).toContain("provider.outage");
  await service.arrangeAccount({ outage: null });
  await live(2.5 * HOUR);
  const sent = (await service.accepted()).map(({ to, subject }) => `${to} ${subject}`);
  return {
    confirmed: (await count("state = 'accepted' and kind = 'confirmation'")) - 1,
    accepted: await count("state = 'accepted' and kind = 'theme'"),
    neverSent: await count("state = 'skipped' and reason = 'never_sent' and kind = 'theme'"),
    uncertain: await count("state = 'uncertain' and kind = 'theme'"),
    doubled: sent.length - new Set(sent).size,
  };
}

export const READERS = 800;
export const SIGN_UPS = 10;
