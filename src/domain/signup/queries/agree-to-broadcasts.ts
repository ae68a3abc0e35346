import { and, eq, type SQL, sql } from "drizzle-orm";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { consents, subscribers, suppressions, wordings } from "../../../platform/db/schema/index.ts";
import { insertFrom, onConflict } from "../../../platform/db/write.ts";
import type { Language } from "../../../platform/texts/languages.ts";
import { addConsent } from "../../people/queries/consents.ts";
import { isSuppressed } from "../../people/queries/standing.ts";
import { beginBroadcasts } from "../../people/queries/subscribers.ts";
import type { Wording } from "../partners/partner.ts";

/** Each agreement is a record that stays. */
const A_DAY = 5;

/** Records that a reader agreed to broadcasts, confirmed by the press itself, and switches them on, all or nothing. */
export async function recordAgreement(
  db: Db,
  agreed: {
    readonly subscriberId: number;
    readonly language: Language;
    readonly wording: Wording;
    readonly requestId: string;
    readonly page: string;
    readonly origin: string;
    readonly timeZone: string;
    readonly now: number;
  },
): Promise<boolean> {
  const { subscriberId, language, wording, requestId, page, origin, timeZone, now } = agreed;
  const { version, text, hash, locale, covers } = wording;
  const lately = db.$count(
    consents,
    and(
      eq(consents.subscriberId, subscriberId),
      sql`${consents.sequenceId} is null and ${consents.requestedAt} > ${now - DAY_MS}`,
    ),
  );
  const may: SQL = sql`from ${subscribers} where ${subscribers.id} = ${subscriberId} and not ${subscribers.broadcasts}
    and ${subscribers.state} in ('active', 'unsubscribed') and ${lately} < ${A_DAY}
    and not exists (select 1 from ${suppressions} where ${isSuppressed(now)})`;
  const made = sql`exists (select 1 from ${consents} where ${consents.requestId} = ${requestId})`;
  const { switched } = await batch(db, {
    wording: insertFrom(
      wordings,
      { version, text, hash, locale, covers: [...covers], firstUsedAt: now },
      sql`${may} ${onConflict(wordings, ["version"])}`,
    ),
    consent: addConsent(
      {
        subscriberId: subscribers.id,
        sequenceId: null,
        wordingVersion: version,
        ...{ locale, language, page, origin, timeZone, requestId },
        requestedAt: now,
        confirmedAt: now,
        confirmationId: requestId,
      },
      may,
    ),
    switched: beginBroadcasts(db, subscriberId, made),
  });
  return switched.length > 0;
}
