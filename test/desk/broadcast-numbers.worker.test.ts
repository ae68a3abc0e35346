import { beforeEach, expect, test } from "vitest";
import { runJob } from "../../src/domain/jobs/run-job.ts";
import { draftBroadcast } from "../support/broadcast.ts";
import { addToDesk, atDesk, fieldsIn, textOf } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { type Service, sequenceOf, startService } from "../support/service.ts";

let service: Service;
const BATCHED = 10_200;
const WAITED = 300;

beforeEach(async () => {
  service = startService({ ownGuard: true });
  await emptyTables(service);
  await service.publish(sequenceOf(1));
});

/** A broadcast that went to thousands of people, of whom a few got nothing, each for a reason. */
async function sentToMany(): Promise<number> {
  const id = await draftBroadcast(service);
  await service.rows(
    `insert into runs (id, cause, cause_id, at, started_at, planned) values (77, 'broadcast', ?, 1, 1, ?)`,
    ...[id, BATCHED + WAITED],
  );
  const series = (to: number) =>
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${to})`;
  await service.rows(
    `${series(BATCHED / 100)} insert into batches (id, lane, run_id, state, idempotency_key, enqueued_at)
     select 1000 + i, 'letters', 77, 'done', 'k' || i, 0 from n`,
  );
  const columns = `(kind, anchor, round, item, intended_item, recipient_id, rendition_id, slot_at, state, reason, planned_at, run_id, batch_id, place)`;
  await service.rows(
    `${series(BATCHED)} insert into deliveries ${columns}
     select 'broadcast', i, 0, ${id}, ${id}, i, 1, 1, iif(i % 100 = 0, 'failed', 'accepted'), iif(i % 100 = 0, 'rejected', null), 1, 77,
       1001 + (i - 1) / 100, i % 100 from n`,
  );
  await service.rows(
    `${series(WAITED)} insert into deliveries ${columns}
     select 'broadcast', 20000 + i, 0, ${id}, ${id}, i, 1, 1, 'skipped', iif(i % 3 = 0, 'theme_day', 'stopped'), 1, 77, null, 0 from n`,
  );
  await service.rows(
    "update broadcasts set state = 'done', run_id = 77, locked_at = 1, ended_at = 2, rendition_id = 1, subject = 'News'",
  );
  return id;
}

test("the numbers of a broadcast to thousands are counted by a job, in steps, and add up to its people", async () => {
  await addToDesk(service, "rosa@lindner.at", "owner");
  const rosa = await atDesk(service, "rosa@lindner.at");
  const id = await sentToMany();
  const page = `/desk/broadcasts/${id}`;
  const before = await rosa.see(page);
  expect(textOf(before)).toContain(`It went to ${BATCHED + WAITED} people.`);
  const form = /<form[^>]*count-run".*?<\/form>/s.exec(before)?.[0] ?? "";
  await rosa.post(`${page}/count-run`, fieldsIn(form));
  expect(textOf(await rosa.see(page))).toContain("We’re counting them.");
  // A count that's begun again replaces what was counted so far.
  await rosa.post(`${page}/count-run`, fieldsIn(form));
  const [{ id: job = 0 } = {}] = await service.rows<{ id: number }>("select max(id) as id from jobs");
  await runJob(service.deps(), job);
  const answer = await service.admin("GET", `/broadcasts/${id}`);
  expect(await answer.json()).toMatchObject({
    progress: { people: BATCHED + WAITED, counting: null },
    numbers: {
      people: BATCHED + WAITED,
      accepted: BATCHED - BATCHED / 100,
      failed: BATCHED / 100,
      skipped: { stopped: (2 * WAITED) / 3, theme_day: WAITED / 3 },
      ...{ held: 0, uncertain: 0, waiting: 0 },
    },
  });
  expect(textOf(await rosa.see(page))).toContain(
    `${BATCHED - BATCHED / 100} of ${BATCHED + WAITED} have it.`,
  );
});
