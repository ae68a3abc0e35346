import { type Context, Hono } from "hono";
import type { Partner } from "../../../domain/signup/partners/partner.ts";
import {
  partnerSchema,
  partnerSlugSchema,
  rotationSchema,
} from "../../../domain/signup/partners/partner-schema.ts";
import { partnerView } from "../../../domain/signup/partners/partner-view.ts";
import { makeLink, replaceKey, revokeLink } from "../../../domain/signup/partners/queries/change-partner.ts";
import {
  listChanges,
  listKeys,
  listLinks,
  listPartners,
  listWordings,
  readPartner,
} from "../../../domain/signup/partners/queries/partners.ts";
import { partnerReport } from "../../../domain/signup/partners/report.ts";
import { newFormKey, savePartner } from "../../../domain/signup/partners/save-partner.ts";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { logEvent } from "../../../platform/log/log-event.ts";
import { languageOf } from "../../../platform/texts/labels.ts";
import { partnerPageUrl, snippetsView } from "../../partners/snippets-view.ts";
import { answerRow, iso } from "../../ui/answer-row.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { problem } from "../../ui/problem.ts";

type Ctx = Context<AppEnv>;

/** The owner's API of partners (docs/openapi.yaml). */
export function partnersAdmin(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/partners", async (c) => c.json({ partners: (await listPartners(c.var.db)).map(partnerView) }))
    .put("/partners/:slug", (c) => put(c))
    .get("/partners/:slug", (c) => withPartner(c, async (partner) => c.json(await wholeView(c, partner))))
    .post("/partners/:slug/rotate-key", (c) => withPartner(c, (partner) => rotate(c, partner)))
    .get("/partners/:slug/snippets", (c) =>
      withPartner(c, async (partner) =>
        c.json(
          await snippetsView(
            c.var.config,
            partner,
            languageOf(c.req.query("lang") ?? partner.wording.locale),
          ),
        ),
      ),
    )
    .get("/partners/:slug/report", (c) =>
      withPartner(c, async (partner) => {
        return c.json({ weeks: await partnerReport(c.var.db, partner.partnerId, await c.var.now()) });
      }),
    )
    .post("/partners/:slug/links", async (c) => {
      const link = await makeLink(c.var.db, c.req.param("slug"), await c.var.now());
      if (link === null) return unknown("partner");
      logEvent("owner.act", { act: "make_partner_link", link });
      return c.json({ link, url: await partnerPageUrl(c.var.config, link) }, 201);
    })
    .delete("/partners/:slug/links/:id", async (c) => {
      const link = Number(c.req.param("id"));
      if (!(await revokeLink(c.var.db, c.req.param("slug"), link, await c.var.now()))) return unknown("link");
      logEvent("owner.act", { act: "revoke_partner_link", link });
      return c.json({ revoked: true });
    });
}

async function put(c: Ctx): Promise<Response> {
  const slug = partnerSlugSchema.safeParse(c.req.param("slug"));
  if (!slug.success) {
    return problem(
      422,
      "Not a slug",
      "The name of a partner is lower-case words joined by hyphens, up to 60 characters.",
    );
  }
  const body: unknown = await c.req.json().catch(() => null);
  if (body === null)
    return problem(400, "Not JSON", "Send the partner as a JSON object with name, origins and consent_text.");
  const input = partnerSchema.safeParse(body);
  if (!input.success) {
    const faults = input.error.issues.map((issue) => ({
      field: issue.code === "unrecognized_keys" ? issue.keys.join(", ") : issue.path.join("."),
      message: issue.message,
    }));
    return problem(
      422,
      "Faulty partner",
      "Nothing was changed. Mend the fields named below and send it again.",
      faults,
    );
  }
  const { random, db, config } = c.var;
  const saved = await savePartner({ db, config, random, now: await c.var.now() }, slug.data, input.data);
  switch (saved.kind) {
    case "saved":
      if (saved.changed.length > 0) {
        logEvent("owner.act", {
          act: "save_partner",
          partnerId: saved.partner.partnerId,
          changed: saved.changed.join(" "),
        });
      }
      return c.json(partnerView(saved.partner));
    case "no_sequence":
      return refused("sequence", `There is no sequence ${JSON.stringify(saved.sequence)}. Publish it first.`);
    case "own_origin":
      return refused("origins", "This service's own origin cannot be a partner's.");
  }
}

function refused(field: string, message: string): Response {
  return problem(
    422,
    "Faulty partner",
    "Nothing was changed. Mend the fields named below and send it again.",
    [{ field, message }],
  );
}

async function rotate(c: Ctx, partner: Partner): Promise<Response> {
  const text = await c.req.text();
  const body = rotationSchema.safeParse(text === "" ? {} : parsed(text));
  if (!body.success) return problem(422, "Not understood", 'Send {"from": "fk_…", "grace_days": 30}, or {}.');
  const now = await c.var.now();
  const from = body.data.from ?? partner.formKey;
  const replaced = await replaceKey(c.var.db, {
    slug: partner.slug,
    from,
    newKey: newFormKey(c.var.random),
    retiresAt: now + body.data.grace_days * DAY_MS,
    now,
  });
  if (replaced) logEvent("owner.act", { act: "rotate_form_key", partnerId: partner.partnerId });
  const keys = await listKeys(c.var.db, partner.partnerId);
  if (!keys.some(({ key }) => key === from)) return unknown("form key of this partner");
  return c.json({ rotated: replaced, keys: keys.map(answerRow) });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function wholeView(c: Ctx, partner: Partner) {
  const { db } = c.var;
  const { partnerId } = partner;
  const changes = await listChanges(db, partnerId);
  return {
    ...partnerView(partner),
    keys: (await listKeys(db, partnerId)).map(answerRow),
    wordings: (await listWordings(db, partnerId)).map(answerRow),
    links: (await listLinks(db, partnerId)).map(({ linkId, ...link }) => ({
      link: linkId,
      ...answerRow(link),
    })),
    changes: changes.map(({ at, change }) => ({ at: iso(at), change })),
  };
}

async function withPartner(c: Ctx, run: (partner: Partner) => Promise<Response>): Promise<Response> {
  const partner = await readPartner(c.var.db, c.req.param("slug") ?? "");
  return partner === null ? unknown("partner") : run(partner);
}

function unknown(what: string): Response {
  return problem(404, "Not there", `There is no such ${what}.`);
}
