import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import { batch } from "../../../../platform/db/batch.ts";
import type { Db } from "../../../../platform/db/client.ts";
import { rowsOf } from "../../../../platform/db/json-rows.ts";
import {
  formKeys,
  partnerLinks,
  partnerOrigins,
  partners,
  wordings,
} from "../../../../platform/db/schema/index.ts";
import { insertFrom, onConflict } from "../../../../platform/db/write.ts";
import type { Doer } from "../../../acts/act.ts";
import { acted, recordAct } from "../../../acts/queries/acts.ts";
import type { PartnerInput } from "../partner-schema.ts";
import { isCurrent } from "./partners.ts";

const named = (slug: string) => sql`from ${partners} where ${partners.slug} = ${slug}`;

/** Condition: the partner has a key that forms should carry. */
const hasKey = sql`exists (select 1 from ${formKeys} where ${isCurrent})`;

/** Condition: the partner is as it was seen; with null, that there is none. */
function isAt(slug: string, revision: string | null): SQL {
  return revision === null
    ? sql`not exists (select 1 ${named(slug)})`
    : sql`exists (select 1 ${named(slug)} and ${partners.revision} = ${revision})`;
}

/**
 * Makes or changes a partner in one batch: its row under a new revision, origins, a first form key, and each text as a new version
 * unless it was one before in the same language; and keeps the act. False, with nothing written, where the partner
 * isn't at the revision that was seen (`seen`; null: it wasn't there).
 */
export async function savePartner(
  db: Db,
  save: {
    readonly slug: string;
    readonly input: PartnerInput & { readonly sequence: string };
    readonly timeZone: string;
    readonly frozen: boolean;
    /** What its forms ask, by language; the first is for every language without its own. */
    readonly texts: ReadonlyArray<{ readonly locale: string; readonly text: string; readonly hash: string }>;
    readonly newKey: string;
    readonly seen: string | null;
    readonly revision: string;
    /** The fields that become different, as `keptFields` keeps them. */
    readonly changed: Readonly<Record<string, unknown>>;
    readonly now: number;
    readonly by: Doer;
  },
): Promise<boolean> {
  const { slug, input, now, timeZone, frozen, revision, by } = save;
  const row = {
    name: input.name,
    sequenceSlug: input.sequence,
    timeZone,
    returnUrls: input.return_urls,
    limits: input.limits,
    dailyLimit: input.daily_limit,
    tag: input.tag,
    frozen,
    revision,
  };
  // Everything behind the act happens only where the act does.
  const mine = acted(by, "save_partner");
  const partnerId = sql`(select ${partners.id} ${named(slug)})`;
  const texts = rowsOf(save.texts);
  const isText = sql`${wordings.partnerId} = ${partnerId} and ${wordings.hash} = ${texts.of("hash")}
    and ${wordings.locale} = ${texts.of("locale")}`;
  const before = sql`(select count(*) from ${wordings} where ${wordings.partnerId} = ${partners.id})`;
  const rows = rowsOf(input.origins.map((each) => ({ origin: each })));
  const { act } = await batch(db, {
    act: recordAct(
      by,
      { at: now, verb: "save_partner", object: `partner:${slug}`, changed: save.changed },
      isAt(slug, save.seen),
    ),
    partner: insertFrom(
      partners,
      { slug, ...row, wordingVersion: "", createdAt: now },
      sql`where ${mine} ${onConflict(partners, ["slug"], {
        take: [
          "name",
          "sequenceSlug",
          "timeZone",
          "returnUrls",
          "limits",
          "dailyLimit",
          "tag",
          "frozen",
          "revision",
        ],
      })}`,
    ),
    wordings: insertFrom(
      wordings,
      {
        version: sql`${slug} || '/' || (${before} + row_number() over (order by r.key))`,
        text: texts.of("text"),
        hash: texts.of("hash"),
        locale: texts.of("locale"),
        partnerId: partners.id,
        firstUsedAt: now,
      },
      sql`from ${partners}, ${texts.from} where ${partners.slug} = ${slug} and ${mine}
        and not exists (select 1 from ${wordings} where ${isText})`,
    ),
    worded: db
      .update(partners)
      .set({
        wordingVersion: sql`(select ${wordings.version} from ${wordings}, ${texts.from} where ${isText} and r.key = 0)`,
        translations: sql`(select json_group_array(${wordings.version}) from ${wordings}, ${texts.from} where ${isText} and r.key > 0)`,
      })
      .where(and(eq(partners.slug, slug), mine)),
    withoutOrigins: db.delete(partnerOrigins).where(
      sql`${partnerOrigins.partnerId} = ${partnerId} and ${partnerOrigins.origin} not in (select ${rows.of("origin")} from ${rows.from})
              and ${mine}`,
    ),
    origins: insertFrom(
      partnerOrigins,
      { partnerId: sql`${partnerId}`, origin: rows.of("origin") },
      sql`from ${rows.from} where ${mine} ${onConflict(partnerOrigins, ["partnerId", "origin"])}`,
    ),
    key: insertFrom(
      formKeys,
      { key: save.newKey, partnerId: partners.id, createdAt: now },
      sql`${named(slug)} and not ${hasKey} and ${mine}`,
    ),
  });
  return act.changes === 1;
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
    readonly by: Doer;
  },
): Promise<boolean> {
  const { slug, from, newKey, now, retiresAt } = rotation;
  const changed = { from, retires_at: new Date(retiresAt).toISOString() };
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
    act: recordAct(
      rotation.by,
      { at: now, verb: "rotate_form_key", object: `partner:${slug}`, changed },
      sql`exists (select 1 from ${formKeys} where ${formKeys.key} = ${newKey})`,
    ),
  });
  return retired.length > 0;
}

/** Makes a link to the partner's page; returns its id, or null for a partner that is not there. */
export async function makeLink(db: Db, slug: string, now: number, by: Doer): Promise<number | null> {
  const changed = sql`json_object('link', last_insert_rowid())`;
  const { made } = await batch(db, {
    made: insertFrom(partnerLinks, { partnerId: partners.id, createdAt: now }, named(slug)).returning({
      id: partnerLinks.id,
    }),
    act: recordAct(
      by,
      { at: now, verb: "make_partner_link", object: `partner:${slug}`, changed },
      sql`exists (select 1 ${named(slug)})`,
    ),
  });
  return made[0]?.id ?? null;
}

/** Revokes a link, at once and for ever; false where the partner has no such link. */
export async function revokeLink(
  db: Db,
  slug: string,
  linkId: number,
  { now, by }: { readonly now: number; readonly by: Doer },
): Promise<boolean> {
  const theirs = and(
    eq(partnerLinks.id, linkId),
    sql`${partnerLinks.partnerId} = (select ${partners.id} ${named(slug)})`,
  );
  const { revoked } = await batch(db, {
    act: recordAct(
      by,
      { at: now, verb: "revoke_partner_link", object: `partner:${slug}`, changed: { link: linkId } },
      sql`exists (select 1 from ${partnerLinks} where ${theirs} and ${partnerLinks.revokedAt} is null)`,
    ),
    revoked: db
      .update(partnerLinks)
      .set({ revokedAt: sql`coalesce(${partnerLinks.revokedAt}, ${now})` })
      .where(theirs)
      .returning({ id: partnerLinks.id }),
  });
  return revoked.length > 0;
}
