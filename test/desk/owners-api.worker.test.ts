import { beforeEach, expect, test } from "vitest";
import { emptyTables } from "../support/empty-tables.ts";
import { enroll } from "../support/enroll.ts";
import { faultsBy } from "../support/openapi.ts";
import {
  becomeReader,
  DAY,
  HOUR,
  linkIn,
  type Service,
  sequenceOf,
  startService,
  WEEK,
} from "../support/service.ts";
import { description, expectDescribed } from "./described.ts";

const TUESDAY = Date.UTC(2026, 10, 24, 8);
let service: Service;

beforeEach(async () => {
  await emptyTables(startService());
  service = startService({ ownGuard: true });
  await service.publish(sequenceOf(9));
});

/** Asks the API, and holds the answer against its description. */
async function ask<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
  return expectDescribed(method, `/api/v1/admin${path}`, await service.admin(method, path, body));
}

type Timeline = {
  entries: { what: string; step?: string; reason?: string; kind?: string }[];
  upcoming: { why: string; next_step: string | null; next_at: string | null }[];
};

async function week(): Promise<void> {
  service.moveTo(service.clock.now + WEEK);
  await service.tick();
  await service.drain();
}

async function readerWithTheme(email: string): Promise<void> {
  await becomeReader(service, email, { time_zone: "Europe/Berlin" });
  service.moveTo(TUESDAY);
  await service.tick();
  await service.drain();
}

test("a description that does not fit is noticed", () => {
  expect(faultsBy(description, "#/components/schemas/Run", { id: "one" })).not.toEqual([]);
});

test("a run is accounted for letter by letter, and adds up", async () => {
  await enroll(service, 250, TUESDAY);
  await service.rows(
    "update subscribers set address = 'refuse@themepost.dev' where address like 'reader-7@%'",
  );
  service.moveTo(TUESDAY);
  await service.tick();
  await service.rows("update subscribers set state = 'unsubscribed' where address like 'reader-8@%'");
  const [batch] = service.queued;
  await service.arrangeFaults("drop_after_accept");
  await service.drain();
  const { data: runs } = await ask<{ data: { id: number; open_batches: number }[] }>("GET", "/runs");
  expect(runs).toMatchObject([{ planned: 250, open_batches: 1 }]);
  expect(batch).toBeDefined();
  const before = await ask("GET", `/runs/${runs[0]?.id}`);
  expect(before).toMatchObject({ account: { planned: 250, adds_up: true }, waiting_for: [{ batches: 1 }] });
  service.moveTo(TUESDAY + HOUR);
  await service.drain();
  expect(await ask("GET", `/runs/${runs[0]?.id}`)).toMatchObject({
    account: {
      planned: 250,
      waiting: 0,
      accepted: 248,
      skipped: 1,
      failed: 1,
      held: 0,
      uncertain: 0,
      adds_up: true,
    },
    reasons: { "skipped: unsubscribed": 1 },
    steps: { "theme-1": 250 },
  });
  await ask("GET", "/runs/99999");
});

test("why did Ada not get theme 2? The timeline says so, and what comes next and when", async () => {
  const email = "ada@themepost.dev";
  await service.arrangeAccount({ aheadMs: TUESDAY - Date.now() });
  await readerWithTheme(email);
  for (const event of await service.takeEvents()) await service.hook(event);
  const draft = sequenceOf(9);
  if (draft.steps[1]) draft.steps[1].status = "draft";
  await service.publish(draft);
  await week();
  const timeline = await ask<Timeline>("POST", "/subscribers/timeline", { address: "Ada@themepost.dev" });
  const story = timeline.entries.map(({ kind, what, step }) =>
    [kind, what, step].filter((part) => part != null).join(" "),
  );
  expect(story[0]).toBe("signed_up");
  expect(story.filter((line) => line.startsWith("theme"))).toEqual([
    "theme planned theme-1",
    "theme accepted theme-1",
    "theme delivered theme-1",
    "theme skipped theme-2",
  ]);
  expect(story).toEqual(
    expect.arrayContaining(["confirmation planned", "confirmed", "welcome accepted", "welcome delivered"]),
  );
  expect(timeline.entries.find(({ what }) => what === "skipped")).toMatchObject({
    step: "theme-2",
    reason: "unpublished",
  });
  expect(timeline.upcoming).toMatchObject([
    { why: "next_theme_is_a_draft", next_step: "theme-2", next_at: "2026-12-08T08:00:00.000Z" },
  ]);
  await service.publish(sequenceOf(9));
  const [row] = await service.rows<{ id: number }>("select id from subscribers");
  expect((await ask<Timeline>("GET", `/subscribers/${row?.id}/timeline`)).upcoming).toMatchObject([
    { why: "comes", next_step: "theme-2" },
  ]);
  const theme = (await service.accepted(email)).find((message) => message.subject.includes("theme-1"));
  await service.form(linkIn(theme, "unsubscribe"), {});
  const left = await ask<Timeline>("GET", `/subscribers/${row?.id}/timeline`);
  expect(left.upcoming).toMatchObject([{ why: "unsubscribed" }]);
  expect(left.entries.slice(-2)).toMatchObject([{ what: "stopped" }, { what: "unsubscribed" }]);
  expect(JSON.stringify(left)).not.toContain("@");
  await ask("POST", "/subscribers/timeline", { address: "nobody@themepost.dev" });
});

test("before an edit is published, the preview says how many readers get each changed step next, later or not; then it comes true", async () => {
  await enroll(service, 3, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
  await service.drain();
  const edited = sequenceOf(9);
  const [extra] = sequenceOf(10).steps.slice(-1);
  if (extra === undefined) throw new Error("ten steps");
  // A new first theme, one without backfill before it, one archived, two swapped.
  edited.steps.splice(0, 0, { ...extra, slug: "no-catching-up", backfill: false } as never, extra);
  edited.steps.splice(-1, 1);
  edited.steps.splice(4, 2, ...edited.steps.slice(4, 6).reverse());
  const preview = await ask<{
    readers: number;
    steps: { slug: string; next: number; later: number; not: number; past: number }[];
  }>("POST", "/sequences/strengthening-bonds/preview", edited);
  expect(preview.readers).toBe(3);
  expect(preview.steps).toMatchObject([
    { slug: "no-catching-up", change: "new", next: 0, later: 0, not: 3, past: 3 },
    { slug: "theme-10", change: "new", next: 3, later: 0, not: 0, past: 3 },
    expect.objectContaining({ change: "moved", next: 0, later: 3, not: 0, past: 0 }),
    { slug: "theme-9", change: "archived", next: 0, later: 0, not: 3 },
  ]);
  expect(await service.rows("select slug from steps where slug = 'theme-10'")).toEqual([]);
  await service.admin("PUT", "/sequences/strengthening-bonds", edited);
  for (let n = 0; n < 12; n += 1) await week();
  const subjects = (await service.accepted("reader-1@themepost.dev")).map((message) => message.subject);
  expect(subjects[1]).toBe("A letter on theme-10");
  expect(subjects).toHaveLength(9);
  expect(new Set(subjects).size).toBe(9);
  expect(subjects).not.toContain("A letter on theme-9");
});

test("readers who had everything stay where they are, unless the publication says resume", async () => {
  await service.publish(sequenceOf(1));
  await enroll(service, 2, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
  await service.drain();
  await week();
  expect(await service.rows("select distinct state from enrollments")).toEqual([{ state: "completed" }]);
  expect(await ask("POST", "/sequences/strengthening-bonds/preview", sequenceOf(2))).toMatchObject({
    steps: [{ slug: "theme-2", next: 0, not: 2 }],
  });
  expect(await ask("PUT", "/sequences/strengthening-bonds", sequenceOf(2))).toEqual({
    warnings: expect.any(Array),
    steps: [
      { slug: "theme-1", change: "unchanged" },
      { slug: "theme-2", change: "new" },
    ],
  });
  await week();
  expect(await service.accepted("reader-1@themepost.dev")).toHaveLength(1);
  const resuming = { ...sequenceOf(2), resume: true };
  expect(await ask("POST", "/sequences/strengthening-bonds/preview", resuming)).toMatchObject({ readers: 2 });
  expect(await ask("PUT", "/sequences/strengthening-bonds", resuming)).toMatchObject({ resumed: 2 });
  await week();
  await week();
  expect((await service.accepted("reader-1@themepost.dev")).map((message) => message.subject)).toEqual([
    "A letter on theme-1",
    "A letter on theme-2",
  ]);
});

test("a dry run says what a tick would do, and writes and sends nothing", async () => {
  await enroll(service, 30, TUESDAY);
  await service.rows(
    "update enrollments set state = 'paused', next_due_at = null where id = (select min(id) from enrollments)",
  );
  const before = await service.rows("select * from enrollments");
  expect(await ask("POST", "/dry-run", { at: new Date(TUESDAY).toISOString() })).toMatchObject({
    due: 29,
    letters: { "theme-1": 29 },
    composed: { letters: 29, faults: [] },
  });
  expect(await ask("POST", "/dry-run", { at: new Date(TUESDAY + 5 * DAY).toISOString() })).toMatchObject({
    passed: { missed: 29 },
  });
  expect(await service.rows("select * from enrollments")).toEqual(before);
  expect(await service.rows("select id from deliveries")).toEqual([]);
  expect((await service.account()).calls).toBe(0);
});

test("held letters are given up or released, uncertain ones given up, each once", async () => {
  await enroll(service, 3, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
  service.moveTo(TUESDAY + 2 * DAY + HOUR);
  await service.drain();
  const { data: letters } = await ask<{ data: { id: number }[] }>("GET", "/letters?state=held");
  const [first, ...others] = letters.map(({ id }) => id);
  expect(await ask("POST", "/letters/give-up", { ids: [first] })).toEqual({ given_up: [first] });
  expect(await ask("POST", "/letters/give-up", { ids: [first] })).toEqual({ given_up: [] });
  await service.arrangeFaults("short_answer");
  // Its clock says another day, so its list has nothing of today.
  await service.arrangeAccount({ aheadMs: service.clock.now - Date.now() + 3 * DAY });
  expect(await ask("POST", "/letters/release", { ids: others })).toEqual({ released: 2 });
  expect(await ask("POST", "/letters/release", { ids: others })).toEqual({ released: 0 });
  await service.drain();
  expect(await ask("GET", "/letters?state=uncertain")).toMatchObject({ data: [{}, {}] });
  expect(await ask("POST", "/letters/reconcile", { ids: others })).toEqual({ found: 0, unsent: 0 });
  expect(await ask("POST", "/letters/give-up", { ids: others })).toEqual({ given_up: others });
  expect(await ask("GET", "/letters?state=uncertain")).toMatchObject({ data: [] });
});

test("the letters of a run that ended alike are sent again, or given up, by run and reason, each once", async () => {
  await enroll(service, 103, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
  await service.arrangeFaults("short_answer", "short_answer");
  await service.drain();
  const [run] = await service.rows<{ id: number }>("select max(id) as id from runs");
  const which = { run: run?.id ?? 0, reason: "answer_mismatch" };
  expect(await service.rows("select distinct state, reason from deliveries where kind = 'theme'")).toEqual([
    { state: "uncertain", reason: "answer_mismatch" },
  ]);
  const again = async (body: unknown) =>
    (await ask<{ sent_again: number[] }>("POST", "/letters/send-again", body)).sent_again;
  expect(await again({ ...which, reason: "no_answer" })).toEqual([]);
  expect(await again({ ...which, run: which.run + 1 })).toEqual([]);
  const parts = [await again(which), await again(which), await again(which)];
  expect(parts.map(({ length }) => length)).toEqual([100, 3, 0]);
  expect(new Set(parts.flat()).size).toBe(103);
  const given = await ask<{ given_up: number[] }>("POST", "/letters/give-up", which);
  expect(given.given_up).toHaveLength(103);
  expect(await ask("POST", "/letters/give-up", which)).toEqual({ given_up: [] });
  expect(await ask("POST", "/letters/give-up", { run: which.run })).toMatchObject({
    status: 422,
    faults: [{ field: "reason", message: "is missing" }],
  });
});

test("the switches, alerts and the suppression list answer as described, also to what is wrong", async () => {
  expect(await ask("GET", "/sending")).toMatchObject({ sending: "on" });
  expect(await ask("POST", "/sending/stop", { reason: "test" })).toMatchObject({
    sending: "stopped",
    reason: "test",
  });
  expect(await ask("POST", "/sending/stop", {})).toMatchObject({ status: 422 });
  expect(await ask("POST", "/sending/resume")).toMatchObject({ sending: "on" });
  expect(await ask("POST", "/sending/re-arm")).toMatchObject({ status: 409 });
  expect(await ask("GET", "/alerts")).toMatchObject({ data: [] });
  expect(await ask("DELETE", "/alerts/none")).toMatchObject({ status: 404 });
  expect(await ask("POST", "/runs/1/resume")).toMatchObject({ status: 404 });
  const body = { address: "ada@themepost.dev", note: "asked us by phone" };
  expect(await ask("POST", "/suppressions", body)).toEqual({ suppressed: true });
  expect(await ask("POST", "/suppressions/lift", body)).toEqual({ lifted: true });
  expect(await ask("POST", "/suppressions/lift", body)).toMatchObject({ status: 404 });
  expect(await ask("POST", "/suppressions", { address: "no", note: "x" })).toMatchObject({ status: 422 });
});

test("health tells what is wrong by name, and a GET changes nothing", async () => {
  const health = async () => (await service.health()).json();
  expect(faultsBy(description, "#/components/schemas/Health", await health())).toEqual([]);
  await enroll(service, 1, TUESDAY);
  service.moveTo(TUESDAY + HOUR);
  expect(await health()).toMatchObject({ status: "failing", faults: ["late"], oldest_due_seconds: 3600 });
  await service.tick();
  const [row] = await service.rows<{ id: number }>("select id from batches");
  await service.rows(
    "update batches set state = 'sending', token = 'x', lease_until = ? where id = ?",
    TUESDAY,
    row?.id,
  );
  service.moveTo(TUESDAY + HOUR + 60_000);
  expect(await health()).toMatchObject({ faults: ["late", "stuck_batch"] });
});
