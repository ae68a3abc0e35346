import type { Context } from "hono";
import * as z from "zod";
import { listActs } from "../../../domain/acts/queries/acts.ts";
import type { Partner } from "../../../domain/signup/partners/partner.ts";
import { partnerSchema, rotationSchema } from "../../../domain/signup/partners/partner-schema.ts";
import { partnerView } from "../../../domain/signup/partners/partner-view.ts";
import { makeLink, replaceKey, revokeLink } from "../../../domain/signup/partners/queries/change-partner.ts";
import {
  listKeys,
  listLinks,
  listPartners,
  listWordings,
  readPartner,
} from "../../../domain/signup/partners/queries/partners.ts";
import { partnerReport } from "../../../domain/signup/partners/report.ts";
import { newFormKey, savePartner } from "../../../domain/signup/partners/save-partner.ts";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { languageOf } from "../../../platform/texts/labels.ts";
import { endpoint, faultyField, reply, unknown } from "../..//api/endpoint.ts";
import { id, idPath, slugPath } from "../../api/fields.ts";
import { listOf, pageOf, pageQuery, wholeList, wholeListOf } from "../../api/list.ts";
import { snake } from "../../api/snake.ts";
import { partnerPageUrl, snippetsView } from "../../partners/snippets-view.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { actView } from "./acts.ts";
import { formKey, partnerAnswer, partnerInFull, reportWeek, snippets } from "./partner-answers.ts";
import { staleProblem, whyNotChange } from "./seen.ts";

type Ctx = Context<AppEnv>;

const CHANGES_SHOWN = 100;

const NO_SUCH_PARTNER = unknown("partner");

const STALE = staleProblem("partner");

/** The owner's API of partners. */
export const PARTNERS = [
  endpoint({
    method: "get",
    path: "/api/v1/admin/partners",
    name: "listPartners",
    tag: "Partners",
    summary: "All partners, by slug",
    query: z.strictObject(pageQuery(z.string())),
    answers: { 200: { description: "Partners", schema: listOf(partnerAnswer) } },
    run: async (c, { query: { limit, cursor } }) => {
      const rows = await listPartners(c.var.db, cursor ?? "", limit + 1);
      return reply(
        200,
        pageOf(rows.map(partnerView), limit, ({ slug }) => slug),
      );
    },
  }),
  endpoint({
    method: "get",
    path: "/api/v1/admin/partners/{slug}",
    name: "readPartner",
    tag: "Partners",
    summary: "A partner with its keys, wordings, links and last changes",
    params: slugPath,
    answers: { 200: { description: "The partner", schema: partnerInFull, etag: true } },
    run: async (c, { params }) => {
      const partner = await readPartner(c.var.db, params.slug);
      if (partner === null) return NO_SUCH_PARTNER;
      return reply(200, await wholeView(c, partner), partner.revision);
    },
  }),
  endpoint({
    method: "put",
    path: "/api/v1/admin/partners/{slug}",
    name: "savePartner",
    tag: "Partners",
    summary: "Add a partner, or change it as a whole; sending the same again changes nothing",
    description:
      "A partner that already exists changes only with `If-Match`, the `ETag` of what you saw. Anything left out gets its default, except `sequence`, `time_zone` and `frozen`, which stay as they are. A different consent text or locale makes a new version of the wording; one that was shown before gets its old version back.",
    params: slugPath,
    body: partnerSchema,
    answers: { 200: { description: "The partner as it is now", schema: partnerAnswer, etag: true } },
    problems: { faulty: "Nothing was changed; `faults` names the fields to fix" },
    act: "save_partner",
    ifMatch: true,
    run: async (c, { params: { slug }, body, expects }) => {
      const before = await readPartner(c.var.db, slug);
      const refused = whyNotChange("partner", expects, before?.revision ?? null);
      if (refused !== null) return refused;
      const deps = { ...(await c.var.services()), site: await c.var.site() };
      const saved = await savePartner(deps, slug, body, before);
      switch (saved.kind) {
        case "saved":
          return reply(200, partnerView(saved.partner), saved.partner.revision);
        case "stale":
          return STALE;
        case "no_sequence":
          return faultyField(
            "sequence",
            `there's no sequence ${JSON.stringify(saved.sequence)}: publish it first`,
          );
        case "which_sequence":
          return faultyField("sequence", `must be a published one: ${saved.joinable.join(", ")}`);
        case "own_origin":
          return faultyField("origins", "this service's own origin can't be a partner's");
      }
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/partners/{slug}/rotate-key",
    name: "rotateFormKey",
    tag: "Partners",
    summary: "Give the partner a new form key; the old one keeps working for some days",
    params: slugPath,
    body: rotationSchema.optional(),
    answers: {
      200: {
        description: "Whether a key was replaced, and all keys, the current one first",
        schema: z.object({ rotated: z.boolean(), keys: z.array(formKey).min(1) }),
      },
    },
    act: "rotate_form_key",
    run: async (c, { params, body = rotationSchema.parse({}) }) => {
      const partner = await readPartner(c.var.db, params.slug);
      if (partner === null) return NO_SUCH_PARTNER;
      const { db, now, by, random } = await c.var.services();
      const from = body.from ?? partner.formKey;
      const retiresAt = now + body.grace_days * DAY_MS;
      const newKey = newFormKey(random);
      const rotated = await replaceKey(db, { slug: partner.slug, from, newKey, retiresAt, now, by });
      const keys = await listKeys(db, partner.partnerId);
      if (!keys.some(({ key }) => key === from)) return unknown("form key for this partner");
      return reply(200, { rotated, keys: keys.map(snake) });
    },
  }),
  endpoint({
    method: "get",
    path: "/api/v1/admin/partners/{slug}/snippets",
    name: "partnerSnippets",
    tag: "Partners",
    summary: "The HTML the partner pastes into its pages",
    params: slugPath,
    query: z.strictObject({
      lang: z.string().max(40).optional().meta({
        description:
          "A language tag such as de-AT for the form's labels. Without it, the language of the wording; English if we don't speak it",
      }),
    }),
    answers: {
      200: {
        description: "Both forms, the plain one and the element, with the current key and wording",
        schema: snippets,
      },
    },
    run: async (c, { params, query }) => {
      const partner = await readPartner(c.var.db, params.slug);
      if (partner === null) return NO_SUCH_PARTNER;
      const language = languageOf(query.lang ?? partner.wording.locale);
      return reply(200, await snippetsView(c.var.config, partner, language));
    },
  }),
  endpoint({
    method: "get",
    path: "/api/v1/admin/partners/{slug}/report",
    name: "partnerReport",
    tag: "Partners",
    summary: "The partner's last 26 whole weeks, with small numbers hidden",
    params: slugPath,
    answers: {
      200: {
        description: "The weeks in which anything happened, newest first",
        schema: wholeListOf(reportWeek),
      },
    },
    run: async (c, { params }) => {
      const partner = await readPartner(c.var.db, params.slug);
      if (partner === null) return NO_SUCH_PARTNER;
      const weeks = await partnerReport(c.var.db, partner.partnerId, await c.var.now());
      return reply(200, wholeList(weeks));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/partners/{slug}/links",
    name: "makePartnerLink",
    tag: "Partners",
    summary: "Make a link to the partner's own page, with its snippets and report",
    params: slugPath,
    answers: {
      201: {
        description: "The link; anyone who has it can open the page until it's revoked",
        schema: z.object({ id, url: z.url() }),
      },
    },
    act: "make_partner_link",
    secrets: {
      fields: ["url"],
      reveal: async (c, kept) => ({ url: await partnerPageUrl(c.var.config, id.parse(kept.id)) }),
    },
    run: async (c, { params }) => {
      const { db, config, now, by } = await c.var.services();
      const link = await makeLink(db, params.slug, now, by);
      if (link === null) return NO_SUCH_PARTNER;
      return reply(201, { id: link, url: await partnerPageUrl(config, link) });
    },
  }),
  endpoint({
    method: "delete",
    path: "/api/v1/admin/partners/{slug}/links/{id}",
    name: "revokePartnerLink",
    tag: "Partners",
    summary: "Revoke a link, at once and for good",
    params: slugPath.extend(idPath.shape),
    answers: {
      200: { description: "The link no longer works", schema: z.object({ revoked: z.literal(true) }) },
    },
    act: "revoke_partner_link",
    run: async (c, { params }) => {
      const { db, now, by } = await c.var.services();
      return (await revokeLink(db, params.slug, params.id, { now, by }))
        ? reply(200, { revoked: true })
        : unknown("link");
    },
  }),
];

async function wholeView(c: Ctx, partner: Partner) {
  const { db } = c.var;
  const { partnerId, slug } = partner;
  const newest = { before: Number.MAX_SAFE_INTEGER, object: `partner:${slug}`, limit: CHANGES_SHOWN };
  return {
    ...partnerView(partner),
    keys: (await listKeys(db, partnerId)).map(snake),
    wordings: (await listWordings(db, partnerId)).map(snake),
    links: (await listLinks(db, partnerId)).map(snake),
    changes: (await listActs(db, newest)).map(actView),
  };
}
