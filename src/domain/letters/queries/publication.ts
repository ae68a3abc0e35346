import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { batch, together } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { listOf, rowsOf } from "../../../platform/db/json-rows.ts";
import {
  notices,
  renditions,
  sequences,
  steps,
  stepVariants,
  type WelcomeSource,
} from "../../../platform/db/schema/index.ts";
import { insertFrom, onConflict, type Write } from "../../../platform/db/write.ts";
import type { Doer } from "../../acts/act.ts";
import { acted, recordAct } from "../../acts/queries/acts.ts";
import { isAtVersion, type SeenVersion } from "../../sequences/queries/editions.ts";
import { publishSteps, type StepToWrite } from "../../sequences/queries/publish-steps.ts";
import type { Notices, RenderedLetter } from "../render-letter.tsx";

const confirmation = alias(renditions, "confirmation");
const welcome = alias(renditions, "welcome");
const welcomeBack = alias(renditions, "welcome_back");
const variant = alias(renditions, "variant");

/** What is published now, with the hash of each rendition: what a publication is compared with. Archived steps left out. */
export async function readPublished(db: Db, slug: string) {
  const variants = listOf(
    { band: stepVariants.ageBand, hash: variant.hash },
    sql`from ${stepVariants} join ${renditions} variant on ${variant.id} = ${stepVariants.renditionId}
      where ${stepVariants.stepId} = ${steps.id}`,
  );
  // One batch: an edition is compared as it was at one moment.
  const { found, published, system } = await batch(db, {
    found: db
      .select({
        id: sequences.id,
        title: sequences.title,
        version: sequences.version,
        publishedAt: sequences.publishedAt,
        welcomeSource: sequences.welcome,
        welcomeHash: sql<string>`${welcome.hash}`.as("welcome_hash"),
        welcomeBackHash: sql<string | null>`${welcomeBack.hash}`.as("welcome_back_hash"),
        confirmationHash: sql<string>`${confirmation.hash}`.as("confirmation_hash"),
      })
      .from(sequences)
      .innerJoin(welcome, eq(welcome.id, sequences.welcomeRenditionId))
      .leftJoin(welcomeBack, eq(welcomeBack.id, sequences.welcomeBackRenditionId))
      .innerJoin(confirmation, eq(confirmation.id, sequences.confirmationRenditionId))
      .where(eq(sequences.slug, slug)),
    published: db
      .select({
        slug: steps.slug,
        subject: steps.subject,
        preheader: steps.preheader,
        markdown: steps.markdown,
        status: steps.status,
        backfill: steps.backfill,
        ornament: steps.ornament,
        hash: renditions.hash,
        variants: variants.as("variants"),
      })
      .from(steps)
      .innerJoin(renditions, eq(renditions.id, steps.renditionId))
      .innerJoin(sequences, eq(sequences.id, steps.sequenceId))
      .where(and(eq(sequences.slug, slug), isNull(steps.archivedAt)))
      .orderBy(asc(steps.position)),
    system: db
      .select({ name: notices.name, hash: renditions.hash })
      .from(notices)
      .innerJoin(renditions, eq(renditions.id, notices.renditionId)),
  });
  const [sequence] = found;
  if (sequence === undefined) return null;
  return {
    ...sequence,
    steps: published,
    /** The hash of each system mail by its name. */
    notices: new Map<string, string>(system.map(({ name, hash }) => [name, hash])),
  };
}

/** A parameter of D1 may have 2 MB; renditions are stored this many bytes at a time. */
const RENDITIONS_BYTES = 1_000_000;

/**
 * Stores a whole publication atomically: renditions that are new, the sequence under a new version, the steps in the
 * given order, and the rest archived; and keeps the act. False, with nothing but renditions written, where the sequence isn't at
 * the version that was seen (`seen`; null: it wasn't there).
 */
export async function writePublication(
  db: Db,
  publication: {
    readonly slug: string;
    readonly title: string;
    readonly confirmation: RenderedLetter;
    readonly welcome: RenderedLetter;
    readonly welcomeBack: RenderedLetter;
    readonly notices: Notices;
    readonly letters: readonly RenderedLetter[];
    readonly steps: readonly StepToWrite[];
    readonly welcomeSource: WelcomeSource;
    readonly seen: SeenVersion | null;
    /** What changed, as `keptFields` keeps it. */
    readonly changed: Readonly<Record<string, unknown>>;
    readonly now: number;
    readonly by: Doer;
  },
): Promise<boolean> {
  const { slug, title, confirmation, welcome, welcomeBack, now, by } = publication;
  // Everything behind the act happens only where the act does.
  const mine = acted(by, "publish_sequence");
  const act = { at: now, verb: "publish_sequence", object: `sequence:${slug}` } as const;
  const system = Object.entries(publication.notices);
  const portions = inPortions([
    confirmation,
    welcome,
    welcomeBack,
    ...system.map(([, letter]) => letter),
    ...publication.letters,
  ]);
  const stored = portions.map((letters, place) => [`renditions${place}`, storeRenditions(letters, now)]);
  const named = rowsOf(system.map(([name, { hash }]) => ({ name, hash })));
  const noticed = insertFrom(
    notices,
    { name: named.of("name"), renditionId: renditions.id },
    sql`from ${named.from} join ${renditions} on ${renditions.hash} = ${named.of("hash")} where ${mine}
      ${onConflict(notices, ["name"], { take: ["renditionId"] })}`,
  );
  const mails = { confirmation: confirmation.hash, welcome: welcome.hash, welcomeBack: welcomeBack.hash };
  const { kept } = await batch(
    db,
    together(
      {
        kept: recordAct(by, { ...act, changed: publication.changed }, isAtVersion(slug, publication.seen)),
      },
      Object.fromEntries(stored) as Record<string, Write>,
      publishSteps(
        db,
        { slug, title, mails, welcome: publication.welcomeSource, steps: publication.steps, now },
        mine,
      ),
      { noticed },
    ),
  );
  return kept.changes === 1;
}

/** Statement: stores renditions that are not there yet. */
function storeRenditions(letters: readonly RenderedLetter[], now: number): Write {
  const rows = rowsOf(letters);
  const { of } = rows;
  return insertFrom(
    renditions,
    {
      hash: of("hash"),
      subject: of("subject"),
      html: of("html"),
      text: of("text"),
      heading: of("heading"),
      page: of("page"),
      createdAt: now,
    },
    sql`from ${rows.from} where not exists (select 1 from ${renditions} where ${renditions.hash} = ${of("hash")})`,
  );
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
