import { and, eq, inArray, isNotNull, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { among } from "../../../platform/db/json-rows.ts";
import { attempts, deliveries, runs, subscribers } from "../../../platform/db/schema/index.ts";
import type { Family } from "../../counts/mailbox-family.ts";
import type { Kinds } from "../kind.ts";
import { maybeTaken } from "./claims.ts";
import { countAccepted, countReport } from "./count-letters.ts";

/**
 * The letter that an event is about, with the subscriber that it went to (null where its kind's recipients are none); null where
 * this database does not know it (yet), or it has another id at the provider.
 */
export async function findLetter(
  db: Db,
  kinds: Kinds,
  event: { readonly deliveryId: number; readonly providerId: string },
) {
  const [letter] = await db
    .select({
      deliveryId: deliveries.id,
      kind: deliveries.kind,
      anchor: deliveries.anchor,
      runId: deliveries.runId,
      subscriber: {
        id: subscribers.id,
        addressHash: subscribers.addressHash,
        /** When the person confirmed last: what was reported of an older letter does not undo it. */
        confirmedAt: subscribers.confirmedAt,
      },
    })
    .from(deliveries)
    .leftJoin(
      subscribers,
      and(eq(subscribers.id, deliveries.recipientId), among(deliveries.kind, kinds.toSubscribers)),
    )
    .where(isOf(event));
  return letter ?? null;
}

/** What an event is about, and where its report stands among the reports (feedback/rank-feedback.ts), lowest first. */
export type Report = {
  readonly deliveryId: number;
  readonly providerId: string;
  readonly at: number;
  readonly ranks: readonly string[];
  readonly kind: string;
};

/**
 * The letter by its id, under the provider's id or none yet. What passed without ever being in a batch was never sent: after a restore, another letter had
 * this id.
 */
function isOf({ deliveryId, providerId }: Pick<Report, "deliveryId" | "providerId">): SQL | undefined {
  return and(
    eq(deliveries.id, deliveryId),
    or(isNull(deliveries.providerId), eq(deliveries.providerId, providerId)),
    or(isNotNull(deliveries.batchId), ne(deliveries.state, "skipped")),
  );
}

function rankOf(ranks: readonly string[]): SQL {
  return sql`case coalesce(${deliveries.feedback}, '') ${sql.join(
    ranks.map((name, place) => sql`when ${name} then ${sql.raw(String(place))}`),
    sql` `,
  )} else -1 end`;
}

/** Condition: the letter was not reported as anything like this, or worse, before. */
export function isNewReport(report: Report): SQL {
  const rank = report.ranks.indexOf(report.kind);
  return sql`exists (select 1 from ${deliveries} where ${isOf(report)} and ${rankOf(report.ranks)} < ${rank})`;
}

/** Statement: counts a first report of its kind against a run. */
export function countAgainstRun(
  db: Db,
  runId: number,
  as: "bounced" | "complained" | "failed",
  report: Report,
) {
  return db
    .update(runs)
    .set({ [as]: sql`${runs[as]} + 1` })
    .where(and(eq(runs.id, runId), isNewReport(report)));
}

/** Statements: a report is the proof that the provider took the letter, where nobody knew. */
export function proveAccepted(db: Db, report: Report, family: Family, now: number) {
  const { deliveryId: id, providerId } = report;
  const unknown = sql`exists (select 1 from ${attempts} where ${attempts.batchId} = ${deliveries.batchId}
    and ${maybeTaken})`;
  const proven = sql`${isOf(report)} and (${deliveries.state} = 'uncertain' or ${deliveries.state} = 'planned' and ${unknown})`;
  return {
    proofCounted: countAccepted(
      [{ id, providerId, family }],
      sql`${now}`,
      sql`('planned', 'uncertain')`,
      proven,
    ),
    accepted: db
      .update(deliveries)
      .set({ state: "accepted", providerId, settledAt: now, reason: null })
      .where(proven),
  };
}

/** Statements: note the report where it says more than the last one, or the same later, and count it. */
export function noteReport(db: Db, report: Report, family: Family) {
  const { kind, at, ranks } = report;
  const saysMore = sql`${rankOf(ranks)} < ${ranks.indexOf(kind)}`;
  return {
    reportCounted: countReport(kind, family, sql`${isOf(report)} and ${saysMore}`),
    noted: db
      .update(deliveries)
      .set({ feedback: kind, feedbackAt: at })
      .where(
        and(
          isOf(report),
          sql`(${saysMore} or (${deliveries.feedback} = ${kind} and ${deliveries.feedbackAt} < ${at}))`,
        ),
      ),
  };
}

/** Statement: a letter failed after the provider had taken it; when that was stays. */
export function failAccepted(db: Db, report: Report, reason: string) {
  return db
    .update(deliveries)
    .set({ state: "failed", reason })
    .where(and(isOf(report), inArray(deliveries.state, ["accepted"])));
}
