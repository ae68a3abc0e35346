import { beforeEach, expect, test } from "vitest";
import { dayOf } from "../../src/domain/counts/queries/day-counts.ts";
import { runJob } from "../../src/domain/jobs/run-job.ts";
import { wrongCounts } from "../support/counts.ts";
import { addToDesk, atDesk, textOf } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { putPartner } from "../support/partner.ts";
import {
  becomeReader,
  DAY,
  linkIn,
  runUntil,
  type Service,
  sequenceOf,
  startService,
  WEEK,
} from "../support/service.ts";

const service: Service = startService({ ownGuard: true });
const OWNER = "rosa@lindner.at";
let rosa: Awaited<ReturnType<typeof atDesk>>;
let n = 0;
let ada = "";
let id = 0;

beforeEach(async () => {
  await emptyTables(service);
  await service.publish(sequenceOf(3));
  await addToDesk(service, OWNER, "owner");
  rosa = await atDesk(service, OWNER);
  n += 1;
  ada = `ada@h${n}-themepost.dev`;
  await becomeReader(service, ada, { time_zone: "Europe/Berlin" });
  id = (await service.rows<{ id: number }>("select max(id) as id from subscribers"))[0]?.id ?? 0;
});

/** A form of the person's page, with what that page shows. */
async function change(fields: Record<string, string>) {
  const html = await rosa.see(`/desk/readers/${id}`);
  const seen = /name="seen" value="(\d+)"/.exec(html)?.[1] ?? "";
  const enrollment = /name="enrollment" value="(\d+)"/.exec(html)?.[1] ?? "";
  const due = /name="due" value="(\d+)"/.exec(html)?.[1] ?? "";
  const answer = await rosa.post(`/desk/readers/${id}/change`, { seen, enrollment, due, ...fields });
  return answer.headers.get("location") ?? "";
}
const enrollment = async () => (await service.rows<Record<string, unknown>>("select * from enrollments"))[0];
const story = async () => textOf(await rosa.see(`/desk/readers/${id}`));

test("what a reader can do is done for them, said as such, kept as an act, and can be undone", async () => {
  const before = await enrollment();
  expect(await change({ pause: "4" })).toBe(`/desk/readers/${id}?done=changed`);
  expect(await enrollment()).toMatchObject({ state: "paused" });
  const page = await rosa.see(`/desk/readers/${id}?done=changed`);
  expect(textOf(page)).toContain("was paused for them");
  const undo = /name="change" value="(\d+)"/.exec(page)?.[1] ?? "";
  await change({ action: "undo", change: undo });
  expect(await enrollment()).toMatchObject({ state: "active", next_due_at: before?.next_due_at });
  await change({ action: "skip" });
  expect(Number((await enrollment())?.next_due_at)).toBe(Number(before?.next_due_at) + WEEK);
  await change({ action: "slot", weekday: "5", hour: "18", time_zone: "Asia/Kathmandu", every_weeks: "2" });
  expect(await enrollment()).toMatchObject({
    weekday: 5,
    hour: 18,
    time_zone: "Asia/Kathmandu",
    every_weeks: 2,
  });
  expect(await story()).toContain("was moved for them");
  const acts = await service.rows<{ actor: string; verb: string }>(
    "select actor, verb from acts where object = ? order by id",
    `subscriber:${id}`,
  );
  expect(acts.map(({ verb }) => verb)).toEqual([
    "change_reader",
    "change_reader",
    "change_reader",
    "change_reader",
  ]);
  expect(acts.every(({ actor }) => /^desk:\d+$/.test(actor))).toBe(true);
  expect(await change({ action: "slot", weekday: "9", hour: "18", time_zone: "Mars" })).toContain(
    "done=faulty",
  );
  expect(await change({ pause: "4", seen: "0" })).toContain("done=stale");
});

test("someone who's unsubscribed by the desk gets nothing more, and it's told how they left", async () => {
  expect(await change({ action: "unsubscribe" })).toBe(`/desk/readers/${id}?done=left`);
  expect(await story()).toContain("Left everything (desk)");
  service.moveTo(service.clock.now + 8 * DAY);
  await service.tick();
  await service.drain();
  expect((await service.accepted(ada)).length).toBe(2);
  rosa = await atDesk(service, OWNER);
  expect(textOf(await rosa.see("/desk/numbers"))).toContain("You took them off 1");
  expect(await service.rows("select verb from acts where verb = 'unsubscribe_reader'")).toHaveLength(1);
  const again = { action: "unsubscribe", enrollment: String((await enrollment())?.id), seen: "99" };
  expect(await change(again)).toContain("done=not_possible");
  expect(await wrongCounts(service)).toEqual([]);
});

test("a letter that failed is sent again from its line, and only a letter of theirs", async () => {
  await runUntil(service, service.clock.now + WEEK, 4 * 3_600_000);
  await service.rows(
    "update deliveries set state = 'failed', reason = 'rejected: gone', provider_id = null,\n    feedback = null, feedback_at = null where kind = 'theme'",
  );
  rosa = await atDesk(service, OWNER);
  const html = await rosa.see(`/desk/readers/${id}`);
  const letter = /send-again[\s\S]*?name="letter" value="(\d+)"/.exec(html)?.[1] ?? "";
  expect(letter).not.toBe("");
  const before = (await service.accepted(ada)).length;
  const answer = await rosa.post(`/desk/readers/${id}/send-again`, { letter });
  expect(answer.headers.get("location")).toBe(`/desk/readers/${id}?done=sent_again`);
  await service.drain();
  expect((await service.accepted(ada)).length).toBe(before + 1);
  expect((await rosa.post(`/desk/readers/${id}/send-again`, { letter: "999999" })).status).toBe(404);
});

test("tags are given by hand, by a form and to all that a filter shows; the last is undone for a day", async () => {
  await rosa.post(`/desk/readers/${id}/tag`, { tag: "  Garden   club " });
  expect(await story()).toContain("Garden club");
  const partner = await putPartner(service, "garden", { tag: "workshop" });
  await service.partnerForm(partner.form_key, partner.wording.version, { email: `bea@h${n}-themepost.dev` });
  await service.drain();
  await service.request(linkIn((await service.accepted(`bea@h${n}-themepost.dev`))[0], "confirm"), {
    method: "POST",
  });
  const listed = async (query: string) => textOf(await rosa.see(`/desk/readers?${query}`));
  expect(await listed("tag=workshop")).toContain(`bea@h${n}`);
  expect(await listed("tag=workshop")).not.toContain(ada);
  expect(await listed("source=own")).toContain(ada);
  expect(await listed("source=own")).not.toContain(`bea@h${n}`);
  const job = async (path: string) => {
    const jobId = Number(/jobs\/(\d+)/.exec(path)?.[1]);
    await runJob(service.deps(), jobId);
    return jobId;
  };
  const tagged = await rosa.post("/desk/readers/tags", { state: "active", new_tag: "spring" });
  const jobId = await job(tagged.headers.get("location") ?? "");
  expect(textOf(await rosa.see(`/desk/jobs/${jobId}`))).toContain("2 people have the tag “spring”");
  expect(await listed("tag=spring")).toContain(ada);
  await rosa.post(`/desk/jobs/${jobId}/undo`);
  await runJob(service.deps(), jobId);
  expect(await listed("tag=spring")).toContain("No one is like that.");
  expect(await story()).toContain("Garden club");
  const again = await rosa.post("/desk/readers/tags", { new_tag: "summer" });
  const later = await job(again.headers.get("location") ?? "");
  service.moveTo(service.clock.now + DAY + 1);
  rosa = await atDesk(service, OWNER);
  expect((await rosa.post(`/desk/jobs/${later}/undo`)).headers.get("location")).toContain("done=too_late");
  await rosa.post(`/desk/readers/${id}/tag`, { tag: "Garden club", take: "1" });
  expect(await listed("tag=Garden+club")).toContain("No one is like that.");
  expect((await rosa.post(`/desk/readers/${id}/tag`, { tag: "a,b" })).headers.get("location")).toContain(
    "tag_faulty",
  );
});

test("a filter shows those it's true of, page by page, however few they are among many", async () => {
  const day = dayOf(service.clock.now);
  for (let place = 0; place < 600; place += 1)
    await service.rows(
      "insert into subscribers (address, address_key, state, created_at, address_hash) values (?1, ?1, 'pending', ?2, ?1)",
      `x${place}@filter${day}.dev`,
      service.clock.now,
    );
  const seen: string[] = [];
  let pages = 0;
  for (
    let path: string | undefined = "/desk/readers?sequence=strengthening-bonds&place=active";
    path !== undefined;
  ) {
    const html: string = await rosa.see(path);
    pages += 1;
    seen.push(...[...html.matchAll(/translate="no"[^>]*>([^<]+)</g)].map(([, address]) => address ?? ""));
    path = /href="([^"]+)" rel="next"/.exec(html)?.[1]?.replaceAll("&amp;", "&");
  }
  expect(seen).toEqual([ada]);
  expect(pages).toBe(3);
});

test("an export holds whom the filter shows, with no cell that a spreadsheet runs, and is an act with its number", async () => {
  await service.rows("update subscribers set first_name = '=HYPERLINK(1)' where id = ?", id);
  await rosa.post(`/desk/readers/${id}/tag`, { tag: "club" });
  await service.signUp({ email: `pending@h${n}-themepost.dev` });
  const answer = await rosa.post("/desk/readers/export", { state: "active" });
  expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  const lines = (await answer.text()).trim().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(`${ada},'=HYPERLINK(1),active,`);
  expect(lines[1]).toMatch(/,club,strengthening-bonds,active,0,2,9,Europe\/Berlin,1,,$/);
  const acts = await service.rows<{ changed: string; stage: string }>(
    "select changed, stage from acts where verb = 'export_readers' order by id",
  );
  expect(acts.map(({ stage }) => stage)).toEqual(["intent", "settled"]);
  expect(JSON.parse(acts[1]?.changed ?? "")).toMatchObject({ people: 1 });
  await rosa.post(`/desk/readers/${id}/suppress`, { note: "asked" });
  const hashes = await (await rosa.post("/desk/readers/export-suppressions")).text();
  expect(hashes).toMatch(/address_hash,reason,since,until\r\n[0-9a-f]{64},owner,/);
  expect(hashes).not.toContain("@");
});
