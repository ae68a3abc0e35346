import type { Context } from "hono";
import { selectNextSite } from "../../../domain/site/queries/site.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import type { Problem } from "../../ui/problem.ts";

type Ctx = Context<AppEnv>;

/** Why nothing can be published now: letters show the site, which must be there, and stay the same meanwhile. */
export async function whyNotPublish(c: Ctx): Promise<Problem | null> {
  if ((await c.var.site()).version === 0) {
    return {
      code: "no_site",
      detail: "Publish the site first: letters show its name and its owner’s address.",
    };
  }
  const [next] = await selectNextSite(c.var.db);
  if (next === undefined) return null;
  const detail = "Letters are being rendered for the site’s next edition. Try again in a minute.";
  return { code: "under_way", detail };
}

/** What publishing needs of a request. */
export async function publishDeps(c: Ctx) {
  const { db, now, by, config } = await c.var.services();
  return { db, now, by, publicUrl: config.publicUrl, site: await c.var.site() };
}
