import { beforeEach, expect, test } from "vitest";
import worker from "../../src/index.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { enroll } from "../support/enroll.ts";
import { DAY, HOUR, type Service, sequenceOf, startService } from "../support/service.ts";

let service: Service;

beforeEach(async () => {
  await emptyTables(startService());
  service = startService({ ownGuard: true });
  await service.publish(sequenceOf(1));
});

/** The cron trigger, as the platform or a stranger's page on the owner's own machine fires it. */
const fire = (scheduledTime: number) =>
  worker.scheduled({ scheduledTime, cron: "*/15 * * * *", noRetry: () => undefined }, service.bindings);

const planned = () => service.rows("select slot_at from deliveries where kind = 'theme'");

test.each([
  ["three days ahead", 3 * DAY, 2 * DAY, 0],
  ["three hours ahead", 3 * HOUR, 2.5 * HOUR, 0],
  ["an hour ahead", HOUR, HOUR / 2, 0],
  ["ten minutes ahead", HOUR / 6, HOUR / 12, 1],
  ["a week ago, while something is due now", -7 * DAY, -HOUR, 1],
])("a tick for %s does what the next one would, and nothing sooner", async (_, offMs, dueInMs, letters) => {
  const now = Date.now();
  await enroll(service, 1, now + dueInMs);
  await fire(now + offMs);
  expect(await planned()).toHaveLength(letters);
});
