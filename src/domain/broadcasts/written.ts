import type { Db } from "../../platform/db/client.ts";
import { type DraftedLetter, PLAIN_SETTINGS } from "../../platform/db/schema/index.ts";
import { type Draft, type DraftLetter, EMPTY_LETTER, isSameLetter, WELCOME_SLUG } from "../letters/draft.ts";
import { writtenSettings } from "../letters/letter-schema.ts";
import { keepSave, listSaves, OF_SITE } from "../letters/queries/drafts.ts";
import type { Services } from "../services.ts";
import type { Site } from "../site/site.ts";
import type { Broadcast } from "./queries/broadcasts.ts";

/** What a broadcast is called among the drafts, and in faults of its letter. */
export function letterOf({ id }: Pick<Broadcast, "id">): string {
  return `broadcast-${id}`;
}

/** What a broadcast says, with the save that it is; 0 while nothing was written. */
export async function readWritten(
  db: Db,
  broadcast: Pick<Broadcast, "id">,
): Promise<{ readonly content: DraftedLetter; readonly revision: number }> {
  const [save] = await listSaves(db, OF_SITE, letterOf(broadcast), 1);
  return save === undefined
    ? { content: EMPTY_LETTER, revision: 0 }
    : { content: save.content as DraftedLetter, revision: save.id };
}

/** A broadcast as the only letter of a sequence that's named as the site: so it's rendered, looked at and tried as letters are. */
export function asDraft(
  site: Pick<Site, "name">,
  { id, language, fromName }: Pick<Broadcast, "id" | "language" | "fromName">,
  { content, revision }: Awaited<ReturnType<typeof readWritten>>,
): Draft {
  const stored = { ...PLAIN_SETTINGS, senderName: fromName === "" ? null : fromName };
  const letter: DraftLetter = {
    ...content,
    ...{ slug: letterOf({ id }), status: "published", backfill: true, revision, change: "new" },
  };
  return {
    ...{ slug: OF_SITE, title: site.name, language, stored, settings: writtenSettings(stored) },
    welcome: { ...letter, ...EMPTY_LETTER, slug: WELCOME_SLUG },
    ...{ steps: [letter], archived: [], published: [] },
    ...{
      outline: 0,
      outdated: false,
      seen: null,
      closed: false,
      undo: null,
      changes: true,
      newest: revision,
    },
  };
}

/** What a save came to: its revision, or that someone else saved in the meantime. */
type Saved = { readonly kind: "saved"; readonly revision: number } | { readonly kind: "stale" };

/** Saves what a broadcast says over the revision that was seen. What stands already is saved, whatever was seen. */
export async function saveWritten(
  { db, now, by }: Pick<Services, "db" | "now" | "by">,
  broadcast: Pick<Broadcast, "id">,
  content: DraftedLetter,
  seen: number,
): Promise<Saved> {
  const letter = letterOf(broadcast);
  const revision = await keepSave(db, OF_SITE, { kind: "letter", letter, content }, { seen, now, by });
  if (revision !== null) return { kind: "saved", revision };
  const standing = await readWritten(db, broadcast);
  return isSameLetter(standing.content, content)
    ? { kind: "saved", revision: standing.revision }
    : { kind: "stale" };
}
