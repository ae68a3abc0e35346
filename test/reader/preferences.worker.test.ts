import { beforeEach, expect, test } from "vitest";
import { openRun } from "../../src/domain/ledger/queries/runs.ts";
import {
  becomeReader,
  DAY,
  HOUR,
  linkIn,
  runUntil,
  type Service,
  START,
  sequenceOf,
  startService,
  WEEK,
} from "../support/service.ts";

const TUESDAY = Date.UTC(2026, 10, 24, 8);
let service: Service;
let email = "";
let path = "";
let enrollment = "";
let readers = 0;

beforeEach(async () => {
  service = startService();
  await service.publish(sequenceOf(4));
  readers += 1;
  email = `reader${readers}@d${readers}-themepost.dev`;
  await becomeReader(service, email, { time_zone: "Europe/Berlin" });
  path = linkIn((await service.accepted(email))[1], "preferences");
  enrollment = /name="enrollment" value="(\d+)"/.exec(await (await service.request(path)).text())?.[1] ?? "";
});

const themes = async () =>
  (await service.accepted(email)).filter((message) => message.tags.some((tag) => tag.value === "theme"));
const row = async () =>
  (
    await service.rows<{ state: string; next_due_at: number | null; time_zone: string }>(
      `select * from enrollments where id = ${enrollment}`,
    )
  )[0];
const slot = (weekday: number, hour: number, time_zone: string) =>
  service.change(path, {
    enrollment,
    action: "slot",
    weekday: String(weekday),
    hour: String(hour),
    time_zone,
  });

test("the page shows the next letter's date, and opening it changes nothing", async () => {
  const before = await row();
  const page = await (await service.request(path)).text();
  expect(page).toContain("Tue 24 Nov at 9:00 (Berlin, GMT+1)");
  expect(await row()).toEqual(before);
});

test("a new day, hour and zone hold from the next letter on", async () => {
  const answer = await slot(5, 18, "Asia/Kathmandu");
  expect(answer.status).toBe(303);
  const page = await (await service.request(answer.headers.get("location") ?? "")).text();
  expect(page).toContain("Saved.");
  expect(page).toContain("Fri 27 Nov at 18:00 (Kathmandu, GMT+5:45)");
  await runUntil(service, START + WEEK);
  expect(await themes()).toHaveLength(1);
});

test("however the slot is moved about, themes stay six days apart and none is lost", async () => {
  service.moveTo(TUESDAY);
  await service.tick();
  await service.drain();
  await slot(3, 0, "Pacific/Kiritimati");
  const next = (await row())?.next_due_at ?? 0;
  expect(next - TUESDAY).toBeGreaterThanOrEqual(6 * DAY);
  await slot(1, 23, "Pacific/Pago_Pago");
  await slot(2, 0, "Pacific/Kiritimati");
  await runUntil(service, TUESDAY + 5 * WEEK, 4 * HOUR);
  expect((await themes()).map((message) => message.subject)).toEqual(
    [1, 2, 3, 4].map((n) => `A letter on theme-${n}`),
  );
  const slots = await service.rows<{ slot_at: number }>(
    `select slot_at from deliveries where kind = 'theme' and anchor = ${enrollment} and item is not null order by slot_at`,
  );
  slots.slice(1).forEach((later, index) => {
    expect(later.slot_at - (slots[index]?.slot_at ?? 0)).toBeGreaterThanOrEqual(6 * DAY);
  });
});

test("a pause stops the letters, and after it they go on where they stopped, one a week, with nothing made up for", async () => {
  await service.change(path, { enrollment, action: "pause", pause: "open" });
  expect(await row()).toMatchObject({ state: "paused", next_due_at: null });
  await runUntil(service, START + 3 * WEEK, 4 * HOUR);
  expect(await themes()).toHaveLength(0);
  await service.change(path, { enrollment, action: "resume" });
  await runUntil(service, START + 5 * WEEK, 4 * HOUR);
  expect((await themes()).map((message) => message.subject)).toEqual([
    "A letter on theme-1",
    "A letter on theme-2",
  ]);
});

test("the page unsubscribes too, and afterwards neither slot nor pause bring anything back", async () => {
  await service.change(path, { enrollment, action: "unsubscribe" });
  for (const action of ["resume", "pause"]) await service.change(path, { enrollment, action, pause: "open" });
  const wednesday = { action: "slot", weekday: "3", hour: "9", time_zone: "Europe/Berlin" };
  const answer = await service.form(path, { enrollment, seen: String(await revision()), ...wednesday });
  expect(answer.headers.get("location")).toContain("said=nothing");
  expect(await row()).toMatchObject({ state: "stopped", next_due_at: null });
});

test("nobody can change someone else's letters with their own link", async () => {
  await becomeReader(service, `other${readers}@themepost.dev`);
  const [other] = await service.rows<{ id: number }>("select max(id) as id from enrollments");
  await service.change(path, { enrollment: String(other?.id), action: "pause", pause: "open" });
  await service.change(path, { enrollment: String(other?.id), action: "unsubscribe" });
  expect(await service.rows(`select state from enrollments where id = ${other?.id}`)).toEqual([
    { state: "active" },
  ]);
});

test.each([
  [{}],
  [{ action: "slot" }],
  [{ action: "slot", weekday: "8", hour: "9", time_zone: "Europe/Berlin" }],
  [{ action: "slot", weekday: "2", hour: "9", time_zone: "Mars/Olympus" }],
  [{ action: "explode" }],
  [{ action: "pause", enrollment: "abc" }],
])("a wrong form %o is answered with what to do", async (fields) => {
  const answer = await service.change(path, { enrollment, ...fields } as Record<string, string>);
  expect(answer.status).toBe(422);
  expect(await answer.text()).toMatch(
    /Please (choose a weekday|use the ones on this page)|We don’t know a time zone by that name/,
  );
});

test("after a change the page says in one line what's true now, and where the distance between letters moved a date", async () => {
  await service.rows(`update enrollments set every_weeks = 4 where id = ${enrollment}`);
  await runUntil(service, TUESDAY + HOUR, 4 * HOUR);
  const said = async (answer: Response) =>
    /<div class="said" role="status"><p>(.*?)<\/p>/.exec(await followed(answer))?.[1];
  expect(await said(await service.change(path, { enrollment, action: "pause", pause: "2" }))).toBe(
    "Paused until Tue 8 Dec. The next letter comes on Tue 22 Dec at 9:00 (Berlin, GMT+1). That doesn’t move your next letter.",
  );
  await service.change(path, { enrollment, action: "resume" });
  const weekly = {
    enrollment,
    action: "slot",
    weekday: "5",
    hour: "18",
    time_zone: "Berlin",
    every_weeks: "1",
  };
  expect(await said(await service.change(path, weekly))).toBe(
    "Saved. Your next letter comes on Fri 4 Dec at 18:00 (Berlin, GMT+1). Fri 27 Nov would be too soon after your last letter: there are at least 6 days between two.",
  );
});

test("saving the page while a slot waits for its tick loses no letter", async () => {
  service.moveTo(TUESDAY + 5 * 60_000);
  await slot(2, 9, "Europe/Berlin");
  expect((await row())?.next_due_at).toBe(TUESDAY);
  await service.tick();
  await service.drain();
  expect(await themes()).toHaveLength(1);
});

test("a new slot keeps the first theme twelve hours from the confirmation", async () => {
  await slot(1, 22, "Europe/Berlin");
  expect((await row())?.next_due_at).toBe(Date.UTC(2026, 10, 30, 21));
});

test("after the last letter the page promises no other, and leaving does not undo that", async () => {
  await runUntil(service, TUESDAY + 3 * WEEK + DAY, 4 * HOUR);
  expect(await themes()).toHaveLength(4);
  expect(await (await service.request(path)).text()).toContain("You’ve had all the letters.");
  await runUntil(service, TUESDAY + 4 * WEEK + DAY, 4 * HOUR);
  const last = (await themes())[3];
  const page = await (await service.form(linkIn(last, "unsubscribe"), {})).text();
  expect(page).toContain("You’re unsubscribed");
  expect(await row()).toMatchObject({ state: "completed" });
  expect(await service.rows(`select state from subscribers where address_key = '${email}'`)).toEqual([
    { state: "unsubscribed" },
  ]);
});

const revision = async () =>
  (
    await service.rows<{ revision: number }>(
      `select revision from subscribers where address_key = '${email}'`,
    )
  )[0]?.revision ?? -1;
const followed = async (answer: Response) =>
  (await service.request(answer.headers.get("location") ?? "")).text();

test("skipping the next letter costs a week and no theme, and a double press skips one letter only", async () => {
  const due = String(TUESDAY);
  const seen = String(await revision());
  const first = await service.form(path, { enrollment, seen, action: "skip", due });
  const second = await service.form(path, { enrollment, seen, action: "skip", due });
  expect(second.headers.get("location")).toBe(first.headers.get("location"));
  const page = await followed(first);
  expect(page).toContain("Skipped.");
  expect(page.indexOf("Tue 24 Nov")).toBeLessThan(page.indexOf("Tue 1 Dec"));
  expect((await row())?.next_due_at).toBe(TUESDAY + WEEK);
  await runUntil(service, TUESDAY + WEEK + DAY, 4 * HOUR);
  expect((await themes()).map((message) => message.subject)).toEqual(["A letter on theme-1"]);
});

test("a letter that is on its way cannot be skipped any more, and nothing else is skipped for it", async () => {
  service.moveTo(TUESDAY);
  await service.tick();
  await service.drain();
  const answer = await service.change(path, { enrollment, action: "skip", due: String(TUESDAY) });
  expect(answer.headers.get("location")).toContain("said=nothing");
  expect((await row())?.next_due_at).toBe(TUESDAY + WEEK);
});

test("a pause of two weeks ends by itself, on the day that the page named", async () => {
  const answer = await service.change(path, { enrollment, action: "pause", pause: "2" });
  expect(await followed(answer)).toContain(
    "Paused until Mon 7 Dec. The next letter comes on Tue 8 Dec at 9:00",
  );
  await runUntil(service, TUESDAY + 2 * WEEK - DAY, 4 * HOUR);
  expect(await themes()).toHaveLength(0);
  await runUntil(service, TUESDAY + 2 * WEEK + DAY, 4 * HOUR);
  expect((await themes()).map((message) => message.subject)).toEqual(["A letter on theme-1"]);
  expect(await row()).toMatchObject({ state: "active", next_due_at: TUESDAY + 3 * WEEK });
});

test.each([
  ["", "Please choose the day"],
  ["tomorrow", "Please choose the day"],
  ["2026-02-30", "Please choose the day"],
  ["2026-11-23", "isn’t in the future"],
  ["2031-01-01", "more than two years away"],
])("a pause until “%s” is refused with what to do, and what was typed stays", async (until, message) => {
  const answer = await service.change(path, { enrollment, action: "pause_until", until });
  expect(answer.status).toBe(422);
  const page = await answer.text();
  expect(page).toContain(message);
  expect(page).toContain(`value="${until}"`);
  expect(await row()).toMatchObject({ state: "active" });
});

test("every change can be taken back, and made again", async () => {
  const before = await row();
  for (const fields of [
    { action: "pause", pause: "4" },
    { action: "pause", pause: "open" },
    { action: "skip", due: String(TUESDAY) },
    { action: "slot", weekday: "5", hour: "18", time_zone: "Asia/Kathmandu", every_weeks: "2" },
  ]) {
    const changed = await service.change(path, { enrollment, ...fields });
    const became = await row();
    expect(became).not.toEqual(before);
    const change = /changed=(\d+)/.exec(changed.headers.get("location") ?? "")?.[1] ?? "";
    const undone = await service.change(path, { action: "undo", change });
    expect(await row()).toEqual(before);
    expect(await followed(undone)).toContain("Undone.");
    const again = /changed=(\d+)/.exec(undone.headers.get("location") ?? "")?.[1] ?? "";
    await service.change(path, { action: "undo", change: again });
    expect(await row()).toEqual(became);
    const last = await service.rows<{ id: number }>("select max(id) as id from reader_changes");
    await service.change(path, { action: "undo", change: String(last[0]?.id) });
    expect(await row()).toEqual(before);
  }
});

test("of two open tabs neither overwrites the other silently", async () => {
  const seen = String(await revision());
  const tab = (fields: Record<string, string>) => service.form(path, { enrollment, seen, ...fields });
  const friday = { action: "slot", weekday: "5", hour: "9", time_zone: "Europe/Berlin" };
  expect((await tab(friday)).status).toBe(303);
  const saved = await row();
  const other = await tab({ action: "slot", weekday: "3", hour: "20", time_zone: "Asia/Tokyo" });
  expect(other.status).toBe(409);
  const page = await other.text();
  expect(page).toContain("This page has changed");
  expect(page).toMatch(/name="time_zone"[^>]* value="Asia\/Tokyo"/);
  expect(await row()).toEqual(saved);
  for (const fields of [
    { action: "pause", pause: "2" },
    { action: "undo", change: "1" },
  ]) {
    expect((await tab(fields)).status).toBe(409);
  }
  const personal = { action: "personal", seen, first_name: "Eve" };
  expect((await service.form(await service.ownPage(email), personal)).status).toBe(409);
  expect(await row()).toEqual(saved);
});

test("of two presses at the same moment one counts, and the other is told", async () => {
  const seen = String(await revision());
  const answers = await Promise.all(
    ["3", "5"].map((weekday) =>
      service.form(path, {
        enrollment,
        seen,
        action: "slot",
        weekday,
        hour: "9",
        time_zone: "Europe/Berlin",
      }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
  expect(await revision()).toBe(Number(seen) + 1);
});

test("the dates of a new slot can be looked at before anything is saved", async () => {
  const before = await row();
  const answer = await service.change(path, {
    enrollment,
    action: "preview",
    weekday: "7",
    hour: "18",
    time_zone: "Europe/Berlin",
    every_weeks: "2",
  });
  const page = await answer.text();
  expect(page).toContain("Not saved yet");
  for (const date of ["29 Nov at 18:00", "13 Dec at 18:00", "27 Dec at 18:00"]) {
    expect(page).toContain(`Sun ${date}`);
  }
  expect(await row()).toEqual(before);
});

test("name and age hold from the next letter on, and a name that is too long is shown again with what to do", async () => {
  const long = "x".repeat(61);
  const own = await service.ownPage(email);
  const refused = await service.change(own, { action: "personal", first_name: long, answer: "teenager" });
  expect(refused.status).toBe(422);
  const shown = await refused.text();
  expect(shown).toContain(`value="${long}"`);
  expect(shown).toMatch(/value="teenager" checked=""/);
  await service.change(own, { action: "personal", first_name: "Grace", answer: "teenager" });
  await runUntil(service, TUESDAY + DAY, 4 * HOUR);
  expect((await themes())[0]?.text).toContain("Dear Grace,");
  expect(
    await service.rows(
      `select e.answer from enrollments e join subscribers s on s.id = e.subscriber_id where s.address_key = '${email}'`,
    ),
  ).toEqual([{ answer: "teenager" }]);
});

test("a reader who wants one letter a fortnight gets one a fortnight", async () => {
  await slotEvery("2");
  await runUntil(service, TUESDAY + 5 * WEEK, 4 * HOUR);
  const slots = await service.rows<{ slot_at: number }>(
    `select slot_at from deliveries where kind = 'theme' and anchor = ${enrollment} and item is not null order by slot_at`,
  );
  expect(slots.map((each) => (each.slot_at - TUESDAY) / WEEK)).toEqual([0, 2, 4]);
});

const slotEvery = (every_weeks: string) =>
  service.change(path, {
    enrollment,
    action: "slot",
    weekday: "2",
    hour: "9",
    time_zone: "Europe/Berlin",
    every_weeks,
  });

test("the page lists the letters so far, each to read again, and what is still to come", async () => {
  await runUntil(service, TUESDAY + WEEK + DAY, 4 * HOUR);
  const page = await (await service.request(path)).text();
  const letters = [...page.matchAll(/href="([^"]+\/letters\/[^"]+)"/g)].map((match) => match[1] ?? "");
  expect(letters).toHaveLength(2);
  const opened = await service.request(letters[0] ?? "");
  const online = await (await service.request(opened.headers.get("location") ?? "")).text();
  expect(online).toContain("Theme 1");
  expect([...page.matchAll(/<bdi class="soft" lang="en"> (Theme \d)/g)].map(([, title]) => title)).toEqual([
    "Theme 3",
    "Theme 4",
  ]);
  await becomeReader(service, `stranger${readers}@themepost.dev`);
  const stranger = linkIn((await service.accepted(`stranger${readers}@themepost.dev`))[1], "preferences");
  const foreign = (letters[0] ?? "").replace(path, stranger);
  expect((await service.request(foreign)).status).toBe(404);
});

test("a fault or a preview on an outdated page does not make the page current", async () => {
  const seen = String(await revision());
  const own = await service.ownPage(email);
  await service.change(own, { action: "personal", first_name: "Ada", answer: "teenager" });
  const long = await service.form(own, { seen, action: "personal", first_name: "x".repeat(70) });
  const preview = await service.form(path, {
    seen,
    enrollment,
    action: "preview",
    weekday: "5",
    hour: "9",
    time_zone: "Europe/Berlin",
  });
  expect([long.status, preview.status]).toEqual([409, 409]);
  expect(await long.text()).toContain("This page has changed");
});

test("a change from before leaving can be neither undone nor told as how things stand, after coming back", async () => {
  await service.change(path, { enrollment, action: "pause", pause: "open" });
  const resumed = await service.change(path, { enrollment, action: "resume" });
  const seen = String(await revision());
  const change = /changed=(\d+)/.exec(resumed.headers.get("location") ?? "")?.[1] ?? "";
  await service.form(linkIn((await service.accepted(email))[1], "unsubscribe"), {});
  service.moveTo(START + 2 * DAY);
  await service.signUp({ email });
  await service.drain();
  await service.form(linkIn((await service.accepted(email)).at(-1), "confirm"), {});
  expect(await row()).toMatchObject({ state: "active" });
  expect((await service.form(path, { seen, action: "undo", change })).status).toBe(409);
  expect((await service.change(path, { action: "undo", change })).headers.get("location")).toContain(
    "said=nothing",
  );
  expect(await row()).toMatchObject({ state: "active" });
  expect(await (await service.request(`${path}?changed=${change}`)).text()).not.toContain("Welcome back");
});

test("no date is promised where the next letter is a draft, is held up, or the address is suspended", async () => {
  const page = async () => (await service.request(path)).text();
  const drafts = sequenceOf(4);
  for (const step of drafts.steps) step.status = "draft";
  await service.publish(drafts);
  expect(await page()).toContain("Your next letter isn’t ready yet.");
  expect(await page()).not.toContain('class="dates"');
  await service.publish(sequenceOf(4));
  expect(await page()).toContain('class="dates"');
  await service.rows(
    `insert into suppressions (address_hash, reason, at, until)
     select address_hash, 'soft', ${START}, ${START + 30 * DAY} from subscribers where address_key = '${email}'`,
  );
  expect(await page()).toContain("paused them for a few weeks");
  expect(await page()).not.toContain('class="dates"');
});

test("a pace that is changed while the tick is planning holds from the next letter on", async () => {
  service.moveTo(TUESDAY);
  const { readDuePage, slotName, writePlan } = await import("../../src/domain/sequences/queries/plan.ts");
  const [due] = await readDuePage(service.db, TUESDAY, { dueAt: 0, enrollmentId: 0 }, 1000);
  if (due === undefined) throw new Error("nobody is due");
  await slotEvery("4");
  const [step] = await service.rows<{ id: number; rendition_id: number }>(
    "select id, rendition_id from steps order by position",
  );
  const theme = {
    e: Number(enrollment),
    due: TUESDAY,
    slot: slotName(due),
    next: TUESDAY + WEEK,
    version: (await service.rows<{ version: number }>("select version from sequences"))[0]?.version ?? 0,
    step: step?.id ?? 0,
    rendition: step?.rendition_id ?? 0,
    key: `plan-${email}`,
    place: 0,
    apart: TUESDAY - 6 * DAY,
  };
  const runId = await openRun(service.db, { cause: "tick", causeId: TUESDAY + 1, at: TUESDAY + 1 }, TUESDAY);
  await writePlan(service.db, {
    runId,
    now: TUESDAY,
    wallNow: TUESDAY,
    growth: 0,
    themes: [theme],
    passing: [],
  });
  expect((await row())?.next_due_at).toBe(TUESDAY);
  await service.tick();
  await service.drain();
  expect(await themes()).toHaveLength(1);
  expect((await row())?.next_due_at).toBe(TUESDAY + 4 * WEEK);
});

test("someone who left a completed sequence is not brought back by a publication that resumes it", async () => {
  await runUntil(service, TUESDAY + 4 * WEEK + DAY, 4 * HOUR);
  expect(await row()).toMatchObject({ state: "completed" });
  expect(await (await service.request(path)).text()).toContain('value="unsubscribe"');
  await service.change(path, { enrollment, action: "unsubscribe" });
  expect(
    await service.rows(`select kind from opt_outs where address_hash = (
    select address_hash from subscribers where address_key = '${email}') order by id`),
  ).toEqual([{ kind: "stopped" }, { kind: "unsubscribed" }]);
  const last = linkIn((await themes())[3], "unsubscribe");
  expect(await (await service.request(last)).text()).toContain("You’re unsubscribed");
  expect(await (await service.request(path)).text()).not.toContain('value="unsubscribe"');
  await service.rows(`update subscribers set state = 'active' where address_key = '${email}'`);
  expect(await (await service.request(last)).text()).toContain("You’re unsubscribed");
  await service.publish({ ...sequenceOf(6), resume: true });
  expect(await row()).toMatchObject({ state: "completed" });
  await service.publish(sequenceOf(4));
});
