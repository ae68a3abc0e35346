import { say, sayWith } from "../../platform/texts/texts.ts";
import { MessagePage, type PageContext } from "./page.tsx";

/** A link that is not ours, was cut short, or speaks of something that is gone. */
export function UnknownLinkPage({ context }: { readonly context: PageContext }) {
  return (
    <MessagePage title={say("unknownLink.title")} context={context}>
      <p class="lead">{say("unknownLink.lead")}</p>
      <p>{sayWith("unknownLink.signUp", { link: (inner) => <a href="/">{inner}</a> })}</p>
    </MessagePage>
  );
}
