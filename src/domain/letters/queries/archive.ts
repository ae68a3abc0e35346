import { sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { renditions, sequences, steps } from "../../../platform/db/schema/index.ts";

/** A letter as it stands online. `page` is part of a page, as HTML that was made at publication. */
export type OnlineLetter = { readonly heading: string; readonly page: string };

/** The web copy of a rendition, as it was published then; null where the rendition has none. */
export async function readOnline(db: Db, renditionId: number): Promise<OnlineLetter | null> {
  const row = await db.get<OnlineLetter>(
    sql`select heading, page from ${renditions} where id = ${renditionId} and page <> ''`,
  );
  return row ?? null;
}

/** A theme as the archive shows it. */
export type ArchivedTheme = {
  readonly slug: string;
  readonly title: string;
  readonly preheader: string;
  readonly opening: string;
  readonly ornament: string | null;
  readonly page: string;
};

/** The published themes of a sequence in order, the first `inFull` with their pages; null where it was never published. */
export async function readArchive(
  db: Db,
  slug: string,
  inFull: number,
): Promise<{ readonly title: string; readonly themes: readonly ArchivedTheme[] } | null> {
  const sequence = await db.get<{ id: number; title: string }>(
    sql`select id, title from ${sequences} where slug = ${slug}`,
  );
  if (sequence === undefined) return null;
  const themes = await db.all<ArchivedTheme>(sql`
    with shown as (
      select t.*, row_number() over (order by t.position) as number from ${steps} t
      where t.sequence_id = ${sequence.id} and t.archived_at is null and t.status = 'published')
    select t.slug as slug, t.title as title, t.preheader as preheader, t.opening as opening, t.ornament as ornament,
      case when t.number <= ${inFull} then (select r.page from ${renditions} r where r.id = t.rendition_id) else '' end as page
    from shown t order by t.number`);
  return { title: sequence.title, themes };
}
