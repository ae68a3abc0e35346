import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { field, jsonRows } from "../../../platform/db/json-rows.ts";
import { renditions, sequences, steps } from "../../../platform/db/schema/index.ts";
import type { AgeBand } from "../../people/age-band.ts";
import type { RenderedLetter } from "../render-letter.tsx";

/** What is published now, with the hash of each rendition: what a publication is compared with. Archived steps left out. */
export async function readPublished(db: Db, slug: string) {
  const welcome = sql<string>`(select hash from renditions where id = ${sequences.welcomeRenditionId})`;
  const confirmation = sql<string>`(select hash from renditions where id = ${sequences.confirmationRenditionId})`;
  const welcomeBack = sql<
    string | null
  >`(select hash from renditions where id = ${sequences.welcomeBackRenditionId})`;
  const erase = sql<
    string | null
  >`(select hash from renditions r join notices n on n.rendition_id = r.id where n.name = 'erase')`;
  const variants = sql<string>`(select json_group_array(json_object('band', age_band, 'hash', r.hash))
    from step_variants v join renditions r on r.id = v.rendition_id where v.step_id = ${steps.id})`;
  const [sequence] = await db
    .select({ id: sequences.id, title: sequences.title, welcome, welcomeBack, confirmation, erase })
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
      ornament: steps.ornament,
      hash: renditions.hash,
      variants,
    })
    .from(steps)
    .innerJoin(renditions, eq(renditions.id, steps.renditionId))
    .where(and(eq(steps.sequenceId, sequence.id), isNull(steps.archivedAt)))
    .orderBy(asc(steps.position));
  return {
    ...sequence,
    steps: stored.map((step) => ({
      ...step,
      variants: JSON.parse(step.variants) as StepToWrite["variants"],
    })),
  };
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
  readonly ornament: string | null;
  readonly hash: string;
  /** The first paragraph as plain text. */
  readonly opening: string;
  readonly variants: ReadonlyArray<{ readonly band: AgeBand; readonly hash: string }>;
};

/** A parameter of D1 may have 2 MB; renditions are stored this many bytes at a time. */
const RENDITIONS_BYTES = 1_000_000;

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
    readonly welcomeBack: RenderedLetter;
    readonly erase: RenderedLetter;
    readonly letters: readonly RenderedLetter[];
    readonly steps: readonly StepToWrite[];
    readonly now: number;
  },
): Promise<void> {
  const { slug, title, confirmation, welcome, welcomeBack, erase, now } = publication;
  const rows = publication.steps.map((step, position) => ({
    ...step,
    backfill: step.backfill ? 1 : 0,
    position,
  }));
  const insertRenditions = inPortions([
    confirmation,
    welcome,
    welcomeBack,
    erase,
    ...publication.letters,
  ]).map(
    (letters) => sql`
    insert into renditions (hash, subject, html, text, heading, page, created_at)
    select ${field("hash")}, ${field("subject")}, ${field("html")}, ${field("text")}, ${field("heading")},
      ${field("page")}, ${now}
    from ${jsonRows(letters)} r
    where not exists (select 1 from renditions o where o.hash = ${field("hash")})`,
  );
  const upsertSequence = sql`
    insert into sequences (slug, title, version, confirmation_rendition_id, welcome_rendition_id,
      welcome_back_rendition_id, published_at)
    select ${slug}, ${title}, 1, c.id, w.id, b.id, ${now} from renditions c, renditions w, renditions b
    where c.hash = ${confirmation.hash} and w.hash = ${welcome.hash} and b.hash = ${welcomeBack.hash}
    on conflict (slug) do update set title = excluded.title, version = sequences.version + 1,
      confirmation_rendition_id = excluded.confirmation_rendition_id,
      welcome_rendition_id = excluded.welcome_rendition_id,
      welcome_back_rendition_id = excluded.welcome_back_rendition_id, published_at = excluded.published_at`;
  const upsertSteps = sql`
    insert into steps (sequence_id, slug, position, title, subject, preheader, markdown, opening, status, backfill,
      ornament, rendition_id)
    select q.id, ${field("slug")}, ${field("position")}, ${field("title")}, ${field("subject")}, ${field("preheader")},
      ${field("markdown")}, ${field("opening")}, ${field("status")}, ${field("backfill")},
      ${field("ornament")}, d.id
    from ${jsonRows(rows)} r join sequences q on q.slug = ${slug} join renditions d on d.hash = ${field("hash")}
    where true
    on conflict (sequence_id, slug) do update set position = excluded.position, title = excluded.title,
      subject = excluded.subject, preheader = excluded.preheader, markdown = excluded.markdown,
      opening = excluded.opening, ornament = excluded.ornament,
      status = excluded.status, backfill = excluded.backfill, rendition_id = excluded.rendition_id, archived_at = null`;
  const archiveRest = sql`
    update steps set archived_at = ${now}
    where sequence_id = (select id from sequences where slug = ${slug}) and archived_at is null
      and slug not in (select ${field("slug")} from ${jsonRows(rows)} r)`;
  const ofSequence = sql`(select t.id from steps t join sequences q on q.id = t.sequence_id where q.slug = ${slug})`;
  const variants = publication.steps.flatMap((step) =>
    step.variants.map(({ band, hash }) => ({ slug: step.slug, band, hash })),
  );
  const insertVariants = sql`
    insert into step_variants (step_id, age_band, rendition_id)
    select t.id, ${field("band")}, d.id from ${jsonRows(variants)} r join sequences q on q.slug = ${slug}
      join steps t on t.sequence_id = q.id and t.slug = ${field("slug")} join renditions d on d.hash = ${field("hash")}`;
  await batch(db, [
    ...insertRenditions,
    upsertSequence,
    upsertSteps,
    archiveRest,
    sql`delete from step_variants where step_id in ${ofSequence}`,
    insertVariants,
    sql`
      insert into notices (name, rendition_id) select 'erase', id from renditions where hash = ${erase.hash}
      on conflict (name) do update set rendition_id = excluded.rendition_id`,
  ]);
}

/** Each hash once, so that two alike are not stored twice. */
function inPortions(letters: readonly RenderedLetter[]): RenderedLetter[][] {
  const portions: RenderedLetter[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const letter of new Map(letters.map((each) => [each.hash, each])).values()) {
    const size = 2 * (letter.html.length + letter.text.length + letter.page.length);
    if (bytes + size > RENDITIONS_BYTES) {
      portions.push([]);
      bytes = 0;
    }
    portions.at(-1)?.push(letter);
    bytes += size;
  }
  return portions;
}
