import { and, asc, eq, isNotNull, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import {
  consents,
  type ImportedLine,
  importLines,
  subscribers,
  suppressions,
} from "../../../platform/db/schema/index.ts";
import { inForce } from "../../people/queries/suppressions.ts";
import type { SubscriberState } from "../../people/subscriber-state.ts";
import type { SuppressionReason } from "../../people/suppression.ts";

/** Keeps some lines of a file. Keeping the same part again changes nothing. */
export async function keepLines(
  db: Db,
  jobId: number,
  part: number,
  lines: readonly ImportedLine[],
): Promise<void> {
  await db.insert(importLines).values({ jobId, part, lines }).onConflictDoNothing();
}

/** The lines of a part; none behind the last one. */
export async function readLines(db: Db, jobId: number, part: number): Promise<readonly ImportedLine[]> {
  const [row] = await db
    .select({ lines: importLines.lines })
    .from(importLines)
    .where(and(eq(importLines.jobId, jobId), eq(importLines.part, part)));
  return row?.lines ?? [];
}

/** Statement: notes what's wrong with lines of a part, where `condition` holds. */
export function noteFaults(
  db: Db,
  jobId: number,
  part: number,
  faults: ReadonlyArray<readonly [line: number, why: string]>,
  condition: SQL,
) {
  return db
    .update(importLines)
    .set({ faults })
    .where(and(eq(importLines.jobId, jobId), eq(importLines.part, part), condition));
}

/** What's wrong with lines of a file, in order, of the parts up to `parts`. */
export async function readFaults(db: Db, jobId: number, parts: number) {
  const rows = await db
    .select({ faults: importLines.faults })
    .from(importLines)
    .where(and(eq(importLines.jobId, jobId), isNotNull(importLines.faults)))
    .orderBy(asc(importLines.part))
    .limit(parts);
  return rows.flatMap(({ faults }) => faults ?? []);
}

/** Statement: forgets the lines of a file, where `condition` holds. */
export function forgetLines(db: Db, jobId: number, condition: SQL) {
  return db.delete(importLines).where(and(eq(importLines.jobId, jobId), condition));
}

const erased = alias(subscribers, "erased");

/** How people stand here, by their address' HMAC; of those we know or never mail. */
export async function readKnown(
  db: Db,
  people: ReadonlyArray<{ readonly key: string; readonly hash: string }>,
  now: number,
) {
  const { from, of } = rowsOf(people);
  return db
    .select({
      hash: sql<string>`${of("hash")}`.as("hash"),
      state:
        sql<SubscriberState | null>`coalesce(${subscribers.state}, (select 'erased' from ${subscribers} erased
        where ${erased.addressHash} = ${of("hash")} and ${erased.state} = 'erased' limit 1))`.as("state"),
      suppression: sql<SuppressionReason | null>`${suppressions.reason}`.as("suppression"),
    })
    .from(from)
    .leftJoin(subscribers, sql`${subscribers.addressKey} = ${of("key")}`)
    .leftJoin(suppressions, sql`${suppressions.addressHash} = ${of("hash")} and ${inForce(now)}`);
}

/** Which of these requests have made a consent. */
export async function requestsMade(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db
    .select({ requestId: consents.requestId })
    .from(consents)
    .where(sql`${consents.requestId} in (select value from json_each(${JSON.stringify(ids)}))`);
  return new Set(rows.map(({ requestId }) => requestId));
}
