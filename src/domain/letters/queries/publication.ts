import { eq, type SQL, sql } from "drizzle-orm";
import { batch, together } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import { type ORIGINS, renditions, sequences, systemMails } from "../../../platform/db/schema/index.ts";
import { insertFrom, onConflict, type Write } from "../../../platform/db/write.ts";
import type { Doer } from "../../acts/act.ts";
import { acted, recordAct } from "../../acts/queries/acts.ts";
import { isAtVersion } from "../../sequences/queries/editions.ts";
import { publishSteps } from "../../sequences/queries/publish-steps.ts";
import { isSiteVersion } from "../../site/queries/site.ts";
import type { PreparedPublication } from "../prepare-publication.ts";
import type { RenderedLetter } from "../render-letter.tsx";
import type { SystemMail } from "../system-mails.ts";
import { doneWith, keepEdition, keepSaves, nothingSavedSince, type Save } from "./drafts.ts";

/** A draft as it's published. */
export type PublishedDraft = { readonly newest: number; readonly carried: readonly Save[] };

/** A parameter of D1 may have 2 MB; renditions are stored this many bytes at a time. */
const RENDITIONS_BYTES = 1_000_000;

/**
 * Stores a whole publication atomically: renditions that are new, the sequence under a new version, the steps in the
 * given order, and the rest archived; and keeps the act and the edition that it replaces. A draft that it publishes is done with. False, with nothing but renditions written, where the sequence isn't at
 * the version that was seen (`seen`; null: it wasn't there), something was saved in its draft since, or the site isn't the one that it was rendered with.
 */
export async function writePublication(
  db: Db,
  publication: Pick<
    PreparedPublication,
    | "slug"
    | "title"
    | "language"
    | "settings"
    | "welcome"
    | "mails"
    | "siteMails"
    | "letters"
    | "wanted"
    | "seen"
    | "replaced"
  > & {
    readonly welcomeSource: PreparedPublication["welcomeSource"];
    readonly origin: (typeof ORIGINS)[number];
    /** What changed, as `keptFields` keeps it. */
    readonly changed: Readonly<Record<string, unknown>>;
    readonly siteVersion: number;
    /** The draft that it publishes: its newest save, and what of it stays to be written on. Null for what wasn't written at the desk. */
    readonly draft: PublishedDraft | null;
    readonly now: number;
    readonly by: Doer;
  },
): Promise<boolean> {
  const {
    slug,
    title,
    language,
    settings,
    origin,
    welcome: greeting,
    mails,
    siteMails,
    draft,
    now,
    by,
  } = publication;
  // Everything behind the act happens only where the act does.
  const mine = acted(by, "publish_sequence");
  const act = { at: now, verb: "publish_sequence", object: `sequence:${slug}` } as const;
  const ours = [...mails, ...siteMails].map(({ letter }) => letter);
  const { kept } = await batch(
    db,
    together(
      {
        kept: recordAct(
          by,
          { ...act, changed: publication.changed },
          sql`${isAtVersion(slug, publication.seen)} and ${isSiteVersion(publication.siteVersion)}
            and ${draft === null ? sql`true` : nothingSavedSince(slug, draft.newest)}`,
        ),
      },
      storeAll([greeting, ...ours, ...publication.letters], now),
      publishSteps(
        db,
        {
          ...{ slug, title, language, settings, origin, now },
          welcomeHash: greeting.hash,
          welcome: publication.welcomeSource,
          steps: publication.wanted,
        },
        mine,
      ),
      {
        mails: storeMails(
          mails,
          sql`(select ${sequences.id} from ${sequences} where ${sequences.slug} = ${slug})`,
          mine,
        ),
        siteMails: storeMails(siteMails, sql`0`, mine),
        edition: keepEdition(slug, publication.replaced, { now, by }, mine),
        ...(draft === null ? {} : { done: doneWith(slug, { now, by }, mine) }),
      },
      keepSaves(slug, draft?.carried ?? [], { now, by }, mine),
    ),
  );
  return kept.changes === 1;
}

/** Keeps one rendition, unless it's there already. Returns its id. */
export async function keepRendition(db: Db, letter: RenderedLetter, now: number): Promise<number> {
  const { kept } = await batch(db, {
    stored: storeRenditions([letter], now),
    kept: db.select({ id: renditions.id }).from(renditions).where(eq(renditions.hash, letter.hash)),
  });
  const [row] = kept;
  if (row === undefined) throw new Error("a rendition that was just kept is not there");
  return row.id;
}

/** The id of a rendition that's there, as an SQL expression. */
export function renditionOf({ hash }: Pick<RenderedLetter, "hash">): SQL<number> {
  return sql<number>`(select ${renditions.id} from ${renditions} where ${renditions.hash} = ${hash})`;
}

/** Statements: store renditions that are not there yet, some at a time. */
export function storeAll(letters: readonly RenderedLetter[], now: number): Record<string, Write> {
  const portions = inPortions(letters);
  return Object.fromEntries(
    portions.map((some, place) => [`renditions${place}`, storeRenditions(some, now)]),
  );
}

/** Statement: names renditions that are there as a sequence's mails, by name and language. */
function storeMails(mails: readonly SystemMail[], sequenceId: SQL, condition: SQL): Write {
  const rows = rowsOf(mails.map(({ name, language, letter }) => ({ name, language, hash: letter.hash })));
  const { of } = rows;
  return insertFrom(
    systemMails,
    { sequenceId, name: of("name"), language: of("language"), renditionId: renditions.id },
    sql`from ${rows.from} join ${renditions} on ${renditions.hash} = ${of("hash")} where ${condition}
      ${onConflict(systemMails, ["sequenceId", "name", "language"], { take: ["renditionId"] })}`,
  );
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
      language: of("language"),
      fromName: of("fromName"),
      replyTo: of("replyTo"),
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
