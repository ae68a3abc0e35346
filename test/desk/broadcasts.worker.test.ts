import { beforeEach, expect, test } from "vitest";
import { LETTER, outcomeOf, tickAt, work } from "../support/broadcast.ts";
import { common, type Message } from "../support/common-bytes.ts";
import { addToDesk, atDesk, fieldsIn, textOf } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { enroll } from "../support/enroll.ts";
import { DAY, HOUR, type Service, START, sequenceOf, startService } from "../support/service.ts";

let service: Service;
let rosa: Awaited<ReturnType<typeof atDesk>>;
const MINUTE = 60_000;

beforeEach(async () => {
  service = startService({ ownGuard: true });
  await emptyTables(service);
  await service.publish(sequenceOf(2));
  await enroll(service, 12, START + 30 * DAY);
  await service.rows("update subscribers set broadcasts = 1");
  await addToDesk(service, "rosa@lindner.at", "owner");
  rosa = await atDesk(service, "rosa@lindner.at");
});

/** The fields of the form on a page that posts to `path`. */
async function formAt(page: string, path: string): Promise<Record<string, string>> {
  const form = [...(await rosa.see(page)).matchAll(/<form[^>]*action="([^"]*)".*?<\/form>/gs)];
  const [html = ""] = form.find(([, action]) => action === path) ?? [];
  return { ...fieldsIn(html) };
}
const press = async (page: string, act: string, fields: Record<string, string> = {}) =>
  rosa.post(`${page}/${act}`, { ...(await formAt(page, `${page}/${act}`)), ...fields });
const said = async (page: string) => textOf(await rosa.see(page));

/** Begins a broadcast, writes it, and says who gets it and when. */
async function written(settings: Record<string, string> = {}): Promise<string> {
  const begun = await rosa.post("/desk/broadcasts", { language: "en" });
  const letter = begun.headers.get("location") ?? "";
  const page = letter.replace(/\/letter$/, "");
  const form = await formAt(letter, letter);
  const { ornament: _, ...content } = LETTER;
  await rosa.post(letter, { ...form, ...content, ornament: "" });
  await press(page, "settings", { whom: "everyone", time: "now", on_theme_days: "regardless", ...settings });
  return page;
}
const idOf = (page: string) => Number(page.split("/").at(-1));

test("an owner writes a broadcast, tries it, schedules it, takes it back, and schedules it again; then everyone has it once", async () => {
  const page = await written();
  expect(await said(page)).toContain("A draft. Nothing has been sent.");
  expect(await said(page)).toContain("12 people would get it now");
  const form = await formAt(`${page}/letter`, `${page}/letter`);
  await rosa.post(`${page}/letter`, { ...form, ...LETTER, ornament: "", do: "send" });
  await service.drain();
  const trials = (await service.account()).accepted.filter(({ subject }) => subject.startsWith("[Test]"));
  expect(trials.map(({ to }) => `${to}`)).toEqual(["rosa@lindner.at"]);
  expect((await press(page, "schedule")).headers.get("location")).toContain("done=scheduled");
  expect(await said(page)).toContain("Leaves in 10 minutes. Nothing has been sent");
  expect((await press(page, "take-back")).headers.get("location")).toContain("done=taken_back");
  await tickAt(service, START + HOUR);
  expect(await outcomeOf(service, idOf(page))).toEqual({});
  await press(page, "schedule");
  await tickAt(service, START + HOUR + 10 * MINUTE);
  expect(await said(page)).toContain("12 of 12 have it.");
  // The number leads to its people, whose addresses an editor doesn't see.
  const people = `${page}/people?state=accepted`;
  const [{ address = "" } = {}] = await service.rows<{ address: string }>("select address from subscribers");
  expect(await rosa.see(page)).toContain(`href="${people}"`);
  expect((await said(people)).split(address).length).toBe(2);
  await addToDesk(service, "ed@lindner.at", "editor");
  const ed = await atDesk(service, "ed@lindner.at");
  expect(textOf(await ed.see(people))).not.toContain(address);
  expect(await said(`${page}/people?state=failed`)).toContain("Nobody");
  const letters = (await service.account()).accepted.filter(({ subject }) => subject === LETTER.subject);
  expect(new Set(letters.map(({ to }) => `${to}`)).size).toBe(12);
  expect(letters).toHaveLength(12);
  expect(await said("/desk/broadcasts")).toContain(LETTER.subject);
});

test("what a reader gets is what was tried, byte for byte but for the subject's mark, links and names", async () => {
  await service.rows("update subscribers set first_name = ''");
  const page = await written();
  const form = await formAt(`${page}/letter`, `${page}/letter`);
  await rosa.post(`${page}/letter`, { ...form, ...LETTER, ornament: "", do: "send" });
  await service.drain();
  await press(page, "schedule");
  await tickAt(service, START + 10 * MINUTE);
  const { accepted } = await service.account();
  const [trial] = accepted.filter(({ subject }) => subject === `[Test] ${LETTER.subject}`);
  const [real] = accepted.filter(({ subject }) => subject === LETTER.subject);
  expect(trial).toBeDefined();
  // They have no first name, as who tries it.
  expect(common(trial as Message)).toEqual(common(real as Message));
});

test("nobody gets one without an audience, a time and a letter, and each is told where it's missing", async () => {
  const begun = await rosa.post("/desk/broadcasts", { language: "en" });
  const page = (begun.headers.get("location") ?? "").replace(/\/letter$/, "");
  expect(await said(page)).toContain("First say who gets it, and when.");
  const fields = { revision: "0", segment: "0", written: "0" };
  expect(textOf(await (await rosa.post(`${page}/schedule`, fields)).text())).toContain(
    "Say who gets it first.",
  );
  const wrong = await press(page, "settings", { whom: "some" });
  expect(wrong.status).toBe(422);
  expect(textOf(await wrong.text())).toContain("Choose at least one condition, or everyone.");
  await press(page, "settings", { whom: "everyone", time: "now" });
  const answer = await press(page, "schedule");
  expect([answer.status, textOf(await answer.text()).includes("the letter has a fault")]).toEqual([
    422,
    true,
  ]);
  expect(await service.rows("select state from broadcasts")).toEqual([{ state: "draft" }]);
});

test("an audience of conditions is said in words, forecast, and exactly who gets it", async () => {
  await service.rows("update subscribers set language = 'de' where id % 3 = 0");
  const page = await written({
    whom: "some",
    all_0: JSON.stringify({ field: "language", any_of: ["de"] }),
    all_0_not: "1",
    all_1: JSON.stringify({ field: "sequence", sequence: "strengthening-bonds", any_of: ["active"] }),
  });
  const text = await said(page);
  expect(text).toContain("Not: Reads in Deutsch");
  expect(text).toContain("8 people would get it now");
  await press(page, "schedule");
  await tickAt(service, START + 10 * MINUTE);
  expect(await outcomeOf(service, idOf(page))).toEqual({ accepted: 8 });
  // What isn't a condition of ours is refused, and changes nothing.
  const other = await written();
  const faulty = await press(other, "settings", {
    whom: "some",
    all_0: '{"field":"address","any_of":["x"]}',
  });
  expect(faulty.status).toBe(422);
});

test("above a thousand people, or three times the usual, their number is typed; an editor sends to a thousand at most", async () => {
  await service.rows(
    `with recursive n(i) as (select 100 union all select i + 1 from n where i < 1100)
     insert into subscribers (address, address_key, address_hash, state, broadcasts, created_at, confirmed_at)
     select 'x' || i || '@themepost.dev', 'x' || i || '@themepost.dev', 'x' || i, 'active', 1, 0, 0 from n`,
  );
  const page = await written();
  expect(await said(page)).toContain("Type 1013 to send it");
  const missed = await press(page, "schedule", { number: "1000" });
  expect([missed.status, await service.rows("select state from broadcasts")]).toEqual([
    422,
    [{ state: "draft" }],
  ]);
  await addToDesk(service, "emil@lindner.at", "editor");
  const emil = await atDesk(service, "emil@lindner.at");
  const form = fieldsIn(/<form[^>]*\/schedule".*?<\/form>/s.exec(await emil.see(page))?.[0] ?? "");
  const answer = await emil.post(`${page}/schedule`, { ...form, number: "1013" });
  expect(textOf(await answer.text())).toContain("An owner has to schedule it.");
  expect(await emil.see(page)).not.toMatch(/reader-\d+@|x\d+@/);
  expect((await press(page, "schedule", { number: "1013" })).status).toBe(303);
});

test("of two people at the desk one decides, and the other is told", async () => {
  const page = await written();
  const [mine, theirs] = [await formAt(page, `${page}/schedule`), await formAt(page, `${page}/settings`)];
  await rosa.post(`${page}/settings`, { ...theirs, whom: "everyone", time: "now", hold_minutes: "30" });
  const late = await rosa.post(`${page}/schedule`, mine);
  expect(late.headers.get("location")).toContain("done=stale");
  expect(await service.rows("select state, hold_minutes from broadcasts")).toEqual([
    { state: "draft", hold_minutes: 30 },
  ]);
});

test("what's worth a look is said before it's scheduled: placeholders, the same subject, another one on that day", async () => {
  const first = await written();
  await press(first, "schedule");
  await tickAt(service, START + 10 * MINUTE);
  const page = await written();
  const text = await said(page);
  expect(text).toContain("An earlier broadcast has the same subject.");
  expect(text).toContain("Another broadcast leaves within a day of it.");
  const letter = `${page}/letter`;
  await rosa.post(letter, {
    ...(await formAt(letter, letter)),
    ...{ ...LETTER, ornament: "", markdown: "# News\n\nTODO write this." },
  });
  expect(await said(page)).toContain("It says “TODO”");
});

test("what was decided about a held broadcast in a time that a restore lost is said on its page and in the list", async () => {
  const page = await written();
  await service.rows("update broadcasts set state = 'held', reason = 'restored_taken_back'");
  for (const shown of [page, "/desk/broadcasts"])
    expect(await said(shown)).toContain("In the time that the restore lost it had been taken back.");
});

test("a copy is a draft of its own, and a draft that's thrown away is gone", async () => {
  const page = await written();
  const copied = await press(page, "duplicate");
  const copy = copied.headers.get("location") ?? "";
  expect(copy).not.toBe(page);
  expect(await said(copy)).toContain(LETTER.subject);
  expect((await press(copy, "discard")).headers.get("location")).toBe("/desk/broadcasts");
  expect((await rosa.get(copy)).status).toBe(404);
  await work(service);
});

test("on readers' clocks the page says how many get it at its hour, for how many that has passed, and when the last has left", async () => {
  await service.rows("update enrollments set time_zone = 'Asia/Tokyo' where subscriber_id % 3 = 0");
  await service.rows("update enrollments set time_zone = 'America/New_York' where subscriber_id % 3 <> 0");
  const date = new Date(START).toISOString().slice(0, 10);
  const hour = String(new Date(START).getUTCHours());
  const page = await written({ time: "clock", date, hour, passed: "today" });
  const text = await said(page);
  expect(text).toContain("8 people get it at");
  expect(text).toContain("For 4 people that hour will have passed: they get it at once.");
  expect(text).toContain("The last of them will have left by");
  const answer = await service.admin("GET", `/broadcasts/${idOf(page)}/forecast`);
  expect(await answer.json()).toMatchObject({ people: 12, at_their_hour: 8, hour_passed: 4 });
});

test("by the API, what can't be done in a broadcast's state is told as that, and not as someone else's change", async () => {
  const id = idOf(await written());
  const etag = (await service.admin("GET", `/broadcasts/${id}`)).headers.get("etag") ?? "";
  for (const act of ["take-back", "stop", "go-on", "send-to-rest", "send-to-joined"]) {
    const answer = await service.admin("POST", `/broadcasts/${id}/${act}`, undefined, { "if-match": etag });
    const { code, detail } = await answer.json<{ code: string; detail: string }>();
    expect([act, answer.status, code, detail.includes("is a draft")]).toEqual([
      act,
      409,
      "wrong_state",
      true,
    ]);
  }
});

test("by the API a broadcast that's scheduled can't be changed, only shown on the site or taken off it", async () => {
  const page = await written({ is_public: "1" });
  await press(page, "schedule");
  const path = `/broadcasts/${idOf(page)}`;
  const etag = async () => ({
    "if-match": (await service.admin("GET", path)).headers.get("etag") ?? "",
  });
  const body = { language: "en", subject: "Other", preheader: "", markdown: "# Other\n\nWords." };
  const answer = await service.admin("PUT", path, body, await etag());
  expect([answer.status, await answer.json()]).toMatchObject([409, { code: "wrong_state" }]);
  expect(await (await service.admin("GET", path)).json()).toMatchObject({
    subject: LETTER.subject,
    is_public: true,
  });
  await service.admin("POST", `${path}/on-site`, { is_public: false }, await etag());
  expect(await (await service.admin("GET", path)).json()).toMatchObject({
    ...{ state: "scheduled", is_public: false },
  });
});

test("an editor doesn't send what was stopped on to more people than they may schedule it for", async () => {
  const page = await written();
  await press(page, "schedule");
  await service.rows(
    "insert into runs (id, cause, cause_id, at, started_at, planned) values (77, 'tick', 7, 1, 1, 1001)",
  );
  await service.rows("update broadcasts set state = 'stopped', run_id = 77, locked_at = 1, ended_at = 1");
  await addToDesk(service, "ed@lindner.at", "editor");
  const ed = await atDesk(service, "ed@lindner.at");
  const html = await ed.see(page);
  const form = fieldsIn(/<form[^>]*\/rest".*?<\/form>/s.exec(html)?.[0] ?? "");
  const answer = await ed.post(`${page}/rest`, form);
  expect([answer.status, textOf(await answer.text())]).toEqual([
    422,
    expect.stringContaining("An owner has to"),
  ]);
  expect(await service.rows("select state from broadcasts")).toEqual([{ state: "stopped" }]);
});
