import { batch } from "../../platform/db/batch.ts";
import type { Db } from "../../platform/db/client.ts";
import type { DraftedLetter, DraftedOutline } from "../../platform/db/schema/index.ts";
import type { Language } from "../../platform/texts/languages.ts";
import type { Doer } from "../acts/act.ts";
import { archiveSequence, readEdition } from "../sequences/queries/editions.ts";
import {
  type Draft,
  draftOf,
  EMPTY_LETTER,
  isSameLetter,
  type Move,
  movedIn,
  outlineOf,
  slugFor,
  WELCOME_SLUG,
} from "./draft.ts";
import { doneWith, keepSave, keepSaves, nothingSavedSince, readSaves } from "./queries/drafts.ts";

type Deps = { readonly db: Db; readonly now: number; readonly by: Doer };

/** What a save came to: its revision, or that someone else saved in the meantime. */
export type Saved = { readonly kind: "saved"; readonly revision: number } | { readonly kind: "stale" };

/** A sequence as it would be published now; null where there's none of that name. */
export async function readDraft(db: Db, slug: string): Promise<Draft | null> {
  const [edition, saved] = await Promise.all([readEdition(db, slug), readSaves(db, slug)]);
  return draftOf(slug, edition, saved);
}

/** Begins a sequence with a name and nothing else. Returns its slug; readers see nothing of it until it's published. */
export async function beginSequence(
  deps: Deps,
  {
    title,
    language,
    taken,
  }: { readonly title: string; readonly language: Language; readonly taken: readonly string[] },
): Promise<string> {
  const slug = slugFor(title, taken);
  await keepOutline(deps, slug, { base: null, title, language, steps: [] }, 0);
  return slug;
}

/**
 * Saves a letter over the revision that was seen. Keeps each save, and changes nothing that's published. What stands already is saved,
 * whatever was seen: so a save whose answer was lost can be sent again.
 */
export async function saveLetter(
  { db, now, by }: Deps,
  {
    slug,
    letter,
    content,
    seen,
  }: {
    readonly slug: string;
    readonly letter: string;
    readonly content: DraftedLetter;
    readonly seen: number;
  },
): Promise<Saved> {
  const revision = await keepSave(db, slug, { kind: "letter", letter, content }, { seen, now, by });
  if (revision !== null) return { kind: "saved", revision };
  const draft = await readDraft(db, slug);
  const standing = draft === null ? undefined : lettersOf(draft).find((each) => each.slug === letter);
  return standing !== undefined && isSameLetter(standing, content)
    ? { kind: "saved", revision: standing.revision }
    : { kind: "stale" };
}

/** Adds a letter at the end of a draft, as one that isn't published. Returns its slug; null where someone changed the outline meanwhile. */
export async function addLetter(deps: Deps, draft: Draft, subject: string): Promise<string | null> {
  const taken = lettersOf(draft).map(({ slug }) => slug);
  const letter = slugFor(subject, [...taken, WELCOME_SLUG]);
  const outline = outlineOf(draft);
  const steps = [...outline.steps, { slug: letter, status: "draft" as const, backfill: true }];
  const saved = await keepOutline(deps, draft.slug, { ...outline, steps }, draft.outline);
  if (saved.kind === "stale") return null;
  await saveLetter(deps, { slug: draft.slug, letter, content: { ...EMPTY_LETTER, subject }, seen: 0 });
  return letter;
}

/** Moves a letter within a draft, out of it, or back into it. */
export function moveLetter(deps: Deps, draft: Draft, letter: string, move: Move): Promise<Saved> {
  return keepOutline(deps, draft.slug, movedIn(outlineOf(draft), letter, move), draft.outline);
}

/** Gives a draft another title, another language or other settings. */
export function changeSettings(
  deps: Deps,
  draft: Draft,
  to: Required<Pick<DraftedOutline, "title" | "language" | "settings">>,
): Promise<Saved> {
  return keepOutline(deps, draft.slug, { ...outlineOf(draft), ...to }, draft.outline);
}

/**
 * Closes a published sequence to new readers, or opens it again, whatever is being written of it. False where someone changed it meanwhile, or it isn't
 * published.
 */
export async function closeSequence({ db, now, by }: Deps, draft: Draft, closes: boolean): Promise<boolean> {
  const { slug, seen, closed, outline } = draft;
  if (seen === null) return false;
  if (closed === closes) return true;
  // The order that's being written goes with the version that it was made on, and this is another one then.
  const content = { ...outlineOf(draft), base: { ...seen, version: seen.version + 1 } };
  const written = outline > 0 ? [{ kind: "outline", content } as const] : [];
  return archiveSequence(db, slug, {
    ...{ seen, at: closes ? now : null, now, by },
    only: nothingSavedSince(slug, draft.newest),
    also: (done) => keepSaves(slug, written, { now, by }, done),
  });
}

/** Throws away what was written since the last publication. It stays among the saves for 90 days. */
export async function discardDraft({ db, now, by }: Deps, slug: string): Promise<void> {
  await batch(db, { done: doneWith(slug, { now, by }) });
}

async function keepOutline(
  { db, now, by }: Deps,
  slug: string,
  content: DraftedOutline,
  seen: number,
): Promise<Saved> {
  const revision = await keepSave(db, slug, { kind: "outline", content }, { seen, now, by });
  return revision === null ? { kind: "stale" } : { kind: "saved", revision };
}

const lettersOf = ({ welcome, steps, archived }: Draft) => [welcome, ...steps, ...archived];
