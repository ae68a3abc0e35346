import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { asksForProof, type DeskPerson, may } from "../../domain/desk/may.ts";
import { isDeskOpen } from "../../domain/desk/queries/people.ts";
import { isDisarmed } from "../../domain/restore/is-disarmed.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { faultAnswer } from "../ui/fault-answer.tsx";
import { pagePolicy } from "../ui/page-policy.ts";
import { problem } from "../ui/problem.ts";
import { readForm } from "../ui/read-form.ts";
import type { DeskPage, Here, Refusal } from "./desk-page.ts";
import { AwayPage, RefusedPage } from "./pages/door-pages.tsx";
import { showDesk } from "./pages/show-desk.ts";
import { isOurForm, whoAsks } from "./who.ts";

type Ctx = Context<AppEnv>;

/** More than any form of the desk needs. */
const BODY_BYTES_MAX = 64 * 1024;

/** A viewer without a name, for what is done while the database is away. */
const UNNAMED: DeskPerson = { personId: 0, address: "", role: "viewer" };

/**
 * Routes for the pages of the desk. Each request is for our own host, from someone at the desk who may do this, and a form is one of ours; what
 * isn't a page is not found, and no method but the page's own is taken.
 */
export function serveDesk(pages: readonly DeskPage[]): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const guard = (maxSize: number) =>
    bodyLimit({ maxSize, onError: (c: Ctx) => faultAnswer(c, "too_large", "tooLarge") });
  for (const [path, here] of Map.groupBy(pages, (page) => page.path)) {
    for (const page of here) {
      const method = page.method.toUpperCase();
      app.on(method, path, guard(page.bodyBytesMax ?? BODY_BYTES_MAX), (c) => answer(c, page));
    }
    const methods = here.map(({ method }) => method.toUpperCase());
    const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : [])].sort().join(", ");
    app.all(path, (c) =>
      isOwnHost(c)
        ? problem({ code: "wrong_method", detail: `This page takes ${allow}.`, headers: { allow } })
        : c.notFound(),
    );
  }
  return app;
}

/** Readers' and partners' hosts, previews and workers.dev have no desk. */
function isOwnHost(c: Ctx): boolean {
  return new URL(c.req.url).host === new URL(c.var.config.publicUrl).host;
}

async function answer(c: Ctx, page: DeskPage): Promise<Response> {
  if (!isOwnHost(c)) return c.notFound();
  c.set("language", "en");
  c.set("ownHeaders", {
    "content-security-policy": `${pagePolicy()}; require-trusted-types-for 'script'`,
    "cross-origin-opener-policy": "same-origin",
    // Without a referrer browsers leave out where a form comes from.
    "referrer-policy": "same-origin",
  });
  const fields = page.method === "post" ? await readForm(c, page.bodyBytesMax) : {};
  if (page.method === "post" && !isFromHere(c)) return refuse(c, "foreign");
  if (page.needs === "nothing") {
    if (!(await isDeskOpen(c.var.db))) return c.notFound();
    c.set("by", { ...c.var.by, actor: "desk" });
    return page.run(c, nobody(), fields);
  }
  const asking = await whoAsks(c);
  if (asking.kind === "nobody") return (await isDeskOpen(c.var.db)) ? refuse(c, "nobody") : c.notFound();
  if (asking.kind === "stranger") return refuse(c, "stranger");
  const { atDesk } = asking;
  c.set("atDesk", atDesk);
  if (page.method === "post" && !(await isOurForm(c, fields.desk ?? ""))) return refuse(c, "foreign");
  const { person } = atDesk;
  c.set("by", { ...c.var.by, actor: person === null ? "desk" : `desk:${person.personId}` });
  if (person === null) {
    const stays = "withoutDatabase" in page && page.method === "post";
    return stays
      ? page.run(c, { ...atDesk, person: UNNAMED }, fields)
      : showDesk(c, <AwayPage />, { status: 503, away: true });
  }
  if (!may(person, page.needs)) return refuse(c, "may_not");
  if (asksForProof(page.needs) && page.method === "post" && !atDesk.fresh) return refuse(c, "prove");
  const changes = page.method === "post" && !("withoutDatabase" in page) && page.whileDisarmed !== true;
  if (changes && (await isDisarmed({ ...c.var, now: await c.var.now() })).disarmed)
    return refuse(c, "disarmed");
  return page.run(c, { ...atDesk, person }, fields);
}

/** By its own word a browser sends this from a page of ours: an older one says so by Origin alone. */
function isFromHere(c: Ctx): boolean {
  const site = c.req.header("sec-fetch-site");
  return c.req.header("origin") === c.var.config.publicUrl && (site === undefined || site === "same-origin");
}

const STATUS: Readonly<Record<Refusal, number>> = {
  nobody: 401,
  stranger: 403,
  may_not: 403,
  prove: 403,
  foreign: 403,
  disarmed: 409,
};

function refuse(c: Ctx, why: Refusal): Promise<Response> {
  return showDesk(c, <RefusedPage why={why} />, { status: STATUS[why] });
}

function nobody(): Here {
  return { person: UNNAMED, sessionHash: null, fresh: false, formToken: "" };
}
