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
/** Leaves by the letter's link; gives the path of the ways back, which stands on the answer only. */
const leaveNow = async () => {
  const page = await (await service.form(leave, { scope: "sequence" })).text();
  return /action="(\/back\/[^"]+)"/.exec(page)?.[1] ?? "";
};
/** Presses one of the buttons on the page after leaving, with what that page carries along. */
const press = async (back: string, action: string) => {
  const page = await (await service.request(back)).text();
  const seen = /name="seen" value="(\d+)"/.exec(page)?.[1] ?? "";
  const enrollment = /name="enrollment" value="(\d+)"/.exec(page)?.[1] ?? "";
  return service.form(back, { action, seen, enrollment });
};
const themes = async () =>
  (await service.accepted(email)).filter((message) => message.tags.some((tag) => tag.value === "theme"));

test.each([
  ["as_before", { subscriber: "active", enrollment: "active", next: TUESDAY, every: 1 }],
  ["fewer", { subscriber: "active", enrollment: "active", next: TUESDAY, every: 2 }],
  ["pause", { subscriber: "active", enrollment: "paused", next: null, every: 1 }],
])("after leaving, You can undo this until (%s), and they go on with the next theme", async (way, stands) => {
  const back = await leaveNow();
  const page = await (await service.request(back)).text();
  expect(page.indexOf("We won’t send any more letters")).toBeLessThan(
    page.indexOf("You can undo this until"),
  );
  expect(page).toContain("We won’t send any more letters");
  expect(await state()).toMatchObject({ subscriber: "unsubscribed", enrollment: "stopped", next: null });
  const answer = await press(back, `return_${way}`);
  expect(answer.status).toBe(303);
  expect(await (await service.request(answer.headers.get("location") ?? "")).text()).toContain("re back");
  expect(await state()).toEqual(stands);
  await runUntil(service, TUESDAY + 5 * WEEK, 4 * HOUR);
  expect((await themes())[0]?.subject).toBe("A letter on theme-1");
});

test("the ways back close after a day; then only a new sign-up helps", async () => {
  const back = await leaveNow();
  const early = await (await service.request(back)).text();
  service.moveTo(service.clock.now + DAY);
  const late = await (await service.request(back)).text();
  expect(early).toContain("return_as_before");
  expect(late).not.toContain("return_as_before");
  const enrollment = /name="enrollment" value="(\d+)"/.exec(early)?.[1] ?? "";
  const [person] = await service.rows<{ revision: number }>(
    `select revision from subscribers where address_key = '${email}'`,
  );
  const seen = String(person?.revision);
  const answer = await service.form(back, { action: "return_as_before", seen, enrollment });
  expect(answer.headers.get("location")).toContain("said=too_late");
  expect(await state()).toMatchObject({ enrollment: "stopped" });
});

test("whoever has an old letter can't bring back a reader who left: the way back stands on the answer to the press alone", async () => {
  const preferences = linkIn((await service.accepted(email))[1], "preferences");
  await leaveNow();
  const [own] = await service.rows<{ id: number; revision: number }>(
    `select e.id, s.revision from enrollments e join subscribers s on s.id = e.subscriber_id where s.address_key = '${email}'`,
  );
  const fields = { seen: String(own?.revision), enrollment: String(own?.id) };
  for (const path of [leave, preferences]) {
    for (const form of [{}, { scope: "sequence" }, { scope: "everything" }]) {
      const again = await service.form(path, form);
      expect(await again.text()).not.toMatch(/return_as_before|\/back\//);
    }
    expect(await (await service.request(path)).text()).not.toMatch(/return_as_before|\/back\//);
    for (const to of [path, `${path}/after`])
      await service.form(to, { ...fields, action: "return_as_before" });
  }
  expect(await state()).toMatchObject({ subscriber: "unsubscribed", enrollment: "stopped" });
});

test("a way back is for the leaving that it was given for: kept from an earlier one it brings nobody back", async () => {
  const kept = await leaveNow();
  await press(kept, "return_as_before");
  service.moveTo(service.clock.now + HOUR);
  await leaveNow();
  const [own] = await service.rows<{ id: number; revision: number }>(
    `select e.id, s.revision from enrollments e join subscribers s on s.id = e.subscriber_id where s.address_key = '${email}'`,
  );
  expect(await (await service.request(kept)).text()).not.toContain("return_as_before");
  const fields = { seen: String(own?.revision), enrollment: String(own?.id) };
  const answer = await service.form(kept, { ...fields, action: "return_as_before" });
  expect(answer.headers.get("location")).toContain("said=too_late");
  await service.form(kept, { action: "why", reason: "other" });
  expect(await state()).toMatchObject({ subscriber: "unsubscribed", enrollment: "stopped" });
  expect(
    await service.rows(
      `select 1 from opt_outs o join subscribers s on s.address_hash = o.address_hash where s.address_key = '${email}' and o.said = 'other'`,
    ),
  ).toEqual([]);
});

test("leaving on the page with the dates leads to the ways back, too", async () => {
  const preferences = linkIn((await service.accepted(email))[1], "preferences");
  const page = await (await service.request(preferences)).text();
  const enrollment = /name="enrollment" value="(\d+)"/.exec(page)?.[1] ?? "";
  const answer = await service.change(preferences, { enrollment, action: "unsubscribe" });
  const back = answer.headers.get("location") ?? "";
  expect(back).toMatch(/^\/back\//);
  await press(back, "return_as_before");
  expect(await state()).toMatchObject({ subscriber: "active", enrollment: "active" });
});

test("a complaint cannot be taken back by a link", async () => {
  const back = await leaveNow();
  const welcome = (await service.accepted(email))[1];
  await service.arrangeEvent(welcome?.id ?? "", "email.complained");
  for (const event of await service.takeEvents()) await service.hook(event);
  expect(await state()).toMatchObject({ subscriber: "unsubscribed", enrollment: "stopped" });
  expect(await (await service.request(back)).text()).not.toContain("return_as_before");
  const [row] = await service.rows<{ id: number }>("select max(id) as id from enrollments");
  await service.form(back, { action: "return_as_before", seen: "1", enrollment: String(row?.id) });
  expect(await state()).toMatchObject({ subscriber: "unsubscribed", enrollment: "stopped" });
});

test("the link after leaving changes nothing but its sequence", async () => {
  const back = await leaveNow();
  await press(back, "return_as_before");
  const [own] = await service.rows<{ id: number }>("select max(id) as id from enrollments");
  const fields = { seen: "2", enrollment: String(own?.id) };
  for (const action of ["pause", "slot", "unsubscribe", "personal", "skip", "explode", ""]) {
    await service.form(back, { ...fields, action, pause: "open", first_name: "Eve" });
  }
  expect(await state()).toMatchObject({ subscriber: "active", enrollment: "active" });
  expect(
    await service.rows(
      "select kind from reader_changes where subscriber_id = (select max(id) from subscribers)",
    ),
  ).toEqual([{ kind: "return" }]);
});

test("a reason is counted once, can be changed, and nobody has to give one", async () => {
  const counted = async () =>
    (
      (await (await service.admin("GET", "/leave-reasons")).json()) as {
        data: { reason: string | null; people: number }[];
      }
    ).data;
  const before = new Map((await counted()).map(({ reason, people: n }) => [reason, n]));
  const back = await leaveNow();
  for (const reason of ["not_now", "too_often", "nonsense", "too_often"]) {
    await service.form(back, { action: "why", reason });
  }
  const after = new Map((await counted()).map(({ reason, people: n }) => [reason, n]));
  expect((after.get("too_often") ?? 0) - (before.get("too_often") ?? 0)).toBe(1);
  expect(after.get("not_now") ?? 0).toBe(before.get("not_now") ?? 0);
  const page = await (await service.request(`${back}?said=why`)).text();
  expect(page).toContain("Thank you. That helps.");
});

test("whoever comes back within a day keeps that after a restored database learns of the old opt-out again", async () => {
  await press(await leaveNow(), "return_as_before");
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
