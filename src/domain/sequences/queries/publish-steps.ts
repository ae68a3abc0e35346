import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import {
  type ORIGINS,
  renditions,
  type SequenceSettings,
  sequences,
  steps,
  stepVariants,
  type WelcomeSource,
} from "../../../platform/db/schema/index.ts";
import { insertFrom, onConflict } from "../../../platform/db/write.ts";
import type { Language } from "../../../platform/texts/languages.ts";

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
  readonly variants: ReadonlyArray<{ readonly choice: string; readonly hash: string }>;
};

/**
 * Statements that publish a sequence under a new version where `condition` holds: its steps in the given order, and the rest
 * archived. Every rendition that is named by its hash must be there. Running them twice leaves the same steps.
 */
export function publishSteps(
  db: Db,
  edition: {
    readonly slug: string;
    readonly title: string;
    readonly language: Language;
    readonly settings: SequenceSettings;
    readonly origin: (typeof ORIGINS)[number];
    /** The hash of the welcome's rendition. */
    readonly welcomeHash: string;
    readonly welcome: WelcomeSource;
    readonly steps: readonly StepToWrite[];
    readonly now: number;
  },
  condition: SQL,
) {
  const { slug, title, language, settings, origin, now } = edition;
  const rows = rowsOf(
    edition.steps.map((step, position) => ({ ...step, backfill: step.backfill ? 1 : 0, position })),
  );
  const { of } = rows;
  const variants = rowsOf(
    edition.steps.flatMap((step) =>
      step.variants.map(({ choice, hash }) => ({ slug: step.slug, choice, hash })),
    ),
  );
  const ownSequence = db.select({ id: sequences.id }).from(sequences).where(eq(sequences.slug, slug));
  const ownSteps = db.select({ id: steps.id }).from(steps).where(sql`${steps.sequenceId} = ${ownSequence}`);
  const renditionOf = (hash: string) =>
    sql`(select ${renditions.id} from ${renditions} where ${renditions.hash} = ${hash})`;
  return {
    sequence: insertFrom(
      sequences,
      {
        slug,
        title,
        language,
        settings,
        origin,
        version: 1,
        welcomeRenditionId: renditionOf(edition.welcomeHash),
        publishedAt: now,
        welcome: edition.welcome,
      },
      sql`where ${condition} ${onConflict(sequences, ["slug"], {
        take: ["title", "language", "settings", "origin", "welcomeRenditionId", "publishedAt", "welcome"],
        set: { version: sql`${sequences.version} + 1` },
      })}`,
    ),
    steps: insertFrom(
      steps,
      {
        sequenceId: sequences.id,
        slug: of("slug"),
        position: of("position"),
        title: of("title"),
        subject: of("subject"),
        preheader: of("preheader"),
        markdown: of("markdown"),
        opening: of("opening"),
        status: of("status"),
        backfill: sql`${of("backfill")}`,
        ornament: of("ornament"),
        renditionId: renditions.id,
      },
      sql`from ${rows.from} join ${sequences} on ${sequences.slug} = ${slug}
          join ${renditions} on ${renditions.hash} = ${of("hash")}
        where ${condition}
        ${onConflict(steps, ["sequenceId", "slug"], {
          take: [
            "position",
            "title",
            "subject",
            "preheader",
            "markdown",
            "opening",
            "ornament",
            "status",
            "backfill",
            "renditionId",
          ],
          set: { archivedAt: null },
        })}`,
    ),
    archived: db
      .update(steps)
      .set({ archivedAt: now })
      .where(
        and(
          sql`${steps.sequenceId} = ${ownSequence}`,
          isNull(steps.archivedAt),
          sql`${steps.slug} not in (select ${of("slug")} from ${rows.from})`,
          condition,
        ),
      ),
    withoutVariants: db
      .delete(stepVariants)
      .where(sql`${stepVariants.stepId} in ${ownSteps} and ${condition}`),
    variants: insertFrom(
      stepVariants,
      { stepId: steps.id, choice: variants.of("choice"), renditionId: renditions.id },
      sql`from ${variants.from} join ${sequences} on ${sequences.slug} = ${slug}
        join ${steps} on ${steps.sequenceId} = ${sequences.id} and ${steps.slug} = ${variants.of("slug")}
        join ${renditions} on ${renditions.hash} = ${variants.of("hash")}
        where ${condition}`,
    ),
  };
}
