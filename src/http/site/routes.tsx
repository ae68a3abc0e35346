import { Hono } from "hono";
import type { Site } from "../../domain/site/site.ts";
import { DAY_MS } from "../../platform/calendar/durations.ts";
import type { Config } from "../../platform/config.ts";
import { lookOf, nearestLegible } from "../../platform/look/look.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { showPage } from "../ui/show-page.ts";
import { iconOf, styleOf } from "./look-files.ts";
import { PrivacyPage } from "./privacy-page.tsx";
import { showHome, showSequence } from "./show-home.tsx";

/** Made from the colour in its name; another version of Themepost may make it otherwise. */
const A_DAY = "public, max-age=86400";

/** The public pages, and the files that are made from the site. */
export function siteRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/", (c) => showHome(c))
    .get("/s/:slug", async (c) => (await showSequence(c, c.req.param("slug"))) ?? c.notFound())
    .get("/.well-known/security.txt", async (c) =>
      c.text(securityText(c.var.config, await c.var.site(), await c.var.now())),
    )
    .get("/look/:file{[0-9a-f]{6}\\.(css|svg)}", (c) => {
      const [accent = "", kind] = c.req.param("file").split(".");
      if (nearestLegible(`#${accent}`) !== null) return c.notFound();
      const look = lookOf(`#${accent}`);
      const [text, type] = kind === "css" ? [styleOf(look), "text/css"] : [iconOf(look), "image/svg+xml"];
      return c.body(text, 200, { "content-type": `${type}; charset=utf-8`, "cache-control": A_DAY });
    })
    .get("/privacy", async (c) => {
      const { keep, mail, provider } = c.var.config;
      const { owner } = await c.var.site();
      const page = <PrivacyPage owner={owner} contact={mail.replyTo} provider={provider.kind} keep={keep} />;
      return showPage(c, page, { publicPage: "fresh" });
    });
}

const SECURITY_TEXT_DAYS = 180;

/** Whom to tell of a hole (RFC 9116): the owner, whose installation it is. */
function securityText(
  { mail, publicUrl }: Pick<Config, "mail" | "publicUrl">,
  { language }: Pick<Site, "language">,
  now: number,
): string {
  return [
    `Contact: mailto:${mail.replyTo}`,
    `Expires: ${new Date(now + SECURITY_TEXT_DAYS * DAY_MS).toISOString()}`,
    `Canonical: ${publicUrl}/.well-known/security.txt`,
    `Preferred-Languages: ${language === "en" ? "en" : `${language}, en`}`,
    "",
  ].join("\n");
}
