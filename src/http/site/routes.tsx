import { Hono } from "hono";
import { NO_FIELDS } from "../../domain/signup/form-reading.ts";
import { DAY_MS } from "../../platform/calendar/durations.ts";
import type { Config } from "../../platform/config.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { showPage } from "../ui/show-page.ts";
import { PrivacyPage } from "./privacy-page.tsx";
import { showHome } from "./show-home.tsx";

/** The public page and what it says about privacy. */
export function siteRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/", (c) => showHome(c, NO_FIELDS, []))
    .get("/.well-known/security.txt", async (c) => c.text(securityText(c.var.config, await c.var.now())))
    .get("/privacy", (c) => {
      const { keep, owner, mail, provider } = c.var.config;
      const page = <PrivacyPage owner={owner} contact={mail.replyTo} provider={provider.kind} keep={keep} />;
      return showPage(c, page, { publicPage: "fresh" });
    });
}

const SECURITY_TEXT_DAYS = 180;

/** Whom to tell of a hole (RFC 9116): the owner, whose installation it is. */
function securityText({ mail, publicUrl }: Pick<Config, "mail" | "publicUrl">, now: number): string {
  return [
    `Contact: mailto:${mail.replyTo}`,
    `Expires: ${new Date(now + SECURITY_TEXT_DAYS * DAY_MS).toISOString()}`,
    `Canonical: ${publicUrl}/.well-known/security.txt`,
    "Preferred-Languages: en",
    "",
  ].join("\n");
}
