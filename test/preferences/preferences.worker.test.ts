import { beforeEach, expect, test } from "vitest";
import {
  becomeReader,
  DAY,
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
  email = `reader${readers}@themepost.dev`;
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
  service.form(path, { enrollment, action: "slot", weekday: String(weekday), hour: String(hour), time_zone });

test("the page shows the next letter's date, and opening it changes nothing", async () => {
  const before = await row();
  const page = await (await service.request(path)).text();
  expect(page).toContain("Tuesday 24 November 2026 at 09:00 (Europe/Berlin)");
  expect(await row()).toEqual(before);
});

test("a new day, hour and zone hold from the next letter on", async () => {
  const answer = await slot(5, 18, "Asia/Kathmandu");
  expect(answer.status).toBe(303);
  const page = await (await service.request(answer.headers.get("location") ?? "")).text();
  expect(page).toContain("Saved.");
  expect(page).toContain("Friday 27 November 2026 at 18:00 (Asia/Kathmandu)");
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
  await runUntil(service, TUESDAY + 5 * WEEK, 3_600_000);
  expect((await themes()).map((message) => message.subject)).toEqual(
    [1, 2, 3, 4].map((n) => `A letter on theme-${n}`),
  );
  const slots = await service.rows<{ slot_at: number }>(
    `select slot_at from deliveries where kind = 'theme' and owner = ${enrollment} and item is not null order by slot_at`,
  );
  slots.slice(1).forEach((later, index) => {
    expect(later.slot_at - (slots[index]?.slot_at ?? 0)).toBeGreaterThanOrEqual(6 * DAY);
  });
});

test("a pause stops the letters, and after it they go on where they stopped, one a week, with nothing made up for", async () => {
  await service.form(path, { enrollment, action: "pause" });
  expect(await row()).toMatchObject({ state: "paused", next_due_at: null });
  await runUntil(service, START + 3 * WEEK, 3_600_000);
  expect(await themes()).toHaveLength(0);
  await service.form(path, { enrollment, action: "resume" });
  await runUntil(service, START + 5 * WEEK, 3_600_000);
  expect((await themes()).map((message) => message.subject)).toEqual([
    "A letter on theme-1",
    "A letter on theme-2",
  ]);
});

test("the page unsubscribes too, and afterwards neither slot nor pause bring anything back", async () => {
  await service.form(path, { enrollment, action: "unsubscribe" });
  for (const action of ["resume", "pause"]) await service.form(path, { enrollment, action });
  const answer = await slot(3, 9, "Europe/Berlin");
  expect(answer.headers.get("location")).toContain("said=nothing");
  expect(await row()).toMatchObject({ state: "stopped", next_due_at: null });
});

test("nobody can change somebody else's letters with their own link", async () => {
  await becomeReader(service, `other${readers}@themepost.dev`);
  const [other] = await service.rows<{ id: number }>("select max(id) as id from enrollments");
  await service.form(path, { enrollment: String(other?.id), action: "pause" });
  await service.form(path, { enrollment: String(other?.id), action: "unsubscribe" });
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
  const answer = await service.form(path, { enrollment, ...fields } as Record<string, string>);
  expect(answer.status).toBe(422);
  expect(await answer.text()).toMatch(/Please (choose a weekday|use the ones on this page)/);
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
  await runUntil(service, TUESDAY + 3 * WEEK + DAY, 3_600_000);
  expect(await themes()).toHaveLength(4);
  expect(await (await service.request(path)).text()).toContain("You have had all the letters.");
  await runUntil(service, TUESDAY + 4 * WEEK + DAY, 3_600_000);
  const last = (await themes())[3];
  const page = await (await service.form(linkIn(last, "unsubscribe"), {})).text();
  expect(page).toContain("You are unsubscribed");
  expect(await row()).toMatchObject({ state: "completed" });
  expect(await service.rows(`select state from subscribers where address_key = '${email}'`)).toEqual([
    { state: "unsubscribed" },
  ]);
});
