import { raw } from "hono/html";
import type { OnlineLetter } from "../../domain/letters/queries/archive.ts";
import { Page } from "../ui/page.tsx";
import { say, sayWith } from "../ui/say.ts";
import { shown } from "../ui/shown.ts";

/** A letter as a page. The same for everyone who has its link: nothing on it is personal, and nothing leads to a person's page. */
export function ReadPage({ letter }: { readonly letter: OnlineLetter }) {
  const { site } = shown();
  return (
    <Page title={letter.heading}>
      <article class="letter">
        <p class="soft">
          {say("read.note", { owner: site.author.name === "" ? site.name : site.author.name })}
        </p>
        <h1>{letter.heading}</h1>
        {raw(letter.page)}
      </article>
      <p class="no-print">{sayWith("read.signUp", { link: (inner) => <a href="/">{inner}</a> })}</p>
    </Page>
  );
}
