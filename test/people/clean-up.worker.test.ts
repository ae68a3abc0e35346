import { beforeEach, expect, test } from "vitest";
import { cleanUp } from "../../src/domain/privacy/clean-up.ts";
import { forgetPending } from "../../src/domain/privacy/queries/forgetting.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { putPartner } from "../support/partner.ts";
import {
  becomeReader,
  DAY,
  HOUR,
  OWN_ORIGIN,
  runUntil,
  type Service,
  START,
  sequenceOf,
  startService,
  WEEK,
} from "../support/service.ts";

let service: Service;

beforeEach(async () => {
  service = startService();
  await emptyTables(service);
  await service.publish(sequenceOf(3));
});

const clean = (now: number) => cleanUp(service.deps(), now);
const count = async (table: string) =>
  (await service.rows<{ n: number }>(`select count(*) as n from ${table}`))[0]?.n ?? -1;

test("a tick forgets budgets that are over and, after a month, the networks of sign-ups; the consent stays", async () => {
  const network = "203.0.113.201";
  const fields = await service.stamped({ email: "ada@themepost.dev" }, network);
  const headers = { origin: OWN_ORIGIN, "cf-connecting-ip": network };
  await service.request("/subscribe", { method: "POST", headers, body: new URLSearchParams(fields) });
  await service.rows("update consents set confirmed_at = 1");
  await clean(START + HOUR);
  expect(await service.rows("select ip_hash is not null as kept from consents")).toEqual([{ kept: 1 }]);
  await clean(START + 31 * DAY);
  expect(await service.rows("select ip_hash is not null as kept from consents")).toEqual([{ kept: 0 }]);
  expect(await service.rows("select 1 from gate_counts")).toEqual([]);
});

test("sign-ups that nobody confirmed are forgotten after thirty days, with address and confirmation; readers are not", async () => {
  await becomeReader(service, "reader@themepost.dev");
  await service.signUp({ email: "someone@themepost.dev", first_name: "Someone" });
  await service.drain();
  await clean(START + 30 * DAY - HOUR);
  expect(await count("subscribers")).toBe(2);
  const forgotten = await clean(START + 30 * DAY + HOUR);
  expect(forgotten).toEqual({ erased: 0, pending: 1 });
  expect(await service.rows("select address from subscribers")).toEqual([
    { address: "reader@themepost.dev" },
  ]);
  expect(await count("consents")).toBe(1);
  expect(await service.rows("select kind from deliveries order by kind")).toEqual([
    { kind: "confirmation" },
    { kind: "welcome" },
  ]);
  expect(await clean(START + 31 * DAY)).toEqual({ erased: 0, pending: 0 });
  // The same person may sign up anew.
  service.moveTo(START + 31 * DAY);
  await service.signUp({ email: "someone@themepost.dev" });
  await service.drain();
  expect(await service.accepted("someone@themepost.dev")).toHaveLength(2);
});

test("a confirmation that is still on its way is not forgotten under the consumer's hands", async () => {
  await service.signUp({ email: "slow@themepost.dev" });
  await clean(START + 40 * DAY);
  expect(await count("consents")).toBe(1);
});

test("forgetting goes in bounded steps, and a partner's report still counts what was forgotten", async () => {
  const { form_key: key, wording, slug } = await putPartner(service, "garden-mornings");
  for (const name of ["a", "b", "c", "d", "e", "f"]) {
    await service.partnerForm(key, wording.version, { email: `${name}@${name}-themepost.dev` });
  }
  await service.drain();
  service.moveTo(START + 31 * DAY);
  const report = async () =>
    (
      (await (await service.admin("GET", `/partners/${slug}/report`)).json()) as {
        data: { submitted: unknown }[];
      }
    ).data;
  const before = await report();
  expect(await forgetPending(service.db, START + DAY, 4)).toBe(4);
  expect(await forgetPending(service.db, START + DAY, 4)).toBe(2);
  expect(await forgetPending(service.db, START + DAY, 4)).toBe(0);
  expect(await count("subscribers")).toBe(0);
  expect((await report()).map(({ submitted }) => submitted)).toEqual(
    before.map(({ submitted }) => submitted),
  );
});

test("reports of mailboxes and readers' changes go after ninety days; the ledger of a living enrollment stays whole", async () => {
  await becomeReader(service, "reader@themepost.dev");
  await runUntil(service, START + 3 * WEEK, 6 * HOUR);
  await service.rows(
    `insert into feedback_events (svix_id, delivery_id, subscriber_id, kind, reason, provider_id, domain, at, received_at)
     select 'e1', d.id, d.recipient_id, 'bounced', 'soft 4.2.2', 'p', 'themepost.dev', ${START}, ${START} from deliveries d limit 1`,
  );
  await service.rows(
    `insert into reader_changes (subscriber_id, at, kind, seen, request, was, became, token)
     select id, ${START}, 'personal', 0, '{}', '{}', '{}', 't' from subscribers`,
  );
  const letters = await count("deliveries");
  await clean(START + 89 * DAY);
  expect([await count("feedback_events"), await count("reader_changes")]).toEqual([1, 1]);
  await clean(START + 91 * DAY);
  expect([await count("feedback_events"), await count("reader_changes")]).toEqual([0, 0]);
  await clean(START + 900 * DAY);
  expect(await count("deliveries")).toBe(letters);
  expect(await service.rows("select state from subscribers")).toEqual([{ state: "active" }]);
});

test("how long things are kept is the owner's to set, within what the service needs", async () => {
  const { readConfig } = await import("../../src/platform/config.ts");
  const reading = (vars: Record<string, string>) => readConfig({ ...service.bindings, ...vars });
  expect(reading({ KEEP_PENDING_DAYS: "60" })).toMatchObject({ config: { keep: { pendingDays: 60 } } });
  expect(reading({ KEEP_PENDING_DAYS: "" })).toMatchObject({ config: { keep: { pendingDays: 30 } } });
  for (const vars of [{ KEEP_PENDING_DAYS: "7" }, { KEEP_EVENT_DAYS: "10" }, { KEEP_NETWORK_DAYS: "soon" }]) {
    expect(reading(vars)).toMatchObject({ kind: "faulty" });
  }
});

test("after thirty days the attempts of batches that are done go, with batches that nothing is in; letters, and what's still open, stay", async () => {
  await becomeReader(service, "ada@themepost.dev");
  await becomeReader(service, "bea@themepost.dev");
  await service.arrangeFaults("drop_before_accept");
  await service.signUp({ email: "cleo@themepost.dev" });
  await service.drain();
  const old = service.clock.wall;
  // A batch whose letters were moved to others.
  await service.rows(
    "insert into batches (lane, state, idempotency_key, enqueued_at) values ('letters', 'done', 'empty', 0)",
  );
  await service.rows(
    "insert into attempts (batch_id, number, frame, members, started_at, seal) select id, 1, '{}', '[]', ?, 'x' from batches where idempotency_key = 'empty'",
    old,
  );
  const before = {
    attempts: await count("attempts"),
    batches: await count("batches"),
    letters: await service.rows("select id, state, provider_id, batch_id from deliveries order by id"),
  };
  service.moveTo(old + 30 * DAY - HOUR);
  await clean(service.clock.now);
  expect(await count("attempts")).toBe(before.attempts);
  service.moveTo(old + 30 * DAY + HOUR);
  await service.rows("update consents set requested_at = ?", service.clock.now);
  await clean(service.clock.now);
  expect(await service.rows("select state from batches join attempts a on a.batch_id = batches.id")).toEqual([
    { state: "sending" },
  ]);
  expect(await count("batches")).toBe(before.batches - 1);
  expect(await service.rows("select id, state, provider_id, batch_id from deliveries order by id")).toEqual(
    before.letters,
  );
});
