import { type Context, Hono } from "hono";
import { lookAtForm } from "../../domain/signup/partners/look-at-form.ts";
import type { Partner } from "../../domain/signup/partners/partner.ts";
import { isTestUrl } from "../../domain/signup/partners/partner-schema.ts";
import { listKeys, readLinkedPartner } from "../../domain/signup/partners/queries/partners.ts";
import { lastSeenDay } from "../../domain/signup/partners/queries/report.ts";
import { partnerReport, postsThisWeek } from "../../domain/signup/partners/report.ts";
import { DAY_MS } from "../../platform/calendar/durations.ts";
import { languageOf } from "../../platform/texts/labels.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { readForm } from "../ui/read-form.ts";
import { showPage } from "../ui/show-page.ts";
import { behindLink, tokenOf } from "../ui/signed-link.tsx";
import type { Checked } from "./check-form.tsx";
import { newestRelease, RELEASES, type Release } from "./embed/releases.ts";
import { PartnerPage } from "./partner-page.tsx";
import { snippetsView } from "./snippets-view.ts";

type Ctx = Context<AppEnv>;

const behindPartnerLink = behindLink("partner", (c, { id }) => readLinkedPartner(c.var.db, id));

const PATH_CHARACTERS_MAX = 300;
const YEAR_SECONDS = 365 * 24 * 3600;

/** The form's scripts, and the page that a partner opens by a signed link, which looks at their own page on request. */
export function partnerRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  for (const release of RELEASES) {
    routes.get(release.path, (c) => script(c, release, `public, max-age=${YEAR_SECONDS}, immutable`));
  }
  // For pages that would rather have the newest form than a hash.
  routes.get("/embed/form.js", (c) => script(c, newestRelease(), "public, max-age=3600"));
  return routes
    .get("/partner/:token", behindPartnerLink(showPartner))
    .post("/partner/:token", behindPartnerLink(checkForm));
}

function script(c: Ctx, { source }: Release, cacheControl: string): Response {
  c.set("ownHeaders", { "cross-origin-resource-policy": "cross-origin" });
  return c.body(source, 200, {
    "content-type": "text/javascript; charset=utf-8",
    "cache-control": cacheControl,
    "access-control-allow-origin": "*",
  });
}

function showPartner(c: Ctx, partner: Partner): Promise<Response> {
  return partnerPage(c, partner, null);
}

/** Looks at a page of the partner's for their form, and says what was found. Changes nothing. */
async function checkForm(c: Ctx, partner: Partner): Promise<Response> {
  const { origin = "", path: typed = "" } = await readForm(c);
  const path = typed.trim().slice(0, PATH_CHARACTERS_MAX);
  const check = (seen: Checked["seen"]) => partnerPage(c, partner, { origin, path, seen });
  if (!partner.origins.includes(origin) || !/^\/[^\p{Cc}\s#]*$/u.test(path)) return check({ kind: "wrong" });
  const { success } = await c.env.SIGN_UP_RATE.limit({ key: `check ${partner.partnerId}` });
  if (!success) return check({ kind: "too_often" });
  const keys = await listKeys(c.var.db, partner.partnerId);
  const oldKeys = keys.flatMap(({ key }) => (key === partner.formKey ? [] : [key]));
  const insecure = c.var.config.provider.kind === "mailbox" && isTestUrl(origin);
  const page = { url: `${origin}${path}`, key: partner.formKey, oldKeys, insecure };
  return check(await lookAtForm(fetch, page));
}

async function partnerPage(c: Ctx, partner: Partner, checked: Checked | null): Promise<Response> {
  const { config, db } = c.var;
  const { partnerId } = partner;
  const now = await c.var.now();
  const language = languageOf(c.req.query("lang") ?? partner.wording.locale);
  const seenDay = await lastSeenDay(db, partnerId);
  const page = (
    <PartnerPage
      partner={partner}
      snippets={await snippetsView(config, partner, language)}
      language={language}
      kind={c.req.query("kind") === "plain" ? "plain" : "element"}
      script={newestRelease().path}
      weeks={await partnerReport(db, partnerId, now)}
      thisWeek={await postsThisWeek(db, partnerId, now)}
      lastSeenAt={seenDay === null ? null : seenDay * DAY_MS}
      checked={checked}
      action={`/partner/${tokenOf(c)}`}
    />
  );
  return showPage(c, page, { language: "en" });
}
