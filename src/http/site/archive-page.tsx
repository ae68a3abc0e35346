import { raw } from "hono/html";
import { OrnamentPicture } from "../../domain/letters/ornament-picture.tsx";
import type { ArchivedTheme } from "../../domain/letters/queries/archive.ts";
import { say } from "../../platform/texts/texts.ts";
import { Page } from "../ui/page.tsx";

/** The letters of a sequence for everybody: the first `inFull` whole, of the others how they begin. */
export function ArchivePage({
  archive,
  inFull,
}: {
  readonly archive: { readonly title: string; readonly themes: readonly ArchivedTheme[] };
  readonly inFull: number;
}) {
  const { title: sequence, themes } = archive;
  const full = Math.min(inFull, themes.length);
  return (
    <Page title={say("archive.title", { sequence })} description={say("archive.description", { sequence })}>
      <p class="soft">{sequence}</p>
      <h1>{say("archive.title", { sequence })}</h1>
      <p class="lead">{themes.length === 0 ? say("archive.empty") : say("archive.lead", { full })}</p>
      <p>
        <a class="button" href="/">
          {say("archive.signUp")}
        </a>
      </p>
      {themes.map((theme, place) => (
        <article class="letter" id={theme.slug} aria-labelledby={`${theme.slug}-title`}>
          <h2 id={`${theme.slug}-title`}>{theme.title}</h2>
          {place < full && theme.page !== "" ? raw(lowered(theme.page)) : <Preview theme={theme} />}
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

/** The body's headings one level down, because each letter has its own below the page's. */
function lowered(page: string): string {
  return page.replaceAll(
    /<(\/?)h([23])>/g,
    (_, slash: string, level: string) => `<${slash}h${Number(level) + 1}>`,
  );
}
