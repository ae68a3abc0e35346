import { beforeEach, expect, test } from "vitest";
import { runJob } from "../../src/domain/jobs/run-job.ts";
import { addToDesk, atDesk, textOf } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { DAY, HOUR, sequenceOf, startService } from "../support/service.ts";

const service = startService({ ownGuard: true });
const OWNER = "rosa@lindner.at";
const PUBLISH = "/desk/letters/strengthening-bonds/publish";
const MANY = 12_000;
let rosa: Awaited<ReturnType<typeof atDesk>>;

beforeEach(async () => {
  await emptyTables(service);
  await service.publish(sequenceOf(3));
  await addToDesk(service, OWNER, "editor");
});

const field = (html: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? "";

/** Some thousand readers: each third one had no theme yet, the others the first. */
async function manyReaders() {
  await service.rows(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
      insert into subscribers (address, address_key, address_hash, state, created_at, confirmed_at)
      select 'r' || i || '@themepost.dev', 'r' || i || '@themepost.dev', 'h' || i, 'active', 0, 0 from n`,
    MANY,
  );
  await service.rows(
    `insert into enrollments (subscriber_id, sequence_id, state, weekday, hour, time_zone, next_due_at, enrolled_at)
      select subscribers.id, sequences.id, 'active', 1, 9, 'UTC', ?, 0 from subscribers, sequences`,
    service.clock.now + 365 * DAY,
  );
  await service.rows(
    `insert into deliveries (kind, anchor, round, item, intended_item, recipient_id, rendition_id, slot_at, state, planned_at)
      select 'theme', enrollments.id, 1, steps.id, steps.id, subscriber_id, steps.rendition_id, 0, 'accepted', 0
      from enrollments, steps where steps.slug = 'theme-1' and enrollments.id % 3 > 0`,
  );
}

test("what publishing means for many readers is counted by a job with a bar, and the number is typed before anything is published", async () => {
  await manyReaders();
  rosa = await atDesk(service, OWNER);
  const had = (2 * MANY) / 3;
  const letter = "/desk/letters/strengthening-bonds/letters/theme-2";
  const revision = field(await rosa.see(letter), "revision");
  await rosa.post(letter, {
    ...{ subject: "A walk in the rain", preheader: "No umbrella needed", ornament: "", revision },
    markdown: "# A walk in the rain\n\nGo out together when it rains.\n\n## Try this\n\nJump into a puddle.",
  });
  expect(textOf(await rosa.see(PUBLISH))).toContain("Count the readers");
  expect((await rosa.post(PUBLISH, { newest: "1", left_out: "", resume: "" })).status).toBe(200);
  expect(
    await service.rows("select id from acts where verb = 'publish_sequence' and actor like 'desk:%'"),
  ).toEqual([]);

  await rosa.post(PUBLISH.replace(/publish$/, "count"), {});
  const under = await rosa.see(PUBLISH);
  expect(under).toMatch(/<progress max="\d+" value="0">/);
  expect(under).toContain('http-equiv="refresh"');
  // A second press begins no second count.
  await rosa.post(PUBLISH.replace(/publish$/, "count"), {});
  const [job, ...others] = await service.rows<{ id: number }>("select id from jobs");
  expect(others).toEqual([]);
  await runJob(service.deps(), job?.id ?? 0);
  const list = textOf(await rosa.see("/desk/letters/strengthening-bonds"));
  expect(list).toContain(
    `${MANY / 3} readers get it next. ${had} had it. Nobody left within six days of it.`,
  );
  expect(list).toContain(`${had} readers get it next. Nobody had it yet.`);
  const page = await rosa.see(PUBLISH);
  expect(textOf(page)).toContain(`The next letter of ${had} readers changes`);
  expect(textOf(page)).toContain("Readers counted");
  const form = { newest: field(page, "newest"), left_out: "", resume: "" };
  expect((await rosa.post(PUBLISH, { ...form, number: "12" })).status).toBe(422);
  expect((await rosa.post(PUBLISH, { ...form, number: String(had) })).status).toBe(303);
  const [step] = await service.rows<{ subject: string }>("select subject from steps where slug = 'theme-2'");
  expect(step?.subject).toBe("A walk in the rain");

  service.moveTo(service.clock.now + 2 * HOUR);
  expect(textOf(await rosa.see(PUBLISH))).toContain("Count the readers");
});
