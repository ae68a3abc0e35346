import { Hono } from "hono";
import type { AppEnv } from "../ui/app-env.ts";
import { showPage } from "../ui/show-page.ts";
import { PrivacyPage } from "./privacy-page.tsx";
import { showHome, showSequence } from "./show-home.tsx";

/** The public pages. */
export function siteRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/", (c) => showHome(c))
    .get("/s/:slug", async (c) => (await showSequence(c, c.req.param("slug"))) ?? c.notFound())
    .get("/privacy", async (c) => {
      const { keep, mail, provider } = c.var.config;
      const { owner } = await c.var.site();
      const page = <PrivacyPage owner={owner} contact={mail.replyTo} provider={provider.kind} keep={keep} />;
      return showPage(c, page, { publicPage: "fresh" });
    });
}
