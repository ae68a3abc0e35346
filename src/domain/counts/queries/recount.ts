import { type SQL, sql } from "drizzle-orm";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { batch, type Statement } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { among } from "../../../platform/db/json-rows.ts";
import { consents, dayCounts, deliveries, optOuts, subscribers } from "../../../platform/db/schema/index.ts";
import { DOMAINS, LATENESS_MIN } from "../mailbox-family.ts";
import { addToCounts, type Counted, forgetCounts, keepCount } from "./day-counts.ts";

/** A confirmation's link works for a week, and may have waited as long to leave. */
const ASKED_BEFORE_DAYS = 21;

const listed = (names: readonly string[]) => sql.raw(`(${names.map((name) => `'${name}'`).join(", ")})`);

/** The family of an address' mailbox, as `familyOf` has it. */
function familyIn(address: SQL): SQL {
  const domain = sql`lower(substr(${address}, instr(${address}, '@') + 1))`;
  const cases = Object.entries(DOMAINS).map(([family, { domains, beginnings }]) => {
    const begins = beginnings.map((beginning) => sql`or ${domain} like ${sql.raw(`'${beginning}%'`)}`);
    return sql`when ${domain} in ${listed(domains)} ${sql.join(begins, sql` `)} then ${sql.raw(`'${family}'`)}`;
  });
  return sql`case ${sql.join(cases, sql` `)} else 'other' end`;
}

/** How late a letter was that the provider took at `at`. */
export function latenessIn(at: SQL): SQL {
  const late = sql`(${at} - coalesce(${deliveries.releasedAt}, ${deliveries.slotAt}))`;
  const cases = LATENESS_MIN.map(
    (minutes) => sql`when ${late} <= ${sql.raw(String(minutes * 60_000))} then ${sql.raw(`'${minutes}'`)}`,
  );
  return sql`case ${sql.join(cases, sql` `)} else 'more' end`;
}

/** What the mailbox's reports are counted as; the others aren't. */
export function reportIn(report: SQL): SQL {
  return sql`case ${report} when 'delivered' then 'delivered' when 'failed' then 'failed' when 'suppressed' then 'refused'
    when 'bounced' then 'bounced' when 'complained' then 'complained' end`;
}

/** Condition: a row of a table may have been begun from `from` days before `day` to that day, by what was marked on the days around. */
function begunWithin(table: "consents" | "deliveries", day: number, from: number): SQL {
  const { day: marked, what, key, n } = dayCounts;
  const mark = (where: SQL, order: SQL) =>
    sql`(select ${n} from ${dayCounts} where ${marked} ${where} and ${what} = 'mark' and ${key} = ${table}
      order by ${marked} ${order} limit 1)`;
  const id = table === "consents" ? consents.id : deliveries.id;
  return sql`${id} > coalesce(${mark(sql`< ${day - from}`, sql`desc`)}, 0)
    and ${id} <= coalesce(${mark(sql`> ${day}`, sql`asc`)}, ${Number.MAX_SAFE_INTEGER})`;
}

type Facts = { readonly what: SQL; readonly key: SQL; readonly from: SQL };

/** What an opt-out is counted as; one of a single sequence isn't. */
const OPT_OUT_AS: SQL = sql`case ${optOuts.kind} when 'suppressed' then 'suppressed' else 'left' end`;

/**
 * The facts of a day as they're kept, as groups to be counted: whoever confirmed, left or was suppressed, and the letters that the provider took,
 * with what was reported of them. `toSubscribers` are the kinds of letters whose recipients have an address here.
 */
function factsOf(day: number, toSubscribers: readonly string[]): readonly Facts[] {
  const onDay = (at: SQL) => sql`${at} >= ${day * DAY_MS} and ${at} < ${(day + 1) * DAY_MS}`;
  const confirmed = sql`from ${consents} where ${begunWithin("consents", day, ASKED_BEFORE_DAYS)} and ${onDay(sql`${consents.confirmedAt}`)}
    and ${consents.sequenceId} is not null`;
  const out = sql`from ${optOuts} where ${onDay(sql`${optOuts.at}`)} and ${optOuts.kind} in ('unsubscribed', 'suppressed')`;
  const letters = (
    known: SQL,
  ) => sql`from ${deliveries} left join ${subscribers} on ${subscribers.id} = ${deliveries.recipientId}
    and ${among(sql`${deliveries.kind}`, toSubscribers)} where ${begunWithin("deliveries", day, 0)} and ${onDay(sql`${deliveries.plannedAt}`)}
    and ${known} is not null`;
  const taken = sql`${deliveries.providerId}`;
  const family = familyIn(sql`coalesce(${subscribers.address}, '')`);
  const report = reportIn(sql`${deliveries.feedback}`);
  return [
    { what: sql`'confirmed'`, key: sql`coalesce(${consents.partnerId}, '')`, from: confirmed },
    { what: OPT_OUT_AS, key: sql`${optOuts.reason}`, from: out },
    { what: sql`'accepted'`, key: family, from: letters(taken) },
    { what: sql`'lateness'`, key: latenessIn(sql`${deliveries.settledAt}`), from: letters(taken) },
    { what: report, key: family, from: letters(report) },
  ];
}

/** What the facts of a day come to now, by what is counted. */
export async function countAnew(
  db: Db,
  day: number,
  toSubscribers: readonly string[],
): Promise<ReadonlyMap<Counted, number>> {
  const found = await Promise.all(
    factsOf(day, toSubscribers).map(({ what, from }) =>
      db
        .select({ what: sql<Counted>`what`, n: sql<number>`count(*)` })
        .from(sql`(select ${what} as what ${from})`)
        .groupBy(sql`what`),
    ),
  );
  return new Map(found.flat().map(({ what, n }) => [what, n]));
}

/** Counts a day anew from its facts, in place of what was counted as it happened, all in one transaction. */
export async function recount(
  db: Db,
  day: number,
  { toSubscribers, now }: { readonly toSubscribers: readonly string[]; readonly now: number },
  acts: Readonly<Record<string, Statement>> = {},
): Promise<void> {
  const added = factsOf(day, toSubscribers).map(
    ({ what, key, from }, place) =>
      [
        `added${place}`,
        addToCounts({ day, what, key, n: sql`count(*)` }, sql`${from} group by ${what}, ${key}`),
      ] as const,
  );
  await batch(db, {
    forgotten: forgetCounts(db, day),
    ...Object.fromEntries(added),
    done: keepCount({ day, what: "mark", key: "recounted", at: now }, sql`1`),
    ...acts,
  });
}

/** Counts the readers of now, and marks where the day's rows begin. */
export async function takeStock(db: Db, day: number, now: number): Promise<void> {
  const mark = (key: string) => ({ day, what: "mark", key, at: now }) as const;
  await batch(db, {
    readers: keepCount(
      { day, what: "readers", key: "", at: now },
      sql`(select count(*) from ${subscribers} where ${subscribers.state} = 'active')`,
    ),
    consents: keepCount(mark("consents"), sql`(select coalesce(max(${consents.id}), 0) from ${consents})`),
    deliveries: keepCount(
      mark("deliveries"),
      sql`(select coalesce(max(${deliveries.id}), 0) from ${deliveries})`,
    ),
  });
}

/**
 * Days before `today`, the latest first, of which what happened wasn't all counted as it happened, nor anew since: those before the counting began,
 * and the day in the middle of which it did. At most `limit`; none before the first fact.
 */
export async function uncountedDays(db: Db, today: number, limit: number): Promise<number[]> {
  const { day, what, key } = dayCounts;
  const first = (of: SQL) => sql`(select min(${day}) from ${dayCounts} where ${of})`;
  const at = (of: SQL, table: SQL, id: SQL) =>
    sql`select ${of} as at from ${table} where ${id} = (select min(${id}) from ${table})`;
  const facts = sql.join(
    [
      at(sql`${consents.requestedAt}`, sql`${consents}`, sql`${consents.id}`),
      at(sql`${optOuts.at}`, sql`${optOuts}`, sql`${optOuts.id}`),
      at(sql`${deliveries.plannedAt}`, sql`${deliveries}`, sql`${deliveries.id}`),
    ],
    sql` union all `,
  );
  const began = first(sql`${what} = 'readers'`);
  const anew = sql`${what} = 'mark' and ${key} = 'recounted'`;
  const [row] = await db
    .select({
      began: sql<number | null>`${began}`.as("began"),
      beganAnew: sql<0 | 1>`exists (select 1 from ${dayCounts} where ${day} = ${began} and ${anew})`.as(
        "began_anew",
      ),
      anew: sql<number | null>`${first(anew)}`.as("anew"),
      fact: sql<number | null>`(select min(at) from (${facts}))`.as("fact"),
    })
    .from(sql`(select 1)`);
  if (row === undefined || row.fact === null) return [];
  const middle = row.began !== null && row.began < today && row.beganAnew === 0 ? [row.began] : [];
  const until = Math.min(today, row.began ?? today, row.anew ?? today);
  const length = Math.min(limit, Math.max(0, until - Math.floor(row.fact / DAY_MS)));
  return [...middle, ...Array.from({ length }, (_, back) => until - 1 - back)];
}
