import { beforeEach, expect, test } from "vitest";
import { openRun } from "../../src/domain/ledger/queries/runs.ts";
import { KEY_LIFE_MS } from "../../src/domain/sending/compose-attempt.ts";
import { consumeQueue } from "../../src/domain/sending/consume-queue.ts";
import { sendBatch } from "../../src/domain/sending/send-batch.ts";
import { STRANDED_AFTER_MS } from "../../src/domain/sending/sweep.ts";
import { LEASE_MS } from "../../src/domain/sending/take-turn.ts";
import { planTick } from "../../src/domain/sequences/plan-tick.ts";
import { writePlan } from "../../src/domain/sequences/queries/plan.ts";
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
  service = startService();
  await emptyTables(service);
  await service.publish(sequenceOf(3));
});

const ledger = () =>
  service.rows<{ state: string; reason: string | null; slot_at: number; item: number | null }>(
    "select state, reason, slot_at, item from deliveries where kind = 'theme' order by id",
  );

test("ten thousand readers get one tick's letters in 100 full batches, each personal, correct and once", async () => {
  await enroll(service, 10_000, TUESDAY);
  service.moveTo(TUESDAY);
  const tick = await service.tick();
  expect(tick).toMatchObject({ planned: 10_000, passed: 0, finished: true });
  await service.drain();
  const { calls, accepted } = await service.account();
  expect(calls).toBe(100);
  expect(new Set(accepted.map((message) => message.to)).size).toBe(10_000);
  const deliveries = await service.rows<{ id: number; provider_id: string; state: string; address: string }>(
    "select d.id, d.provider_id, d.state, s.address from deliveries d join subscribers s on s.id = d.recipient_id",
  );
  const byProviderId = new Map(deliveries.map((row) => [row.provider_id, row]));
  for (const message of accepted) {
    const row = byProviderId.get(message.id);
    const number = /^reader-(\d+)@/.exec(message.to)?.[1];
    const correct =
      row?.state === "accepted" &&
      row.address === message.to &&
      message.text.includes(`Dear Reader ${number},`) &&
      message.tags.some((tag) => tag.name === "delivery_id" && tag.value === `local-${row.id}`) &&
      /^<https:\/\/letters\.themepost\.dev\/unsubscribe\/[\w-]{58}>$/.test(
        message.headers["List-Unsubscribe"] ?? "",
      ) &&
      message.headers["List-Unsubscribe-Post"] === "List-Unsubscribe=One-Click" &&
      !/\{\{|\}\}/.test(message.html + message.text);
    if (!correct) expect.fail(`letter to ${message.to} is wrong`);
  }
});

test("two ticks at once and a queue message delivered three times still make one letter each", async () => {
  await enroll(service, 250, TUESDAY);
  service.moveTo(TUESDAY);
  await Promise.all([service.tick(), service.tick(), service.tick()]);
  const ids = (await service.rows<{ id: number }>("select id from batches")).map((row) => row.id);
  const thrice = [...ids, ...ids, ...ids].map((batchId) => queueMessage({ batchId }));
  await Promise.all([
    consumeQueue(service.deps(), "letters", thrice),
    consumeQueue(
      service.deps(),
      "letters",
      ids.map((batchId) => queueMessage({ batchId })),
    ),
  ]);
  const accepted = await service.accepted();
  expect(accepted).toHaveLength(250);
  expect(new Set(accepted.map((message) => message.to)).size).toBe(250);
});

test("a lost answer is asked for again under the same key and doubles nothing", async () => {
  await enroll(service, 30, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
  for (const fault of [
    "drop_after_accept",
    "error_500_after_accept",
    "garbage_200",
    "drop_before_accept",
  ] as const) {
    await service.arrangeFaults(fault);
    expect(await service.drain()).toMatchObject([{ kind: "later" }]);
    // After the fourth in a row the provider is taken to be away, and isn't asked again at once.
    const kind = fault === "drop_before_accept" ? "later" : "not_claimed";
    expect(await service.drain()).toMatchObject([{ kind }]);
    service.clock.wall += HOUR;
  }
  expect(await service.drain()).toEqual([{ kind: "done", accepted: 30 }]);
  expect(await service.accepted()).toHaveLength(30);
  expect((await ledger()).every((row) => row.state === "accepted")).toBe(true);
});

test("a consumer that died after the call is followed by another, and nobody gets the letter twice", async () => {
  await enroll(service, 5, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
  const deps = service.deps();
  const dying = {
    ...deps,
    provider: {
      ...deps.provider,
      send: async (call: Parameters<typeof deps.provider.send>[0]) => {
        await deps.provider.send(call);
        throw new Error("the isolate is gone");
      },
    },
  };
  const [{ id } = { id: 0 }] = await service.rows<{ id: number }>("select id from batches");
  await expect(sendBatch(dying, id, "letters")).rejects.toThrow("gone");
  expect(await sendBatch(service.deps(), id, "letters")).toEqual({ kind: "not_claimed" });
  service.clock.wall += LEASE_MS + STRANDED_AFTER_MS;
  service.queued.length = 0;
  expect((await service.tick()).swept).toBe(1);
  expect(service.queued).toEqual([{ lane: "letters", message: { batchId: id } }]);
  expect(await service.drain()).toEqual([{ kind: "done", accepted: 5 }]);
  expect(await service.accepted()).toHaveLength(5);
});

test("an outcome that stays unknown for 23 hours becomes uncertain and is never tried again", async () => {
  await enroll(service, 2, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
  await service.arrangeFaults("drop_before_accept");
  await service.drain();
  service.clock.wall += KEY_LIFE_MS;
  await service.drain();
  expect(await ledger()).toMatchObject([{ state: "uncertain" }, { state: "uncertain" }]);
  service.clock.wall += DAY;
  await service.drain();
  expect((await service.account()).calls).toBe(1);
});

test("a refused address fails alone with its reason, and the others have their own ids", async () => {
  await enroll(service, 3, TUESDAY);
  await service.rows(
    "update subscribers set address = 'refuse@themepost.dev' where address like 'reader-2@%'",
  );
  service.moveTo(TUESDAY);
  await service.tick();
  await service.drain();
  const rows = await service.rows<{ state: string; reason: string | null; provider_id: string | null }>(
    "select state, reason, provider_id from deliveries order by id",
  );
  expect(rows.map((row) => row.state)).toEqual(["accepted", "failed", "accepted"]);
  expect(rows[1]?.reason).toBe("rejected: Invalid `to` field: (address)");
  const accepted = await service.accepted();
  expect(rows.flatMap((row) => row.provider_id ?? [])).toEqual(accepted.map((message) => message.id));
});

test("a letter that cannot be merged fails alone with its reason; the others go out", async () => {
  await enroll(service, 3, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
  await service.rows(
    "insert into renditions (id, hash, subject, html, text, created_at) values (999, 'x', 's', '{{nonsense}}', 't', 0)",
  );
  await service.rows("update deliveries set rendition_id = 999 where id = (select min(id) from deliveries)");
  await service.drain();
  expect(await ledger()).toMatchObject([
    { state: "failed", reason: "unresolved_slot: nonsense" },
    { state: "accepted" },
    { state: "accepted" },
  ]);
});

test("an unsubscribe, a pause and a stop take effect on batches that are already queued", async () => {
  for (const name of ["ada", "bea", "cleo"]) await becomeReader(service, `${name}@themepost.dev`);
  service.moveTo(TUESDAY);
  await service.tick();
  const [welcome] = (await service.accepted("ada@themepost.dev")).slice(1);
  await service.form(linkIn(welcome, "unsubscribe"), {});
  const preferences = linkIn((await service.accepted("bea@themepost.dev"))[1], "preferences");
  const [{ id } = { id: 0 }] = await service.rows<{ id: number }>(
    "select e.id from enrollments e join subscribers s on s.id = e.subscriber_id where s.address_key = 'bea@themepost.dev'",
  );
  await service.change(preferences, { enrollment: String(id), action: "pause", pause: "open" });
  await service.drain();
  const themes = (await service.accepted()).filter((message) =>
    message.tags.some((tag) => tag.value === "theme"),
  );
  expect(themes.map((message) => message.to)).toEqual(["cleo@themepost.dev"]);
  expect(await ledger()).toMatchObject([
    { state: "skipped", reason: "unsubscribed", item: null },
    { state: "skipped", reason: "paused", item: null },
    { state: "accepted" },
  ]);
});

test("a slot missed by up to 48 hours is sent late; one missed by more passes, and its theme comes next", async () => {
  await enroll(service, 1, TUESDAY);
  service.moveTo(TUESDAY + 48 * HOUR);
  await service.tick();
  await service.drain();
  expect(await ledger()).toMatchObject([{ state: "accepted", slot_at: TUESDAY }]);

  service.moveTo(TUESDAY + 3 * WEEK + HOUR);
  await service.tick();
  await service.drain();
  // The week after is no slot: it would come five days after the late one.
  expect(await ledger()).toMatchObject([
    { state: "accepted", slot_at: TUESDAY },
    { state: "skipped", reason: "missed", slot_at: TUESDAY + 2 * WEEK, item: null },
    { state: "accepted", slot_at: TUESDAY + 3 * WEEK },
  ]);
  expect((await service.accepted()).map((message) => message.subject)).toEqual([
    "A letter on theme-1",
    "A letter on theme-2",
  ]);
});

test("after a theme that was held and released four days later the next one keeps six days, as the reader's page and a dry run say", async () => {
  const email = "ada@themepost.dev";
  await becomeReader(service, email, { time_zone: "Europe/Berlin" });
  const page = linkIn(
    (await service.accepted(email)).find(({ subject }) => !subject.includes("confirm")),
    "preferences",
  );
  service.moveTo(TUESDAY);
  await service.tick();
  service.moveTo(TUESDAY + 49 * HOUR);
  await service.drain();
  const held = await service.rows<{ id: number }>("select id from deliveries where state = 'held'");
  expect(held).toHaveLength(1);
  service.moveTo(TUESDAY + 4 * DAY);
  await service.admin("POST", "/letters/release", { ids: held.map(({ id }) => id) });
  await service.drain();
  expect((await service.accepted(email)).at(-1)?.subject).toBe("A letter on theme-1");
  const shown = await (await service.request(page)).text();
  expect(shown).toContain("Tue 8 Dec");
  expect(shown).not.toContain("Tue 1 Dec");
  const dry = await service.admin("POST", "/dry-run", { at: new Date(TUESDAY + WEEK).toISOString() });
  expect(await dry.json()).toMatchObject({ letters: {}, passed: { defer: 1 } });
  for (const week of [1, 2]) {
    service.moveTo(TUESDAY + week * WEEK);
    await service.tick();
    await service.drain();
    expect(
      (await service.accepted(email)).filter(({ subject }) => subject.startsWith("A letter on theme")),
    ).toHaveLength(week);
  }
});

test("a batch that was planned but not attempted within 48 hours of its slot is held for 48 hours, and then its theme is next again", async () => {
  await enroll(service, 1, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
  service.moveTo(TUESDAY + 48 * HOUR + 1);
  await service.drain();
  expect(await ledger()).toMatchObject([{ state: "held", reason: "late" }]);
  service.moveTo(TUESDAY + 4 * DAY);
  await service.tick();
  expect(await ledger()).toMatchObject([{ state: "held", reason: "late" }]);
  service.moveTo(TUESDAY + WEEK);
  await service.tick();
  await service.drain();
  expect(await ledger()).toMatchObject([
    { state: "skipped", reason: "missed", item: null },
    { state: "accepted" },
  ]);
  expect(await service.accepted()).toHaveLength(1);
});

test("a reader whose next theme is a draft waits for it and goes on when it is published", async () => {
  const body = sequenceOf(2);
  const [first] = body.steps;
  if (first) first.status = "draft";
  await service.publish(body);
  await enroll(service, 1, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
  expect(await ledger()).toMatchObject([{ state: "skipped", reason: "unpublished" }]);
  await service.publish(sequenceOf(2));
  service.moveTo(TUESDAY + WEEK);
  await service.tick();
  await service.drain();
  expect((await service.accepted()).map((message) => message.subject)).toEqual(["A letter on theme-1"]);
});

test("after the last letter the enrollment is completed at the slot after it", async () => {
  await enroll(service, 1, TUESDAY);
  for (let week = 0; week <= 3; week += 1) {
    service.moveTo(TUESDAY + week * WEEK);
    await service.tick();
    await service.drain();
    const [row] = await service.rows<{ state: string }>("select state from enrollments");
    expect(row?.state).toBe(week < 3 ? "active" : "completed");
  }
  expect(await service.accepted()).toHaveLength(3);
});

test("a plan made on an older edition of the sequence, or for a slot that has passed, writes nothing", async () => {
  await enroll(service, 1, TUESDAY);
  const [step] = await service.rows<{ id: number; rendition: number; version: number; e: number }>(
    `select t.id, t.rendition_id as rendition, q.version, (select max(id) from enrollments) as e
     from steps t join sequences q on q.id = t.sequence_id order by t.position limit 1`,
  );
  if (step === undefined) throw new Error("a step");
  const good = {
    e: step.e,
    due: TUESDAY,
    slot: "2 9 Europe/Berlin 1",
    next: TUESDAY + WEEK,
    version: step.version,
    step: step.id,
    rendition: step.rendition,
    place: 0,
    apart: TUESDAY - 6 * DAY,
  };
  const runId = await openRun(service.db, { cause: "tick", causeId: TUESDAY, at: TUESDAY }, TUESDAY);
  const write = (theme: typeof good, key: string) =>
    writePlan(service.db, {
      runId,
      now: TUESDAY,
      growth: 0,
      wallNow: TUESDAY,
      themes: [{ ...theme, key }],
      passing: [],
    });
  expect(await write({ ...good, version: step.version - 1 }, "a")).toEqual([]);
  expect(await write({ ...good, due: TUESDAY - WEEK }, "b")).toEqual([]);
  expect(await service.rows("select * from deliveries join batches")).toEqual([]);
  expect(await write(good, "c")).toHaveLength(1);
  await service.rows(`update enrollments set next_due_at = ${TUESDAY + DAY}`);
  expect(
    await write({ ...good, due: TUESDAY + DAY, apart: TUESDAY - 5 * DAY, step: step.id + 1 }, "d"),
  ).toEqual([]);
});

test("a tick that stops at its statement budget asks the queue to go on, and loses nobody", async () => {
  await enroll(service, 2_500, TUESDAY);
  service.moveTo(TUESDAY);
  const first = await planTick(service.deps(), {
    tickAt: TUESDAY,
    statementBudget: 10,
    growth: 0,
    lostUntil: 0,
    lettersLeft: null,
  });
  expect(first).toMatchObject({ finished: false, planned: 1000 });
  await consumeQueue(service.deps(), "letters", [queueMessage({ continueTickAt: TUESDAY })]);
  expect(await service.rows("select count(*) as n, count(distinct run_id) as runs from deliveries")).toEqual([
    { n: 2500, runs: 1 },
  ]);
});

test("a tick with nothing due writes nothing", async () => {
  await enroll(service, 10, TUESDAY);
  service.moveTo(TUESDAY - 1);
  await service.tick();
  expect(
    await service.rows("select (select count(*) from runs) + (select count(*) from deliveries) as n"),
  ).toEqual([{ n: 0 }]);
});

test("the planned letters of a run keep their words when the sequence is edited meanwhile", async () => {
  await enroll(service, 1, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
  const body = sequenceOf(3);
  const [first] = body.steps;
  if (first) first.subject = "Quite another subject";
  await service.publish(body);
  await service.drain();
  expect((await service.accepted()).map((message) => message.subject)).toEqual(["A letter on theme-1"]);
});

function queueMessage(body: unknown): Message<unknown> {
  return {
    id: "m",
    timestamp: new Date(0),
    attempts: 1,
    body,
    ack: () => undefined,
    retry: () => undefined,
    metadata: {},
  } as unknown as Message<unknown>;
}

test("a consumer that was overtaken cannot take a letter away from the one that sends it", async () => {
  await enroll(service, 2, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
  await service.rows("update enrollments set state = 'paused' where id = (select min(id) from enrollments)");
  const [{ id } = { id: 0 }] = await service.rows<{ id: number }>("select id from batches");
  const deps = service.deps();
  const calling = Promise.withResolvers<void>();
  const overtakenIsDone = Promise.withResolvers<void>();
  const overtaker = {
    ...service.deps(),
    provider: {
      ...deps.provider,
      send: async (call: Parameters<typeof deps.provider.send>[0]) => {
        calling.resolve();
        await overtakenIsDone.promise;
        return deps.provider.send(call);
      },
    },
  };
  let overtaking: ReturnType<typeof sendBatch> | null = null;
  const client = {
    prepare: (query: string) => deps.db.$client.prepare(query),
    batch: async (statements: D1PreparedStatement[]) => {
      if (overtaking === null) {
        await service.rows("update enrollments set state = 'active'");
        service.clock.wall += LEASE_MS;
        overtaking = sendBatch(overtaker, id, "letters");
        await calling.promise;
      }
      return deps.db.$client.batch(statements);
    },
  };
  const db = new Proxy(deps.db, {
    get: (target, name) => (name === "$client" ? client : Reflect.get(target, name)),
  });
  expect(await sendBatch({ ...deps, db }, id, "letters")).toEqual({ kind: "not_claimed" });
  overtakenIsDone.resolve();
  expect(await overtaking).toEqual({ kind: "done", accepted: 2 });
  expect(await ledger()).toMatchObject([{ state: "accepted" }, { state: "accepted" }]);
  expect(await service.accepted()).toHaveLength(2);
});

test("a repeat has the same bytes even when sender, address and signing secret have changed since", async () => {
  await enroll(service, 3, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
  await service.arrangeFaults("drop_after_accept");
  await service.drain();
  service.clock.wall += HOUR;
  const { config } = service;
  const changed = {
    ...config,
    publicUrl: "https://elsewhere.themepost.dev",
    mail: { from: "New <new@themepost.dev>", replyTo: "new@themepost.dev" },
    signingSecrets: ["another-signing-secret-0123456789abcd", ...config.signingSecrets] as const,
  };
  const [{ id } = { id: 0 }] = await service.rows<{ id: number }>("select id from batches");
  expect(await sendBatch({ ...service.deps(), config: changed }, id, "letters")).toEqual({
    kind: "done",
    accepted: 3,
  });
  expect(await service.accepted()).toHaveLength(3);
});
