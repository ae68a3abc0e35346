import { beforeAll, expect, test } from "vitest";
import { readHistory } from "../../src/domain/feedback/queries/events.ts";
import { cleanUp } from "../../src/domain/privacy/clean-up.ts";
import { readHealth } from "../../src/domain/sending/health.ts";
import { wakeBatches } from "../../src/domain/sending/owner-acts.ts";
import { runTick } from "../../src/domain/sending/run-tick.ts";
import { gatherAndSend, sendBatch } from "../../src/domain/sending/send-batch.ts";
import { openDb } from "../../src/platform/db/client.ts";
import { becomeReader, DAY, HOUR, type Service, sequenceOf, startService } from "../support/service.ts";

/**
 * Tables that grow with readers and letters: nothing that runs by itself may read one from end to end. (Attempts are read
 * from their end, a few at a time.)
 */
const LARGE = [
  "deliveries",
  "batches",
  "enrollments",
  "subscribers",
  "consents",
  "opt_outs",
  "suppressions",
  "reader_changes",
  "feedback_events",
  "runs",
];

let service: Service;
beforeAll(async () => {
  service = startService();
  await service.publish(sequenceOf(3));
  for (const name of ["ada", "bea"]) await becomeReader(service, `${name}@themepost.dev`);
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

/** Whether a step of a plan reads a large table without an index, or by one that holds it whole: all letters of a kind. */
function isLong(detail: string): boolean {
  const [, table = "", how = ""] = /^(?:SCAN|SEARCH) (\w+)(.*)$/.exec(detail) ?? [];
  if (!LARGE.includes(table)) return false;
  // The small indexes of what is unsettled, unconfirmed and the like may be read whole, the tables and their keys may not.
  const whole = detail.startsWith("SCAN") && (!how.includes("USING") || how.includes("PRIMARY KEY"));
  return whole || /deliveries_once \(kind=\?\)/.test(how);
}

/**
 * Whether a statement compares two columns without their tables' names: in a list of one table or behind `returning` Drizzle leaves
 * them out, and a sub-select then compares a column with itself (drizzle-orm#5734).
 */
function comparesUnqualified(query: string): boolean {
  return /(?<![.\w"])"\w+" (?:=|<>|[<>]=?) "\w+"(?!\.)/.test(query);
}

test("a comparison that lost its tables' names would be seen", () => {
  expect(comparesUnqualified('select (select 1 from "runs" where "id" = "run_id") from "batches"')).toBe(
    true,
  );
  expect(
    comparesUnqualified('select 1 from "runs" where "runs"."id" = "batches"."run_id" and "id" = ?'),
  ).toBe(false);
});

/** What of the statements that `run` sends reads a large table without an index, as SQLite plans it. */
async function scansOf(run: (deps: ReturnType<Service["deps"]>) => Promise<unknown>): Promise<string[]> {
  const seen = new Set<string>();
  await run({ ...service.deps(), db: openDb(recording(service.bindings.DB, seen)) });
  expect(seen.size).toBeGreaterThan(0);
  expect([...seen].filter(comparesUnqualified)).toEqual([]);
  const scans: string[] = [];
  for (const query of seen) {
    const count = query.split("?").length - 1;
    const plan = await service.bindings.DB.prepare(`explain query plan ${query}`)
      .bind(...Array.from({ length: count }, () => 1))
      .all<{ detail: string }>();
    for (const { detail } of plan.results) if (isLong(detail)) scans.push(`${detail}: ${query}`);
  }
  return scans;
}

test("a tick with nothing due, and what it forgets, read no large table from end to end", async () => {
  expect(await scansOf((deps) => runTick(deps, deps.now))).toEqual([]);
  expect(await scansOf((deps) => cleanUp(deps, deps.now))).toEqual([]);
  expect(await scansOf((deps) => readHealth(deps, { now: deps.now, wallNow: deps.wallNow() }))).toEqual([]);
});

test("a tick that plans letters, and sending them, read no large table from end to end", async () => {
  service.moveTo(service.clock.now + 8 * DAY + HOUR);
  expect(
    await scansOf(async (deps) => {
      const { batchIds } = await runTick(deps, deps.now);
      expect(batchIds.length).toBeGreaterThan(0);
      for (const id of batchIds) await sendBatch(deps, id, "letters");
    }),
  ).toEqual([]);
});

test("gathering, and the history that a report is judged by, read no large table from end to end", async () => {
  await service.signUp({ email: "cleo@themepost.dev" });
  expect(
    await scansOf(async (deps) => {
      expect(await gatherAndSend(deps, "confirmations")).toMatchObject({ kind: "done", accepted: 1 });
      await wakeBatches(deps);
    }),
  ).toEqual([]);
  const event = { deliveryId: 1, providerId: "p", at: 1, kind: "bounced", domain: "themepost.dev" } as const;
  expect(
    await scansOf((deps) =>
      readHistory(deps.db, 1, { ...event, reason: "", bounceClass: "hard", mirrored: null }),
    ),
  ).toEqual([]);
});
