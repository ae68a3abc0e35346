import { Hono } from "hono";
import type { AppEnv } from "../ui/app-env.ts";
import { pageContext } from "../ui/page-context.ts";
import { renderPage } from "../ui/render-page.ts";
import { PrivacyPage } from "./privacy-page.tsx";
import { NOTHING_TYPED, showHome } from "./show-home.tsx";

/** The public page and what it says about privacy. */
export function siteRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/", (c) => showHome(c, NOTHING_TYPED, []))
    .get("/privacy", (c) => {
      const { keep, owner, mail, provider } = c.var.config;
      const page = (
        <PrivacyPage
          context={pageContext(c.var.config)}
          owner={owner}
          contact={mail.replyTo}
          provider={provider.kind}
          keep={keep}
        />
      );
      return renderPage(page, { publicPage: true });
    });
}
