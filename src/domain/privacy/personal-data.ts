import type { Db } from "../../platform/db/client.ts";
import type { Kinds } from "../ledger/kind.ts";
import { readConsentRecords } from "../signup/queries/consent-records.ts";
import { readPerson } from "./queries/person.ts";
import { readStored } from "./queries/personal-data.ts";

/** Everything that is stored about one person, as the tables hold it; null for nobody. */
export async function personalData(db: Db, kinds: Kinds, subscriberId: number, now: number) {
  const [stored, mail, consents] = await Promise.all([
    readStored(db, subscriberId),
    readPerson(db, kinds, subscriberId, now),
    readConsentRecords(db, subscriberId),
  ]);
  if (stored.person === null || mail === null || consents === null) return null;
  return { ...stored, person: stored.person, mail, consents };
}

/** What `personalData` found. */
export type PersonalData = NonNullable<Awaited<ReturnType<typeof personalData>>>;
