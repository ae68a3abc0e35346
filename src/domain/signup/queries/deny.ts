import { type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { grownTo } from "../../../platform/db/read-marks.ts";
import { countRefusal } from "../gate/queries.ts";

/**
 * Marks a consent as denied, once, if it is open and none was confirmed since it was asked for; all in one batch. Its name and
 * network go; a person who was nothing but pending is left without address and name, and their other open consents are denied
 * with it. The denial counts in the budgets named by `windows`, and among the refusals. Returns whether this call did it.
 */
export async function denyConsent(
  db: Db,
  deny: {
    readonly consentId: number;
    /** Random: names the one request that wins. */
    readonly denialId: string;
    readonly growth: number;
    readonly now: number;
    /** Windows of the gate's budgets (gate/budgets.ts): the prefix of the bucket, of whom it is, and when the window ends. */
    readonly windows: ReadonlyArray<{
      readonly kind: string;
      readonly of: "address" | "network" | "partner";
      readonly endsAt: number;
    }>;
  },
): Promise<boolean> {
  const { consentId, denialId, now } = deny;
  const won = sql`c.id = ${consentId} and c.confirmation_id = ${denialId} and c.denied_at is not null`;
  const made = sql`exists (select 1 from consents c where ${won})`;
  const person = sql`(select c.subscriber_id from consents c where ${won})`;
  const pending = sql`(select s.id from subscribers s where s.id = ${person} and s.state = 'pending')`;
  const whose: Readonly<Record<string, SQL>> = {
    address: sql`c.folded_hash`,
    network: sql`c.ip_hash`,
    partner: sql`cast(c.partner_id as text)`,
  };
  const counts = deny.windows.map(
    ({ kind, of, endsAt }) => sql`
      insert into gate_counts (ends_at, bucket, count)
      select ${endsAt}, ${`${kind} `} || ${whose[of]}, 1 from consents c where ${won} and ${whose[of]} is not null
      on conflict (ends_at, bucket) do update set count = gate_counts.count + 1`,
  );
  const results = await batch(db, [
    sql`
      update consents set denied_at = ${now}, confirmation_id = ${denialId}
      where id = ${consentId} and confirmed_at is null and denied_at is null and ${grownTo(deny.growth)}
        and not exists (select 1 from consents n where n.subscriber_id = consents.subscriber_id
          and n.sequence_id = consents.sequence_id and n.confirmed_at >= consents.requested_at)
      returning id`,
    ...counts,
    countRefusal(
      { now, partnerId: null, reason: "denied", count: 1 },
      sql`${made} and (select c.partner_id from consents c where ${won}) is null`,
    ),
    sql`
      insert into refusals (day, partner_id, reason, count)
      select ${Math.floor(now / 86_400_000)}, c.partner_id, 'denied', 1 from consents c
      where ${won} and c.partner_id is not null
      on conflict (day, partner_id, reason) do update set count = refusals.count + 1`,
    sql`update consents set denied_at = ${now} where subscriber_id in ${pending} and confirmed_at is null
      and denied_at is null`,
    sql`update consents set first_name = '', ip_hash = null where subscriber_id = ${person} and denied_at is not null`,
    sql`
      update subscribers set state = 'erased', address = '', address_key = 'erased ' || id, first_name = ''
      where id in ${pending}`,
  ]);
  return (results[0]?.length ?? 0) > 0;
}
