import { maskedAddress } from "../../../domain/people/address.ts";
import type { LetterView } from "../../../domain/sequences/queries/letter.ts";
import { Button, Form } from "../../ui/form.tsx";
import { MessagePage } from "../../ui/page.tsx";
import { inAList, say } from "../../ui/say.ts";
import { YourData } from "./access-pages.tsx";

type UnsubscribePageProps = {
  readonly letter: LetterView;
  /** The path of the unsubscribe link. */
  readonly action: string;
  /** Whether it shows the button alone. */
  readonly bare: boolean;
};

/** What a press will stop, and the button. Opening it changes nothing, so mail scanners may. */
export function UnsubscribePage({ letter, action, bare }: UnsubscribePageProps) {
  const { sequenceTitle: sequence } = letter;
  const address = maskedAddress(letter.address);
  return (
    <MessagePage
      title={say("unsubscribe.title")}
      lead={
        sequence === null
          ? say("unsubscribe.leadBroadcasts", { address })
          : say("unsubscribe.lead", { sequence, address })
      }
    >
      <Form action={action}>
        <Button name="scope" value="sequence">
          {say("unsubscribe.button")}
        </Button>
      </Form>
      {bare ? null : <Everything letter={letter} action={action} />}
    </MessagePage>
  );
}

/** After unsubscribing by a link whose secret was retired: what stopped, and nothing of the person. */
export function StoppedLetterPage({ letter }: { readonly letter: LetterView }) {
  const address = maskedAddress(letter.address);
  const { sequenceTitle: sequence } = letter;
  const lead =
    sequence === null
      ? say("unsubscribe.nowBroadcasts", { address })
      : say("unsubscribe.now", { sequence, address });
  return <MessagePage title={say("unsubscribe.done")} lead={lead} done />;
}

/** After leaving the letters in between: what still comes, and where they're switched on again. */
export function WithoutBroadcastsPage({
  letter,
  action,
}: {
  readonly letter: LetterView;
  readonly action: string;
}) {
  const address = maskedAddress(letter.address);
  const stays = letter.others.length > 0;
  const lead = say(stays ? "unsubscribe.nowBroadcasts" : "unsubscribe.nowAll", { address });
  return (
    <MessagePage title={say("unsubscribe.done")} lead={lead} done>
      <Everything letter={letter} action={action} />
      <YourData action={action} />
    </MessagePage>
  );
}

/** For a letter of someone who was erased. */
export function ErasedLetterPage() {
  return <MessagePage title={say("unsubscribe.done")} lead={say("unsubscribe.erased")} />;
}

/** The rest of what they get, and the button that stops that, too. */
export function Everything({ letter, action }: { readonly letter: LetterView; readonly action: string }) {
  const rest = [...letter.others, ...(letter.broadcasts ? [say("between.these")] : [])];
  if (rest.length === 0) return null;
  return (
    <Form action={action}>
      <p>{say("unsubscribe.still", { titles: inAList(rest) })}</p>
      <Button name="scope" value="everything" quiet>
        {say("unsubscribe.everything")}
      </Button>
    </Form>
  );
}
