import { type Context, Hono } from "hono";
import { readArchive, readOnline } from "../../domain/letters/queries/archive.ts";
import { OWN_SEQUENCE } from "../../domain/sequences/own-sequence.ts";
import { readLink } from "../../platform/links/token.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { pageContext } from "../ui/page-context.ts";
import { renderPage } from "../ui/render-page.ts";
import { UnknownLinkPage } from "../ui/unknown-link-page.tsx";
import { ArchivePage } from "./archive-page.tsx";
import { ReadPage } from "./read-page.tsx";

type Ctx = Context<AppEnv>;

/** Letters on the web: a reader's copy behind its link, and the public archive of our own sequence. */
export function archiveRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>().get("/read/:token", (c) => readLetter(c)).get("/letters", (c) => showArchive(c));
}

async function readLetter(c: Ctx): Promise<Response> {
  const { config, db } = c.var;
  const reading = await readLink(
    config.signingSecrets,
    "read",
    c.req.param("token") ?? "",
    await c.var.now(),
  );
  const letter = reading.kind === "valid" ? await readOnline(db, reading.id) : null;
  if (letter === null) {
    return renderPage(<UnknownLinkPage context={pageContext(config)} />, { status: 404 });
  }
  return renderPage(<ReadPage context={pageContext(config)} letter={letter} />);
}

async function showArchive(c: Ctx): Promise<Response> {
  const { config, db } = c.var;
  const archive =
    config.archiveInFull === null ? null : await readArchive(db, OWN_SEQUENCE, config.archiveInFull);
  if (archive === null) return c.notFound() as Promise<Response> | Response;
  const page = (
    <ArchivePage context={pageContext(config)} archive={archive} inFull={config.archiveInFull ?? 0} />
  );
  return renderPage(page, { publicPage: "fresh" });
}
