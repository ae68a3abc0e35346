import { html } from "hono/html";
import type { Archive } from "../../domain/letters/queries/archive.ts";
import type { Site } from "../../domain/site/site.ts";
import { feedPath, letterPath } from "./archive-page.tsx";

/** A feed: what it's called, where it and its page are, and its entries. Paths are below the public address. */
type Feed = {
  readonly title: string;
  readonly subtitle: string;
  readonly language: string;
  readonly path: string;
  readonly page: string;
  readonly updatedAt: number;
  readonly entries: ReadonlyArray<{
    readonly title: string;
    readonly path: string;
    readonly updatedAt: number;
    readonly summary: string;
    readonly page: string;
  }>;
};

/** The public letters of a sequence as a feed, in the order of the sequence. */
export function feedOf({ slug, title, language, settings, publishedAt, themes }: Archive): Feed {
  const entries = themes
    .filter(({ page }) => page !== "")
    .map((theme) => ({
      ...{ title: theme.title, path: letterPath(slug, theme), updatedAt: theme.renderedAt },
      ...{ summary: theme.preheader, page: theme.page },
    }));
  return {
    ...{ title, subtitle: settings.tagline, language, path: feedPath(slug), page: `/letters/${slug}` },
    ...{ updatedAt: publishedAt, entries },
  };
}

/** A feed in Atom (RFC 4287). */
export function atomOf(feed: Feed, site: Site, publicUrl: string): string {
  const author = site.author.name === "" ? site.name : site.author.name;
  const entries = feed.entries.map(
    (entry) => html`
  <entry>
    <title>${entry.title}</title>
    <id>${publicUrl}${entry.path}</id>
    <link href="${publicUrl}${entry.path}"/>
    <updated>${new Date(entry.updatedAt).toISOString()}</updated>
    <summary>${entry.summary}</summary>
    <content type="html" xml:base="${publicUrl}/">${entry.page}</content>
  </entry>`,
  );
  const xml = html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${feed.language}">
  <title>${feed.title}</title>
  <subtitle>${feed.subtitle}</subtitle>
  <id>${publicUrl}${feed.path}</id>
  <link rel="self" href="${publicUrl}${feed.path}"/>
  <link href="${publicUrl}${feed.page}"/>
  <updated>${new Date(feed.updatedAt).toISOString()}</updated>
  <author><name>${author}</name></author>${entries}
</feed>
`;
  return String(xml);
}
