import { and, asc, eq, isNull, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { field, jsonRows } from "../../../platform/db/json-rows.ts";
import { sequences, steps } from "../../../platform/db/schema/index.ts";
import type { AgeBand } from "../../people/age-band.ts";

/** Whether a sequence was ever published under this name. */
export async function isPublished(db: Db, slug: string): Promise<boolean> {
  return (await db.select({ id: sequences.id }).from(sequences).where(eq(sequences.slug, slug))).length > 0;
}

/** Renditions of a step for readers whose son is of that age. */
type StepVariants = Readonly<Partial<Record<AgeBand, number>>>;

/** The steps of all given sequences in position order, archived ones left out, with the version they belong to. */
export async function readSequencePlans(db: Db) {
  const rows = await db
    .select({
      sequenceId: sequences.id,
      version: sequences.version,
      stepId: steps.id,
      slug: steps.slug,
      position: steps.position,
      status: steps.status,
      backfill: steps.backfill,
      renditionId: steps.renditionId,
      variants: sql<string>`(select json_group_object(age_band, rendition_id) from step_variants v where v.step_id = ${steps.id})`,
    })
    .from(sequences)
    .innerJoin(steps, and(eq(steps.sequenceId, sequences.id), isNull(steps.archivedAt)))
    .orderBy(asc(sequences.id), asc(steps.position));
  return rows.map((row) => ({ ...row, variants: JSON.parse(row.variants) as StepVariants }));
}

/** Titles, preheaders and ornaments of the published steps, in order: the table of contents of the public page. */
export async function listThemes(db: Db, slug: string) {
  return db
    .select({ slug: steps.slug, title: steps.title, preheader: steps.preheader, ornament: steps.ornament })
    .from(steps)
    .innerJoin(sequences, eq(sequences.id, steps.sequenceId))
    .where(and(eq(sequences.slug, slug), isNull(steps.archivedAt), eq(steps.status, "published")))
    .orderBy(asc(steps.position));
}

/** Completed enrollments of active subscribers that lack a step now and were not left since, by id behind `after`. */
export function readResumable(
  db: Db,
  sequenceSlug: string,
  after: number,
  limit: number,
): Promise<
  Array<{
    readonly enrollmentId: number;
    readonly weekday: number;
    readonly hour: number;
    readonly timeZone: string;
    readonly everyWeeks: number;
    readonly lastSlotAt: number | null;
  }>
> {
  return db.all(sql`
    select e.id as enrollmentId, e.weekday as weekday, e.hour as hour, e.time_zone as timeZone,
      e.every_weeks as everyWeeks, (select max(d.slot_at) from deliveries d where d.kind = 'theme' and d.anchor = e.id and d.item is not null) as lastSlotAt
    from enrollments e join sequences q on q.id = e.sequence_id join subscribers s on s.id = e.subscriber_id
    where q.slug = ${sequenceSlug} and e.state = 'completed' and s.state = 'active' and e.id > ${after}
      and not exists (select 1 from opt_outs o where o.address_hash = s.address_hash and o.kind = 'stopped'
        and o.sequence_id = e.sequence_id and o.at >= max(e.enrolled_at, coalesce(e.returned_at, 0)))
      and exists (select 1 from steps t where t.sequence_id = q.id and t.archived_at is null and not exists (
        select 1 from deliveries d where d.kind = 'theme' and d.anchor = e.id and d.round = e.round and d.item = t.id))
    order by e.id limit ${limit}`);
}

/** Sets completed enrollments active again with their next slots; one that changed meanwhile is left alone. */
export async function resumeEnrollments(
  db: Db,
  rows: ReadonlyArray<{ readonly id: number; readonly next: number }>,
): Promise<number> {
  const changed = await db.all(sql`
    update enrollments set state = 'active', next_due_at = ${field("next")} from ${jsonRows(rows)} r
    where enrollments.id = ${field("id")} and enrollments.state = 'completed' returning enrollments.id`);
  return changed.length;
}

/** Groups of enrollments of a sequence that stand alike: state, steps had in this round (slugs), and how many they are. */
export async function readReaderGroups(db: Db, sequenceSlug: string) {
  const rows = await db.all<{ state: string; had: string; readers: number }>(sql`
    select e.state as state, (select json_group_array(slug) from (
        select t.slug as slug from deliveries d join steps t on t.id = d.item
        where d.kind = 'theme' and d.anchor = e.id and d.round = e.round and d.item is not null order by t.id)) as had,
      count(*) as readers
    from enrollments e join sequences q on q.id = e.sequence_id
    where q.slug = ${sequenceSlug} and e.state <> 'stopped' group by 1, 2`);
  return rows.map(({ had, ...row }) => ({ ...row, had: JSON.parse(had) as string[] }));
}
