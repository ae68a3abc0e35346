import type { Context } from "hono";
import * as z from "zod";
import {
  type Draft,
  type DraftedLetter,
  type DraftLetter,
  isSameLetter,
} from "../../../domain/letters/draft.ts";
import { type Saved, saveLetter } from "../../../domain/letters/drafting.ts";
import { ORNAMENTS } from "../../../domain/letters/ornament.ts";
import { listSaves } from "../../../domain/letters/queries/drafts.ts";
import type { TestResult } from "../../../domain/letters/send-test.ts";
import type { Services } from "../../../domain/services.ts";
import { type AddedPicture, addPicture } from "../../../domain/site/add-picture.ts";
import { clockTime } from "../../../platform/calendar/format.ts";
import { pictureInLetter } from "../../../platform/links/picture-name.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import type { DeskPage, Fields, Here } from "../desk-page.ts";
import { framedLetter } from "./framed-letter.ts";
import { EditorPage, LETTER_SAID } from "./letter-editor.tsx";
import { SavesPage } from "./letter-saves.tsx";
import { letterIn, wantedDraft } from "./letters.tsx";
import { type Room, saidOf } from "./shell.tsx";
import { showDesk } from "./show-desk.ts";

type Ctx = Context<AppEnv>;

/** A letter of 60,000 characters, each of up to 9 bytes in a form. */
const BODY_BYTES_MAX = 600_000;
/** Of a letter's picture, with what a form puts around it; larger ones are told so by their own limit. */
const PICTURE_BYTES_MAX = 8_000_000;
const SAVES_SHOWN = 50;

/** What's taken into a draft. It may be unfinished; what a letter must be is asked when it's published. */
const saved = z.object({
  subject: z.string().max(200),
  preheader: z.string().max(300),
  markdown: z
    .string()
    .max(60_000)
    .transform((text) => text.replaceAll("\r\n", "\n")),
  ornament: z.enum(ORNAMENTS).or(z.literal("")),
  revision: z.coerce.number().int().min(0),
});
const restored = z.object({
  save: z.coerce.number().int().positive(),
  revision: z.coerce.number().int().min(0),
});

/** A letter as its pages need it: of which draft, where it is, and what else leads there. */
type Wanted = {
  readonly draft: Draft;
  readonly letter: DraftLetter;
  readonly path: string;
  /** What it belongs to; without a title that's its broadcast. */
  readonly home: { readonly path: string; readonly title: string | null };
  readonly room: Room;
  /** Whether it can be written now; else it's only read. */
  readonly open: boolean;
  readonly save: (services: Services, content: DraftedLetter, seen: number) => Promise<Saved>;
};
type Find = (c: Ctx) => Promise<Wanted | null>;

/** The pages of one letter below `base`: written, looked at, sent to oneself, and brought back as it was before. */
export function letterPages(base: `/desk${string}`, find: Find): readonly DeskPage[] {
  return [
    { method: "get", path: base, needs: "write_letters", run: (c) => showEditor(c, find) },
    {
      ...{ method: "post", path: base, needs: "write_letters" },
      bodyBytesMax: BODY_BYTES_MAX,
      run: (c, here, fields) => save(c, find, here, fields),
    },
    {
      ...{ method: "post", path: `${base}/picture`, needs: "write_letters" },
      bodyBytesMax: PICTURE_BYTES_MAX,
      run: (c, _, fields) => addToLetter(c, find, fields),
    },
    { method: "get", path: `${base}/frame`, needs: "write_letters", run: (c) => showFrame(c, find) },
    { method: "get", path: `${base}/saves`, needs: "write_letters", run: (c) => showSaves(c, find) },
    {
      ...{ method: "post", path: `${base}/restore`, needs: "write_letters" },
      run: (c, _, fields) => restore(c, find, fields),
    },
  ];
}

/** The letters of sequences. */
export const LETTER = letterPages("/desk/letters/:sequence/letters/:letter", async (c) => {
  const draft = await wantedDraft(c);
  const letter = draft === null ? null : letterIn(draft, c.req.param("letter") ?? "");
  if (draft === null || letter === null) return null;
  return {
    ...{ draft, letter, room: "letters", open: true },
    path: `/desk/letters/${draft.slug}/letters/${letter.slug}`,
    home: { path: `/desk/letters/${draft.slug}`, title: draft.title },
    save: (services, content, seen) =>
      saveLetter(services, { slug: draft.slug, letter: letter.slug, content, seen }),
  };
});

const described = z.object({
  alt: z
    .string()
    .max(500)
    .transform((text) => text.replaceAll(/[[\]\\\s]+/g, " ").trim()),
});

/** Keeps a picture and puts it at the end of the letter, as that's saved now: the editor's script has saved it since the page was made. */
async function addToLetter(c: Ctx, find: Find, fields: Fields): Promise<Response> {
  const found = await find(c);
  const given = described.safeParse(fields);
  const file = (await c.req.parseBody()).picture_file;
  if (found === null || !found.open || !given.success || !(file instanceof File)) return c.notFound();
  const services = await c.var.services();
  const added = await addPicture(services, new Uint8Array(await file.arrayBuffer()), "letter");
  if (added.kind !== "added") return showEditor(c, find, null, added);
  const { subject, preheader, markdown, ornament, revision } = found.letter;
  const picture = `![${given.data.alt}](${pictureInLetter(added.name)})`;
  const content = { subject, preheader, ornament, markdown: `${markdown.trimEnd()}\n\n${picture}\n` };
  const done = await found.save(services, content, revision);
  return c.redirect(`${found.path}?done=${done.kind === "saved" ? "picture" : "not_restored"}`, 303);
}

/** What of a letter isn't saved: what was typed, and why. */
type Unsaved = { readonly typed: DraftedLetter; readonly why: "stale" | "too_long" };

async function showEditor(
  c: Ctx,
  find: Find,
  unsaved: Unsaved | null = null,
  refused: Exclude<AddedPicture, { kind: "added" }> | null = null,
): Promise<Response> {
  const found = await find(c);
  if (found === null) return c.notFound();
  const preview = await previewed(c, found);
  const page = (
    <EditorPage
      {...found}
      unsaved={unsaved}
      refused={refused}
      faults={preview.faults}
      text={preview.letter?.text ?? null}
      said={saidOf(c.req.query("done"), LETTER_SAID)}
    />
  );
  const status = unsaved === null && refused === null ? 200 : unsaved?.why === "stale" ? 409 : 422;
  return showDesk(c, page, { status });
}

/** Rendering costs more than all the desk's other pages: it's loaded where it's needed. */
async function previewed(c: Ctx, { draft, letter }: Pick<Wanted, "draft" | "letter">) {
  const { previewLetter } = await import("../../../domain/letters/preview-letter.ts");
  const { db, config } = c.var;
  return previewLetter({ db, site: await c.var.site(), publicUrl: config.publicUrl }, draft, letter.slug);
}

async function save(c: Ctx, find: Find, here: Here, fields: Fields): Promise<Response> {
  const found = await find(c);
  if (found === null || !found.open) return c.notFound();
  const given = saved.safeParse(fields);
  // The editor's script saves by itself, and needs no page.
  const byItself = c.req.header("accept") === "application/json";
  if (!given.success && byItself) return c.json({ code: "too_long" }, 422);
  if (!given.success) return showEditor(c, find, { typed: typedIn(fields), why: "too_long" });
  const { revision, ornament, ...text } = given.data;
  const content = { ...text, ornament: ornament === "" ? null : ornament };
  const { letter } = found;
  // Sent as it is, a letter isn't saved once more.
  const asItIs = fields.do === "send" && revision === letter.revision && isSameLetter(letter, content);
  const done = asItIs
    ? { kind: "saved" as const, revision }
    : await found.save(await c.var.services(), content, revision);
  if (byItself)
    return done.kind === "saved" ? savedAs(c, find, done.revision) : c.json({ code: "stale" }, 409);
  if (done.kind === "stale") return showEditor(c, find, { typed: content, why: "stale" });
  const came = fields.do === "send" ? await sendIt(c, find, here.person.personId) : "saved";
  return c.redirect(`${found.path}?done=${came}`, 303);
}

/** Sends the letter that a path names, as it's saved now, to the person who tries it. */
async function sendIt(c: Ctx, find: Find, personId: number): Promise<TestResult> {
  const found = await find(c);
  if (found === null) return "faulty";
  const { sendTest } = await import("../../../domain/letters/send-test.ts");
  const deps = { ...(await c.var.services()), site: await c.var.site() };
  return sendTest(deps, found.draft, found.letter.slug, personId);
}

/** What the editor's script hears of a save. */
async function savedAs(c: Ctx, find: Find, revision: number): Promise<Response> {
  const found = await find(c);
  const preview = found === null ? { letter: null, faults: [] } : await previewed(c, found);
  const faults = preview.faults.map(({ line, severity, message, fix }) => ({ line, severity, message, fix }));
  c.header("cache-control", "no-store");
  const at = clockTime(await c.var.now(), (await c.var.site()).timeZone, "en");
  return c.json({ revision, at, faults, text: preview.letter?.text ?? null });
}

function typedIn({ subject = "", preheader = "", markdown = "", ornament = "" }: Fields): DraftedLetter {
  return { subject, preheader, markdown, ornament: ornament === "" ? null : ornament };
}

/** The letter itself, for a frame. */
async function showFrame(c: Ctx, find: Find): Promise<Response> {
  const found = await find(c);
  return found === null ? c.notFound() : framedLetter(c, (await previewed(c, found)).letter);
}

async function showSaves(c: Ctx, find: Find): Promise<Response> {
  const found = await find(c);
  if (found === null) return c.notFound();
  const [saves, site] = await Promise.all([
    listSaves(c.var.db, found.draft.slug, found.letter.slug, SAVES_SHOWN),
    c.var.site(),
  ]);
  return showDesk(c, <SavesPage {...found} saves={saves} timeZone={site.timeZone} />);
}

async function restore(c: Ctx, find: Find, fields: Fields): Promise<Response> {
  const found = await find(c);
  const given = restored.safeParse(fields);
  if (found === null || !found.open || !given.success) return c.notFound();
  const { draft, letter } = found;
  const saves = await listSaves(c.var.db, draft.slug, letter.slug, SAVES_SHOWN);
  const chosen = saves.find(({ id }) => id === given.data.save);
  if (chosen === undefined) return c.notFound();
  const content = chosen.content as DraftedLetter;
  const done = await found.save(await c.var.services(), content, given.data.revision);
  return c.redirect(`${found.path}?done=${done.kind === "saved" ? "restored" : "not_restored"}`, 303);
}
