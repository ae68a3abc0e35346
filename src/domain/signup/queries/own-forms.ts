import { and, eq, isNull } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { wordings } from "../../../platform/db/schema/index.ts";
import { selectJoinable } from "../../sequences/queries/joinable.ts";
import { selectSite } from "../../site/queries/site.ts";

/** What our own forms are made of: the site, the sequences that can be joined, and the wording of that version, if one of them showed it. */
export function readOwnForms(db: Db, wordingVersion: string) {
  const { version, text, locale, hash, covers } = wordings;
  return batch(db, {
    site: selectSite(db),
    sequences: selectJoinable(db),
    stored: db
      .select({ version, text, locale, hash, covers })
      .from(wordings)
      .where(and(eq(version, wordingVersion), isNull(wordings.partnerId))),
  });
}
