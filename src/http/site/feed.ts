import { html } from "hono/html";
import type { Archive } from "../../domain/letters/queries/archive.ts";
import type { Site } from "../../domain/site/site.ts";
import { feedPath, letterPath } from "./archive-page.tsx";

/** The public letters of a sequence as an Atom feed (RFC 4287), in the order of the sequence. */
export function feedOf(archive: Archive, site: Site, publicUrl: string): string {
  const { slug, title, language, settings, publishedAt, themes } = archive;
  const author = site.author.name === "" ? site.name : site.author.name;
  const entries = themes
    .filter(({ page }) => page !== "")
    .map((theme) => {
      const href = `${publicUrl}${letterPath(slug, theme)}`;
      return html`
  <entry>
    <title>${theme.title}</title>
    <id>${href}</id>
    <link href="${href}"/>
    <updated>${new Date(theme.renderedAt).toISOString()}</updated>
    <summary>${theme.preheader}</summary>
    <content type="html" xml:base="${publicUrl}/">${theme.page}</content>
  </entry>`;
    });
  const feed = html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}">
  <title>${title}</title>
  <subtitle>${settings.tagline}</subtitle>
  <id>${publicUrl}${feedPath(slug)}</id>
  <link rel="self" href="${publicUrl}${feedPath(slug)}"/>
  <link href="${publicUrl}/letters/${slug}"/>
  <updated>${new Date(publishedAt).toISOString()}</updated>
  <author><name>${author}</name></author>${entries}
</feed>
`;
  return String(feed);
}
