import { beforeEach, expect, test } from "vitest";
import {
  becomeReader,
  DAY,
  HOUR,
  linkIn,
  runUntil,
  type Service,
  sequenceOf,
  startService,
  WEEK,
} from "../support/service.ts";

const TUESDAY = Date.UTC(2026, 10, 24, 8);
let service: Service;
let email = "";
let leave = "";
let people = 0;

beforeEach(async () => {
  service = startService();
  await service.publish(sequenceOf(4));
  people += 1;
  email = `leaver${people}@themepost.dev`;
  await becomeReader(service, email, { time_zone: "Europe/Berlin" });
  leave = linkIn((await service.accepted(email))[1], "unsubscribe");
});

const state = async () =>
  (
    await service.rows(
      `select s.state as subscriber, e.state as enrollment, e.next_due_at as next, e.every_weeks as every
       from subscribers s join enrollments e on e.subscriber_id = s.id where s.address_key = '${email}'`,
    )
  )[0];
/** Presses one of the buttons on the page after leaving, with what that page carries along. */
const press = async (action: string) => {
  const page = await (await service.request(leave)).text();
  const seen = /name="seen" value="(\d+)"/.exec(page)?.[1] ?? "";
  const enrollment = /name="enrollment" value="(\d+)"/.exec(page)?.[1] ?? "";
  return service.form(`${leave}/after`, { action, seen, enrollment });
};
const themes = async () =>
  (await service.accepted(email)).filter((message) => message.tags.some((tag) => tag.value === "theme"));

test.each([
  ["as_before", { subscriber: "active", enrollment: "active", next: TUESDAY, every: 1 }],
  ["fewer", { subscriber: "active", enrollment: "active", next: TUESDAY, every: 2 }],
  ["pause", { subscriber: "active", enrollment: "paused", next: null, every: 1 }],
])(
  "after leaving, one press brings the letters back (%s), and they go on with the next theme",
  async (way, stands) => {
    const page = await (await service.form(leave, {})).text();
    expect(page.indexOf("took effect right away")).toBeLessThan(page.indexOf("Not quite what you meant?"));
    expect(await state()).toMatchObject({ subscriber: "unsubscribed", enrollment: "stopped", next: null });
    const answer = await press(`return_${way}`);
    expect(answer.status).toBe(303);
    expect(await state()).toEqual(stands);
    await runUntil(service, TUESDAY + 5 * WEEK, 4 * HOUR);
    expect((await themes())[0]?.subject).toBe("A letter on theme-1");
  },
);

test("the ways back close after a day; then only a new sign-up helps", async () => {
  await service.form(leave, {});
  const early = await (await service.request(leave)).text();
  service.moveTo(service.clock.now + DAY);
  const late = await (await service.request(leave)).text();
  expect(early).toContain("return_as_before");
  expect(late).not.toContain("return_as_before");
  const enrollment = /name="enrollment" value="(\d+)"/.exec(early)?.[1] ?? "";
  const [person] = await service.rows<{ revision: number }>(
    `select revision from subscribers where address_key = '${email}'`,
  );
  const seen = String(person?.revision);
  const answer = await service.form(`${leave}/after`, { action: "return_as_before", seen, enrollment });
  expect(answer.headers.get("location")).toContain("said=too_late");
  expect(await state()).toMatchObject({ enrollment: "stopped" });
});

test("a complaint cannot be taken back by a link", async () => {
  const welcome = (await service.accepted(email))[1];
  await service.arrangeEvent(welcome?.id ?? "", "email.complained");
  for (const event of await service.takeEvents()) await service.hook(event);
  expect(await state()).toMatchObject({ subscriber: "unsubscribed", enrollment: "stopped" });
  expect(await (await service.request(leave)).text()).not.toContain("return_as_before");
  const [row] = await service.rows<{ id: number }>("select max(id) as id from enrollments");
  await service.form(`${leave}/after`, {
    action: "return_as_before",
    seen: "0",
    enrollment: String(row?.id),
  });
  expect(await state()).toMatchObject({ subscriber: "unsubscribed", enrollment: "stopped" });
});

test("the link after leaving changes nothing but the sequence of its letter", async () => {
  const [own] = await service.rows<{ id: number }>("select max(id) as id from enrollments");
  const fields = { seen: "0", enrollment: String(own?.id) };
  for (const action of ["pause", "slot", "unsubscribe", "personal", "skip", "explode", ""]) {
    await service.form(`${leave}/after`, { ...fields, action, pause: "open", first_name: "Eve" });
  }
  expect(await state()).toMatchObject({ subscriber: "active", enrollment: "active" });
  expect(
    await service.rows(
      "select 1 from reader_changes where subscriber_id = (select max(id) from subscribers)",
    ),
  ).toEqual([]);
});

test("a reason is counted once, can be changed, and nobody has to give one", async () => {
  const counted = async () =>
    (
      (await (await service.admin("GET", "/leave-reasons")).json()) as {
        data: { reason: string | null; people: number }[];
      }
    ).data;
  const before = new Map((await counted()).map(({ reason, people: n }) => [reason, n]));
  await service.form(leave, {});
  for (const reason of ["not_now", "too_often", "nonsense", "too_often"]) {
    await service.form(`${leave}/after`, { action: "why", reason });
  }
  const after = new Map((await counted()).map(({ reason, people: n }) => [reason, n]));
  expect((after.get("too_often") ?? 0) - (before.get("too_often") ?? 0)).toBe(1);
  expect(after.get("not_now") ?? 0).toBe(before.get("not_now") ?? 0);
  const page = await (await service.request(`${leave}?said=why`)).text();
  expect(page).toContain("Thank you. That helps.");
});

test("whoever comes back within a day keeps that after a restored database learns of the old opt-out again", async () => {
  await service.form(leave, {});
  await press("return_as_before");
  const { replayOptOuts } = await import("../../src/domain/restore/replay-opt-outs.ts");
  const entries = await service.rows<{
    addressHash: string;
    kind: "stopped";
    sequenceId: number;
    reason: string;
    at: number;
  }>(
    `select address_hash as addressHash, kind, sequence_id as sequenceId, reason, at from opt_outs
     where address_hash = (select address_hash from subscribers where address_key = '${email}')`,
  );
  await replayOptOuts(service.db, entries, {
    wallNow: service.clock.wall,
    journaled: { before: 0, last: 1 },
  });
  expect(await state()).toMatchObject({ subscriber: "active", enrollment: "active" });
});
