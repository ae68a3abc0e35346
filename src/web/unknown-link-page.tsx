import { MessagePage, type PageContext } from "./page.tsx";

/** A link that is not ours, was cut short, or speaks of something that is gone. */
export function UnknownLinkPage({ context }: { readonly context: PageContext }) {
  return (
    <MessagePage title="This link does not work" context={context}>
      <p class="lead">
        It may have been cut off when it was copied. Please open it again from the letter itself.
      </p>
      <p>
        To sign up, start on <a href="/">our first page</a>.
      </p>
    </MessagePage>
  );
}
