import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { listOf } from "../../../platform/db/json-rows.ts";
import {
  renditions,
  sequences,
  steps,
  stepVariants,
  systemMails,
} from "../../../platform/db/schema/index.ts";
import { stepAsWritten } from "../../sequences/queries/editions.ts";
import { nameOf } from "../system-mails.ts";

const welcome = alias(renditions, "welcome");
const variant = alias(renditions, "variant");

/**
 * What is published now, with the hash of each rendition: what a publication is compared with. Archived steps left out; `sequence` null
 * where it isn't there. `next` is the sequence of that slug.
 */
export async function readPublished(db: Db, slug: string, next: string | null) {
  const variants = listOf(
    { choice: stepVariants.choice, hash: variant.hash },
    sql`from ${stepVariants} join ${renditions} variant on ${variant.id} = ${stepVariants.renditionId}
      where ${stepVariants.stepId} = ${steps.id}`,
  );
  const own = db.select({ id: sequences.id }).from(sequences).where(eq(sequences.slug, slug));
  // One batch: an edition is compared as it was at one moment.
  const { found, published, mails, offered } = await batch(db, {
    found: db
      .select({
        id: sequences.id,
        title: sequences.title,
        language: sequences.language,
        settings: sequences.settings,
        origin: sequences.origin,
        version: sequences.version,
        publishedAt: sequences.publishedAt,
        welcomeSource: sequences.welcome,
        welcomeHash: sql<string>`${welcome.hash}`.as("welcome_hash"),
      })
      .from(sequences)
      .innerJoin(welcome, eq(welcome.id, sequences.welcomeRenditionId))
      .where(eq(sequences.slug, slug)),
    published: db
      .select({
        ...stepAsWritten,
        hash: renditions.hash,
        variants: variants.as("variants"),
      })
      .from(steps)
      .innerJoin(renditions, eq(renditions.id, steps.renditionId))
      .innerJoin(sequences, eq(sequences.id, steps.sequenceId))
      .where(and(eq(sequences.slug, slug), isNull(steps.archivedAt)))
      .orderBy(asc(steps.position)),
    mails: db
      .select({ name: systemMails.name, language: systemMails.language, hash: renditions.hash })
      .from(systemMails)
      .innerJoin(renditions, eq(renditions.id, systemMails.renditionId))
      .where(sql`${systemMails.sequenceId} = 0 or ${inArray(systemMails.sequenceId, own)}`),
    offered: selectOffered(db, next),
  });
  return {
    sequence: found[0] ?? null,
    steps: published,
    /** The hash of each system mail by its name and language. */
    mails: new Map(mails.map((mail) => [nameOf(mail), mail.hash])),
    next: offered[0] ?? null,
  };
}

/** Query: the sequence of that slug that can be offered after another one's last letter, none or one. */
export function selectOffered(db: Db, slug: string | null) {
  return db
    .select({ title: sequences.title, language: sequences.language })
    .from(sequences)
    .where(and(eq(sequences.slug, slug ?? ""), isNull(sequences.archivedAt)));
}

/** What `readPublished` finds. */
export type Published = Awaited<ReturnType<typeof readPublished>>;
