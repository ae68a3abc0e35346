import { and, asc, eq, isNull, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { batch, together } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import {
  nextRenditions,
  renditions,
  sequences,
  steps,
  systemMails,
} from "../../../platform/db/schema/index.ts";
import { insertFrom, onConflict } from "../../../platform/db/write.ts";
import { switchRenditions, WELCOME_PART } from "../../sequences/queries/switch-renditions.ts";
import {
  dropNextSite,
  isNextSite,
  type SiteEdition,
  saveSite,
  selectNextSite,
} from "../../site/queries/site.ts";
import type { RenderedLetter } from "../render-letter.tsx";
import { storeAll } from "./publication.ts";

/** A rendition that was made for the site's next edition, and for which part of which step (0: the sequence's own; of sequence 0: the site's). */
export type NextPart = {
  readonly sequenceId: number;
  readonly stepId: number;
  readonly part: string;
  readonly letter: RenderedLetter;
};

const isMade = (sequenceId: SQL, stepId: SQL) => sql`exists (select 1 from ${nextRenditions}
  where ${nextRenditions.sequenceId} = ${sequenceId} and ${nextRenditions.stepId} = ${stepId})`;

const later = alias(steps, "later_step");

/** Of the published steps of the joined one's sequence, those with this condition. */
const others = (what: SQL, condition: SQL) => sql`(select ${what} from ${steps} later_step
  where ${later.sequenceId} = ${steps.sequenceId} and ${later.archivedAt} is null and ${later.status} = 'published' and ${condition})`;
const number = others(sql`count(*)`, sql`${later.position} <= ${steps.position}`);
const of = others(sql`count(*)`, sql`true`);
const nextTitle = others(
  sql`${later.title}`,
  sql`${later.position} > ${steps.position} order by ${later.position} limit 1`,
);

/** How many letters there are to be rendered for a new edition of the site: every step that isn't archived, and each welcome. */
export async function countLetters(db: Db): Promise<{ readonly letters: number; readonly done: number }> {
  const living = sql`(select count(*) from ${steps} where ${steps.archivedAt} is null)`;
  const made = sql`(select count(*) from (select distinct ${nextRenditions.sequenceId}, ${nextRenditions.stepId}
    from ${nextRenditions} where ${nextRenditions.sequenceId} <> 0))`;
  const [row] = await db
    .select({
      letters: sql<number>`${living} + (select count(*) from ${sequences})`,
      done: sql<number>`${made}`,
    })
    .from(sql`(select 1)`);
  return row ?? { letters: 0, done: 0 };
}

/** The next edition with up to `limit` steps and sequences that nothing was rendered of yet; null where no edition waits. */
export async function readNextWork(db: Db, limit: number) {
  const { next, missingSteps, missingSequences } = await batch(db, {
    next: selectNextSite(db),
    missingSteps: db
      .select({
        sequenceId: steps.sequenceId,
        stepId: steps.id,
        slug: steps.slug,
        subject: steps.subject,
        preheader: steps.preheader,
        markdown: steps.markdown,
        status: steps.status,
        ornament: steps.ornament,
        number: sql<number>`${number}`.as("number"),
        of: sql<number>`${of}`.as("of_published"),
        nextTitle: sql<string | null>`${nextTitle}`.as("next_title"),
        stepTitle: sql<string>`${sql`${steps.title}`}`.as("step_title"),
        title: sequences.title,
        // The step has one, too, and a batch gives columns by their names.
        sequence: sql<string>`${sequences.slug}`.as("sequence"),
        language: sequences.language,
        settings: sequences.settings,
      })
      .from(steps)
      .innerJoin(sequences, eq(sequences.id, steps.sequenceId))
      .where(and(isNull(steps.archivedAt), sql`not ${isMade(sql`${steps.sequenceId}`, sql`${steps.id}`)}`))
      .orderBy(asc(steps.id))
      .limit(limit),
    missingSequences: db
      .select({
        sequenceId: sequences.id,
        sequence: sequences.slug,
        title: sequences.title,
        language: sequences.language,
        settings: sequences.settings,
        welcome: sequences.welcome,
        welcomeRenditionId: sequences.welcomeRenditionId,
      })
      .from(sequences)
      .where(sql`not ${isMade(sql`${sequences.id}`, sql`0`)}`)
      .orderBy(asc(sequences.id))
      .limit(limit),
  });
  const [edition] = next;
  return edition === undefined ? null : { edition, missingSteps, missingSequences };
}

/** Keeps what was rendered for an edition, while it is the next one. Doing it twice keeps it once. */
export async function keepParts(
  db: Db,
  edition: SiteEdition,
  parts: readonly NextPart[],
  now: number,
): Promise<void> {
  const rows = rowsOf(
    parts.map(({ sequenceId, stepId, part, letter }) => ({ sequenceId, stepId, part, hash: letter.hash })),
  );
  const { of } = rows;
  await batch(
    db,
    together(
      storeAll(
        parts.map(({ letter }) => letter),
        now,
      ),
      {
        kept: insertFrom(
          nextRenditions,
          {
            sequenceId: of("sequenceId"),
            stepId: of("stepId"),
            part: of("part"),
            renditionId: renditions.id,
          },
          sql`from ${rows.from} join ${renditions} on ${renditions.hash} = ${of("hash")}
            where ${isNextSite(edition)} ${onConflict(nextRenditions, ["sequenceId", "stepId", "part"], { take: ["renditionId"] })}`,
        ),
      },
    ),
  );
}

/** Makes the next edition the site, and all letters and mails those that were rendered for it, at once, if it's still the next one. */
export async function switchToNext(db: Db, edition: SiteEdition, now: number): Promise<void> {
  const { content, origin } = edition;
  const still = isNextSite(edition);
  const part = nextRenditions.part;
  await batch(
    db,
    together(switchRenditions(db, still), {
      mails: insertFrom(
        systemMails,
        {
          sequenceId: nextRenditions.sequenceId,
          name: sql`substr(${part}, 1, instr(${part}, ' ') - 1)`,
          language: sql`substr(${part}, instr(${part}, ' ') + 1)`,
          renditionId: nextRenditions.renditionId,
        },
        sql`from ${nextRenditions} where ${nextRenditions.stepId} = 0 and ${part} <> ${WELCOME_PART} and ${still}
          ${onConflict(systemMails, ["sequenceId", "name", "language"], { take: ["renditionId"] })}`,
      ),
      site: saveSite({ content, origin, now }, still),
      emptied: db.delete(nextRenditions).where(still),
      dropped: dropNextSite(db, still),
    }),
  );
}

/** Statement: forgets what was rendered for an edition that another one replaces. */
export function dropParts(db: Db, condition: SQL) {
  return db.delete(nextRenditions).where(condition);
}
