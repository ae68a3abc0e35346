import { raw } from "hono/html";
import { OrnamentPicture } from "../../domain/letters/ornament-picture.tsx";
import type { Archive, ArchivedTheme, listArchives } from "../../domain/letters/queries/archive.ts";
import { directionOf } from "../../platform/texts/languages.ts";
import { Page } from "../ui/page.tsx";
import { say } from "../ui/say.ts";
import { shown } from "../ui/shown.ts";

type Listed = Awaited<ReturnType<typeof listArchives>>[number];

/** Every sequence with letters to read, and whether there are letters in between. */
export function ArchivesPage({
  sequences,
  news,
}: {
  readonly sequences: readonly Listed[];
  readonly news: boolean;
}) {
  const { name } = shown().site;
  return (
    <Page title={say("archive.title", { sequence: name })}>
      <h1>{say("archive.title", { sequence: name })}</h1>
      <ul>
        {sequences.map(({ slug, title, language }) => (
          <li lang={language} dir={directionOf(language)}>
            <a href={`/letters/${slug}`}>{title}</a>
          </li>
        ))}
        {news ? (
          <li>
            <a href="/news">{say("between.title")}</a>
          </li>
        ) : null}
      </ul>
    </Page>
  );
}

/** The letters of a sequence for everyone: the first ones whole, of the others how they begin. */
export function ArchivePage({ archive }: { readonly archive: Archive }) {
  const { slug, title: sequence, themes } = archive;
  const full = themes.filter(({ page }) => page !== "").length;
  return (
    <Page
      title={say("archive.title", { sequence })}
      description={say("archive.description", { sequence })}
      feed={{ href: feedPath(slug), title: sequence }}
    >
      <p class="soft">{shown().site.name}</p>
      <h1>{say("archive.title", { sequence })}</h1>
      <p class="lead">{themes.length === 0 ? say("archive.empty") : say("archive.lead", { full })}</p>
      <p>
        <a class="button" href={`/s/${slug}`}>
          {say("archive.signUp")}
        </a>
      </p>
      {themes.map((theme) => (
        <article class="letter" id={theme.slug} aria-labelledby={`${theme.slug}-title`}>
          <h2 id={`${theme.slug}-title`}>
            {theme.page === "" ? theme.title : <a href={letterPath(slug, theme)}>{theme.title}</a>}
          </h2>
          {theme.page === "" ? <Preview theme={theme} /> : raw(amongOthers(theme.page, theme.slug))}
        </article>
      ))}
    </Page>
  );
}

function Preview({ theme }: { readonly theme: ArchivedTheme }) {
  return (
    <>
      {theme.ornament === null ? null : <OrnamentPicture name={theme.ornament} size="full" />}
      <p>{theme.opening}</p>
      <p class="soft small">
        {theme.preheader} {say("archive.more")}
      </p>
    </>
  );
}

/** One letter that anyone may read. */
export function ArchivedLetterPage({
  archive,
  theme,
}: {
  readonly archive: Archive;
  readonly theme: ArchivedTheme;
}) {
  const { slug, title } = archive;
  return (
    <Page
      title={`${theme.title} – ${title}`}
      description={theme.preheader}
      feed={{ href: feedPath(slug), title }}
    >
      <article class="letter">
        <p class="soft">
          <a href={`/letters/${slug}`}>{title}</a>
        </p>
        <h1>{theme.title}</h1>
        {raw(theme.page)}
      </article>
      <p class="no-print">
        <a class="button" href={`/s/${slug}`}>
          {say("archive.signUp")}
        </a>
      </p>
    </Page>
  );
}

/** Where the feed of a sequence's public letters is. */
export function feedPath(slug: string): string {
  return `/letters/${slug}/feed.xml`;
}

/** Where a public letter is. */
export function letterPath(sequence: string, { slug }: Pick<ArchivedTheme, "slug">): string {
  return `/letters/${sequence}/${slug}`;
}

/** A body beside others: its headings one level down, because each letter has its own below the page's; its notes with names of their own. */
function amongOthers(page: string, slug: string): string {
  return page
    .replaceAll(/<(\/?)h([234])>/g, (_, slash: string, level: string) => `<${slash}h${Number(level) + 1}>`)
    .replaceAll(/(id="|href="#)(note|mark)-/g, `$1${slug}-$2-`);
}
