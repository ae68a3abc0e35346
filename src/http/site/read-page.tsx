import { raw } from "hono/html";
import type { OnlineLetter } from "../../domain/letters/queries/archive.ts";
import { say, sayWith } from "../../platform/texts/texts.ts";
import { Page } from "../ui/page.tsx";

/** A letter as a page. The same for everybody who has its link: nothing on it is personal, and nothing leads to a person's page. */
export function ReadPage({ letter, owner }: { readonly letter: OnlineLetter; readonly owner: string }) {
  return (
    <Page title={letter.heading}>
      <article class="letter">
        <p class="soft">{say("read.note", { owner })}</p>
        <h1>{letter.heading}</h1>
        {raw(letter.page)}
      </article>
      <p class="no-print">{sayWith("read.signUp", { link: (inner) => <a href="/">{inner}</a> })}</p>
    </Page>
  );
}
