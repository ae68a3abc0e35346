import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { batch } from "../db/batch.ts";
import type { Db } from "../db/client.ts";
import { field, jsonRows } from "../db/json-rows.ts";
import { renditions, sequences, steps } from "../db/schema/index.ts";
import type { RenderedLetter } from "./publish/render-letter.tsx";
import type { Rendition } from "./rendition.ts";

/** Whether a sequence was ever published under this name. */
export async function isPublished(db: Db, slug: string): Promise<boolean> {
  return (await db.select({ id: sequences.id }).from(sequences).where(eq(sequences.slug, slug))).length > 0;
}

/** What is published now, with the hash of each rendition: what a publication is compared with. Archived steps left out. */
export async function readPublished(db: Db, slug: string) {
  const welcome = sql<string>`(select hash from renditions where id = ${sequences.welcomeRenditionId})`;
  const confirmation = sql<string>`(select hash from renditions where id = ${sequences.confirmationRenditionId})`;
  const [sequence] = await db
    .select({ id: sequences.id, title: sequences.title, welcome, confirmation })
    .from(sequences)
    .where(eq(sequences.slug, slug));
  if (sequence === undefined) return null;
  const stored = await db
    .select({
      slug: steps.slug,
      subject: steps.subject,
      preheader: steps.preheader,
      markdown: steps.markdown,
      status: steps.status,
      backfill: steps.backfill,
      hash: renditions.hash,
    })
    .from(steps)
    .innerJoin(renditions, eq(renditions.id, steps.renditionId))
    .where(and(eq(steps.sequenceId, sequence.id), isNull(steps.archivedAt)))
    .orderBy(asc(steps.position));
  return { ...sequence, steps: stored };
}

/** A step as a publication writes it. */
export type StepToWrite = {
  readonly slug: string;
  readonly title: string;
  readonly subject: string;
  readonly preheader: string;
  readonly markdown: string;
  readonly status: "published" | "draft";
  readonly backfill: boolean;
  readonly hash: string;
};

/**
 * Stores a whole publication atomically: renditions that are new, the sequence under a new version, the steps in the
 * given order, and the rest archived. Running it twice leaves the same steps.
 */
export async function writePublication(
  db: Db,
  publication: {
    readonly slug: string;
    readonly title: string;
    readonly confirmation: RenderedLetter;
    readonly welcome: RenderedLetter;
    readonly letters: readonly RenderedLetter[];
    readonly steps: readonly StepToWrite[];
    readonly now: number;
  },
): Promise<void> {
  const { slug, title, confirmation, welcome, now } = publication;
  const rows = publication.steps.map((step, position) => ({
    ...step,
    backfill: step.backfill ? 1 : 0,
    position,
  }));
  const insertRendition = (letter: RenderedLetter) =>
    db
      .insert(renditions)
      .values({
        hash: letter.hash,
        subject: letter.subject,
        html: letter.html,
        text: letter.text,
        createdAt: now,
      })
      .onConflictDoNothing();
  const upsertSequence = sql`
    insert into sequences (slug, title, version, confirmation_rendition_id, welcome_rendition_id, published_at)
    select ${slug}, ${title}, 1, c.id, w.id, ${now} from renditions c, renditions w
    where c.hash = ${confirmation.hash} and w.hash = ${welcome.hash}
    on conflict (slug) do update set title = excluded.title, version = sequences.version + 1,
      confirmation_rendition_id = excluded.confirmation_rendition_id,
      welcome_rendition_id = excluded.welcome_rendition_id, published_at = excluded.published_at`;
  const upsertSteps = sql`
    insert into steps (sequence_id, slug, position, title, subject, preheader, markdown, status, backfill, rendition_id)
    select q.id, ${field("slug")}, ${field("position")}, ${field("title")}, ${field("subject")}, ${field("preheader")},
      ${field("markdown")}, ${field("status")}, ${field("backfill")}, d.id
    from ${jsonRows(rows)} r join sequences q on q.slug = ${slug} join renditions d on d.hash = ${field("hash")}
    where true
    on conflict (sequence_id, slug) do update set position = excluded.position, title = excluded.title,
      subject = excluded.subject, preheader = excluded.preheader, markdown = excluded.markdown,
      status = excluded.status, backfill = excluded.backfill, rendition_id = excluded.rendition_id, archived_at = null`;
  const archiveRest = sql`
    update steps set archived_at = ${now}
    where sequence_id = (select id from sequences where slug = ${slug}) and archived_at is null
      and slug not in (select ${field("slug")} from ${jsonRows(rows)} r)`;
  await batch(db, [
    insertRendition(confirmation),
    insertRendition(welcome),
    ...publication.letters.map(insertRendition),
    upsertSequence,
    upsertSteps,
    archiveRest,
  ]);
}

/** The steps of all given sequences in position order, archived ones left out, with the version they belong to. */
export async function readSequencePlans(db: Db) {
  return db
    .select({
      sequenceId: sequences.id,
      version: sequences.version,
      stepId: steps.id,
      slug: steps.slug,
      position: steps.position,
      status: steps.status,
      backfill: steps.backfill,
      renditionId: steps.renditionId,
    })
    .from(sequences)
    .innerJoin(steps, and(eq(steps.sequenceId, sequences.id), isNull(steps.archivedAt)))
    .orderBy(asc(sequences.id), asc(steps.position));
}

/** Renditions by id; ids that do not exist are left out. */
export async function readRenditions(db: Db, ids: readonly number[]): Promise<Rendition[]> {
  return db
    .select({ id: renditions.id, subject: renditions.subject, html: renditions.html, text: renditions.text })
    .from(renditions)
    .where(sql`${renditions.id} in (select value from json_each(${JSON.stringify(ids)}))`);
}

/** Titles and preheaders of the published steps, in order: the table of contents of the public page. */
export async function listThemes(db: Db, slug: string) {
  return db
    .select({ slug: steps.slug, title: steps.title, preheader: steps.preheader })
    .from(steps)
    .innerJoin(sequences, eq(sequences.id, steps.sequenceId))
    .where(and(eq(sequences.slug, slug), isNull(steps.archivedAt), eq(steps.status, "published")))
    .orderBy(asc(steps.position));
}

/** Completed enrollments of active subscribers that lack a step now, by id behind `after`. */
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
    readonly lastSlotAt: number | null;
  }>
> {
  return db.all(sql`
    select e.id as enrollmentId, e.weekday as weekday, e.hour as hour, e.time_zone as timeZone,
      (select max(d.slot_at) from deliveries d where d.kind = 'theme' and d.owner = e.id and d.item is not null) as lastSlotAt
    from enrollments e join sequences q on q.id = e.sequence_id join subscribers s on s.id = e.subscriber_id
    where q.slug = ${sequenceSlug} and e.state = 'completed' and s.state = 'active' and e.id > ${after}
      and exists (select 1 from steps t where t.sequence_id = q.id and t.archived_at is null and not exists (
        select 1 from deliveries d where d.kind = 'theme' and d.owner = e.id and d.round = e.round and d.item = t.id))
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
        where d.kind = 'theme' and d.owner = e.id and d.round = e.round and d.item is not null order by t.id)) as had,
      count(*) as readers
    from enrollments e join sequences q on q.id = e.sequence_id
    where q.slug = ${sequenceSlug} and e.state <> 'stopped' group by 1, 2`);
  return rows.map(({ had, ...row }) => ({ ...row, had: JSON.parse(had) as string[] }));
}
