import { beforeEach, expect, test } from "vitest";
import { optOut } from "../../src/domain/sequences/opt-out.ts";
import { openDb } from "../../src/platform/db/client.ts";
import { readMarks } from "../../src/platform/db/read-marks.ts";
import { databaseState } from "../../src/platform/guard/marks.ts";
import { gatedD1, gatedGuard } from "../simulation/gated.ts";
import { Invocation } from "../simulation/scheduler.ts";
import { restoreSnapshot, takeSnapshot } from "../simulation/snapshot.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { enroll } from "../support/enroll.ts";
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

const TUESDAY = Date.UTC(2026, 10, 24, 8);
let service: Service;

beforeEach(async () => {
  await emptyTables(startService());
  service = startService({ ownGuard: true });
  await service.publish(sequenceOf(3));
});

const sending = async () =>
  (await (await service.admin("GET", "/sending")).json()) as { sending: string; reason: string };
const themes = async (to?: string) =>
  (await service.accepted(to)).filter((message) => message.subject.startsWith("A letter on theme"));

/** The tables as they are now; restoring them is what D1's Time Travel does. */
const backup = () => takeSnapshot(service.bindings.DB);
const restore = (snapshot: Awaited<ReturnType<typeof backup>>) =>
  restoreSnapshot(service.bindings.DB, snapshot);

test("the kill switch stops both lanes at once, plans nothing, and on resuming nobody has missed a letter", async () => {
  await enroll(service, 120, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
  await service.admin("POST", "/sending/stop", { reason: "a wrong letter" });
  await service.signUp({ email: "ada@themepost.dev" });
  await service.drain();
  expect((await service.account()).calls).toBe(0);
  expect(await sending()).toMatchObject({ sending: "stopped", reason: "a wrong letter" });
  expect((await (await service.health()).json()) as object).toMatchObject({ faults: ["stopped"] });
  service.moveTo(TUESDAY + HOUR);
  expect(await service.tick()).toMatchObject({ planned: 0, withheld: "stopped" });
  await service.admin("POST", "/sending/resume");
  await service.drain();
  expect(await themes()).toHaveLength(120);
  expect(await service.accepted("ada@themepost.dev")).toHaveLength(1);
});

test("letters kept back by the kill switch for more than 48 hours are held, and go when the owner releases them", async () => {
  await enroll(service, 3, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
  await service.admin("POST", "/sending/stop", { reason: "a holiday" });
  service.moveTo(TUESDAY + 2 * DAY + HOUR);
  await service.drain();
  expect(await service.rows("select distinct state, reason from deliveries")).toEqual([
    { state: "held", reason: "stopped" },
  ]);
  await service.admin("POST", "/sending/resume");
  const [run] = await service.rows<{ id: number }>("select id from runs");
  const released = await service.admin("POST", "/letters/release", { run: run?.id });
  expect(await released.json()).toEqual({ released: 3 });
  await service.drain();
  expect(await themes()).toHaveLength(3);
});

test("a restored database sends nothing by itself; re-armed, it repeats no letter and loses no opt-out", async () => {
  for (const name of ["ada", "bob", "cyd"])
    await becomeReader(service, `${name}@themepost.dev`, { time_zone: "Europe/Berlin" });
  const before = await backup();
  service.moveTo(TUESDAY + WEEK);
  await service.tick();
  await service.drain();
  expect(await themes()).toHaveLength(3);
  const bobs = (await themes("bob@themepost.dev"))[0];
  await service.form(linkIn(bobs, "unsubscribe"), {});
  await restore(before);

  service.moveTo(TUESDAY + WEEK + HOUR);
  expect(await service.tick()).toMatchObject({ planned: 0, withheld: "disarmed" });
  await service.drain();
  expect(await themes()).toHaveLength(3);
  expect((await (await service.health()).json()) as object).toMatchObject({
    faults: ["late", "disarmed"],
  });
  await service.admin("POST", "/sending/resume");
  expect(await sending()).toMatchObject({ sending: "disarmed", reason: "database_restored" });

  const armed = await service.admin("POST", "/sending/re-arm");
  expect(await armed.json()).toMatchObject({ opt_outs: 2, letters: 3, sending: "on" });
  for (let week = 1; week <= 4; week += 1) {
    service.moveTo(TUESDAY + (1 + week) * WEEK);
    await service.tick();
    await service.drain();
  }
  const subjects = async (who: string) =>
    (await themes(`${who}@themepost.dev`)).map((message) => message.subject);
  expect(await subjects("ada")).toEqual([
    "A letter on theme-1",
    "A letter on theme-2",
    "A letter on theme-3",
  ]);
  expect(await subjects("bob")).toEqual(["A letter on theme-1"]);
});

test("links and webhooks of letters from the lost time work again, and no id is ever given away twice", async () => {
  await becomeReader(service, "ada@themepost.dev");
  const before = await backup();
  service.moveTo(TUESDAY + WEEK);
  await service.tick();
  await service.drain();
  await becomeReader(service, "late@themepost.dev");
  const lostConfirmation = (await service.accepted("late@themepost.dev"))[0];
  const [letter] = await themes("ada@themepost.dev");
  const events = (await service.takeEvents()).filter(({ body }) => body.includes(letter?.id ?? "?"));
  await restore(before);
  await service.tick();
  for (const event of events) expect(await (await service.hook(event)).json()).toEqual({ result: "parked" });
  await service.admin("POST", "/sending/re-arm");
  await service.tick();
  expect(await service.rows("select state, feedback from deliveries where kind = 'theme'")).toMatchObject([
    { state: "accepted", feedback: "delivered" },
  ]);
  expect((await service.request(linkIn(letter, "unsubscribe"))).status).toBe(200);
  // Someone new does not get the ids that stand in the lost person's links.
  await becomeReader(service, "new@themepost.dev");
  expect((await service.request(linkIn(lostConfirmation, "confirm"))).status).toBe(404);
});

test("a restored database that has given the lost ids away again is not taken for current", async () => {
  const { db, guard } = service.deps();
  const current = databaseState(await readMarks(db));
  const known = current.marks.attempts ?? 0;
  const face = (more: number, seals: Record<number, string>) => ({
    ...current,
    marks: { ...current.marks, attempts: known + more },
    seals: Object.fromEntries(Object.entries(seals).map(([n, seal]) => [known + Number(n), seal])),
  });
  expect(await guard.check(face(2, { 1: "a", 2: "b" }))).toMatchObject({ kind: "current" });
  expect(await guard.check(face(2, { 2: "other" }))).toMatchObject({ kind: "behind" });
  expect(await guard.check(face(4, { 2: "other", 3: "c", 4: "d" }))).toMatchObject({ kind: "behind" });
  expect(await guard.check(face(3, { 2: "b", 3: "c" }))).toMatchObject({ kind: "current" });
});

test("re-arming does not undo the owner's own stop", async () => {
  await becomeReader(service, "ada@themepost.dev");
  const before = await backup();
  await becomeReader(service, "bob@themepost.dev");
  await service.admin("POST", "/sending/stop", { reason: "mine" });
  await restore(before);
  await service.tick();
  expect(await (await service.admin("POST", "/sending/re-arm")).json()).toMatchObject({
    sending: "stopped",
    reason: "mine",
  });
});

test("nothing gives away ids before a restored database is re-armed", async () => {
  await becomeReader(service, "ada@themepost.dev");
  const before = await backup();
  await becomeReader(service, "bob@themepost.dev");
  await restore(before);
  expect((await service.signUp({ email: "cyd@themepost.dev" })).status).toBe(503);
  expect((await service.publish(sequenceOf(4))).status).toBe(409);
  expect(await service.rows("select id from subscribers")).toHaveLength(1);
  await service.admin("POST", "/sending/re-arm");
  expect((await service.signUp({ email: "cyd@themepost.dev" })).status).toBe(303);
});

test("a copy of the database in another installation sends nothing until it is told to", async () => {
  await enroll(service, 2, TUESDAY);
  await service.tick();
  const copy = startService({ ownGuard: true });
  copy.moveTo(TUESDAY);
  expect(await copy.tick()).toMatchObject({ withheld: "disarmed" });
  expect(await (await copy.admin("GET", "/sending")).json()).toMatchObject({
    reason: "database_of_another_installation",
  });
  await copy.admin("POST", "/sending/re-arm");
  // What was due by then may have been sent from the other one.
  expect(await copy.tick()).toMatchObject({ planned: 0, passed: 2, withheld: null });
  copy.moveTo(TUESDAY + WEEK);
  expect(await copy.tick()).toMatchObject({ planned: 2 });
});

test("under another SUPPRESSION_KEY nothing is sent, and health says why", async () => {
  await enroll(service, 2, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
  const wrong = startService({ vars: { SUPPRESSION_KEY: "another-suppression-key-0123456789abcd" } });
  wrong.moveTo(TUESDAY);
  await service.rows("delete from facts where name = 'guard'");
  expect(await wrong.tick()).toMatchObject({ withheld: "wrong_suppression_key" });
  await wrong.drain();
  expect((await wrong.account()).calls).toBe(0);
  expect((await (await wrong.health()).json()) as object).toMatchObject({
    faults: ["wrong_suppression_key"],
  });
});

test("without the webhook's secret themes wait, confirmations go, and health says why", async () => {
  const bare = startService({ vars: { RESEND_WEBHOOK_SECRET: "" } });
  await bare.rows("delete from facts where name = 'guard'");
  await enroll(bare, 2, TUESDAY);
  bare.moveTo(TUESDAY);
  expect(await bare.tick()).toMatchObject({ planned: 0, withheld: "no_webhook_secret" });
  await bare.signUp({ email: "ada@themepost.dev" });
  await bare.drain();
  expect(await bare.accepted()).toHaveLength(1);
  expect((await (await bare.health()).json()) as object).toMatchObject({
    faults: ["no_webhook_secret"],
  });
});

test("whoever leaves while the database is restored under their request is not mailed, at whatever moment that happens", async () => {
  for (let at = 0; ; at += 1) {
    await emptyTables(service);
    await service.rows("delete from facts where name = 'journal'");
    service = startService({ ownGuard: true });
    await service.publish(sequenceOf(1));
    await enroll(service, 2, TUESDAY);
    service.moveTo(TUESDAY - DAY);
    // So small a loss that no mark of the Guard tells of it.
    await service.tick();
    const before = await backup();
    const leaving = async (address: string, steps: number) => {
      const [row] = await service.rows<{ id: number }>(
        "select id from subscribers where address = ?",
        address,
      );
      const invocation = new Invocation("leave", service.clock.wall, async (own) => {
        const deps = service.deps();
        const db = openDb(gatedD1(service.bindings.DB, own, () => {}));
        const guard = gatedGuard(deps.guard, own);
        const base = { what: "everything", reason: "link", now: deps.now } as const;
        await optOut({ ...deps, db, guard }, { subscriberId: row?.id ?? 0, ...base });
      });
      for (let step = 0; step < steps; step += 1) {
        await invocation.standing();
        await invocation.step("go");
      }
      return invocation;
    };
    // Another has left by then, whose isolate dies before the Guard hears how far the database has grown.
    await leaving("reader-2@themepost.dev", 3);
    const invocation = await leaving("reader-1@themepost.dev", at);
    const over = invocation.finished;
    await restore(before);
    while (!invocation.finished) {
      await invocation.standing();
      await invocation.step("go");
    }
    service.moveTo(TUESDAY);
    await service.tick();
    await service.drain();
    service.moveTo(TUESDAY + HOUR);
    await service.tick();
    await service.drain();
    expect([at, await themes()]).toEqual([at, []]);
    if (over) break;
  }
});

test("answers that are told with a call that isn't let through count all the same: no outage is seen where there is none", async () => {
  const { guard } = service.deps();
  const wall = service.clock.wall;
  const current = databaseState(await readMarks(service.db));
  const next = { lane: "letters", rateLimited: true, wanted: 0 } as const;
  const admit = (batchId: number, answered: number[], state: typeof current, wallNow: number) =>
    guard.admit(state, { batchId, members: "[]", again: false, answered, next, wallNow });
  const ahead = { ...current, marks: { ...current.marks, attempts: 100 } };
  for (const batchId of [1, 2, 3, 4])
    expect(await admit(batchId, [], ahead, wall)).toMatchObject({ kind: "current", outageMs: null });
  expect(await admit(5, [1, 2, 3, 4], current, wall + 100)).toMatchObject({ kind: "behind" });
  const { reservation } = await guard.reserve(
    { lane: "letters", rateLimited: true, wanted: 1, again: false, answered: [] },
    wall + 6000,
  );
  expect(reservation.kind).toBe("go");
});
