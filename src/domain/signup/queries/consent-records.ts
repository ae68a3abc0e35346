import { sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import {
  consents,
  deliveries,
  partners,
  sequences,
  subscribers,
  wordings,
} from "../../../platform/db/schema/index.ts";
import { confirmation } from "../confirmation-kind.ts";

/** Everything that is recorded of one act of consent. */
export type ConsentRecord = {
  readonly consentId: number;
  readonly sequence: string;
  readonly wordingVersion: string;
  readonly wordingText: string;
  readonly wordingHash: string;
  readonly locale: string;
  readonly partner: string | null;
  readonly partnerName: string | null;
  readonly formKey: string | null;
  readonly origin: string;
  readonly page: string;
  readonly ipHash: string | null;
  readonly disposable: 0 | 1;
  readonly requestedAt: number;
  /** The confirmation mail: its delivery, what the provider calls it, and when it took it. */
  readonly mailId: number | null;
  readonly mailState: string | null;
  readonly mailProviderId: string | null;
  readonly mailSettledAt: number | null;
  readonly confirmedAt: number | null;
};

/** A person's address and the records of all their acts of consent, oldest first; null for nobody. */
export async function readConsentRecords(
  db: Db,
  subscriberId: number,
): Promise<{ readonly address: string; readonly state: string; readonly records: ConsentRecord[] } | null> {
  const person = await db.get<{ address: string; state: string }>(
    sql`select address, state from ${subscribers} where id = ${subscriberId}`,
  );
  if (person === undefined) return null;
  const records = await db.all<ConsentRecord>(sql`
    select c.id as consentId, q.slug as sequence, c.wording_version as wordingVersion, w.text as wordingText,
      w.hash as wordingHash, c.locale as locale, p.slug as partner, p.name as partnerName, c.form_key as formKey,
      c.origin as origin, c.page as page, c.ip_hash as ipHash, c.disposable as disposable, c.requested_at as requestedAt,
      d.id as mailId, d.state as mailState, d.provider_id as mailProviderId, d.settled_at as mailSettledAt,
      c.confirmed_at as confirmedAt
    from ${consents} c join ${sequences} q on q.id = c.sequence_id join ${wordings} w on w.version = c.wording_version
      left join ${partners} p on p.id = c.partner_id
      left join ${deliveries} d on d.kind = ${confirmation.name} and d.anchor = c.id and d.round = 0 and d.item = 0 and d.copy = 0
    where c.subscriber_id = ${subscriberId} order by c.id`);
  return { ...person, records };
}
