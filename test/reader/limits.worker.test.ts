import { beforeEach, expect, test } from "vitest";
import { CHANGES_PER_DAY, RETURNS_PER_DAY } from "../../src/domain/sequences/change-reader.ts";
import { takeSnapshot } from "../simulation/snapshot.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { becomeReader, DAY, linkIn, type Service, sequenceOf, startService } from "../support/service.ts";

const EMAIL = "restless@themepost.dev";
let service: Service;
let page = "";
let leave = "";

beforeEach(async () => {
  service = startService();
  await emptyTables(service);
  await service.publish(sequenceOf(4));
  await becomeReader(service, EMAIL);
  const welcome = (await service.accepted(EMAIL)).at(-1);
  page = linkIn(welcome, "preferences");
  leave = linkIn(welcome, "unsubscribe");
});

/** Presses a button of a page with what that page carries along. */
const press = async (path: string, fields: Record<string, string>) => {
  const html = await (await service.request(path)).text();
  const carried = (name: string) => new RegExp(`name="${name}" value="(\\d+)"`).exec(html)?.[1] ?? "";
  return service.form(path, { seen: carried("seen"), enrollment: carried("enrollment"), ...fields });
};
const state = async () => (await service.rows("select state from enrollments"))[0];
const changes = async () => (await service.rows("select 1 from reader_changes")).length;

test("a reader makes fifty changes a day at most, is told so, and can pause and leave all the same", async () => {
  for (let n = 0; n < CHANGES_PER_DAY; n += 1) {
    const answer = await press(await service.ownPage(EMAIL), {
      action: "personal",
      first_name: `Ada ${n}`,
      answer: "",
    });
    expect(answer.status).toBe(303);
  }
  const refused = await press(await service.ownPage(EMAIL), {
    action: "personal",
    first_name: "Once more",
    answer: "",
  });
  expect(refused.status).toBe(429);
  expect(await refused.text()).toContain("a lot of changes for one day");
  expect(await changes()).toBe(CHANGES_PER_DAY);
  await press(page, { action: "pause", pause: "4" });
  expect(await state()).toEqual({ state: "paused" });
  // Pausing is the way out; going round in circles isn't.
  expect((await press(page, { action: "pause", pause: "8" })).status).toBe(429);
  expect((await press(page, { action: "resume" })).status).toBe(429);
  await service.form(leave, {});
  expect(await state()).toEqual({ state: "stopped" });
  service.moveTo(service.clock.now + DAY + 1);
  expect(
    (await press(await service.ownPage(EMAIL), { action: "personal", first_name: "Ada", answer: "" })).status,
  ).toBe(303);
});

test("a reader comes back five times a day at most, and leaves each time", async () => {
  const leaveNow = async () => {
    const html = await (await service.form(leave, { scope: "sequence" })).text();
    return /action="(\/back\/[^"]+)"/.exec(html)?.[1] ?? "";
  };
  for (let n = 0; n < RETURNS_PER_DAY; n += 1) {
    await press(await leaveNow(), { action: "return_as_before" });
    expect(await state()).toEqual({ state: "active" });
  }
  const answer = await press(await leaveNow(), { action: "return_as_before" });
  expect(answer.headers.get("location")).toContain("said=too_many");
  expect(await state()).toEqual({ state: "stopped" });
  expect(await (await service.request(answer.headers.get("location") ?? "")).text()).toContain(
    "come back several times today",
  );
});

test("an unsubscription that repeats the last one writes nothing", async () => {
  await service.form(leave, {});
  const before = await takeSnapshot(service.bindings.DB);
  for (let n = 0; n < 20; n += 1) {
    await service.form(leave, { "List-Unsubscribe": "One-Click" });
    await service.form(leave, { scope: "everything" });
  }
  expect(await takeSnapshot(service.bindings.DB)).toEqual(before);
});
