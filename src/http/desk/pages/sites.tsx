import type { Context } from "hono";
import { may } from "../../../domain/desk/may.ts";
import { selectJoinable } from "../../../domain/sequences/queries/joinable.ts";
import { listRefusals } from "../../../domain/signup/gate/queries.ts";
import type { Partner } from "../../../domain/signup/partners/partner.ts";
import { partnerSchema } from "../../../domain/signup/partners/partner-schema.ts";
import { makeLink, replaceKey, revokeLink } from "../../../domain/signup/partners/queries/change-partner.ts";
import { listLinks, listPartners, readPartner } from "../../../domain/signup/partners/queries/partners.ts";
import { partnerReport } from "../../../domain/signup/partners/report.ts";
import { newFormKey, savePartner } from "../../../domain/signup/partners/save-partner.ts";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { LANGUAGE_NAMES, LANGUAGES, languageOf } from "../../../platform/texts/languages.ts";
import { say } from "../../../platform/texts/texts.ts";
import { partnerPageUrl, snippetsView } from "../../partners/snippets-view.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import type { DeskPage, Fields, Here } from "../desk-page.ts";
import { saidOf } from "./shell.tsx";
import { showDesk } from "./show-desk.ts";
import { fieldsOf, LIMITS, partnerInput } from "./site-fields.ts";
import { SITES_SAID, SitePage, SitesPage } from "./sites-page.tsx";

type Ctx = Context<AppEnv>;

const SHOWN = 200;
/** So many days of refusals are told. */
const REFUSAL_DAYS = 28;
/** A form that was pasted somewhere goes on so long with the key from before. */
const GRACE_DAYS = 30;

/** What the form asks for once. */
const FIELDS: ReadonlySet<string> = new Set([
  ...["name", "origins", "sequence", "time_zone", "consent_text", "consent_locale"],
  ...["tag", "daily_limit", "return_urls"],
]);

/** Sites that embed the form: what they paste, what comes of it, and everything that can be changed of them. */
export const SITES: readonly DeskPage[] = [
  { method: "get", path: "/desk/sites", needs: "see_numbers", run: (c, here) => showSites(c, here) },
  {
    method: "post",
    path: "/desk/sites",
    needs: "change_partner",
    run: (c, here, fields) => save(c, here, fields.slug ?? "", fields),
  },
  { method: "get", path: "/desk/sites/:slug", needs: "see_numbers", run: (c, here) => showSite(c, here) },
  {
    method: "post",
    path: "/desk/sites/:slug",
    needs: "change_partner",
    run: (c, here, fields) => save(c, here, c.req.param("slug") ?? "", fields),
  },
  { method: "post", path: "/desk/sites/:slug/freeze", needs: "change_partner", run: freeze },
  { method: "post", path: "/desk/sites/:slug/key", needs: "change_partner", run: newKey },
  { method: "post", path: "/desk/sites/:slug/links", needs: "change_partner", run: addLink },
  { method: "post", path: "/desk/sites/:slug/links/revoke", needs: "change_partner", run: dropLink },
];

type Again = { readonly status?: number; readonly typed?: Fields; readonly faults?: readonly string[] };

async function showSites(c: Ctx, { person }: Here, again: Again = {}): Promise<Response> {
  const [partners, sequences] = await Promise.all([
    listPartners(c.var.db, "", SHOWN),
    selectJoinable(c.var.db),
  ]);
  const page = (
    <SitesPage
      partners={partners}
      sequences={sequences}
      typed={again.typed ?? {}}
      faults={again.faults ?? []}
      mayChange={may(person, "change_partner")}
    />
  );
  return showDesk(c, page, { status: again.status ?? 200 });
}

async function showSite(c: Ctx, { person }: Here, again: Again = {}): Promise<Response> {
  const { db, config } = c.var;
  const now = await c.var.now();
  const partner = await wanted(c);
  if (partner === null) return c.notFound();
  const mayChange = may(person, "change_partner");
  const [weeks, refusals, links, sequences, snippets, site] = await Promise.all([
    partnerReport(db, partner.partnerId, now),
    listRefusals(db, { now, days: REFUSAL_DAYS }),
    mayChange ? listLinks(db, partner.partnerId) : [],
    mayChange ? selectJoinable(db) : [],
    snippetsView(config, partner, languageOf(partner.wording.locale)),
    c.var.site(),
  ]);
  const open = links.filter(({ revokedAt }) => revokedAt === null);
  const page = (
    <SitePage
      partner={partner}
      weeks={weeks}
      refusals={refusals.filter((each) => each.partner === partner.slug)}
      links={
        await Promise.all(open.map(async (link) => ({ ...link, url: await partnerPageUrl(config, link.id) })))
      }
      sequences={sequences}
      snippets={snippets}
      typed={again.typed ?? {}}
      faults={again.faults ?? []}
      said={saidOf(c.req.query("done"), SITES_SAID)}
      mayChange={mayChange}
      timeZone={site.timeZone}
    />
  );
  return showDesk(c, page, { status: again.status ?? 200 });
}

async function wanted(c: Ctx): Promise<Partner | null> {
  return readPartner(c.var.db, c.req.param("slug") ?? "");
}

const to = (c: Ctx, slug: string, done: string) => c.redirect(`/desk/sites/${slug}?done=${done}`, 303);

async function save(c: Ctx, here: Here, slug: string, fields: Fields): Promise<Response> {
  const before = await readPartner(c.var.db, slug);
  const isNew = c.req.param("slug") === undefined;
  const again = (faults: readonly string[], status = 422) =>
    isNew
      ? showSites(c, here, { status, typed: fields, faults })
      : showSite(c, here, { status, typed: fields, faults });
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) || slug.length > 60)
    return again([say("desk.sites.fault.slug", {}, "en")]);
  if (isNew && before !== null) return again([say("desk.sites.fault.taken", {}, "en")]);
  if (!isNew && before?.revision !== fields.revision)
    return again([say("desk.sites.fault.stale", {}, "en")], 409);
  const read = partnerSchema.safeParse(partnerInput(fields));
  if (!read.success)
    return again(read.error.issues.map(({ path, message }) => `${labelOf(path.map(String))}: ${message}`));
  const deps = { ...(await c.var.services()), site: await c.var.site() };
  const saved = await savePartner(deps, slug, read.data, before);
  switch (saved.kind) {
    case "saved":
      return to(c, slug, isNew ? "made" : "saved");
    case "stale":
      return again([say("desk.sites.fault.stale", {}, "en")], 409);
    case "no_sequence":
    case "which_sequence":
      return again([say("desk.sites.fault.sequence", {}, "en")]);
    case "own_origin":
      return again([say("desk.sites.fault.own", {}, "en")]);
  }
}

/** What the form calls the field that a fault is about. */
function labelOf([field = "", part = ""]: readonly string[]): string {
  const limit = LIMITS.find((name) => field === "limits" && name === part);
  if (limit !== undefined) return say(`desk.sites.limit.${limit}`, {}, "en");
  const language = LANGUAGES.find((name) => field === "consent_translations" && name === part);
  if (language !== undefined)
    return say("desk.sites.inLanguage", { language: LANGUAGE_NAMES[language] }, "en");
  return FIELDS.has(field) ? say(`desk.sites.field.${field as "name"}`, {}, "en") : field;
}

async function freeze(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const before = await wanted(c);
  if (before === null) return c.notFound();
  const { slug } = before;
  const frozen = fields.frozen === "1";
  const read = partnerSchema.safeParse({ ...partnerInput(fieldsOf(before)), frozen });
  if (!read.success) return to(c, slug, "stale");
  const deps = { ...(await c.var.services()), site: await c.var.site() };
  const saved = await savePartner(deps, slug, read.data, before);
  return to(c, slug, saved.kind !== "saved" ? "stale" : frozen ? "frozen" : "thawed");
}

async function newKey(c: Ctx): Promise<Response> {
  const partner = await wanted(c);
  if (partner === null) return c.notFound();
  const { db, now, by, random } = await c.var.services();
  const { slug, formKey: from } = partner;
  const retiresAt = now + GRACE_DAYS * DAY_MS;
  const done = await replaceKey(db, { slug, from, newKey: newFormKey(random), retiresAt, now, by });
  return to(c, slug, done ? "key" : "stale");
}

async function addLink(c: Ctx): Promise<Response> {
  const slug = c.req.param("slug") ?? "";
  const { db, now, by } = await c.var.services();
  return (await makeLink(db, slug, now, by)) === null ? c.notFound() : to(c, slug, "linked");
}

async function dropLink(c: Ctx, _: Here, { link = "" }: Fields): Promise<Response> {
  const slug = c.req.param("slug") ?? "";
  const { db, now, by } = await c.var.services();
  const revoked = await revokeLink(db, slug, Number(link) || 0, { now, by });
  return to(c, slug, revoked ? "revoked" : "stale");
}
