import { and, asc, eq, gt, isNull, type SQL, sql } from "drizzle-orm";
import { batch, together } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { listOf } from "../../../platform/db/json-rows.ts";
import { sequences, steps } from "../../../platform/db/schema/index.ts";
import type { Write } from "../../../platform/db/write.ts";
import type { Doer } from "../../acts/act.ts";
import { acted, recordAct } from "../../acts/queries/acts.ts";

/** The version of a sequence that someone saw. After a restore a version may come again, but not at the same instant. */
export type SeenVersion = { readonly version: number; readonly publishedAt: number };

/** Whether two readings saw the same version of a sequence, or both none. */
export function isSameVersion(one: SeenVersion | null, other: SeenVersion | null): boolean {
  return one?.version === other?.version && one?.publishedAt === other?.publishedAt;
}

/** Condition: the sequence is at the version that was seen; with null, that there is none. */
export function isAtVersion(slug: string, seen: SeenVersion | null): SQL {
  const there = sql`select 1 from ${sequences} where ${sequences.slug} = ${slug}`;
  if (seen === null) return sql`not exists (${there})`;
  return sql`exists (${there} and ${sequences.version} = ${seen.version} and ${sequences.publishedAt} = ${seen.publishedAt})`;
}

/** The columns of a step as its letter was written. */
export const stepAsWritten = {
  slug: steps.slug,
  subject: steps.subject,
  preheader: steps.preheader,
  markdown: steps.markdown,
  status: steps.status,
  backfill: steps.backfill,
  ornament: steps.ornament,
};

const summary = {
  slug: sequences.slug,
  title: sequences.title,
  language: sequences.language,
  origin: sequences.origin,
  version: sequences.version,
  publishedAt: sequences.publishedAt,
  archivedAt: sequences.archivedAt,
};

/** Sequences behind `after` (a slug), by slug, the archived ones too; at most `limit`. `steps` counts what isn't archived. */
export function listSequences(db: Db, after: string, limit: number) {
  const alive = sql<number>`${sql`(select count(*) from ${steps} where ${steps.sequenceId} = ${sequences.id}
    and ${steps.archivedAt} is null)`}`.as("steps");
  return db
    .select({ ...summary, steps: alive })
    .from(sequences)
    .where(gt(sequences.slug, after))
    .orderBy(asc(sequences.slug))
    .limit(limit);
}

/** To be selected along: published steps that are drafts, for which readers who come to them wait, with their sequences. */
export const waitedFor = listOf(
  { sequence: sequences.slug, title: sequences.title, letter: steps.slug, subject: steps.subject },
  sql`from ${steps} join ${sequences} on ${sequences.id} = ${steps.sequenceId}
    where ${steps.status} = 'draft' and ${steps.archivedAt} is null and ${sequences.archivedAt} is null`,
);

/** A sequence as it was written: its welcome, and its steps in order, those left out that are archived. Null where there is none. */
export async function readEdition(db: Db, slug: string) {
  const { found, letters } = await batch(db, {
    found: db
      .select({ ...summary, settings: sequences.settings, welcome: sequences.welcome })
      .from(sequences)
      .where(eq(sequences.slug, slug)),
    letters: db
      .select(stepAsWritten)
      .from(steps)
      .innerJoin(sequences, eq(sequences.id, steps.sequenceId))
      .where(and(eq(sequences.slug, slug), isNull(steps.archivedAt)))
      .orderBy(asc(steps.position)),
  });
  const [sequence] = found;
  return sequence === undefined ? null : { ...sequence, steps: letters };
}

/**
 * Archives a sequence at the version that was seen, so that it takes no new readers, or takes that back (`at` null). Those who are
 * in it go on, and someone who had asked before may still confirm. False, with nothing changed, where it isn't at that version.
 */
export async function archiveSequence(
  db: Db,
  slug: string,
  archive: {
    readonly seen: SeenVersion;
    readonly at: number | null;
    readonly now: number;
    readonly by: Doer;
    /** What else must be true, and what's written with it where it's done (the condition). */
    readonly only?: SQL;
    readonly also?: (done: SQL) => Readonly<Record<string, Write>>;
  },
): Promise<boolean> {
  const { seen, at, now, by, only = sql`true`, also = () => ({}) } = archive;
  const verb = at === null ? "unarchive_sequence" : "archive_sequence";
  const condition = sql`${isAtVersion(slug, seen)} and ${only}`;
  const results = await batch(
    db,
    together(
      {
        act: recordAct(by, { at: now, verb, object: `sequence:${slug}`, changed: {} }, condition),
        changed: db
          .update(sequences)
          .set({ archivedAt: at, version: sql`${sequences.version} + 1` })
          .where(and(eq(sequences.slug, slug), acted(by, verb))),
      },
      also(acted(by, verb)),
    ),
  );
  return results.act.changes === 1;
}
