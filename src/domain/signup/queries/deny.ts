import { type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { grownTo } from "../../../platform/db/read-marks.ts";
import { consents, gateCounts, subscribers } from "../../../platform/db/schema/index.ts";
import { insertFrom, type Write } from "../../../platform/db/write.ts";
import { denyOnce, denyOpenOf, emptyDenied } from "../../people/queries/consents.ts";
import { emptyPeople, raiseStanding } from "../../people/queries/subscribers.ts";
import { countRefusal, countSaid, ONE_MORE } from "../gate/queries.ts";

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
    /** The keyed hash of the wide network that it's said from; null where none is known. */
    readonly saidFrom: string | null;
    /** Windows of the gate's budgets (gate/budgets.ts): the prefix of the bucket, of whom it is, and when the window ends. */
    readonly windows: ReadonlyArray<{
      readonly kind: string;
      readonly of: "address" | "network";
      readonly endsAt: number;
    }>;
  },
): Promise<boolean> {
  const { consentId, denialId, now } = deny;
  const won = sql`${consents.id} = ${consentId} and ${consents.confirmationId} = ${denialId}
    and ${consents.deniedAt} is not null`;
  const made = sql`exists (select 1 from ${consents} where ${won})`;
  const person = sql`(select ${consents.subscriberId} from ${consents} where ${won})`;
  const pending = sql`(select ${subscribers.id} from ${subscribers} where ${subscribers.id} = ${person}
    and ${subscribers.state} = 'pending')`;
  const whose: Readonly<Record<string, SQL>> = {
    address: sql`${consents.foldedHash}`,
    network: sql`${consents.ipHash}`,
  };
  const counted = deny.windows.map(({ kind, of, endsAt }, place) => [
    `counted${place}`,
    insertFrom(
      gateCounts,
      { endsAt, bucket: sql`${`${kind} `} || ${whose[of]}`, count: 1 },
      sql`from ${consents} where ${won} and ${whose[of]} is not null ${ONE_MORE}`,
    ),
  ]);
  const { denied } = await batch(db, {
    denied: denyOnce(db, { consentId, denialId, now }, grownTo(deny.growth)),
    ...(Object.fromEntries(counted) as Record<string, Write>),
    ...countSaid("denied", now, won, deny.saidFrom),
    refused: countRefusal(
      {
        now,
        partnerId: sql`(select coalesce(${consents.partnerId}, 0) from ${consents} where ${won})`,
        reason: "denied",
        count: 1,
      },
      made,
    ),
    others: denyOpenOf(db, pending, now),
    stands: raiseStanding(db, sql`${subscribers.id} = ${person}`),
    emptied: emptyDenied(db, person),
    forgotten: emptyPeople(db, sql`${subscribers.id} in ${pending}`),
  });
  return denied.length > 0;
}
