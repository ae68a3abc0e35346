import { and, eq, isNull, sql } from "drizzle-orm";
import { batch, together } from "../../../../platform/db/batch.ts";
import type { Db } from "../../../../platform/db/client.ts";
import { rowsOf } from "../../../../platform/db/json-rows.ts";
import {
  formKeys,
  partnerChanges,
  partnerLinks,
  partnerOrigins,
  partners,
  wordings,
} from "../../../../platform/db/schema/index.ts";
import { insertFrom, onConflict } from "../../../../platform/db/write.ts";
import type { PartnerInput } from "../partner-schema.ts";
import { isCurrent } from "./partners.ts";

const named = (slug: string) => sql`from ${partners} where ${partners.slug} = ${slug}`;

/** Condition: the partner has a key that forms should carry. */
const hasKey = sql`exists (select 1 from ${formKeys} where ${isCurrent})`;

/**
 * Makes or changes a partner in one batch: its row, origins, a first form key, and the wording as a new version unless the
 * same text in the same language was a version before. `change` is noted unless it is null. Idempotent.
 */
export async function savePartner(
  db: Db,
  save: {
    readonly slug: string;
    readonly input: PartnerInput;
    readonly timeZone: string;
    readonly frozen: boolean;
    readonly textHash: string;
    readonly newKey: string;
    readonly change: Readonly<Record<string, unknown>> | null;
    readonly now: number;
  },
): Promise<void> {
  const { slug, input, now, timeZone, frozen, textHash } = save;
  const row = {
    name: input.name,
    sequenceSlug: input.sequence,
    timeZone,
    returnUrls: input.return_urls,
    limits: input.limits,
    dailyLimit: input.daily_limit,
    frozen,
  };
  const partnerId = sql`(select ${partners.id} ${named(slug)})`;
  const current = sql<string>`(select ${wordings.version} from ${wordings} where ${wordings.partnerId} = ${partnerId}
    and ${wordings.hash} = ${textHash} and ${wordings.locale} = ${input.consent_locale})`;
  const place = sql`1 + (select count(*) from ${wordings} where ${wordings.partnerId} = ${partners.id})`;
  const rows = rowsOf(input.origins.map((each) => ({ origin: each })));
  await batch(
    db,
    together(
      {
        partner: db
          .insert(partners)
          .values({ slug, ...row, wordingVersion: "", createdAt: now })
          .onConflictDoUpdate({ target: partners.slug, set: row }),
        wording: insertFrom(
          wordings,
          {
            version: sql`${slug} || '/' || (${place})`,
            text: input.consent_text,
            hash: textHash,
            locale: input.consent_locale,
            partnerId: partners.id,
            firstUsedAt: now,
          },
          sql`${named(slug)} and ${current} is null`,
        ),
        worded: db.update(partners).set({ wordingVersion: current }).where(eq(partners.slug, slug)),
        withoutOrigins: db
          .delete(partnerOrigins)
          .where(
            sql`${partnerOrigins.partnerId} = ${partnerId} and ${partnerOrigins.origin} not in (select ${rows.of("origin")} from ${rows.from})`,
          ),
        origins: insertFrom(
          partnerOrigins,
          { partnerId: sql`${partnerId}`, origin: rows.of("origin") },
          sql`from ${rows.from} where true ${onConflict(partnerOrigins, ["partnerId", "origin"])}`,
        ),
        key: insertFrom(
          formKeys,
          { key: save.newKey, partnerId: partners.id, createdAt: now },
          sql`${named(slug)} and not ${hasKey}`,
        ),
      },
      save.change === null ? {} : noteChange(slug, save.change, now),
    ),
  );
}

function noteChange(slug: string, change: Readonly<Record<string, unknown>>, now: number) {
  return { noted: insertFrom(partnerChanges, { partnerId: partners.id, at: now, change }, named(slug)) };
}

/** Replaces the current key, if it still is `from`; it goes on working until `retiresAt`. Returns whether it was replaced. */
export async function replaceKey(
  db: Db,
  rotation: {
    readonly slug: string;
    readonly from: string;
    readonly newKey: string;
    readonly retiresAt: number;
    readonly now: number;
  },
): Promise<boolean> {
  const { slug, from, newKey, now, retiresAt } = rotation;
  const change = { act: "rotate_key", from, retires_at: new Date(retiresAt).toISOString() };
  const { retired } = await batch(db, {
    retired: db
      .update(formKeys)
      .set({ retiresAt })
      .where(
        and(
          sql`${formKeys.partnerId} = (select ${partners.id} ${named(slug)})`,
          eq(formKeys.key, from),
          isNull(formKeys.retiresAt),
        ),
      )
      .returning({ key: formKeys.key }),
    made: insertFrom(
      formKeys,
      { key: newKey, partnerId: partners.id, createdAt: now },
      sql`${named(slug)} and not ${hasKey}`,
    ),
    noted: insertFrom(
      partnerChanges,
      { partnerId: formKeys.partnerId, at: now, change },
      sql`from ${formKeys} where ${formKeys.key} = ${newKey}`,
    ),
  });
  return retired.length > 0;
}

/** Makes a link to the partner's page; returns its id, or null for a partner that is not there. */
export async function makeLink(db: Db, slug: string, now: number): Promise<number | null> {
  const { made } = await batch(
    db,
    together(
      {
        made: insertFrom(partnerLinks, { partnerId: partners.id, createdAt: now }, named(slug)).returning({
          id: partnerLinks.id,
        }),
      },
      noteChange(slug, { act: "make_link" }, now),
    ),
  );
  return made[0]?.id ?? null;
}

/** Revokes a link, at once and for ever; false where the partner has no such link. */
export async function revokeLink(db: Db, slug: string, linkId: number, now: number): Promise<boolean> {
  const theirs = and(
    eq(partnerLinks.id, linkId),
    sql`${partnerLinks.partnerId} = (select ${partners.id} ${named(slug)})`,
  );
  const { revoked } = await batch(db, {
    revoked: db
      .update(partnerLinks)
      .set({ revokedAt: sql`coalesce(${partnerLinks.revokedAt}, ${now})` })
      .where(theirs)
      .returning({ id: partnerLinks.id }),
    noted: insertFrom(
      partnerChanges,
      { partnerId: partnerLinks.partnerId, at: now, change: { act: "revoke_link", link: linkId } },
      sql`from ${partnerLinks} where ${theirs} and ${partnerLinks.revokedAt} = ${now}`,
    ),
  });
  return revoked.length > 0;
}
