import { and, desc, eq, gt, isNull, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { Db } from "../../../../platform/db/client.ts";
import { listOf } from "../../../../platform/db/json-rows.ts";
import {
  formKeys,
  partnerLinks,
  partnerOrigins,
  partners,
  sequences,
  wordings,
} from "../../../../platform/db/schema/index.ts";
import type { Joinable } from "../../../sequences/queries/joinable.ts";
import type { Partner, Wording } from "../partner.ts";

const origins = sql`(select json_group_array(${partnerOrigins.origin}) from ${partnerOrigins}
  where ${partnerOrigins.partnerId} = ${partners.id})`.mapWith(
  (list: string) => JSON.parse(list) as string[],
);

const { version, text, locale, hash, covers } = wordings;

const translations = listOf(
  { version, text, locale, hash, covers },
  sql`from ${wordings} where ${version} in (select value from json_each(${partners.translations}))`,
);

const partnerColumns = {
  partnerId: partners.id,
  slug: partners.slug,
  name: partners.name,
  sequenceSlug: partners.sequenceSlug,
  timeZone: partners.timeZone,
  origins,
  returnUrls: partners.returnUrls,
  limits: partners.limits,
  dailyLimit: partners.dailyLimit,
  tag: partners.tag,
  frozen: partners.frozen,
  revision: partners.revision,
  wording: { version, text, locale, hash, covers },
  translations,
  formKey: formKeys.key,
};

/** Condition: the key that a partner's new forms carry. */
export const isCurrent = and(eq(formKeys.partnerId, partners.id), isNull(formKeys.retiresAt));

function selectPartners(db: Db) {
  return db
    .select(partnerColumns)
    .from(partners)
    .innerJoin(formKeys, isCurrent)
    .innerJoin(wordings, eq(wordings.version, partners.wordingVersion))
    .$dynamic();
}

/**
 * The partner whose form carries this key, unless the key is retired by `now`; and the wording of that version, if it is one
 * that the partner's forms have ever shown; and the sequence that they sign up for, unless it takes nobody.
 */
export async function readPartnerByKey(
  db: Db,
  form: { readonly key: string; readonly wordingVersion: string; readonly now: number },
): Promise<{
  readonly partner: Partner;
  readonly shown: Wording | null;
  readonly sequence: Joinable | null;
} | null> {
  const used = alias(formKeys, "used");
  const shown = alias(wordings, "shown");
  const [row] = await db
    .select({
      ...partnerColumns,
      shown: {
        version: shown.version,
        text: shown.text,
        locale: shown.locale,
        hash: shown.hash,
        covers: shown.covers,
      },
      sequence: {
        slug: sequences.slug,
        title: sequences.title,
        language: sequences.language,
        settings: sequences.settings,
      },
    })
    .from(used)
    .innerJoin(partners, eq(partners.id, used.partnerId))
    .innerJoin(formKeys, isCurrent)
    .innerJoin(wordings, eq(wordings.version, partners.wordingVersion))
    .leftJoin(sequences, and(eq(sequences.slug, partners.sequenceSlug), isNull(sequences.archivedAt)))
    .leftJoin(shown, and(eq(shown.version, form.wordingVersion), eq(shown.partnerId, partners.id)))
    .where(and(eq(used.key, form.key), or(isNull(used.retiresAt), gt(used.retiresAt, form.now))));
  if (row === undefined) return null;
  const { shown: wording, sequence, ...partner } = row;
  return { partner, shown: wording, sequence };
}

/** The partner of that name; null where there is none. */
export async function readPartner(db: Db, slug: string): Promise<Partner | null> {
  return (await selectPartners(db).where(eq(partners.slug, slug)))[0] ?? null;
}

/** The partner of that id; null where there is none. */
export async function readPartnerById(db: Db, partnerId: number): Promise<Partner | null> {
  return (await selectPartners(db).where(eq(partners.id, partnerId)))[0] ?? null;
}

/** Partners behind `after` (a slug), by slug; at most `limit`. */
export function listPartners(db: Db, after: string, limit: number): Promise<Partner[]> {
  return selectPartners(db).where(gt(partners.slug, after)).orderBy(partners.slug).limit(limit);
}

/** The partner that a link opens; null where it was revoked. */
export async function readLinkedPartner(db: Db, linkId: number): Promise<Partner | null> {
  const link = and(eq(partnerLinks.partnerId, partners.id), isNull(partnerLinks.revokedAt));
  return (
    (await selectPartners(db).innerJoin(partnerLinks, link).where(eq(partnerLinks.id, linkId)))[0] ?? null
  );
}

/** Whether any partner's forms may stand on this origin: what a preflight can be told without a form key. */
export async function isPartnerOrigin(db: Db, origin: string): Promise<boolean> {
  return (await db.$count(partnerOrigins, eq(partnerOrigins.origin, origin))) > 0;
}

/** Keys of a partner, the current one first, then the newest. */
export function listKeys(db: Db, partnerId: number) {
  return db
    .select({ key: formKeys.key, createdAt: formKeys.createdAt, retiresAt: formKeys.retiresAt })
    .from(formKeys)
    .where(eq(formKeys.partnerId, partnerId))
    .orderBy(sql`${formKeys.retiresAt} is not null`, desc(formKeys.createdAt));
}

/** Every wording that a partner's forms have shown, the newest first. */
export function listWordings(db: Db, partnerId: number) {
  return db
    .select({ version, text, locale, hash, firstUsedAt: wordings.firstUsedAt })
    .from(wordings)
    .where(eq(wordings.partnerId, partnerId))
    .orderBy(desc(wordings.firstUsedAt), desc(wordings.version));
}

/** The links to a partner's page, newest first, the revoked ones too. */
export function listLinks(db: Db, partnerId: number) {
  return db
    .select({ id: partnerLinks.id, createdAt: partnerLinks.createdAt, revokedAt: partnerLinks.revokedAt })
    .from(partnerLinks)
    .where(eq(partnerLinks.partnerId, partnerId))
    .orderBy(desc(partnerLinks.id));
}
