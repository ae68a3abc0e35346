import { type Context, Hono } from "hono";
import type { Partner } from "../../domain/signup/partners/partner.ts";
import { readLinkedPartner } from "../../domain/signup/partners/queries/partners.ts";
import { partnerReport } from "../../domain/signup/partners/report.ts";
import { languageOf } from "../../platform/texts/labels.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { showPage } from "../ui/show-page.ts";
import { behindLink } from "../ui/signed-link.tsx";
import { newestRelease, RELEASES, type Release } from "./embed/releases.ts";
import { PartnerPage } from "./partner-page.tsx";
import { snippetsView } from "./snippets-view.ts";

type Ctx = Context<AppEnv>;

const behindPartnerLink = behindLink("partner", (c, { id }) => readLinkedPartner(c.var.db, id));

const YEAR_SECONDS = 365 * 24 * 3600;

/** The form's scripts, and the page that a partner opens by a signed link. */
export function partnerRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  for (const release of RELEASES) {
    routes.get(release.path, (c) => script(c, release, `public, max-age=${YEAR_SECONDS}, immutable`));
  }
  // For pages that would rather have the newest form than a hash.
  routes.get("/embed/form.js", (c) => script(c, newestRelease(), "public, max-age=3600"));
  return routes.get("/partner/:token", behindPartnerLink(partnerPage));
}

function script(c: Ctx, { source }: Release, cacheControl: string): Response {
  c.set("ownHeaders", { "cross-origin-resource-policy": "cross-origin" });
  return c.body(source, 200, {
    "content-type": "text/javascript; charset=utf-8",
    "cache-control": cacheControl,
    "access-control-allow-origin": "*",
  });
}

async function partnerPage(c: Ctx, partner: Partner): Promise<Response> {
  const { config, db } = c.var;
  const language = languageOf(c.req.query("lang") ?? partner.wording.locale);
  const page = (
    <PartnerPage
      partner={partner}
      snippets={await snippetsView(config, partner, language)}
      language={language}
      script={newestRelease().path}
      weeks={await partnerReport(db, partner.partnerId, await c.var.now())}
    />
  );
  return showPage(c, page, { language: "en" });
}
