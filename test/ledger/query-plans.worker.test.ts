import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { runBroadcast } from "../../src/domain/broadcasts/step-broadcast.ts";
import { sendToRest, stopBroadcast, takeBack } from "../../src/domain/broadcasts/way-back.ts";
import { countNightly } from "../../src/domain/counts/nightly.ts";
import { runImport } from "../../src/domain/jobs/import/step-import.ts";
import { takeFile } from "../../src/domain/jobs/import/take-file.ts";
import { readJob } from "../../src/domain/jobs/queries/jobs.ts";
import { runJob } from "../../src/domain/jobs/run-job.ts";
import { freeUnsent, readTaken } from "../../src/domain/ledger/queries/uncertain.ts";
import { findByBeginning } from "../../src/domain/people/queries/find-people.ts";
import { cleanUp } from "../../src/domain/privacy/clean-up.ts";
import { listPeople } from "../../src/domain/segments/list-people.ts";
import type { Segment } from "../../src/domain/segments/segment.ts";
import { intoBatches } from "../../src/domain/sending/into-batches.ts";
import { wakeBatches } from "../../src/domain/sending/owner-acts.ts";
import { reconcileUncertain } from "../../src/domain/sending/reconcile.ts";
import { runTick } from "../../src/domain/sending/run-tick.ts";
import { gatherAndSend, sendBatch } from "../../src/domain/sending/send-batch.ts";
import { readToday } from "../../src/domain/sending/today.ts";
import { openDb } from "../../src/platform/db/client.ts";
import { batches } from "../../src/platform/db/schema/index.ts";
import { broadcastDeps, draftBroadcast, schedule, theBroadcast } from "../support/broadcast.ts";
import {
  becomeReader,
  DAY,
  HOUR,
  linkIn,
  type Service,
  sequenceOf,
  startService,
} from "../support/service.ts";

/** Tables that stay small whatever the number of readers, lists handed in as JSON, and what SQLite makes for itself. */
const SMALL =
  /^(sequences|steps|step_variants|renditions|variant|welcome|welcome_back|confirmation|erase|system_mails|next_renditions|site|later_step|offered|facts|alerts|bounce_days|sqlite_sequence|partners|partner_origins|form_keys|wordings|day_counts|jobs|tags|desk_people|json_each|r|own|what|sign|g|keys|first|k|p|broadcasts|segments|\(subquery-\d+\)|sqlite_master|\d* ?CONSTANT ROWS?)$/;

let service: Service;
let ownPage = "";
beforeEach(async () => {
  if (service !== undefined) {
    ownPage = await service.ownPage("ada@themepost.dev");
    return;
  }
  service = startService();
  await service.publish(sequenceOf(3));
  for (const name of ["ada", "bea"]) await becomeReader(service, `${name}@themepost.dev`);
  ownPage = await service.ownPage("ada@themepost.dev");
});

/** A database that notes every statement that is sent. */
function recording(inner: D1Database, seen: Set<string>): D1Database {
  return new Proxy(inner, {
    get: (target, name) => {
      if (name === "prepare") {
        return (query: string) => {
          seen.add(query);
          return target.prepare(query);
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** How SQLite reads the large tables in what `run` sends, each way once, by name. */
async function readsOf(run: (deps: ReturnType<Service["deps"]>) => Promise<unknown>): Promise<string[]> {
  const { DB } = service.bindings;
  const seen = new Set<string>();
  const spy = recording(DB, seen);
  const bindings = service.bindings as { DB: D1Database };
  bindings.DB = spy;
  try {
    await run({ ...service.deps(), db: openDb(spy) });
  } finally {
    bindings.DB = DB;
  }
  expect(seen.size).toBeGreaterThan(0);
  const steps = new Set<string>();
  for (const query of seen) {
    // What points to a wording is looked through only while a foreign key is broken, which D1 never allows.
    if (query.startsWith('insert into "wordings"')) continue;
    const values = Array.from({ length: query.split("?").length - 1 }, () => 1);
    const plan = await DB.prepare(`explain query plan ${query}`)
      .bind(...values)
      .all<{ detail: string }>();
    for (const { detail } of plan.results) {
      const [, table = ""] = /^(?:SCAN|SEARCH) (\d* ?CONSTANT ROWS?|\S+)/.exec(detail) ?? [];
      if (table !== "" && !SMALL.test(table)) steps.add(detail);
    }
  }
  return [...steps].sort();
}

/**
 * The small indexes of what is unsettled, unjournaled and the like may be read whole, and the attempts from their end; whether a
 * letter was ever written, or sent to oneself, is known by the first row.
 */
const MAY_BE_SCANNED =
  /^SCAN (?:attempts$|\w+ USING INDEX (?:batches_open|opt_outs_unjournaled|erasures_open)$|drafts USING COVERING INDEX drafts_(?:by_kind|sent)$)/;

/** Whether a step reads a table, or an index that holds all of it, from end to end; or all letters of a kind. */
function isLong(step: string): boolean {
  return (step.startsWith("SCAN") && !MAY_BE_SCANNED.test(step)) || /deliveries_once \(kind=\?\)/.test(step);
}

test("a statement that compares two columns without their tables is refused by the suite's database", () => {
  const { DB } = service.bindings;
  const lost = 'select (select 1 from "runs" where "id" = "run_id") from "batches"';
  expect(() => DB.prepare(lost)).toThrow("compares two columns without their tables");
  expect(() =>
    service.db
      .select({ id: sql`${batches.id} = ${batches.runId}` })
      .from(batches)
      .all(),
  ).toThrow();
  DB.prepare('select 1 from "runs" where "runs"."id" = "runs"."planned" and "id" = ?');
});

/** Someone with two letters, and their links. */
const READER = "ada@themepost.dev";
const link = async (purpose: Parameters<typeof linkIn>[1]) =>
  linkIn((await service.accepted(READER)).at(-1), purpose);
const ask = (path: string, body: unknown) => service.admin("POST", path, body);

const countAgain = (deps: ReturnType<Service["deps"]>) =>
  countNightly({ ...deps, toSubscribers: deps.kinds.toSubscribers }, 0);
/** A tick's own plans; what it counts by night is a path of its own. */
const counted = async () => countAgain(service.deps());

/** An audience that asks for everything. */
const OF_EVERYTHING: Segment = {
  all: [
    { field: "joined_within", days: 3000 },
    { field: "source", any_of: ["garden"], not: true },
    { field: "tag", any_of: ["garden"], not: true },
    { field: "had_theme", sequence: "strengthening-bonds", any_of: ["theme-9"], not: true },
    { field: "next_theme", sequence: "strengthening-bonds", any_of: ["theme-9"], not: true },
    { field: "had_broadcast", any_of: [1e6], not: true },
    { field: "weekday", any_of: [1], not: true },
    { field: "left_within", days: 1, not: true },
    { field: "soft_bounces", at_least: 1, days: 1, not: true },
  ],
};

const PATHS: ReadonlyArray<readonly [string, (deps: ReturnType<Service["deps"]>) => Promise<unknown>]> = [
  ["the numbers of the night", (deps) => countAgain(deps)],
  ["a tick with nothing due", (deps) => runTick(deps, deps.now)],
  ["what a tick forgets", (deps) => cleanUp(deps, deps.now)],
  ["health", () => service.health()],
  ["the desk's Today", (deps) => readToday(deps)],
  [
    "the desk's readers, listed and found",
    async ({ db, now, kinds }) => {
      const page = { before: 1e9, limit: 50 };
      const asked = { now, kinds, timeZone: "UTC" };
      await listPeople(db, { all: [] }, asked, page);
      await listPeople(db, { all: [{ field: "state", any_of: ["active"] }] }, asked, page);
      const tag = { field: "tag" as const, any_of: ["garden"] };
      await listPeople(db, { all: [tag, { field: "language", any_of: ["de"] }] }, asked, page);
      await listPeople(db, OF_EVERYTHING, asked, page);
      await findByBeginning(db, "ada", 51);
    },
  ],
  [
    "a tick that plans, a batch's claim, attempt and verdict",
    async () => {
      service.moveTo(service.clock.now + 8 * DAY + HOUR);
      await counted();
      const deps = { ...service.deps(), db: openDb(service.bindings.DB) };
      const { batchIds } = await runTick(deps, deps.now);
      expect(batchIds.length).toBeGreaterThan(0);
      for (const id of batchIds) await sendBatch(deps, id, "letters");
    },
  ],
  [
    "a broadcast that's locked, stopped and sent to the rest",
    async (deps) => {
      const id = await draftBroadcast(service, { audience: OF_EVERYTHING, holdMinutes: 0 });
      await schedule(service, id);
      await runBroadcast(deps, id);
      await stopBroadcast(deps, await theBroadcast(service, id));
      await runBroadcast(deps, id);
      await service.drain();
      await runBroadcast(deps, id);
      await sendToRest({ ...(await broadcastDeps(service)), ...deps }, await theBroadcast(service, id));
      await runBroadcast(deps, id);
      await takeBack(deps, await theBroadcast(service, id));
      await service.drain();
    },
  ],
  ["a sign-up", () => service.signUp({ email: "cleo@themepost.dev" })],
  [
    "gathering what waits",
    async (deps) => {
      expect(await gatherAndSend(deps, "confirmations")).toMatchObject({ kind: "done", accepted: 1 });
      await wakeBatches(deps);
    },
  ],
  [
    "confirming",
    async () => {
      const [mail] = await service.accepted("cleo@themepost.dev");
      await service.request(linkIn(mail, "confirm"));
      await service.request(linkIn(mail, "confirm"), { method: "POST" });
    },
  ],
  [
    "a webhook that reports a bounce",
    async () => {
      await service.arrangeAccount({ aheadMs: service.clock.now - Date.now() });
      await service.takeEvents();
      const bounce = { type: "Permanent", subType: "General", message: "", diagnosticCode: ["smtp; 5.1.1"] };
      await service.arrangeEvent(
        (await service.accepted("bea@themepost.dev")).at(-1)?.id ?? "",
        "email.bounced",
        { bounce },
      );
      for (const event of await service.takeEvents()) expect((await service.hook(event)).status).toBe(200);
    },
  ],
  ["a reader's page", async () => service.request(await link("preferences"))],
  [
    "a reader's change",
    async () =>
      service.change(await link("preferences"), { enrollment: "1", action: "pause", pause: "open" }),
  ],
  ["what we hold about a reader", async () => service.request(ownPage)],
  ["a timeline", () => ask("/subscribers/timeline", { address: READER })],
  ["why people left", () => service.admin("GET", "/leave-reasons")],
  ["a preview of an edit", () => ask("/sequences/strengthening-bonds/preview", sequenceOf(4))],
  ["leaving", async () => service.form(await link("unsubscribe"), {})],
  [
    "looking up an uncertain letter, and freeing it",
    async (deps) => {
      const { ids } = await anUncertainOne();
      const which = { ids: null, since: 0, pages: 1, pagesToProve: 1 };
      await reconcileUncertain(deps, which);
      await anUncertainOne();
      await readTaken(deps.db, { from: 0, until: deps.now, marginMs: 0, limit: 100 });
      const when = { now: deps.now, wallNow: deps.now, by: deps.by };
      await freeUnsent(deps.db, deps.kinds, { ids, again: intoBatches(deps, []) }, when);
    },
  ],
  [
    "an import",
    async (deps) => {
      const bytes = Uint8Array.from(
        new TextEncoder().encode(
          "email,status\nstranger@plans-themepost.dev,complained\nnew@plans-themepost.dev,active\n",
        ),
      );
      const wanted = { intent: "ask", sequence: "strengthening-bonds", words: "", perDay: 500 } as const;
      const taken = await takeFile(deps, { name: "people.csv", bytes }, wanted);
      const jobId = taken.kind === "taken" ? taken.jobId : 0;
      await runJob(deps, jobId);
      const job = await readJob(deps.db, jobId);
      if (job !== null) await runImport(deps, job, 0);
      await runJob(deps, jobId);
    },
  ],
];

async function anUncertainOne() {
  const rows = await service.rows<{ id: number }>(
    "update deliveries set state = 'uncertain', reason = 'no_answer' where id = (select max(id) from deliveries) returning id",
  );
  return { ids: rows.map(({ id }) => id) };
}

/** How each path reads the tables that grow with readers and letters: every step of SQLite's plan of every statement, each once. */
const READS: Readonly<Record<string, readonly string[]>> = {
  "the numbers of the night": [
    "SEARCH consents",
    "SEARCH consents USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH consents USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
    "SEARCH deliveries",
    "SEARCH deliveries USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH deliveries USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
    "SEARCH opt_outs",
    "SEARCH opt_outs USING INDEX opt_outs_by_age (at>? AND at<?)",
    "SEARCH opt_outs USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH subscribers USING COVERING INDEX subscribers_by_state (state=?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
  ],
  "a tick with nothing due": [
    "SCAN attempts",
    "SCAN opt_outs USING INDEX opt_outs_unjournaled",
    "SEARCH batches USING INDEX batches_open (lane=? AND enqueued_at<?)",
    "SEARCH batches USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH deliveries USING INDEX deliveries_once (kind=? AND anchor=?)",
    "SEARCH deliveries USING INDEX deliveries_unresolved (state=?)",
    "SEARCH deliveries USING INDEX deliveries_waiting (slot_at<?)",
    "SEARCH enrollments USING COVERING INDEX enrollments_resuming (resume_at>? AND resume_at<?)",
    "SEARCH enrollments USING INDEX enrollments_due (next_due_at>? AND next_due_at<?)",
    "SEARCH enrollments USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH feedback_events USING COVERING INDEX feedback_parked (parked_at>?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH suppressions USING INDEX sqlite_autoindex_suppressions_1 (address_hash=?) LEFT-JOIN",
  ],
  "an import": [
    "SCAN opt_outs USING INDEX opt_outs_unjournaled",
    "SEARCH consents EXISTS USING COVERING INDEX consents_request_id_unique (request_id=?)",
    "SEARCH consents USING COVERING INDEX consents_by_subscriber (subscriber_id=?)",
    "SEARCH consents USING COVERING INDEX consents_request_id_unique (request_id=?)",
    "SEARCH consents USING INDEX consents_by_folded (folded_hash=? AND requested_at>?)",
    "SEARCH consents USING INDEX consents_by_subscriber (subscriber_id=? AND requested_at>?)",
    "SEARCH consents USING INDEX consents_by_subscriber (subscriber_id=?)",
    "SEARCH consents USING INDEX consents_request_id_unique (request_id=?)",
    "SEARCH enrollments USING COVERING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH enrollments USING INDEX enrollments_by_subscriber (subscriber_id=? AND sequence_id=?)",
    "SEARCH enrollments USING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH erased USING INDEX subscribers_by_hash (address_hash=?)",
    "SEARCH gate_counts USING PRIMARY KEY (ends_at=? AND bucket=?)",
    "SEARCH import_lines USING COVERING INDEX sqlite_autoindex_import_lines_1 (job_id=?)",
    "SEARCH import_lines USING INDEX sqlite_autoindex_import_lines_1 (job_id=? AND part=?)",
    "SEARCH opt_outs USING INDEX opt_outs_by_hash (address_hash=?)",
    "SEARCH opt_outs USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH subscribers USING COVERING INDEX subscribers_address_key_unique (address_key=?)",
    "SEARCH subscribers USING COVERING INDEX subscribers_address_key_unique (address_key=?) LEFT-JOIN",
    "SEARCH subscribers USING COVERING INDEX subscribers_by_hash (address_hash=?)",
    "SEARCH subscribers USING INDEX subscribers_address_key_unique (address_key=?) LEFT-JOIN",
    "SEARCH subscribers USING INDEX subscribers_by_hash (address_hash=?)",
    "SEARCH suppressions USING INDEX sqlite_autoindex_suppressions_1 (address_hash=?)",
    "SEARCH suppressions USING INDEX sqlite_autoindex_suppressions_1 (address_hash=?) LEFT-JOIN",
  ],
  "what a tick forgets": [
    "SCAN erasures USING INDEX erasures_open",
    "SEARCH attempts USING COVERING INDEX attempts_by_time (started_at<?)",
    "SEARCH consents USING INDEX consents_unconfirmed (requested_at<?)",
    "SEARCH consents USING INDEX consents_with_ip (requested_at<?)",
    "SEARCH feedback_events USING COVERING INDEX feedback_by_age (received_at<?)",
    "SEARCH gate_counts USING PRIMARY KEY (ends_at<?)",
    "SEARCH import_lines EXISTS USING COVERING INDEX sqlite_autoindex_import_lines_1 (job_id=?)",
    "SEARCH kept_answers USING COVERING INDEX kept_answers_by_age (at<?)",
    "SEARCH pictures USING INDEX pictures_to_check (checked_at<?)",
    "SEARCH reader_changes USING INDEX reader_changes_by_age (at<?)",
    "SEARCH refusals USING PRIMARY KEY (day<?)",
  ],
  "the desk's Today": [
    "SCAN batches USING INDEX batches_open",
    "SCAN drafts USING COVERING INDEX drafts_by_kind",
    "SCAN drafts USING COVERING INDEX drafts_sent",
    "SEARCH batches",
    "SEARCH batches USING INDEX batches_by_run (run_id=?)",
    "SEARCH batches USING INDEX batches_open",
    "SEARCH deliveries USING INDEX deliveries_by_batch (batch_id=?)",
    "SEARCH deliveries USING INDEX deliveries_waiting",
    "SEARCH enrollments USING COVERING INDEX enrollments_due (next_due_at>? AND next_due_at<?)",
    "SEARCH runs USING INTEGER PRIMARY KEY (rowid<?)",
    "SEARCH subscribers USING COVERING INDEX subscribers_by_state (state=?)",
  ],
  "the desk's readers, listed and found": [
    "SEARCH consents USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH deliveries USING COVERING INDEX deliveries_once (kind=? AND anchor=?)",
    "SEARCH deliveries USING INDEX deliveries_once (kind=? AND anchor=? AND round=? AND item=?)",
    "SEARCH deliveries USING INDEX deliveries_once (kind=? AND anchor=?)",
    "SEARCH enrollments USING COVERING INDEX enrollments_by_subscriber (subscriber_id=? AND sequence_id=?)",
    "SEARCH enrollments USING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH enrollments USING INDEX enrollments_by_subscriber (subscriber_id>? AND subscriber_id<?)",
    "SEARCH feedback_events USING INDEX feedback_by_subscriber (subscriber_id=?)",
    "SEARCH opt_outs USING INDEX opt_outs_by_hash (address_hash=?)",
    "SEARCH reader_tags USING COVERING INDEX reader_tags_by_subscriber (subscriber_id=?)",
    "SEARCH reader_tags USING PRIMARY KEY (tag_id=? AND subscriber_id>? AND subscriber_id<?)",
    "SEARCH subscribers USING COVERING INDEX subscribers_by_state (state=? AND id<?)",
    "SEARCH subscribers USING INDEX subscribers_address_key_unique (address_key>? AND address_key<?)",
    "SEARCH subscribers USING INDEX subscribers_by_state (state=? AND id>? AND id<?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid<?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
  ],
  health: [
    "SCAN batches USING INDEX batches_open",
    "SEARCH batches",
    "SEARCH batches USING INDEX batches_open",
    "SEARCH deliveries USING INDEX deliveries_by_batch (batch_id=?)",
    "SEARCH deliveries USING INDEX deliveries_waiting",
    "SEARCH enrollments USING COVERING INDEX enrollments_due (next_due_at>?)",
  ],
  "a tick that plans, a batch's claim, attempt and verdict": [
    "SCAN attempts",
    "SCAN opt_outs USING INDEX opt_outs_unjournaled",
    "SEARCH attempts USING COVERING INDEX attempts_by_batch (batch_id=?)",
    "SEARCH batches USING COVERING INDEX batches_by_run (run_id=?)",
    "SEARCH batches USING COVERING INDEX batches_idempotency_key_unique (idempotency_key=?)",
    "SEARCH batches USING INDEX batches_idempotency_key_unique (idempotency_key=?)",
    "SEARCH batches USING INDEX batches_open (lane=? AND enqueued_at<?)",
    "SEARCH batches USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH deliveries EXISTS USING COVERING INDEX deliveries_once (kind=? AND anchor=? AND round=? AND item=? AND copy=?)",
    "SEARCH deliveries USING COVERING INDEX deliveries_by_batch (batch_id=?)",
    "SEARCH deliveries USING INDEX deliveries_by_batch (batch_id=?)",
    "SEARCH deliveries USING INDEX deliveries_once (kind=? AND anchor=?)",
    "SEARCH deliveries USING INDEX deliveries_unresolved (state=?)",
    "SEARCH deliveries USING INDEX deliveries_waiting (slot_at<?)",
    "SEARCH deliveries USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH enrollments USING COVERING INDEX enrollments_resuming (resume_at>? AND resume_at<?)",
    "SEARCH enrollments USING INDEX enrollments_due (next_due_at>? AND next_due_at<?)",
    "SEARCH enrollments USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH enrollments USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
    "SEARCH feedback_events USING COVERING INDEX feedback_parked (parked_at>?)",
    "SEARCH runs USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH suppressions USING INDEX sqlite_autoindex_suppressions_1 (address_hash=?) LEFT-JOIN",
  ],
  "a broadcast that's locked, stopped and sent to the rest": [
    "SCAN attempts",
    "SEARCH acts USING COVERING INDEX acts_once (request_id=? AND verb=?)",
    "SEARCH attempts USING COVERING INDEX attempts_by_batch (batch_id=?)",
    "SEARCH batches USING COVERING INDEX batches_by_run (run_id=?)",
    "SEARCH batches USING COVERING INDEX batches_idempotency_key_unique (idempotency_key=?)",
    "SEARCH batches USING INDEX batches_by_run (run_id=?)",
    "SEARCH batches USING INDEX batches_idempotency_key_unique (idempotency_key=?)",
    "SEARCH consents USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH deliveries USING COVERING INDEX deliveries_by_batch (batch_id=?)",
    "SEARCH deliveries USING COVERING INDEX deliveries_once (kind=? AND anchor=?)",
    "SEARCH deliveries USING INDEX deliveries_by_batch (batch_id=?)",
    "SEARCH deliveries USING INDEX deliveries_once (kind=? AND anchor=? AND round=? AND item=?)",
    "SEARCH deliveries USING INDEX deliveries_once (kind=? AND anchor=?)",
    "SEARCH deliveries USING INDEX deliveries_passed_by_run (run_id=?)",
    "SEARCH deliveries USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH drafts USING INDEX drafts_by_letter (sequence_slug=? AND kind=? AND letter_slug=?)",
    "SEARCH enrollments USING COVERING INDEX enrollments_by_subscriber (subscriber_id=? AND sequence_id=?)",
    "SEARCH enrollments USING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH enrollments USING INDEX enrollments_by_subscriber (subscriber_id>? AND subscriber_id<?)",
    "SEARCH feedback_events USING INDEX feedback_by_subscriber (subscriber_id=?)",
    "SEARCH opt_outs USING INDEX opt_outs_by_hash (address_hash=?)",
    "SEARCH reader_tags USING COVERING INDEX reader_tags_by_subscriber (subscriber_id=?)",
    "SEARCH runs USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH subscribers",
    "SEARCH subscribers USING INDEX subscribers_by_state (state=? AND id>? AND id<?)",
    "SEARCH suppressions USING INDEX sqlite_autoindex_suppressions_1 (address_hash=?)",
  ],
  "a sign-up": [
    "SCAN attempts",
    "SEARCH consents EXISTS USING COVERING INDEX consents_request_id_unique (request_id=?)",
    "SEARCH consents USING COVERING INDEX consents_by_subscriber (subscriber_id=?)",
    "SEARCH consents USING COVERING INDEX consents_request_id_unique (request_id=?)",
    "SEARCH consents USING INDEX consents_by_folded (folded_hash=? AND requested_at>?)",
    "SEARCH consents USING INDEX consents_by_subscriber (subscriber_id=? AND requested_at>?)",
    "SEARCH consents USING INDEX consents_request_id_unique (request_id=?)",
    "SEARCH enrollments USING COVERING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH enrollments USING INDEX enrollments_by_subscriber (subscriber_id=? AND sequence_id=?)",
    "SEARCH gate_counts USING PRIMARY KEY (ends_at=? AND bucket=?)",
    "SEARCH subscribers USING COVERING INDEX subscribers_address_key_unique (address_key=?)",
    "SEARCH subscribers USING COVERING INDEX subscribers_address_key_unique (address_key=?) LEFT-JOIN",
    "SEARCH suppressions USING INDEX sqlite_autoindex_suppressions_1 (address_hash=?)",
  ],
  "gathering what waits": [
    "SCAN attempts",
    "SEARCH attempts USING COVERING INDEX attempts_by_batch (batch_id=?)",
    "SEARCH batches USING COVERING INDEX batches_idempotency_key_unique (idempotency_key=?)",
    "SEARCH batches USING INDEX batches_idempotency_key_unique (idempotency_key=?)",
    "SEARCH batches USING INDEX batches_open (lane=?)",
    "SEARCH batches USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH consents USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
    "SEARCH deliveries EXISTS USING INDEX deliveries_waiting (slot_at<?)",
    "SEARCH deliveries USING INDEX deliveries_by_batch (batch_id=?)",
    "SEARCH deliveries USING INDEX deliveries_waiting (slot_at<?)",
    "SEARCH deliveries USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH runs USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH suppressions USING INDEX sqlite_autoindex_suppressions_1 (address_hash=?) LEFT-JOIN",
  ],
  confirming: [
    "SCAN attempts",
    "SEARCH asked USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH consents EXISTS USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH consents USING INDEX consents_by_subscriber (subscriber_id=?)",
    "SEARCH consents USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH deliveries USING INDEX deliveries_once (kind=? AND anchor=?)",
    "SEARCH enrollments USING COVERING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH enrollments USING INDEX enrollments_by_subscriber (subscriber_id=? AND sequence_id=?)",
    "SEARCH enrollments USING INDEX enrollments_by_subscriber (subscriber_id=? AND sequence_id=?) LEFT-JOIN",
    "SEARCH enrollments USING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH later USING INDEX consents_by_subscriber (subscriber_id=?)",
    "SEARCH opt_outs USING INDEX opt_outs_by_hash (address_hash=?)",
    "SEARCH reader_changes USING INDEX reader_changes_by_subscriber (subscriber_id=?)",
    "SEARCH reader_tags USING COVERING INDEX reader_tags_by_subscriber (subscriber_id=?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH suppressions USING INDEX sqlite_autoindex_suppressions_1 (address_hash=?)",
    "SEARCH suppressions USING INDEX sqlite_autoindex_suppressions_1 (address_hash=?) LEFT-JOIN",
  ],
  "a webhook that reports a bounce": [
    "SCAN attempts",
    "SCAN opt_outs USING INDEX opt_outs_unjournaled",
    "SEARCH attempts USING INDEX attempts_by_batch (batch_id=?)",
    "SEARCH batches USING INDEX batches_by_run (run_id=?)",
    "SEARCH deliveries EXISTS USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH deliveries USING INDEX deliveries_once (kind=? AND anchor=?)",
    "SEARCH deliveries USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH enrollments USING COVERING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH enrollments USING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH feedback_events USING INDEX feedback_by_subscriber (subscriber_id=?)",
    "SEARCH feedback_events USING INDEX sqlite_autoindex_feedback_events_1 (svix_id=?)",
    "SEARCH opt_outs USING INDEX opt_outs_by_age (at=?)",
    "SEARCH opt_outs USING INDEX opt_outs_by_hash (address_hash=?)",
    "SEARCH opt_outs USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH runs USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH subscribers USING INDEX subscribers_by_hash (address_hash=?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
    "SEARCH suppressions USING INDEX sqlite_autoindex_suppressions_1 (address_hash=?)",
  ],
  "a reader's page": [
    "SEARCH attempts USING INDEX attempts_by_batch (batch_id=?)",
    "SEARCH batches USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH consents USING INDEX consents_by_subscriber (subscriber_id=?)",
    "SEARCH deliveries USING INDEX deliveries_once (kind=? AND anchor=?)",
    "SEARCH enrollments USING COVERING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH enrollments USING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH erasures USING COVERING INDEX erasures_by_subscriber (subscriber_id=?)",
    "SEARCH opt_outs USING INDEX opt_outs_by_hash (address_hash=?)",
    "SEARCH reader_changes USING INDEX reader_changes_by_subscriber (subscriber_id=?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH suppressions USING INDEX sqlite_autoindex_suppressions_1 (address_hash=?) LEFT-JOIN",
  ],
  "a reader's change": [
    "SEARCH attempts USING INDEX attempts_by_batch (batch_id=?)",
    "SEARCH batches USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH consents USING INDEX consents_by_subscriber (subscriber_id=?)",
    "SEARCH deliveries USING INDEX deliveries_once (kind=? AND anchor=?)",
    "SEARCH enrollments USING COVERING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH enrollments USING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH enrollments USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH erasures USING COVERING INDEX erasures_by_subscriber (subscriber_id=?)",
    "SEARCH opt_outs USING INDEX opt_outs_by_hash (address_hash=?)",
    "SEARCH reader_changes USING COVERING INDEX reader_changes_token_unique (token=?)",
    "SEARCH reader_changes USING INDEX reader_changes_by_subscriber (subscriber_id=?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH suppressions USING INDEX sqlite_autoindex_suppressions_1 (address_hash=?) LEFT-JOIN",
  ],
  "what we hold about a reader": [
    "SEARCH consents USING INDEX consents_by_subscriber (subscriber_id=?)",
    "SEARCH deliveries USING INDEX deliveries_once (kind=? AND anchor=? AND round=? AND item=? AND copy=?) LEFT-JOIN",
    "SEARCH deliveries USING INDEX deliveries_once (kind=? AND anchor=?)",
    "SEARCH enrollments USING COVERING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH enrollments USING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH enrollments USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
    "SEARCH erasures USING COVERING INDEX erasures_by_subscriber (subscriber_id=?)",
    "SEARCH erasures USING INDEX erasures_by_subscriber (subscriber_id=?)",
    "SEARCH feedback_events USING INDEX feedback_by_subscriber (subscriber_id=?)",
    "SEARCH opt_outs USING INDEX opt_outs_by_hash (address_hash=?)",
    "SEARCH reader_changes USING INDEX reader_changes_by_subscriber (subscriber_id=?)",
    "SEARCH reader_tags USING INDEX reader_tags_by_subscriber (subscriber_id=?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH suppressions USING INDEX sqlite_autoindex_suppressions_1 (address_hash=?)",
    "SEARCH suppressions USING INDEX sqlite_autoindex_suppressions_1 (address_hash=?) LEFT-JOIN",
  ],
  "a timeline": [
    "SEARCH consents USING INDEX consents_by_subscriber (subscriber_id=?)",
    "SEARCH deliveries USING INDEX deliveries_once (kind=? AND anchor=? AND round=? AND item=? AND copy=?) LEFT-JOIN",
    "SEARCH deliveries USING INDEX deliveries_once (kind=? AND anchor=?)",
    "SEARCH enrollments USING COVERING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH enrollments USING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH enrollments USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
    "SEARCH erasures USING COVERING INDEX erasures_by_subscriber (subscriber_id=?)",
    "SEARCH feedback_events USING INDEX feedback_by_subscriber (subscriber_id=?)",
    "SEARCH opt_outs USING INDEX opt_outs_by_hash (address_hash=?)",
    "SEARCH reader_changes USING INDEX reader_changes_by_subscriber (subscriber_id=?)",
    "SEARCH reader_tags USING INDEX reader_tags_by_subscriber (subscriber_id=?)",
    "SEARCH subscribers USING INDEX subscribers_address_key_unique (address_key=?)",
    "SEARCH subscribers USING INDEX subscribers_by_hash (address_hash=?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH suppressions USING INDEX sqlite_autoindex_suppressions_1 (address_hash=?) LEFT-JOIN",
  ],
  "why people left": [
    "SEARCH answered USING INDEX opt_outs_by_age (at>?)",
    "SEARCH opt_outs USING INDEX opt_outs_by_age (at>?)",
  ],
  "looking up an uncertain letter, and freeing it": [
    "SEARCH attempts USING COVERING INDEX attempts_by_batch (batch_id=?)",
    "SEARCH attempts USING INDEX attempts_by_batch (batch_id=?)",
    "SEARCH batches USING COVERING INDEX batches_idempotency_key_unique (idempotency_key=?)",
    "SEARCH batches USING INDEX batches_idempotency_key_unique (idempotency_key=?)",
    "SEARCH deliveries",
    "SEARCH deliveries EXISTS USING COVERING INDEX deliveries_unresolved (state=? AND rowid=?)",
    "SEARCH deliveries USING COVERING INDEX deliveries_by_batch (batch_id=?)",
    "SEARCH deliveries USING COVERING INDEX deliveries_unresolved (state=? AND rowid=?)",
    "SEARCH deliveries USING INDEX deliveries_by_batch (batch_id=?)",
    "SEARCH deliveries USING INDEX deliveries_unresolved (state=?)",
    "SEARCH deliveries USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH original USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH other EXISTS USING INDEX deliveries_by_batch (batch_id=?)",
    "SEARCH other USING INDEX deliveries_once (kind=? AND anchor=? AND round=?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH taken USING INDEX attempts_by_time (started_at<?)",
    "SEARCH taken USING INDEX attempts_by_time (started_at>? AND started_at<?)",
    "SEARCH taken USING INDEX attempts_by_time (started_at>?)",
  ],
  "a preview of an edit": [
    "SEARCH deliveries USING COVERING INDEX deliveries_once (kind=? AND anchor=? AND round=? AND item>?)",
    "SEARCH deliveries USING INDEX deliveries_once (kind=? AND anchor=?)",
    "SEARCH enrollments USING INDEX enrollments_by_sequence (sequence_id=?)",
    "SEARCH opt_outs USING INDEX opt_outs_by_hash (address_hash=?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid=?)",
  ],
  leaving: [
    "SCAN attempts",
    "SCAN opt_outs USING INDEX opt_outs_unjournaled",
    "SEARCH attempts USING INDEX attempts_by_batch (batch_id=?)",
    "SEARCH batches USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH consents USING INDEX consents_by_subscriber (subscriber_id=?)",
    "SEARCH deliveries USING INDEX deliveries_once (kind=? AND anchor=?)",
    "SEARCH deliveries USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH enrollments EXISTS USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH enrollments USING COVERING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH enrollments USING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH enrollments USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH erasures USING COVERING INDEX erasures_by_subscriber (subscriber_id=?)",
    "SEARCH opt_outs USING INDEX opt_outs_by_hash (address_hash=?)",
    "SEARCH opt_outs USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH other USING INDEX enrollments_by_subscriber (subscriber_id=?)",
    "SEARCH reader_changes USING INDEX reader_changes_by_subscriber (subscriber_id=?)",
    "SEARCH subscribers USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH suppressions USING INDEX sqlite_autoindex_suppressions_1 (address_hash=?) LEFT-JOIN",
  ],
};

test.each(PATHS)(
  "%s reads large tables by the indexes that are listed for it, and none from end to end",
  async (name, run) => {
    const reads = await readsOf(run);
    expect(reads).toEqual(READS[name]);
    expect(reads.filter(isLong)).toEqual([]);
  },
);
