import { type Context, Hono } from "hono";
import { readLink } from "../links/token.ts";
import { OWN_SEQUENCE } from "../sequences/own-sequence.ts";
import type { AppEnv } from "../web/app-env.ts";
import { pageContext } from "../web/page-context.ts";
import { renderPage } from "../web/render-page.ts";
import { UnknownLinkPage } from "../web/unknown-link-page.tsx";
import { ArchivePage } from "./archive-page.tsx";
import { readArchive, readOnline } from "./queries.ts";
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
