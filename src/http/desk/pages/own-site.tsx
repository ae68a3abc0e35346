import type { Context } from "hono";
import { LETTER_RULES } from "../../../domain/letters/letter-rules.ts";
import type { SitePublished } from "../../../domain/letters/publish-site.ts";
import { OF_SITE, readReplaced } from "../../../domain/letters/queries/drafts.ts";
import { countLetters } from "../../../domain/letters/queries/next-edition.ts";
import { listSequences } from "../../../domain/sequences/queries/editions.ts";
import { addPicture } from "../../../domain/site/add-picture.ts";
import { readPictureSize } from "../../../domain/site/queries/pictures.ts";
import { type SiteEdition, selectNextSite, selectSite } from "../../../domain/site/queries/site.ts";
import { siteOf } from "../../../domain/site/site.ts";
import type { SiteInput } from "../../../domain/site/site-schema.ts";
import { sha256Hex } from "../../../platform/links/mac.ts";
import { showHome } from "../../site/show-home.tsx";
import type { AppEnv } from "../../ui/app-env.ts";
import { pagePolicy } from "../../ui/page-policy.ts";
import type { DeskPage, Fields, Here } from "../desk-page.ts";
import { fieldsOfSite, questionsIn, readSiteForm } from "./own-site-fields.ts";
import { OWN_SITE_SAID, OwnSitePage, UnshownPage } from "./own-site-page.tsx";
import { saidOf } from "./shell.tsx";
import { showDesk } from "./show-desk.ts";
import { faultsByField } from "./typed-fields.tsx";

type Ctx = Context<AppEnv>;

/** Forty questions with answers of 4,000 characters, each of up to 9 bytes in a form; and a picture. */
const BODY_BYTES_MAX = 2_500_000;
const SEQUENCES_SHOWN = 200;

/** The owner's site: all that readers see of it besides letters, beside how its page looks. */
export const OWN_SITE: readonly DeskPage[] = [
  { method: "get", path: "/desk/site", needs: "change_site", run: (c) => show(c) },
  { method: "post", path: "/desk/site", needs: "change_site", bodyBytesMax: BODY_BYTES_MAX, run: save },
  { method: "post", path: "/desk/site/undo", needs: "change_site", run: undo },
  { method: "get", path: "/desk/site/look", needs: "change_site", run: (c) => showLook(c) },
  { method: "post", path: "/desk/site/look", needs: "change_site", bodyBytesMax: BODY_BYTES_MAX, run: look },
];

/** What a form says before anything was saved. */
const AT_FIRST: Fields = { archive: "1", consent_broadcasts: "1" };

/** A form that couldn't be saved: what was typed, what's wrong with it by field, and with the whole. */
type Unsaved = { readonly typed: Fields; readonly faults: Fields; readonly whole: "stale" | "faulty" };

async function show(c: Ctx, unsaved: Unsaved | null = null): Promise<Response> {
  const { db } = c.var;
  const [[edition], [next], replaced, sequences] = await Promise.all([
    selectSite(db),
    selectNextSite(db),
    readReplaced(db, OF_SITE),
    listSequences(db, "", SEQUENCES_SHOWN),
  ]);
  const site = siteOf(edition, c.var.config.publicUrl);
  // What was saved last, also while letters are still being made anew with it.
  const last = next ?? edition;
  const languages = sequences.filter(({ archivedAt }) => archivedAt === null).map((each) => each.language);
  const page = (
    <OwnSitePage
      site={site}
      revision={await revisionOf(edition, next)}
      saved={last === undefined ? AT_FIRST : fieldsOfSite(last)}
      origin={last?.origin ?? null}
      undo={replaced?.content === null ? null : (replaced?.id ?? null)}
      unsaved={unsaved}
      rendering={next === undefined ? null : await countLetters(db)}
      languages={[...new Set([site.language, ...languages])]}
      said={saidOf(c.req.query("done"), OWN_SITE_SAID)}
    />
  );
  return showDesk(c, page, { status: unsaved === null ? 200 : unsaved.whole === "stale" ? 409 : 422 });
}

async function save(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const typed = await withPicture(c, fields);
  const again = (faults: Fields, whole: Unsaved["whole"] = "faulty") =>
    show(c, { typed: typed.fields, faults, whole });
  if (typed.fault !== null) return again({ picture_file: typed.fault });
  const read = readSiteForm(typed.fields);
  if (read.kind === "faulty") return again(read.faults);
  const result = await publish(c, read.input, fields.revision ?? "");
  switch (result.kind) {
    case "published":
      return c.redirect(`/desk/site?done=${result.rendering ? "rendering" : "saved"}`, 303);
    case "faulty":
      return again(
        faultsByField(
          result.faults.map(({ place, line, rule, message }) => ({
            field: `questions.${place}.answer`,
            message: `has a fault: ${line === null ? "" : `line ${line}, `}${message}`,
            fix: LETTER_RULES[rule].fix,
          })),
        ),
      );
    case "no_picture":
      return again({ picture_file: "This picture isn’t there any more. Choose it again." });
    case "kept":
    case "stale":
      return again({}, "stale");
  }
}

/** Publishes the site over the revision that was seen. */
async function publish(c: Ctx, input: SiteInput, revision: string): Promise<SitePublished> {
  const [[seen = null], [next]] = await Promise.all([selectSite(c.var.db), selectNextSite(c.var.db)]);
  if (revision !== (await revisionOf(seen, next))) return { kind: "stale" };
  const { publishSite } = await import("../../../domain/letters/publish-site.ts");
  return publishSite(await c.var.services(), input, { seen, origin: "desk", force: false });
}

/** Publishes again what the last save replaced, as it's shown: that's a save like any other, so doing it twice leaves things as they were. */
async function undo(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const done = (said: keyof typeof OWN_SITE_SAID) => c.redirect(`/desk/site?done=${said}`, 303);
  const replaced = await readReplaced(c.var.db, OF_SITE);
  if (replaced === null || replaced.content === null || String(replaced.id) !== fields.edition)
    return done("not_undone");
  const content = replaced.content as SiteEdition["content"];
  const read = readSiteForm(fieldsOfSite({ content, version: 0, publishedAt: 0, origin: "desk" }));
  if (read.kind === "faulty") return done("not_undone");
  const result = await publish(c, read.input, fields.revision ?? "");
  if (result.kind !== "published") return done("not_undone");
  return done(result.rendering ? "undoing" : "undone");
}

/** What's known again by it that someone saw: the site, and the edition that letters are being rendered for. */
async function revisionOf(edition: SiteEdition | null | undefined, next: SiteEdition | undefined) {
  const waiting = next === undefined ? "" : (await sha256Hex(JSON.stringify(next))).slice(0, 16);
  return `${edition?.version ?? 0}-${waiting}`;
}

/** The fields of a form with the picture that came with it; or what's wrong with that one. */
async function withPicture(
  c: Ctx,
  fields: Fields,
): Promise<{ readonly fields: Fields; readonly fault: string | null }> {
  // Questions that were emptied are gone, so that those behind them keep their faults.
  const kept = Object.entries(fields).filter(([name]) => !name.startsWith("questions_"));
  const asked = questionsIn(fields).flatMap((each, place) =>
    Object.entries(each).map(([name, value]) => [`questions_${place}_${name}`, value] as const),
  );
  const plain = Object.fromEntries([...kept, ...asked]);
  if (fields.picture_remove === "1") return { fields: { ...plain, author_picture: "" }, fault: null };
  const file = (await c.req.parseBody()).picture_file;
  if (!(file instanceof File) || file.size === 0) return { fields: plain, fault: null };
  const added = await addPicture(await c.var.services(), new Uint8Array(await file.arrayBuffer()), "author");
  if (added.kind !== "added") {
    if (added.kind === "no_bucket") throw new Error("the author's picture needs no bucket");
    const { message, fix } = added.fault;
    return { fields: plain, fault: `This ${message}. ${fix}` };
  }
  return { fields: { ...plain, author_picture: added.name }, fault: null };
}

/** The page as it would be with what's typed. Changes nothing. */
async function look(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const read = readSiteForm(fields);
  return read.kind === "read" ? showLook(c, read.input) : showFramed(c, () => showDesk(c, <UnshownPage />));
}

async function showLook(c: Ctx, input: SiteInput | null = null): Promise<Response> {
  if (input !== null) {
    const { readSiteContent } = await import("../../../domain/letters/site-content.ts");
    const { publicUrl } = c.var.config;
    const wanted = input.author?.picture;
    const picture = wanted === undefined ? null : await readPictureSize(c.var.db, wanted);
    const reading = readSiteContent(input, publicUrl, picture);
    if (reading.kind === "faulty") return showFramed(c, () => showDesk(c, <UnshownPage />));
    const edition = { content: reading.content, version: 1, publishedAt: 0, origin: "desk" } as const;
    const site = siteOf(edition, publicUrl);
    c.set("site", async () => site);
  }
  return showFramed(c, () => showHome(c));
}

/** A page inside a frame of the desk's, which has its styles, and nothing of which runs. */
async function showFramed(c: Ctx, page: () => Promise<Response>): Promise<Response> {
  const html = await (await page()).text();
  c.set("ownHeaders", {
    "content-security-policy": pagePolicy({ framed: true }),
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
  });
  return c.html(html.replaceAll(/<script[^>]*><\/script>/g, ""));
}
