import { type Context, Hono } from "hono";
import { listPublicIds } from "../../domain/broadcasts/queries/public-letters.ts";
import {
  type Archive,
  listArchives,
  readArchive,
  readOnline,
  readStepOf,
} from "../../domain/letters/queries/archive.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { showPage } from "../ui/show-page.ts";
import { behindLink } from "../ui/signed-link.tsx";
import { ArchivedLetterPage, ArchivePage, ArchivesPage } from "./archive-page.tsx";
import { atomOf, feedOf } from "./feed.ts";
import { ReadPage, type ReadPageProps } from "./read-page.tsx";
import { formAtEnd } from "./show-home.tsx";

type Ctx = Context<AppEnv>;

const behindReadLink = behindLink("read", async (c, { id }) => {
  const letter = await readOnline(c.var.db, id);
  return letter === null ? null : { ...letter, renditionId: id };
});

/** Letters on the web: a reader's copy behind its link, and the public archive of each sequence with its feed. */
export function archiveRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get(
      "/read/:token",
      behindReadLink(async (c, letter) => {
        const page = <ReadPage letter={letter} {...(await placeOf(c, letter.renditionId))} />;
        return showPage(c, page, { language: letter.language, letter: true });
      }),
    )
    .get("/letters", showArchives)
    .get("/letters/:sequence", (c) =>
      withArchive(c, async (archive) => {
        const page = <ArchivePage archive={archive} form={await formAtEnd(c, archive.slug)} />;
        return showPage(c, page, { publicPage: "fresh", language: archive.language, letter: true });
      }),
    )
    .get("/letters/:sequence/feed.xml", (c) =>
      withArchive(c, async (archive) =>
        c.body(atomOf(feedOf(archive), await c.var.site(), c.var.config.publicUrl), 200, {
          "content-type": "application/atom+xml; charset=utf-8",
          "cache-control": "public, max-age=3600",
        }),
      ),
    )
    .get("/letters/:sequence/:letter", (c) =>
      withArchive(c, async (archive) => {
        const theme = archive.themes.find(({ slug, page }) => slug === c.req.param("letter") && page !== "");
        if (theme === undefined) return c.notFound();
        const page = (
          <ArchivedLetterPage archive={archive} theme={theme} form={await formAtEnd(c, archive.slug)} />
        );
        return showPage(c, page, { publicPage: "fresh", language: archive.language, letter: true });
      }),
    );
}

/** Where a letter that was mailed stands in its sequence; nothing of one that has been changed since. */
async function placeOf(c: Ctx, renditionId: number): Promise<Pick<ReadPageProps, "place">> {
  const { archiveInFull } = await c.var.site();
  const step = await readStepOf(c.var.db, renditionId);
  const archive = step === null ? null : await readArchive(c.var.db, step.sequence, archiveInFull ?? 0);
  const theme = archive?.themes.find(({ slug }) => slug === step?.slug);
  if (archive === null || theme === undefined) return { place: null };
  return { place: { archive, theme, linked: archiveInFull !== null } };
}

/** Answers with the archive of the sequence that the path names; like any unknown page where there's none. */
async function withArchive(
  c: Ctx,
  show: (archive: Archive) => Response | Promise<Response>,
): Promise<Response> {
  const { archiveInFull } = await c.var.site();
  if (archiveInFull === null) return c.notFound();
  const archive = await readArchive(c.var.db, c.req.param("sequence") ?? "", archiveInFull);
  return archive === null ? c.notFound() : show(archive);
}

/** All archives; where there's one only, that one. */
async function showArchives(c: Ctx): Promise<Response> {
  const { archiveInFull } = await c.var.site();
  if (archiveInFull === null) return c.notFound();
  const [sequences, news] = await Promise.all([listArchives(c.var.db), listPublicIds(c.var.db, 1)]);
  const [only, second] = sequences;
  if (only !== undefined && second === undefined && news.length === 0)
    return c.redirect(`/letters/${only.slug}`, 302);
  return showPage(c, <ArchivesPage sequences={sequences} news={news.length > 0} />, { publicPage: "fresh" });
}
