import { raw } from "hono/html";
import { OrnamentPicture } from "../../domain/letters/ornament-picture.tsx";
import type { Archive, ArchivedTheme, listArchives } from "../../domain/letters/queries/archive.ts";
import { directionOf } from "../../platform/texts/languages.ts";
import { ASSETS } from "../ui/assets.ts";
import { Page } from "../ui/page.tsx";
import { say } from "../ui/say.ts";
import { shown } from "../ui/shown.ts";
import { FormCard, type OfferedForm } from "./sequence-parts.tsx";

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
export function ArchivePage({
  archive,
  form,
}: {
  readonly archive: Archive;
  readonly form: OfferedForm | null;
}) {
  const { slug, title: sequence, themes } = archive;
  const full = themes.filter(({ page }) => page !== "").length;
  return (
    <Page
      title={say("archive.title", { sequence })}
      description={say("archive.description", { sequence })}
      feed={{ href: feedPath(slug), title: sequence }}
      scripts={form === null ? [] : [ASSETS["zone.js"]]}
    >
      <p class="soft">{shown().site.name}</p>
      <h1>{say("archive.title", { sequence })}</h1>
      <p class="lead">{themes.length === 0 ? say("archive.empty") : say("archive.lead", { full })}</p>
      {themes.map((theme) => (
        <article class="letter" id={theme.slug} aria-labelledby={`${theme.slug}-title`}>
          <h2 id={`${theme.slug}-title`}>
            {theme.page === "" ? theme.title : <a href={letterPath(slug, theme)}>{theme.title}</a>}
          </h2>
          {theme.page === "" ? <Preview theme={theme} /> : raw(amongOthers(theme.page, theme.slug))}
        </article>
      ))}
      <AtEnd form={form} />
    </Page>
  );
}

/** Where a letter that's liked leads on: to the form. Not on paper. */
export function AtEnd({ form }: { readonly form: OfferedForm | null }) {
  return form === null ? null : (
    <div class="no-print">
      <FormCard form={form} several={false} />
    </div>
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
  form,
}: {
  readonly archive: Archive;
  readonly theme: ArchivedTheme;
  readonly form: OfferedForm | null;
}) {
  const { slug, title } = archive;
  return (
    <Page
      title={`${theme.title} – ${title}`}
      description={theme.preheader}
      feed={{ href: feedPath(slug), title }}
      scripts={form === null ? [] : [ASSETS["zone.js"]]}
    >
      <article class="letter">
        <Numbered archive={archive} theme={theme} linked />
        <h1>{theme.title}</h1>
        {raw(theme.page)}
      </article>
      <Neighbours archive={archive} theme={theme} />
      <AtEnd form={form} />
    </Page>
  );
}

type Among = { readonly archive: Archive; readonly theme: ArchivedTheme };

/** Whose letter it is, of which sequence, and its number there. `linked`: whether the archive is for everyone. */
export function Numbered({
  archive: { slug, title, themes },
  theme,
  linked,
}: Among & { readonly linked: boolean }) {
  const { site } = shown();
  return (
    <p class="soft">
      {site.name === title ? null : (
        <>
          <a href="/">{site.name}</a> ·{" "}
        </>
      )}
      {linked ? <a href={`/letters/${slug}`}>{title}</a> : title} ·{" "}
      {say("mail.number", { number: themes.indexOf(theme) + 1, of: themes.length })}
    </p>
  );
}

/** The letters before and behind one, where they can be read in full. */
export function Neighbours({ archive: { slug, themes }, theme }: Among) {
  const place = themes.indexOf(theme);
  return (
    <nav class="no-print" aria-label={say("archive.others")}>
      <Neighbour slug={slug} theme={themes[place - 1]} text="archive.previous" rel="prev" />
      <Neighbour slug={slug} theme={themes[place + 1]} text="mail.next" rel="next" />
    </nav>
  );
}

/** The letter before or behind another, where it can be read in full. */
function Neighbour({
  slug,
  theme,
  text,
  rel,
}: {
  readonly slug: string;
  readonly theme: ArchivedTheme | undefined;
  readonly text: "archive.previous" | "mail.next";
  readonly rel: "prev" | "next";
}) {
  if (theme === undefined || theme.page === "") return null;
  return (
    <p>
      <a rel={rel} href={letterPath(slug, theme)}>
        {say(text, { title: theme.title })}
      </a>
    </p>
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
