import { type Context, Hono } from "hono";
import { readArchive, readOnline } from "../../domain/letters/queries/archive.ts";
import { OWN_SEQUENCE } from "../../domain/sequences/own-sequence.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { showPage } from "../ui/show-page.ts";
import { behindLink } from "../ui/signed-link.tsx";
import { ArchivePage } from "./archive-page.tsx";
import { ReadPage } from "./read-page.tsx";

type Ctx = Context<AppEnv>;

const behindReadLink = behindLink("read", (c, { id }) => readOnline(c.var.db, id));

/** Letters on the web: a reader's copy behind its link, and the public archive of our own sequence. */
export function archiveRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get(
      "/read/:token",
      behindReadLink((c, letter) =>
        showPage(c, <ReadPage letter={letter} owner={c.var.config.owner.name} />),
      ),
    )
    .get("/letters", (c) => showArchive(c));
}

async function showArchive(c: Ctx): Promise<Response> {
  const { config, db } = c.var;
  const archive =
    config.archiveInFull === null ? null : await readArchive(db, OWN_SEQUENCE, config.archiveInFull);
  if (archive === null) return c.notFound() as Promise<Response> | Response;
  const page = <ArchivePage archive={archive} inFull={config.archiveInFull ?? 0} />;
  return showPage(c, page, { publicPage: "fresh" });
}
