import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { type ORIGINS, type SiteContent, site } from "../../../platform/db/schema/index.ts";
import { insertFrom, onConflict } from "../../../platform/db/write.ts";

/** The row of the published site, and of the edition that letters are being rendered for. */
const ID = 1;
const NEXT = 2;

/** The site as it's published; no row before the first time. A statement, for others' batches, too. */
export function selectSite(db: Db) {
  return selectRow(db, ID);
}

function selectRow(db: Db, id: number) {
  const { version, publishedAt, origin, content } = site;
  return db.select({ version, publishedAt, origin, content }).from(site).where(eq(site.id, id));
}

/** An edition of the site, as it's stored. */
export type SiteEdition = Awaited<ReturnType<typeof selectSite>>[number];

/** Condition: the site is at this version; with null, it was never published. */
export function isSiteAt(seen: Pick<SiteEdition, "version" | "publishedAt"> | null): SQL {
  const there = sql`select 1 from ${site} where ${site.id} = ${ID}`;
  if (seen === null) return sql`not exists (${there})`;
  return sql`exists (${there} and ${site.version} = ${seen.version} and ${site.publishedAt} = ${seen.publishedAt})`;
}

/** Condition: the site is at this version (0: never published), and no letters are being rendered for another one. */
export function isSiteVersion(version: number): SQL {
  return sql`coalesce((select ${site.version} from ${site} where ${site.id} = ${ID}), 0) = ${version}
    and not ${isRendering}`;
}

/** Condition: letters are being rendered for another edition. */
export const isRendering: SQL = sql`exists (select 1 from ${site} where ${site.id} = ${NEXT})`;

/** The edition that letters are being rendered for; no row where there's none. `version` is the one that it follows. */
export function selectNextSite(db: Db) {
  return selectRow(db, NEXT);
}

/** Condition: the next edition is still this one. */
export function isNextSite({ version, publishedAt }: Pick<SiteEdition, "version" | "publishedAt">): SQL {
  return sql`exists (select 1 from ${site} where ${site.id} = ${NEXT} and ${site.version} = ${version}
    and ${site.publishedAt} = ${publishedAt})`;
}

/** Statement: makes an edition the next one, in place of another that may be waiting, where `condition` holds. */
export function saveNextSite(
  edition: {
    readonly content: SiteContent;
    readonly origin: (typeof ORIGINS)[number];
    readonly follows: number;
    readonly now: number;
  },
  condition: SQL,
) {
  const { content, origin, follows, now } = edition;
  return insertFrom(
    site,
    { id: NEXT, version: follows, publishedAt: now, origin, content },
    sql`where ${condition} ${onConflict(site, ["id"], { take: ["version", "publishedAt", "origin", "content"] })}`,
  );
}

/** Statement: drops the next edition, where `condition` holds. */
export function dropNextSite(db: Db, condition: SQL) {
  return db.delete(site).where(and(eq(site.id, NEXT), condition));
}

/** Statement: writes the site under its next version, where `condition` holds. */
export function saveSite(
  edition: { readonly content: SiteContent; readonly origin: (typeof ORIGINS)[number]; readonly now: number },
  condition: SQL,
) {
  const { content, origin, now } = edition;
  return insertFrom(
    site,
    { id: ID, version: 1, publishedAt: now, origin, content },
    sql`where ${condition} ${onConflict(site, ["id"], {
      take: ["publishedAt", "origin", "content"],
      set: { version: sql`${site.version} + 1` },
    })}`,
  );
}
