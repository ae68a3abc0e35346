import { sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { jsonRows } from "../../../platform/db/json-rows.ts";
import {
  formKeys,
  partnerChanges,
  partnerLinks,
  partnerOrigins,
  partners,
  wordings,
} from "../../../platform/db/schema/index.ts";
import type { Partner, Wording } from "./partner.ts";
import type { PartnerInput } from "./partner-schema.ts";

type PartnerRow = {
  readonly partnerId: number;
  readonly slug: string;
  readonly name: string;
  readonly sequenceSlug: string;
  readonly timeZone: string;
  readonly origins: string;
  readonly returnUrls: string;
  readonly limits: string;
  readonly dailyLimit: number | null;
  readonly frozen: 0 | 1;
  readonly wording: string;
  readonly formKey: string;
};

const wordingColumn = sql`json_object('version', w.version, 'text', w.text, 'locale', w.locale, 'hash', w.hash)`;

const partnerColumns = sql`
  p.id as partnerId, p.slug as slug, p.name as name, p.sequence_slug as sequenceSlug, p.time_zone as timeZone,
  (select json_group_array(origin) from ${partnerOrigins} o where o.partner_id = p.id) as origins,
  p.return_urls as returnUrls, p.limits as limits, p.daily_limit as dailyLimit, p.frozen as frozen,
  (select ${wordingColumn} from ${wordings} w where w.version = p.wording_version) as wording,
  (select key from ${formKeys} k where k.partner_id = p.id and k.retires_at is null) as formKey`;

function partnerOf(row: PartnerRow): Partner {
  return {
    ...row,
    origins: JSON.parse(row.origins) as string[],
    returnUrls: JSON.parse(row.returnUrls) as Record<string, string>,
    limits: JSON.parse(row.limits) as Partner["limits"],
    wording: JSON.parse(row.wording) as Wording,
    frozen: row.frozen === 1,
  };
}

/**
 * The partner whose form carries this key, unless the key is retired by `now`; and the wording of that version, if it is one
 * that the partner's forms have ever shown.
 */
export async function readPartnerByKey(
  db: Db,
  form: { readonly key: string; readonly wordingVersion: string; readonly now: number },
): Promise<{ readonly partner: Partner; readonly shown: Wording | null } | null> {
  const row = await db.get<PartnerRow & { readonly shown: string | null }>(sql`
    select ${partnerColumns}, (select ${wordingColumn} from ${wordings} w where w.version = ${form.wordingVersion}
      and w.partner_id = p.id) as shown
    from ${formKeys} f join ${partners} p on p.id = f.partner_id
    where f.key = ${form.key} and (f.retires_at is null or f.retires_at > ${form.now})`);
  if (row === undefined) return null;
  const { shown, ...partner } = row;
  return { partner: partnerOf(partner), shown: shown === null ? null : (JSON.parse(shown) as Wording) };
}

export async function readPartner(db: Db, slug: string): Promise<Partner | null> {
  const row = await db.get<PartnerRow>(
    sql`select ${partnerColumns} from ${partners} p where p.slug = ${slug}`,
  );
  return row === undefined ? null : partnerOf(row);
}

export async function readPartnerById(db: Db, partnerId: number): Promise<Partner | null> {
  const row = await db.get<PartnerRow>(
    sql`select ${partnerColumns} from ${partners} p where p.id = ${partnerId}`,
  );
  return row === undefined ? null : partnerOf(row);
}

export async function listPartners(db: Db): Promise<Partner[]> {
  return (await db.all<PartnerRow>(sql`select ${partnerColumns} from ${partners} p order by p.slug`)).map(
    partnerOf,
  );
}

/** Whether any partner's forms may stand on this origin: what a preflight can be told without a form key. */
export async function isPartnerOrigin(db: Db, origin: string): Promise<boolean> {
  return (await db.all(sql`select 1 from ${partnerOrigins} where origin = ${origin} limit 1`)).length > 0;
}

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
    readonly change: string | null;
    readonly now: number;
  },
): Promise<void> {
  const { slug, input, now } = save;
  const partnerId = sql`(select id from ${partners} where slug = ${slug})`;
  const version = sql`(select version from ${wordings} where partner_id = ${partnerId} and hash = ${save.textHash}
    and locale = ${input.consent_locale})`;
  await batch(db, [
    sql`
      insert into ${partners} (slug, name, sequence_slug, time_zone, return_urls, limits, daily_limit, frozen,
        wording_version, created_at)
      values (${slug}, ${input.name}, ${input.sequence}, ${save.timeZone}, ${JSON.stringify(input.return_urls)},
        ${JSON.stringify(input.limits)}, ${input.daily_limit}, ${save.frozen ? 1 : 0}, '', ${now})
      on conflict (slug) do update set name = excluded.name, sequence_slug = excluded.sequence_slug,
        time_zone = excluded.time_zone, return_urls = excluded.return_urls, limits = excluded.limits,
        daily_limit = excluded.daily_limit, frozen = excluded.frozen`,
    sql`
      insert into ${wordings} (version, text, hash, locale, partner_id, first_used_at)
      select ${slug} || '/' || (1 + (select count(*) from ${wordings} where partner_id = p.id)), ${input.consent_text},
        ${save.textHash}, ${input.consent_locale}, p.id, ${now}
      from ${partners} p where p.slug = ${slug} and ${version} is null`,
    sql`update ${partners} set wording_version = ${version} where slug = ${slug}`,
    sql`delete from ${partnerOrigins} where partner_id = ${partnerId}
      and origin not in (select value from ${jsonRows(input.origins)})`,
    sql`insert into ${partnerOrigins} (partner_id, origin) select ${partnerId}, value from ${jsonRows(input.origins)} where true
      on conflict do nothing`,
    sql`
      insert into ${formKeys} (key, partner_id, created_at) select ${save.newKey}, ${partnerId}, ${now}
      where not exists (select 1 from ${formKeys} where partner_id = ${partnerId} and retires_at is null)`,
    ...(save.change === null ? [] : [noteChange(slug, save.change, now)]),
  ]);
}

function noteChange(slug: string, change: string, now: number) {
  return sql`insert into ${partnerChanges} (partner_id, at, change)
    select id, ${now}, ${change} from ${partners} where slug = ${slug}`;
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
  const change = JSON.stringify({
    act: "rotate_key",
    from: rotation.from,
    retires_at: new Date(rotation.retiresAt).toISOString(),
  });
  const { slug, from, newKey, now } = rotation;
  const partnerId = sql`(select id from ${partners} where slug = ${slug})`;
  const results = await batch(db, [
    sql`update ${formKeys} set retires_at = ${rotation.retiresAt}
      where partner_id = ${partnerId} and key = ${from} and retires_at is null returning key`,
    sql`insert into ${formKeys} (key, partner_id, created_at) select ${newKey}, ${partnerId}, ${now}
      where not exists (select 1 from ${formKeys} where partner_id = ${partnerId} and retires_at is null)`,
    sql`
      insert into ${partnerChanges} (partner_id, at, change)
      select partner_id, ${now}, ${change}
      from ${formKeys} where key = ${newKey}`,
  ]);
  return (results[0]?.length ?? 0) > 0;
}

/** Keys of a partner, the current one first, then the newest. */
export function listKeys(
  db: Db,
  partnerId: number,
): Promise<Array<{ readonly key: string; readonly createdAt: number; readonly retiresAt: number | null }>> {
  return db.all(sql`
    select key, created_at as createdAt, retires_at as retiresAt from ${formKeys} where partner_id = ${partnerId}
    order by retires_at is not null, created_at desc`);
}

/** Every wording that a partner's forms have shown, the newest first. */
export function listWordings(
  db: Db,
  partnerId: number,
): Promise<Array<Wording & { readonly firstUsedAt: number }>> {
  return db.all(sql`
    select version, text, locale, hash, first_used_at as firstUsedAt from ${wordings} where partner_id = ${partnerId}
    order by first_used_at desc, version desc`);
}

/** The last changes of a partner, newest first. */
export function listChanges(
  db: Db,
  partnerId: number,
): Promise<Array<{ readonly at: number; readonly change: string }>> {
  return db.all(sql`
    select at, change from ${partnerChanges} where partner_id = ${partnerId} order by id desc limit 100`);
}

/** Makes a link to the partner's page; returns its id, or null for a partner that is not there. */
export async function makeLink(db: Db, slug: string, now: number): Promise<number | null> {
  const [rows] = await batch(db, [
    sql`insert into ${partnerLinks} (partner_id, created_at) select id, ${now} from ${partners} where slug = ${slug}
      returning id`,
    noteChange(slug, '{"act":"make_link"}', now),
  ]);
  return (rows as { id: number }[])[0]?.id ?? null;
}

/** Revokes a link, at once and for ever; false where the partner has no such link. */
export async function revokeLink(db: Db, slug: string, linkId: number, now: number): Promise<boolean> {
  const [rows] = await batch(db, [
    sql`update ${partnerLinks} set revoked_at = coalesce(revoked_at, ${now})
      where id = ${linkId} and partner_id = (select id from ${partners} where slug = ${slug}) returning id`,
    sql`insert into ${partnerChanges} (partner_id, at, change)
      select partner_id, ${now}, json_object('act', 'revoke_link', 'link', id) from ${partnerLinks}
      where id = ${linkId} and revoked_at = ${now} and partner_id = (select id from ${partners} where slug = ${slug})`,
  ]);
  return (rows?.length ?? 0) > 0;
}

export function listLinks(
  db: Db,
  partnerId: number,
): Promise<
  Array<{ readonly linkId: number; readonly createdAt: number; readonly revokedAt: number | null }>
> {
  return db.all(sql`
    select id as linkId, created_at as createdAt, revoked_at as revokedAt from ${partnerLinks}
    where partner_id = ${partnerId} order by id desc`);
}

/** The partner that a link opens; null where it was revoked. */
export async function readLinkedPartner(db: Db, linkId: number): Promise<Partner | null> {
  const row = await db.get<PartnerRow>(sql`
    select ${partnerColumns} from ${partnerLinks} l join ${partners} p on p.id = l.partner_id
    where l.id = ${linkId} and l.revoked_at is null`);
  return row === undefined ? null : partnerOf(row);
}
