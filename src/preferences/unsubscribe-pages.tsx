import { maskedAddress } from "../subscribers/address.ts";
import { MessagePage, type PageContext } from "../web/page.tsx";
import type { LetterView } from "./queries.ts";

type UnsubscribePageProps = {
  readonly context: PageContext;
  readonly letter: LetterView;
  readonly action: string;
};

/** What a press will stop, and the button. Opening it changes nothing, so mail scanners may. */
export function UnsubscribePage({ context, letter, action }: UnsubscribePageProps) {
  const stopped = letter.enrollmentState === "stopped" || letter.subscriberState === "unsubscribed";
  return (
    <MessagePage title={stopped ? "You are unsubscribed" : "Unsubscribe"} context={context}>
      {stopped ? (
        <p class="lead">
          No more letters from “{letter.sequenceTitle}” go to {maskedAddress(letter.address)}.
        </p>
      ) : (
        <>
          <p class="lead">
            One press, and no more letters from “{letter.sequenceTitle}” go to {maskedAddress(letter.address)}
            .
          </p>
          <form method="post" action={action}>
            <button type="submit" name="scope" value="sequence">
              Unsubscribe
            </button>
          </form>
        </>
      )}
      {letter.others.length > 0 ? <Everything letter={letter} action={action} /> : null}
    </MessagePage>
  );
}

/** After unsubscribing: what stopped, and the offer to stop the rest. */
export function UnsubscribedPage({
  context,
  letter,
  action,
  preferencesUrl,
}: UnsubscribePageProps & { readonly preferencesUrl: string }) {
  const nothingLeft = letter.others.length === 0;
  return (
    <MessagePage title="You are unsubscribed" context={context}>
      <p class="lead" role="status">
        {nothingLeft
          ? `No more letters go to ${maskedAddress(letter.address)}. This took effect right away.`
          : `No more letters from “${letter.sequenceTitle}” go to ${maskedAddress(letter.address)}. This took effect right away.`}
      </p>
      {nothingLeft && letter.enrollmentState === "stopped" ? (
        <p>
          Pressed it by mistake? <a href="/">Sign up again</a>, and after you confirm you carry on with the
          letters you have not had yet. A confirmation goes out once a day at most, so it may take until
          tomorrow.
        </p>
      ) : null}
      {nothingLeft ? null : <Everything letter={letter} action={action} />}
      <p>
        <a href={preferencesUrl}>See all your letters</a>
      </p>
    </MessagePage>
  );
}

function Everything({ letter, action }: { readonly letter: LetterView; readonly action: string }) {
  return (
    <form method="post" action={action}>
      <p>You still get: {letter.others.join(", ")}.</p>
      <button class="quiet" type="submit" name="scope" value="everything">
        Unsubscribe from everything
      </button>
    </form>
  );
}
