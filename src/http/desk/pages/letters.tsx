import type { Context } from "hono";
import * as z from "zod";
import { beginCount, readCounted } from "../../../domain/jobs/counting.ts";
import type { Draft, Move } from "../../../domain/letters/draft.ts";
import {
  addLetter,
  beginSequence,
  closeSequence,
  discardDraft,
  moveLetter,
  readDraft,
} from "../../../domain/letters/drafting.ts";
import { listDrafted } from "../../../domain/letters/queries/drafts.ts";
import { listSequences } from "../../../domain/sequences/queries/editions.ts";
import { LANGUAGES } from "../../../platform/texts/languages.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import type { DeskPage, Fields, Here } from "../desk-page.ts";
import { LETTERS_SAID, SequencePage } from "./sequence-page.tsx";
import { SequencesPage } from "./sequences-page.tsx";
import { saidOf } from "./shell.tsx";
import { showDesk } from "./show-desk.ts";

type Ctx = Context<AppEnv>;

const SEQUENCES_SHOWN = 200;
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cf}]*$/u);
const begun = z.object({ title: line(80), language: z.enum(LANGUAGES) });
const MOVES = ["up", "down", "archive", "restore", "publish", "draft"] as const satisfies readonly Move[];
const moved = z.object({ letter: z.string().max(60), move: z.enum(MOVES), seen: z.coerce.number().int() });

/** Letters: the sequences, what's in each, and what can be changed of the order. Nothing of it reaches a reader before it's published. */
export const LETTERS: readonly DeskPage[] = [
  { method: "get", path: "/desk/letters", needs: "write_letters", run: (c) => showSequences(c) },
  { method: "post", path: "/desk/letters", needs: "write_letters", run: begin },
  { method: "get", path: "/desk/letters/:sequence", needs: "write_letters", run: (c) => showSequence(c) },
  { method: "post", path: "/desk/letters/:sequence/letters", needs: "write_letters", run: add },
  { method: "post", path: "/desk/letters/:sequence/move", needs: "write_letters", run: move },
  { method: "post", path: "/desk/letters/:sequence/discard", needs: "write_letters", run: discard },
  { method: "post", path: "/desk/letters/:sequence/count", needs: "write_letters", run: count },
  { method: "post", path: "/desk/letters/:sequence/close", needs: "publish_letters", run: close },
];

/** Where a sequence stands at the desk, with what the last act came to. */
export const toSequence = (c: Ctx, slug: string, done: string) =>
  c.redirect(`/desk/letters/${slug}?done=${done}`, 303);

async function showSequences(c: Ctx, typed: Fields | null = null): Promise<Response> {
  const [published, drafted, site] = await Promise.all([
    listSequences(c.var.db, "", SEQUENCES_SHOWN),
    listDrafted(c.var.db, SEQUENCES_SHOWN),
    c.var.site(),
  ]);
  const page = (
    <SequencesPage published={published} drafted={drafted} typed={typed} language={site.language} />
  );
  return showDesk(c, page, { status: typed === null ? 200 : 422 });
}

async function begin(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const given = begun.safeParse(fields);
  if (!given.success) return showSequences(c, fields);
  const { db, now, by } = await c.var.services();
  const [published, drafted] = await Promise.all([
    listSequences(db, "", SEQUENCES_SHOWN),
    listDrafted(db, SEQUENCES_SHOWN),
  ]);
  const taken = [...published.map(({ slug }) => slug), ...drafted.map(({ slug }) => slug)];
  const slug = await beginSequence({ db, now, by }, { ...given.data, taken });
  return toSequence(c, slug, "begun");
}

async function showSequence(c: Ctx, typed: Fields | null = null): Promise<Response> {
  const draft = await wantedDraft(c);
  if (draft === null) return c.notFound();
  const counted = await readCounted(c.var.db, draft.slug, await c.var.now());
  // The site is only asked for where a time is told.
  const tellsTime = counted.kind === "counted" && counted.at !== null;
  const page = (
    <SequencePage
      draft={draft}
      counted={counted}
      said={saidOf(c.req.query("done"), LETTERS_SAID)}
      typed={typed}
      timeZone={tellsTime ? (await c.var.site()).timeZone : "UTC"}
    />
  );
  return showDesk(c, page, { status: typed === null ? 200 : 422 });
}

/** The draft that a path names; null where there's none. */
export function wantedDraft(c: Ctx): Promise<Draft | null> {
  return readDraft(c.var.db, c.req.param("sequence") ?? "");
}

async function add(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const draft = await wantedDraft(c);
  if (draft === null) return c.notFound();
  const subject = line(120).safeParse(fields.subject ?? "");
  if (!subject.success) return showSequence(c, fields);
  const letter = await addLetter(await c.var.services(), draft, subject.data);
  return letter === null
    ? toSequence(c, draft.slug, "stale")
    : c.redirect(`/desk/letters/${draft.slug}/letters/${letter}`, 303);
}

async function move(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const draft = await wantedDraft(c);
  if (draft === null) return c.notFound();
  const given = moved.safeParse(fields);
  if (!given.success || given.data.seen !== draft.outline) return toSequence(c, draft.slug, "stale");
  const saved = await moveLetter(await c.var.services(), draft, given.data.letter, given.data.move);
  return toSequence(c, draft.slug, saved.kind === "stale" ? "stale" : given.data.move);
}

async function discard(c: Ctx): Promise<Response> {
  const draft = await wantedDraft(c);
  if (draft === null) return c.notFound();
  await discardDraft(await c.var.services(), draft.slug);
  return draft.seen === null ? c.redirect("/desk/letters", 303) : toSequence(c, draft.slug, "discarded");
}

/** Closes a sequence to new readers, or opens it again: at once, and not with the letters. */
async function close(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const draft = await wantedDraft(c);
  if (draft === null) return c.notFound();
  const closes = fields.close === "1";
  const done = await closeSequence(await c.var.services(), draft, closes);
  return toSequence(c, draft.slug, !done ? "stale" : closes ? "closed" : "opened");
}

/** Counts the readers, for the page that it's asked for on. */
async function count(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const draft = await wantedDraft(c);
  if (draft === null) return c.notFound();
  await beginCount(await c.var.services(), draft.slug);
  const page = fields.page === "publish" ? "/publish" : "";
  return c.redirect(`/desk/letters/${draft.slug}${page}`, 303);
}

/** The letter of a draft that a path names; null where there's none of that name. */
export function letterIn(draft: Draft, slug: string) {
  return [draft.welcome, ...draft.steps, ...draft.archived].find((letter) => letter.slug === slug) ?? null;
}
