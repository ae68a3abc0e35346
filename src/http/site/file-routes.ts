import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { listPublicIds } from "../../domain/broadcasts/queries/public-letters.ts";
import { listPublic } from "../../domain/letters/queries/archive.ts";
import { readPictureFile } from "../../domain/site/queries/pictures.ts";
import type { Site } from "../../domain/site/site.ts";
import { DAY_MS } from "../../platform/calendar/durations.ts";
import type { Config } from "../../platform/config.ts";
import { lookOf, nearestLegible } from "../../platform/look/look.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { iconPath } from "../ui/look-path.ts";
import { letterPath } from "./archive-page.tsx";
import { iconOf, pictureOf, styleOf } from "./look-files.ts";

/** Made from the colour in its name; another version of Themepost may make it otherwise. */
const A_DAY = "public, max-age=86400";
const A_YEAR = "public, max-age=31536000, immutable";
const AN_HOUR = "public, max-age=3600";

/** What's made of the site for browsers and search engines: its colours as files, and where its pages are. */
export function fileRoutes(): Hono<AppEnv> {
  return (
    new Hono<AppEnv>()
      .get("/look/:file{[0-9a-f]{6}\\.(css|svg|png)}", async (c) => {
        const [accent = "", kind] = c.req.param("file").split(".");
        if (nearestLegible(`#${accent}`) !== null) return c.notFound();
        const look = lookOf(`#${accent}`);
        const answer = (body: string | Uint8Array<ArrayBuffer>, type: string) =>
          c.body(body, 200, { "content-type": type, "cache-control": A_DAY });
        if (kind === "png") {
          // It takes CPU time, so it isn't drawn in whatever colour is asked for.
          const { accent: own } = await c.var.site();
          return own === `#${accent}` ? answer(pictureOf(look), "image/png") : c.notFound();
        }
        return kind === "css"
          ? answer(styleOf(look), "text/css; charset=utf-8")
          : answer(iconOf(look), "image/svg+xml; charset=utf-8");
      })
      .get("/pictures/:name{[0-9a-f]{32}(-[0-9]{1,5}x[0-9]{1,5})?\\.(png|jpg|gif)}", sendPicture)
      // Asked for by browsers that were told of no icon, such as those of feeds.
      .get("/favicon.ico", async (c) => {
        c.header("cache-control", AN_HOUR);
        return c.redirect(iconPath(await c.var.site()), 302);
      })
      .get("/robots.txt", (c) => {
        c.header("cache-control", AN_HOUR);
        return c.text(`User-agent: *\nAllow: /\n\nSitemap: ${c.var.config.publicUrl}/sitemap.xml\n`);
      })
      .get("/sitemap.xml", sendSitemap)
      .get("/.well-known/security.txt", async (c) =>
        c.text(securityText(c.var.config, await c.var.site(), await c.var.now())),
      )
  );
}

const TYPES: Readonly<Record<string, string>> = { png: "image/png", jpg: "image/jpeg", gif: "image/gif" };

/** Mail programs and other sites' readers show it, too; its name is made of its content. */
async function sendPicture(c: Context<AppEnv>): Promise<Response> {
  const name = c.req.param("name") ?? "";
  const base64 = await readPictureFile(c.var.db, name);
  const file =
    base64 === null
      ? null
      : base64 === ""
        ? ((await c.env.PICTURES?.get(name))?.body ?? null)
        : Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  if (file === null) return c.notFound();
  c.set("ownHeaders", { "cross-origin-resource-policy": "cross-origin" });
  const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  return c.body(file, 200, { "content-type": type, "cache-control": A_YEAR });
}

/** So many letters in between are in the map, the newest. */
const NEWS_MAX = 500;

/** Every page that anyone may read (sitemaps.org, protocol 0.9). */
async function sendSitemap(c: Context<AppEnv>): Promise<Response> {
  const { archiveInFull } = await c.var.site();
  const [sequences, news] = await Promise.all([
    listPublic(c.var.db, archiveInFull ?? 0),
    listPublicIds(c.var.db, NEWS_MAX),
  ]);
  const archives = sequences.flatMap(({ slug, letters }) => [
    `/letters/${slug}`,
    ...letters.map((letter) => letterPath(slug, { slug: letter })),
  ]);
  const paths = [
    "/",
    ...sequences.filter(({ joinable }) => joinable).map(({ slug }) => `/s/${slug}`),
    ...(archiveInFull === null ? [] : archives),
    ...(archiveInFull === null || news.length === 0 ? [] : ["/news", ...news.map((id) => `/news/${id}`)]),
    "/privacy",
  ];
  const urls = paths.map((path) => html`  <url><loc>${c.var.config.publicUrl}${path}</loc></url>\n`);
  const map = html`<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${urls}</urlset>
`;
  return c.body(String(map), 200, {
    "content-type": "application/xml; charset=utf-8",
    "cache-control": AN_HOUR,
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
