import { and, eq, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import {
  consents,
  deliveries,
  partners,
  sequences,
  subscribers,
  wordings,
} from "../../../platform/db/schema/index.ts";
import type { SubscriberState } from "../../people/subscriber-state.ts";
import { confirmation } from "../confirmation-kind.ts";

/** Everything that is recorded of one act of consent, with its confirmation mail (`mail…`) as the ledger has it. */
export type ConsentRecord = Awaited<ReturnType<typeof consentRecords>>[number];

/** A person's address and the records of all their acts of consent, oldest first; null for nobody. */
export async function readConsentRecords(
  db: Db,
  subscriberId: number,
): Promise<{
  readonly address: string;
  readonly state: SubscriberState;
  readonly records: ConsentRecord[];
} | null> {
  const [person] = await db
    .select({ address: subscribers.address, state: subscribers.state })
    .from(subscribers)
    .where(eq(subscribers.id, subscriberId));
  return person === undefined ? null : { ...person, records: await consentRecords(db, subscriberId) };
}

/** Query: the records of a person's acts of consent, oldest first. `sequence` is null for a consent to broadcasts alone. */
export function consentRecords(db: Db, subscriberId: number) {
  return db
    .select({
      id: consents.id,
      sequence: sequences.slug,
      wordingVersion: consents.wordingVersion,
      wordingText: wordings.text,
      wordingHash: wordings.hash,
      locale: consents.locale,
      partner: sql<string | null>`${partners.slug}`.as("partner"),
      partnerName: partners.name,
      formKey: consents.formKey,
      origin: consents.origin,
      page: consents.page,
      ipHash: consents.ipHash,
      disposable: consents.disposable,
      requestedAt: consents.requestedAt,
      mailId: sql<number | null>`${deliveries.id}`.as("mail_id"),
      mailState: deliveries.state,
      mailProviderId: deliveries.providerId,
      mailSettledAt: deliveries.settledAt,
      confirmedAt: consents.confirmedAt,
    })
    .from(consents)
    .leftJoin(sequences, eq(sequences.id, consents.sequenceId))
    .innerJoin(wordings, eq(wordings.version, consents.wordingVersion))
    .leftJoin(partners, eq(partners.id, consents.partnerId))
    .leftJoin(
      deliveries,
      and(
        eq(deliveries.kind, confirmation.name),
        eq(deliveries.anchor, consents.id),
        eq(deliveries.round, 0),
        eq(deliveries.item, 0),
        eq(deliveries.copy, 0),
      ),
    )
    .where(eq(consents.subscriberId, subscriberId))
    .orderBy(consents.id);
}
