import { expect, test } from "vitest";
import { KEY_LIFE_MS } from "../../src/domain/sending/compose-attempt.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { enroll } from "../support/enroll.ts";
import type { Fault } from "../support/resend-emulator/server.ts";
import { DAY, HOUR, type Service, sequenceOf, startService } from "../support/service.ts";
import { listWithFault } from "./list-faults.ts";
import { Chance } from "./seeded.ts";

const TUESDAY = Date.UTC(2026, 10, 24, 8);
const MINUTE = 60_000;
const SEEDS = 20;
/** What becomes of a call that isn't answered. */
const FATES: readonly Fault[] = ["drop_before_accept", "drop_after_accept"];

/**
 * Plays days in which calls aren't answered, some of which were taken, and in which the provider's list has something wrong; then two weeks in which
 * all is well. Returns how many letters turned out unsent.
 */
async function play(service: Service, chance: Chance): Promise<number> {
  let freed = 0;
  const live = async (ms: number) => {
    service.moveTo(service.clock.now + ms);
    await service.arrangeAccount({ aheadMs: service.clock.now - Date.now() });
    freed += (await service.tick()).unsent;
    await service.drain();
  };
  const visit = async (n: number) => {
    if (chance.happens(0.7)) await service.signUp({ email: `visitor-${n}@web.de` });
  };
  await enroll(service, 4, TUESDAY);
  await service.rows("update enrollments set next_due_at = next_due_at + (id % 2) * ?", 10 * MINUTE);
  service.moveTo(TUESDAY - HOUR);
  for (const ms of [MINUTE, chance.pick([20 * MINUTE, HOUR])]) {
    await visit(ms);
    await live(ms);
  }
  for (const ms of [chance.pick([MINUTE, 10 * MINUTE]), HOUR]) {
    await visit(service.clock.now);
    await service.arrangeFaults(chance.pick(FATES), chance.pick(FATES), chance.pick(FATES));
    await live(ms);
  }
  service.moveTo(service.clock.now + KEY_LIFE_MS);
  for (const ms of [MINUTE, 20 * MINUTE, 20 * MINUTE, 20 * MINUTE, HOUR, HOUR]) {
    await visit(service.clock.now);
    if (chance.happens(0.5)) await service.arrangeAccount({ list: await listWithFault(service, chance) });
    await live(ms);
  }
  for (const days of [1, 5, 1, 6, 1]) await live(days * DAY);
  return freed;
}

test("whatever the provider took without an answer and its list doesn't show, nobody gets a letter twice; much that it never took comes after all", async () => {
  let freed = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    await emptyTables(startService());
    const service = startService({ ownGuard: true });
    await service.publish(sequenceOf(4));
    freed += await play(service, new Chance(seed));
    const sent = (await service.accepted()).map(({ to, subject }) => `${to}: ${subject}`);
    const doubled = sent.filter((letter, index) => sent.indexOf(letter) !== index);
    expect(doubled, `seed ${seed}`).toEqual([]);
  }
  expect(freed).toBeGreaterThan(SEEDS / 4);
});
