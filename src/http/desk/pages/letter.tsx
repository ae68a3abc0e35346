import type { Context } from "hono";
import * as z from "zod";
import {
  type Draft,
  type DraftedLetter,
  type DraftLetter,
  isSameLetter,
} from "../../../domain/letters/draft.ts";
import { saveLetter } from "../../../domain/letters/drafting.ts";
import { ORNAMENTS } from "../../../domain/letters/ornament.ts";
import { listSaves } from "../../../domain/letters/queries/drafts.ts";
import type { TestResult } from "../../../domain/letters/send-test.ts";
import { clockTime } from "../../../platform/calendar/format.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import type { DeskPage, Fields, Here } from "../desk-page.ts";
import { framedLetter } from "./framed-letter.ts";
import { EditorPage, LETTER_SAID } from "./letter-editor.tsx";
import { SavesPage } from "./letter-saves.tsx";
import { letterIn, wantedDraft } from "./letters.tsx";
import { saidOf } from "./shell.tsx";
import { showDesk } from "./show-desk.ts";

type Ctx = Context<AppEnv>;

/** A letter of 60,000 characters, each of up to 9 bytes in a form. */
const BODY_BYTES_MAX = 600_000;
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

const BASE = "/desk/letters/:sequence/letters/:letter";

/** One letter: written, looked at, and brought back as it was before. */
export const LETTER: readonly DeskPage[] = [
  { method: "get", path: BASE, needs: "write_letters", run: (c) => showEditor(c) },
  { method: "post", path: BASE, needs: "write_letters", bodyBytesMax: BODY_BYTES_MAX, run: save },
  { method: "get", path: `${BASE}/frame`, needs: "write_letters", run: showFrame },
  { method: "get", path: `${BASE}/saves`, needs: "write_letters", run: showSaves },
  { method: "post", path: `${BASE}/restore`, needs: "write_letters", run: restore },
];

type Wanted = { readonly draft: Draft; readonly letter: DraftLetter };

async function wanted(c: Ctx): Promise<Wanted | null> {
  const draft = await wantedDraft(c);
  const letter = draft === null ? null : letterIn(draft, c.req.param("letter") ?? "");
  return draft === null || letter === null ? null : { draft, letter };
}

const pathOf = ({ draft, letter }: Wanted) => `/desk/letters/${draft.slug}/letters/${letter.slug}`;

/** What of a letter isn't saved: what was typed, and why. */
type Unsaved = { readonly typed: DraftedLetter; readonly why: "stale" | "too_long" };

async function showEditor(c: Ctx, unsaved: Unsaved | null = null): Promise<Response> {
  const found = await wanted(c);
  if (found === null) return c.notFound();
  const preview = await previewed(c, found);
  const page = (
    <EditorPage
      {...found}
      path={pathOf(found)}
      unsaved={unsaved}
      faults={preview.faults}
      text={preview.letter?.text ?? null}
      said={saidOf(c.req.query("done"), LETTER_SAID)}
    />
  );
  return showDesk(c, page, { status: unsaved === null ? 200 : unsaved.why === "stale" ? 409 : 422 });
}

/** Rendering costs more than all the desk's other pages: it's loaded where it's needed. */
async function previewed(c: Ctx, { draft, letter }: Wanted) {
  const { previewLetter } = await import("../../../domain/letters/preview-letter.ts");
  const { db, config } = c.var;
  return previewLetter({ db, site: await c.var.site(), publicUrl: config.publicUrl }, draft, letter.slug);
}

async function save(c: Ctx, here: Here, fields: Fields): Promise<Response> {
  const found = await wanted(c);
  if (found === null) return c.notFound();
  const given = saved.safeParse(fields);
  // The editor's script saves by itself, and needs no page.
  const byItself = c.req.header("accept") === "application/json";
  if (!given.success && byItself) return c.json({ code: "too_long" }, 422);
  if (!given.success) return showEditor(c, { typed: typedIn(fields), why: "too_long" });
  const { revision, ornament, ...text } = given.data;
  const content = { ...text, ornament: ornament === "" ? null : ornament };
  const { draft, letter } = found;
  const saving = { slug: draft.slug, letter: letter.slug, content, seen: revision };
  // Sent as it is, a letter isn't saved once more.
  const asItIs = fields.do === "send" && revision === letter.revision && isSameLetter(letter, content);
  const done = asItIs
    ? { kind: "saved" as const, revision }
    : await saveLetter(await c.var.services(), saving);
  if (byItself) return done.kind === "saved" ? savedAs(c, done.revision) : c.json({ code: "stale" }, 409);
  if (done.kind === "stale") return showEditor(c, { typed: content, why: "stale" });
  const came = fields.do === "send" ? await sendIt(c, here.person.personId) : "saved";
  return c.redirect(`${pathOf(found)}?done=${came}`, 303);
}

/** Sends the letter that a path names, as it's saved now, to the person who tries it. */
async function sendIt(c: Ctx, personId: number): Promise<TestResult> {
  const found = await wanted(c);
  if (found === null) return "faulty";
  const { sendTest } = await import("../../../domain/letters/send-test.ts");
  const deps = { ...(await c.var.services()), site: await c.var.site() };
  return sendTest(deps, found.draft, found.letter.slug, personId);
}

/** What the editor's script hears of a save. */
async function savedAs(c: Ctx, revision: number): Promise<Response> {
  const found = await wanted(c);
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
async function showFrame(c: Ctx): Promise<Response> {
  const found = await wanted(c);
  return found === null ? c.notFound() : framedLetter(c, (await previewed(c, found)).letter);
}

async function showSaves(c: Ctx): Promise<Response> {
  const found = await wanted(c);
  if (found === null) return c.notFound();
  const [saves, site] = await Promise.all([
    listSaves(c.var.db, found.draft.slug, found.letter.slug, SAVES_SHOWN),
    c.var.site(),
  ]);
  return showDesk(c, <SavesPage {...found} path={pathOf(found)} saves={saves} timeZone={site.timeZone} />);
}

async function restore(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const found = await wanted(c);
  const given = restored.safeParse(fields);
  if (found === null || !given.success) return c.notFound();
  const { draft, letter } = found;
  const saves = await listSaves(c.var.db, draft.slug, letter.slug, SAVES_SHOWN);
  const chosen = saves.find(({ id }) => id === given.data.save);
  if (chosen === undefined) return c.notFound();
  const done = await saveLetter(await c.var.services(), {
    ...{ slug: draft.slug, letter: letter.slug, content: chosen.content as DraftedLetter },
    seen: given.data.revision,
  });
  return c.redirect(`${pathOf(found)}?done=${done.kind === "saved" ? "restored" : "not_restored"}`, 303);
}
