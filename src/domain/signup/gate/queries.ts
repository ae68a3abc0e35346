import { desc, eq, gt, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { run } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import { consents, gateCounts, partners, refusals } from "../../../platform/db/schema/index.ts";
import { excluded, insertFrom, onConflict, type Write } from "../../../platform/db/write.ts";
import { type Budget, REPORTED, UNLIMITED, WEIGHTS } from "./budgets.ts";

/**
 * Expression: the reason of the first budget that is used up, or when its window ends; null where none is. Posts were counted already,
 * passed and mails are counted after, reports by others.
 */
export function firstOver(budgets: readonly Budget[], field: "reason" | "endsAt" = "reason"): SQL {
  // What's only counted, for breakers to look at a share of it, is never over.
  const { from, of } = rowsOf(budgets.filter(({ max }) => max !== UNLIMITED));
  const used = (bucket: SQL, endsAt: SQL) =>
    sql`coalesce((select ${gateCounts.count} from ${gateCounts}
      where ${gateCounts.endsAt} = ${endsAt} and ${gateCounts.bucket} = ${bucket}), 0)`;
  return sql`(
    select ${of(field)} from ${from}
    where ${used(of("bucket"), of("endsAt"))} + (${of("counts")} in ('mails', 'passed'))
      > max(${of("max")}, case when ${of("shareOf")} is null then 0
        else min(${of("upTo")}, ${used(of("shareOf"), of("shareEndsAt"))} * ${of("perCent")} / 100) end)
    order by r.key limit 1)`;
}

/** The windows of a consent's sign-up that last still at `now`, for a statement on consents: where from, when they end, and whose they are. */
function windowsOf(now: number) {
  const { from, of } = rowsOf(REPORTED);
  const endsAt = sql`((${consents.requestedAt} + ${of("offsetMs")}) / ${of("lengthMs")} + 1) * ${of("lengthMs")} - ${of("offsetMs")}`;
  const whose = sql`case ${of("of")} when 'service' then 'all' else cast(${consents.partnerId} as text) end`;
  return {
    from,
    endsAt,
    bucket: sql`((${of("kind")}) || ' ' || ${whose})`,
    last: sql`${whose} is not null and ${endsAt} > ${now}`,
  };
}

/**
 * Statement: a sign-up turned out unwanted and counts in the breakers' windows that it was made in, as far as they last still at `now`, for
 * as much as such a report does. `condition` names the consent.
 */
export function countBounced(now: number, condition: SQL): Write {
  const { from, endsAt, bucket, last } = windowsOf(now);
  return insertFrom(
    gateCounts,
    { endsAt, bucket, count: WEIGHTS.bounced },
    sql`from ${consents} join ${from} on true where ${condition} and ${last} ${AS_MUCH_MORE}`,
  );
}

/**
 * Statements: the same for what a person at the address says of it, which counts once in a window for each network that sign-ups came from, and
 * for each (wide) network that it's said from, where one is known; and both are noted. To run before the network is taken out of the consent.
 */
export function countSaid(
  as: "complained" | "denied",
  now: number,
  condition: SQL,
  saidFrom: string | null = null,
) {
  const { from, endsAt, bucket, last } = windowsOf(now);
  const network = sql`coalesce(${consents.ipHash}, 'unknown')`;
  const markers = [
    sql`${`${as}-of `} || ${bucket} || ' ' || ${network}`,
    ...(saidFrom === null ? [] : [sql`${`${as}-from `} || ${bucket} || ${` ${saidFrom}`}`]),
  ];
  const isNew = sql.join(
    markers.map(
      (marker) =>
        sql`not exists (select 1 from ${gateCounts} noted where ${noted.endsAt} = ${endsAt} and ${noted.bucket} = ${marker})`,
    ),
    sql` and `,
  );
  const rest = (is: SQL) =>
    sql`from ${consents} join ${from} on true where ${condition} and ${last} and ${is} ${AS_MUCH_MORE}`;
  const notes = markers.map((marker, place) => [
    `network${place}`,
    insertFrom(gateCounts, { endsAt, bucket: marker, count: 1 }, rest(sql`true`)),
  ]);
  return {
    unwanted: insertFrom(gateCounts, { endsAt, bucket, count: WEIGHTS[as] }, rest(isNew)),
    ...(Object.fromEntries(notes) as Record<string, Write>),
  };
}

const noted = alias(gateCounts, "noted");

/** Statement: counts one use of each of these windows, where `condition` holds. */
export function countWindows(
  windows: ReadonlyArray<{ readonly bucket: string; readonly endsAt: number }>,
  condition: SQL,
): Write {
  const { from, of } = rowsOf(windows);
  return insertFrom(
    gateCounts,
    { endsAt: of("endsAt"), bucket: of("bucket"), count: 1 },
    sql`from ${from} where ${condition} ${ONE_MORE}`,
  );
}

/** Statement: counts one use of each budget of that kind, where `condition` holds. */
export function countUses(budgets: readonly Budget[], counts: Budget["counts"], condition: SQL): Write {
  return countWindows(
    budgets.filter((budget) => budget.counts === counts).map(({ bucket, endsAt }) => ({ bucket, endsAt })),
    condition,
  );
}

/** What counting a use that was counted before comes to. */
export const ONE_MORE: SQL = onConflict(gateCounts, ["endsAt", "bucket"], {
  set: { count: sql`${gateCounts.count} + 1` },
});

const AS_MUCH_MORE: SQL = onConflict(gateCounts, ["endsAt", "bucket"], {
  set: { count: sql`${gateCounts.count} + ${excluded(gateCounts, "count")}` },
});

const AS_MANY_MORE = onConflict(refusals, ["day", "partnerId", "reason"], {
  set: { count: sql`${refusals.count} + ${excluded(refusals, "count")}` },
});

/** Statement: counts refusals where `condition` holds. */
export function countRefusal(
  refusal: {
    readonly now: number;
    readonly partnerId: number | SQL | null;
    readonly reason: SQL | RefusalReason;
    readonly count: number;
  },
  condition: SQL,
): Write {
  const { now, reason, count } = refusal;
  return insertFrom(
    refusals,
    { day: Math.floor(now / DAY_MS), partnerId: refusal.partnerId ?? 0, reason, count },
    sql`where ${condition} ${AS_MANY_MORE}`,
  );
}

/** Why a sign-up was refused, as it is counted. */
export type RefusalReason = (typeof refusals.$inferSelect)["reason"];

/** Refusals that were counted in memory, written at once. */
export async function writeRefusals(
  db: Db,
  counted: ReadonlyArray<{
    readonly day: number;
    readonly partnerId: number;
    readonly reason: RefusalReason;
    readonly count: number;
  }>,
): Promise<void> {
  const { from, of } = rowsOf(counted);
  await run(
    db,
    insertFrom(
      refusals,
      { day: of("day"), partnerId: of("partnerId"), reason: of("reason"), count: of("count") },
      sql`from ${from} where true ${AS_MANY_MORE}`,
    ),
  );
}

/** Refusals of the last `days` days by day, partner (null: our own page, or a form of nobody's) and reason, newest first. */
export function listRefusals(db: Db, since: { readonly now: number; readonly days: number }) {
  return db
    .select({ day: refusals.day, partner: partners.slug, reason: refusals.reason, count: refusals.count })
    .from(refusals)
    .leftJoin(partners, eq(partners.id, refusals.partnerId))
    .where(gt(refusals.day, Math.floor(since.now / DAY_MS) - since.days))
    .orderBy(desc(refusals.day), refusals.partnerId, refusals.reason);
}
