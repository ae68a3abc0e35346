import { type Context, Hono } from "hono";
import { readLinkedPartner } from "../../domain/signup/partners/queries/partners.ts";
import { partnerReport } from "../../domain/signup/partners/report.ts";
import { readLink } from "../../platform/links/token.ts";
import { languageOf } from "../../platform/texts/labels.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { pageContext } from "../ui/page-context.ts";
import { renderPage } from "../ui/render-page.ts";
import { UnknownLinkPage } from "../ui/unknown-link-page.tsx";
import { newestRelease, RELEASES, type Release } from "./embed/releases.ts";
import { PartnerPage } from "./partner-page.tsx";
import { snippetsView } from "./snippets-view.ts";

type Ctx = Context<AppEnv>;

const YEAR_SECONDS = 365 * 24 * 3600;

/** The form's scripts, and the page that a partner opens by a signed link. */
export function partnerRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  for (const release of RELEASES) {
    routes.get(release.path, (c) => script(c, release, `public, max-age=${YEAR_SECONDS}, immutable`));
  }
  // For pages that would rather have the newest form than a hash.
  routes.get("/embed/form.js", (c) => script(c, newestRelease(), "public, max-age=3600"));
  return routes.get("/partner/:token", (c) => partnerPage(c));
}

function script(c: Ctx, { source }: Release, cacheControl: string): Response {
  c.set("ownHeaders", { "cross-origin-resource-policy": "cross-origin" });
  return c.body(source, 200, {
    "content-type": "text/javascript; charset=utf-8",
    "cache-control": cacheControl,
    "access-control-allow-origin": "*",
  });
}

async function partnerPage(c: Ctx): Promise<Response> {
  const { config, db } = c.var;
  const now = await c.var.now();
  const link = await readLink(config.signingSecrets, "partner", c.req.param("token") ?? "", now);
  const partner = link.kind === "valid" ? await readLinkedPartner(db, link.id) : null;
  const context = pageContext(config);
  if (partner === null) return renderPage(<UnknownLinkPage context={context} />, { status: 404 });
  const language = languageOf(c.req.query("lang") ?? partner.wording.locale);
  const page = (
    <PartnerPage
      context={context}
      partner={partner}
      snippets={await snippetsView(config, partner, language)}
      language={language}
      script={newestRelease().path}
      weeks={await partnerReport(db, partner.partnerId, now)}
    />
  );
  return renderPage(page);
}
