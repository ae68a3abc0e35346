import { raw } from "hono/html";
import type { Archive, ArchivedTheme, OnlineLetter } from "../../domain/letters/queries/archive.ts";
import { Page } from "../ui/page.tsx";
import { say, sayWith } from "../ui/say.ts";
import { shown } from "../ui/shown.ts";
import { Neighbours, Numbered } from "./archive-page.tsx";

export type ReadPageProps = {
  readonly letter: OnlineLetter;
  /** Where it stands in its sequence, and whether the archive is for everyone; null where that isn't known. */
  readonly place: {
    readonly archive: Archive;
    readonly theme: ArchivedTheme;
    readonly linked: boolean;
  } | null;
};

/** A letter as a page. The same for everyone who has its link: nothing on it is personal, and nothing leads to a person's page. */
export function ReadPage({ letter, place }: ReadPageProps) {
  const { site } = shown();
  return (
    <Page title={letter.heading}>
      <article class="letter">
        {place === null ? null : <Numbered {...place} />}
        <p class="soft">
          {say("read.note", { owner: site.author.name === "" ? site.name : site.author.name })}
        </p>
        <h1>{letter.heading}</h1>
        {raw(letter.page)}
      </article>
      {place === null ? null : <Neighbours {...place} />}
      <p class="no-print">{sayWith("read.signUp", { link: (inner) => <a href="/">{inner}</a> })}</p>
    </Page>
  );
}
