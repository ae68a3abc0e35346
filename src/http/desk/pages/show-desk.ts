import type { Context } from "hono";
import { siteOf } from "../../../domain/site/site.ts";
import type { AppEnv } from "../../ui/app-env.ts";

type Rendered = Parameters<Context<AppEnv>["render"]>[0];

/** A page of the desk as the answer to a request: in English, and kept by nobody. With `away` nothing is read to show it. */
export async function showDesk(
  c: Context<AppEnv>,
  page: Rendered,
  { status = 200, away = false }: { readonly status?: number; readonly away?: boolean } = {},
): Promise<Response> {
  const site = siteOf(undefined, c.var.config.publicUrl);
  c.set("shown", { language: "en", now: away ? c.var.wallNow() : await c.var.now(), site });
  c.status(status as 200);
  c.header("cache-control", "no-store");
  c.header("x-robots-tag", "noindex");
  return c.render(page);
}
