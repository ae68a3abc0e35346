import { Hono } from "hono";
import { NO_FIELDS } from "../../domain/signup/form-reading.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { showPage } from "../ui/show-page.ts";
import { PrivacyPage } from "./privacy-page.tsx";
import { showHome } from "./show-home.tsx";

/** The public page and what it says about privacy. */
export function siteRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/", (c) => showHome(c, NO_FIELDS, []))
    .get("/privacy", (c) => {
      const { keep, owner, mail, provider } = c.var.config;
      const page = <PrivacyPage owner={owner} contact={mail.replyTo} provider={provider.kind} keep={keep} />;
      return showPage(c, page, { publicPage: "fresh" });
    });
}
