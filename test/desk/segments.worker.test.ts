import { beforeEach, expect, test } from "vitest";
import { runJob } from "../../src/domain/jobs/run-job.ts";
import { LETTER, outcomeOf, tickAt } from "../support/broadcast.ts";
import { addToDesk, atDesk, fieldsIn, textOf } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { enroll } from "../support/enroll.ts";
import { DAY, HOUR, type Service, START, sequenceOf, startService } from "../support/service.ts";

let service: Service;
let rosa: Awaited<ReturnType<typeof atDesk>>;

const GERMAN = JSON.stringify({ field: "language", any_of: ["de"] });
const ARABIC = JSON.stringify({ field: "language", any_of: ["ar"] });

beforeEach(async () => {
  service = startService({ ownGuard: true });
  await emptyTables(service);
  await service.publish(sequenceOf(2));
  await enroll(service, 9, START + 30 * DAY);
  await service.rows("update subscribers set broadcasts = 1");
  await service.rows("update subscribers set language = 'de' where id % 3 = 0");
  await service.rows("update subscribers set language = 'ar' where id % 3 = 1");
  await addToDesk(service, "rosa@lindner.at", "owner");
  rosa = await atDesk(service, "rosa@lindner.at");
});

/** The fields of the form on a page that posts to `path`. */
async function formAt(page: string, path: string): Promise<Record<string, string>> {
  const forms = [...(await rosa.see(page)).matchAll(/<form[^>]*action="([^"]*)".*?<\/form>/gs)];
  const [html = ""] = forms.find(([, action]) => action === path) ?? [];
  return { ...fieldsIn(html) };
}
const press = async (page: string, path: string, fields: Record<string, string> = {}) =>
  rosa.post(path, { ...(await formAt(page, path)), ...fields });
const pageOf = (answer: Response) => (answer.headers.get("location") ?? "").replace(/[?].*$/, "");

async function saved(fields: Record<string, string> = {}): Promise<string> {
  return pageOf(await rosa.post("/desk/segments", { name: "Gardeners", all_0: GERMAN, ...fields }));
}

/** A broadcast for a saved segment, begun on the segment's page, that's scheduled next. */
async function writtenTo(segment: string): Promise<string> {
  const begun = await press(segment, "/desk/broadcasts");
  const letter = begun.headers.get("location") ?? "";
  const { ornament: _, ...content } = LETTER;
  await rosa.post(letter, { ...(await formAt(letter, letter)), ...content, ornament: "" });
  const page = letter.replace(/\/letter$/, "");
  await press(page, `${page}/settings`, { whom: "segment", time: "now", on_theme_days: "regardless" });
  return page;
}

test("a segment is saved by a name, says whom it's true of, and is changed, archived and brought back", async () => {
  const page = await saved();
  expect(textOf(await rosa.see(page))).toContain("3 readers are in it.");
  expect(textOf(await rosa.see(page))).toContain("Reads in Deutsch");
  // Nobody who joins later is missed, because who's in it isn't stored.
  await service.rows("update subscribers set language = 'de' where id % 3 = 2");
  expect(textOf(await rosa.see(page))).toContain("6 readers are in it.");
  const twin = await rosa.post("/desk/segments", { name: "Gardeners", all_0: ARABIC });
  expect([twin.status, textOf(await twin.text())]).toEqual([
    422,
    expect.stringContaining("Another segment has this name"),
  ]);
  const stale = await formAt(page, page);
  expect((await press(page, page, { name: "Readers of Arabic", all_0: ARABIC })).status).toBe(303);
  expect(textOf(await rosa.see(page))).toContain("3 readers are in it.");
  const late = await rosa.post(page, { ...stale, name: "Another", all_0: GERMAN });
  expect(late.headers.get("location")).toContain("done=stale");
  await press(page, `${page}/archive`);
  expect(textOf(await rosa.see("/desk/segments"))).toContain("No saved segment yet.");
  await press(page, `${page}/archive`);
  expect(textOf(await rosa.see("/desk/segments"))).toContain("One saved segment.");
  const acts = await service.rows<{ verb: string }>(
    "select verb from acts where object like 'segment:%' order by id",
  );
  expect(acts.map(({ verb }) => verb)).toEqual([
    ...["save_segment", "change_segment", "archive_segment", "bring_back_segment"],
  ]);
});

test("a segment without a name or a condition isn't saved, and the form says what's missing", async () => {
  for (const fields of [
    { name: " ", all_0: GERMAN },
    { name: "Nobody" },
    { name: "x", all_0: '{"field":"sql"}' },
  ]) {
    const answer = await rosa.post("/desk/segments", fields);
    expect([fields, answer.status]).toEqual([fields, 422]);
  }
  expect(await service.rows("select * from segments")).toEqual([]);
});

test("a broadcast goes to a segment as that was when it was scheduled, whatever becomes of it; and it's said what it's used for", async () => {
  const segment = await saved();
  const page = await writtenTo(segment);
  expect(textOf(await rosa.see(page))).toContain("3 people would get it now");
  expect(textOf(await rosa.see(segment))).toContain("Broadcasts for it");
  // Changed between the look and the click: nothing is scheduled on what nobody saw.
  const seen = await formAt(page, `${page}/schedule`);
  await press(segment, segment, { all_1: ARABIC, all_1_not: "1" });
  expect((await rosa.post(`${page}/schedule`, seen)).headers.get("location")).toContain("done=stale");
  expect((await press(page, `${page}/schedule`)).headers.get("location")).toContain("done=scheduled");
  // Changed after it: the broadcast keeps what it was scheduled with.
  await press(segment, segment, { all_0: ARABIC, all_1: "" });
  await tickAt(service, START + HOUR);
  expect(await outcomeOf(service, Number(page.split("/").at(-1)))).toEqual({ accepted: 3 });
  const got = await service.rows<{ language: string }>(
    "select distinct language from subscribers where id in (select anchor from deliveries where kind = 'broadcast')",
  );
  expect(got).toEqual([{ language: "de" }]);
});

test("the readers of a segment are listed, exported and tagged by it; one that isn't there is nobody", async () => {
  const segment = await saved();
  const id = segment.split("/").at(-1) ?? "";
  const addresses = await service.rows<{ address: string }>(
    "select address from subscribers where language = 'de' order by id",
  );
  const list = textOf(await rosa.see(`/desk/readers?segment=${id}`));
  const file = await (await rosa.post("/desk/readers/export", { segment: id })).text();
  for (const { address } of addresses) {
    expect(list).toContain(address);
    expect(file).toContain(address);
  }
  expect(file.trim().split("\r\n").length).toBe(1 + addresses.length);
  const job = await rosa.post("/desk/readers/tags", { segment: id, new_tag: "german" });
  await runJob(service.deps(), Number(pageOf(job).split("/").at(-1)));
  expect(await service.rows("select count(*) as n from reader_tags")).toEqual([{ n: addresses.length }]);
  expect((await rosa.post("/desk/readers/export", { segment: "999" })).status).toBe(404);
  expect((await rosa.post("/desk/readers/tags", { segment: "999", new_tag: "x" })).status).toBe(404);
});

test("more readers than a page can count are counted by a job, and nothing is scheduled on a part of them", async () => {
  await service.rows(
    `with recursive n(i) as (select 100 union all select i + 1 from n where i < 30000)
     insert into subscribers (id, address, address_key, address_hash, state, language, broadcasts, created_at, confirmed_at)
     select i, 'p' || i || '@p.themepost.dev', 'p' || i, 'h' || i, 'active', 'de', 1, 0, 0 from n`,
  );
  const segment = await saved();
  const page = await writtenTo(segment);
  expect(textOf(await rosa.see(page))).toContain("At least ");
  expect(textOf(await rosa.see(page))).not.toContain("to send it");
  const forced = await rosa.post(`${page}/schedule`, {
    ...(await formAt(page, `${page}/settings`)),
    written: "1",
  });
  expect([forced.status, textOf(await forced.text())]).toEqual([
    422,
    expect.stringContaining("Count everyone who’d get it first"),
  ]);
  await press(page, `${page}/count`);
  expect(textOf(await rosa.see(page))).toContain("We’re counting everyone.");
  const [{ id: job = 0 } = {}] = await service.rows<{ id: number }>("select id from jobs");
  await runJob(service.deps(), job);
  expect(textOf(await rosa.see(page))).toContain("29904 people would get it now");
  const done = await press(page, `${page}/schedule`, { number: "29904" });
  expect(done.headers.get("location")).toContain("done=scheduled");
  // Few of many are counted at once, by their tag.
  await service.rows("insert into tags (id, name, created_at) values (1, 'few', 0)");
  await service.rows(
    "insert into reader_tags (tag_id, subscriber_id, at) select 1, id, 0 from subscribers where id % 10000 = 0",
  );
  const few = await saved({ name: "Few", all_0: JSON.stringify({ field: "tag", any_of: ["few"] }) });
  expect(textOf(await rosa.see(few))).toContain("3 readers are in it.");
});

test("the form keeps what's typed beside a condition, and what a program wrote is said in words, too", async () => {
  const page = await saved({
    all_0: JSON.stringify({ field: "joined_before" }),
    all_0_value: "2026-12-04",
    all_1: JSON.stringify({ field: "time_zone" }),
    all_1_value: "Europe/Berlin, Asia/Tokyo",
    any_0: JSON.stringify({ field: "left_within" }),
    any_0_value: "",
  });
  const stored = async () =>
    (await service.rows<{ content: string }>("select content from segments")).map(({ content }) =>
      JSON.parse(content),
    );
  const segment = {
    all: [
      { field: "joined_before", date: "2026-12-04" },
      { field: "time_zone", any_of: ["Europe/Berlin", "Asia/Tokyo"] },
    ],
    any: [{ field: "left_within", days: 30 }],
  };
  expect(await stored()).toEqual([segment]);
  // Saved again as the page shows it, it's the same.
  expect((await press(page, page)).headers.get("location")).toContain("done=saved");
  expect(await stored()).toEqual([segment]);
  const both = { all: [{ field: "language", any_of: ["de", "ar"] }] };
  const made = await service.admin("POST", "/segments", { name: "Both", segment: both });
  const { id } = await made.json<{ id: number }>();
  expect(textOf(await rosa.see(`/desk/segments/${id}`))).toContain("Reads in Deutsch, or Reads in العربية");
  await press(`/desk/segments/${id}`, `/desk/segments/${id}`);
  expect((await stored())[1]).toEqual(both);
  const wrong = await rosa.post("/desk/segments", {
    name: "Wrong",
    all_0: JSON.stringify({ field: "joined_before" }),
    all_0_value: "soon",
  });
  expect(wrong.status).toBe(422);
});

test("a segment that isn't there is refused by the API, and nobody else gets the broadcast in its place", async () => {
  const body = {
    ...{ language: "en", subject: LETTER.subject, preheader: LETTER.preheader, markdown: LETTER.markdown },
    time: { kind: "now" },
  };
  const ask = (more: object) => service.admin("POST", "/broadcasts", { ...body, ...more });
  expect((await ask({ segment_id: 999 })).status).toBe(422);
  const segment = Number((await saved()).split("/").at(-1));
  expect((await ask({ segment_id: segment, audience: { all: [] } })).status).toBe(422);
  const made = await ask({ segment_id: segment });
  const { id } = await made.json<{ id: number }>();
  await service.rows("delete from segments");
  expect(await (await service.admin("GET", `/broadcasts/${id}`)).json()).toMatchObject({ audience: null });
});

test("what was typed stays in the form with its fault, and over the revision that was seen", async () => {
  const page = await saved();
  const seen = await formAt(page, page);
  await press(page, page, { name: "Another name" });
  const wrong = { all_1: JSON.stringify({ field: "joined_before" }), all_1_value: "4.12.2026" };
  const answer = await rosa.post(page, { ...seen, ...wrong });
  const html = await answer.text();
  expect([answer.status, textOf(html)]).toEqual([422, expect.stringContaining("a date is like 2026-12-04")]);
  const form = fieldsIn(/<form[^>]*segments\/\d+".*?<\/form>/s.exec(html)?.[0] ?? "");
  expect(form).toMatchObject({ all_0: GERMAN, all_1_value: "4.12.2026", revision: seen.revision });
  const late = await rosa.post(page, { ...form, all_1: "" });
  expect(late.headers.get("location")).toContain("done=stale");
});

test("conditions that someone has just filled in aren't left out without a word", async () => {
  const page = await writtenTo(await saved());
  const answer = await press(page, `${page}/settings`, { whom: "everyone", all_1: ARABIC });
  expect([answer.status, textOf(await answer.text())]).toEqual([
    422,
    expect.stringContaining("You filled in conditions, but chose something else"),
  ]);
  expect((await press(page, `${page}/settings`, { whom: "everyone" })).status).toBe(303);
  expect(textOf(await rosa.see(page))).toContain("9 people would get it now");
});

test("however many conditions a filter and a segment come to, their readers are tagged", async () => {
  const conditions = Array.from({ length: 12 }, (_, place) => ({ [`all_${place}`]: GERMAN }));
  const segment = await saved(Object.assign({}, ...conditions));
  const id = segment.split("/").at(-1) ?? "";
  const job = pageOf(
    await rosa.post("/desk/readers/tags", { segment: id, state: "active", new_tag: "german" }),
  );
  await runJob(service.deps(), Number(job.split("/").at(-1)));
  expect(await service.rows("select count(*) as n from reader_tags")).toEqual([{ n: 3 }]);
  expect((await rosa.get(job)).status).toBe(200);
});
