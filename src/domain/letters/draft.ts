import {
  type DraftedLetter,
  type DraftedOutline,
  PLAIN_SETTINGS,
  type SequenceSettings,
} from "../../platform/db/schema/index.ts";
import type { Language } from "../../platform/texts/languages.ts";
import { isSameVersion, type readEdition, type SeenVersion } from "../sequences/queries/editions.ts";
import { type Publication, writtenSettings } from "./letter-schema.ts";
import type { readSaves, Save } from "./queries/drafts.ts";

export type { DraftedLetter };

type Edition = Awaited<ReturnType<typeof readEdition>>;
type Saved = Awaited<ReturnType<typeof readSaves>>;

/** A letter as it would be published now. */
export type DraftLetter = DraftedLetter & {
  readonly slug: string;
  readonly status: "published" | "draft";
  readonly backfill: boolean;
  /** The save that it is; 0 where it's as published. */
  readonly revision: number;
  /** Against what is published. */
  readonly change: "new" | "changed" | "unchanged";
};

/** A sequence as it would be published now. */
export type Draft = {
  readonly slug: string;
  readonly title: string;
  readonly language: Language;
  readonly settings: ReturnType<typeof writtenSettings>;
  /** The settings as they're stored. */
  readonly stored: SequenceSettings;
  readonly welcome: DraftLetter;
  readonly steps: readonly DraftLetter[];
  /** Letters that are left out, and can be brought back. */
  readonly archived: readonly DraftLetter[];
  /** The save of the outline; 0 where it's as published. */
  readonly outline: number;
  /** Whether an outline was made on a version that isn't the published one any more, and so says nothing. */
  readonly outdated: boolean;
  readonly seen: SeenVersion | null;
  /** What readers get now, in order. */
  readonly published: ReadonlyArray<{ readonly slug: string; readonly backfill: boolean }>;
  /** Whether it takes no new readers. */
  readonly closed: boolean;
  /** The edition that undoing the last publication brings back; null for none. */
  readonly undo: number | null;
  /** Whether publishing would change anything. */
  readonly changes: boolean;
  /** The newest save; 0 without one. What someone decided on is known again by it and `seen`. */
  readonly newest: number;
};

/** The slug of a welcome that was begun at the desk. */
export const WELCOME_SLUG = "greeting";

/** A letter that nothing was written into yet. */
export const EMPTY_LETTER: DraftedLetter = { subject: "", preheader: "", markdown: "", ornament: null };

const FIELDS = ["subject", "preheader", "markdown", "ornament"] as const;

/** Whether two letters say the same. */
export function isSameLetter(one: DraftedLetter, other: DraftedLetter): boolean {
  return FIELDS.every((field) => one[field] === other[field]);
}

/**
 * A sequence with the saves that stand over its published edition (null where there's none). Null where there's neither.
 */
export function draftOf(slug: string, edition: Edition, { saves, archived, replaced }: Saved): Draft | null {
  const seen = edition === null ? null : { version: edition.version, publishedAt: edition.publishedAt };
  const outlineSave = saves.find(({ kind }) => kind === "outline");
  const written = outlineSave?.content as DraftedOutline | undefined;
  const outdated = written !== undefined && !isSameVersion(written.base, seen);
  const outline = outdated ? undefined : written;
  if (edition === null && outline === undefined) return null;

  const published = new Map((edition?.steps ?? []).map((step) => [step.slug, step]));
  const before = new Map(archived.map((step) => [step.slug, step]));
  const saved = new Map(
    saves.flatMap(({ kind, letter, id, content }) =>
      kind === "letter" ? [[letter, { revision: id, content: content as DraftedLetter }] as const] : [],
    ),
  );
  const letterOf = (
    own: string,
    status: DraftLetter["status"],
    backfill: boolean,
    was: DraftedLetter | null,
  ) => {
    const save = saved.get(own);
    const { subject, preheader, markdown, ornament } =
      save?.content ?? was ?? before.get(own) ?? EMPTY_LETTER;
    const now = { subject, preheader, markdown, ornament };
    const change = was === null ? "new" : isSameLetter(was, now) ? "unchanged" : "changed";
    return { ...now, slug: own, status, backfill, revision: save?.revision ?? 0, change } as const;
  };
  const places: DraftedOutline["steps"] = outline?.steps ?? edition?.steps ?? [];
  const steps = places.map(({ slug: own, status, backfill }) => {
    const was = published.get(own) ?? null;
    const letter = letterOf(own, status, backfill, was);
    const asBefore = was !== null && was.status === status && was.backfill === backfill;
    return letter.change === "unchanged" && !asBefore ? { ...letter, change: "changed" as const } : letter;
  });
  const there = new Set(places.map((step) => step.slug));
  const welcomeSlug = edition?.welcome?.slug ?? WELCOME_SLUG;
  const left = [...new Set([...published.keys(), ...before.keys(), ...saved.keys()])].filter(
    (own) => !there.has(own) && own !== welcomeSlug,
  );
  const welcome = letterOf(welcomeSlug, "published", true, edition?.welcome ?? null);
  const title = outline?.title ?? edition?.title ?? slug;
  const language = outline?.language ?? edition?.language ?? "en";
  const stored = outline?.settings ?? edition?.settings ?? PLAIN_SETTINGS;
  const order = (list: ReadonlyArray<{ readonly slug: string }>) => list.map((step) => step.slug).join();
  return {
    slug,
    title,
    language,
    settings: writtenSettings(stored),
    stored,
    welcome,
    steps,
    archived: left.map((own) => letterOf(own, "published", true, published.get(own) ?? null)),
    outline: outdated ? 0 : (outlineSave?.id ?? 0),
    outdated,
    seen,
    published: (edition?.steps ?? []).map((step) => ({ slug: step.slug, backfill: step.backfill })),
    closed: edition !== null && edition.archivedAt !== null,
    undo: seen === null ? null : (replaced[0]?.id ?? null),
    changes:
      title !== edition?.title ||
      language !== edition.language ||
      JSON.stringify(writtenSettings(stored)) !== JSON.stringify(writtenSettings(edition.settings)) ||
      order(steps.filter((step) => !isUnfinished(step))) !== order(edition.steps) ||
      [welcome, ...steps].some((letter) => letter.change !== "unchanged" && !isUnfinished(letter)),
    newest: Math.max(0, ...saves.map(({ id }) => id)),
  };
}

/** The outline of a draft, to be changed and saved. */
export function outlineOf({ seen, title, language, stored, steps }: Draft): DraftedOutline {
  return {
    base: seen,
    title,
    language,
    settings: stored,
    steps: steps.map(({ slug, status, backfill }) => ({ slug, status, backfill })),
  };
}

/** Whether a letter is one that its author has only begun: it stays behind when the others are published. */
export function isUnfinished({ status, change, markdown }: DraftLetter): boolean {
  return status === "draft" && change === "new" && markdown.trim() === "";
}

/** A letter as PUT takes it. */
export function asWritten({ slug, subject, preheader, markdown, ornament, status, backfill }: DraftLetter) {
  return { slug, subject, preheader, markdown, status, backfill, ...(ornament === null ? {} : { ornament }) };
}

/** A draft as PUT takes it, without letters that are only begun. */
export function publicationOf({ title, language, settings, welcome, steps }: Draft) {
  return {
    title,
    language,
    ...settings,
    welcome: { ...asWritten(welcome), status: "published" as const },
    steps: steps.filter((step) => !isUnfinished(step)).map(asWritten),
  } satisfies Record<
    Exclude<keyof Publication, "origin" | "force" | "resume" | keyof typeof settings>,
    unknown
  >;
}

/** The saves that stay when a draft is published as the version `base`: letters that are only begun, at their places. */
export function carriedOver(draft: Draft, base: SeenVersion): readonly Save[] {
  const begun = draft.steps.filter(isUnfinished);
  if (begun.length === 0) return [];
  return [
    { kind: "outline", content: { ...outlineOf(draft), base } },
    ...begun.map(({ slug, subject, preheader, markdown, ornament }): Save => {
      return { kind: "letter", letter: slug, content: { subject, preheader, markdown, ornament } };
    }),
  ];
}

/** What can be done with a letter in the outline of its sequence. */
export type Move = "up" | "down" | "archive" | "restore" | "publish" | "draft";

/** The outline with one letter moved; the same where that can't be. */
export function movedIn(outline: DraftedOutline, slug: string, move: Move): DraftedOutline {
  const { steps } = outline;
  const at = steps.findIndex((step) => step.slug === slug);
  const step = steps[at];
  if (move === "restore")
    return step === undefined
      ? { ...outline, steps: [...steps, { slug, status: "published", backfill: true }] }
      : outline;
  if (step === undefined) return outline;
  const rest = steps.filter((each) => each !== step);
  switch (move) {
    case "up":
    case "down":
      return { ...outline, steps: rest.toSpliced(move === "up" ? Math.max(0, at - 1) : at + 1, 0, step) };
    case "archive":
      return { ...outline, steps: rest };
    case "publish":
      return { ...outline, steps: steps.with(at, { ...step, status: "published" }) };
    case "draft":
      return { ...outline, steps: steps.with(at, { ...step, status: "draft" }) };
  }
}

const SLUG_MAX = 60;

/** A slug for a letter or a sequence of that name, that none of `taken` has. */
export function slugFor(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, SLUG_MAX - 4)
    .replaceAll(/^-+|-+$/g, "");
  const base = plain === "" ? "letter" : plain;
  const numbered = Array.from({ length: taken.length + 1 }, (_, n) => (n === 0 ? base : `${base}-${n + 1}`));
  return numbered.find((slug) => !taken.includes(slug)) ?? base;
}
