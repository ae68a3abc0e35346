import type { Draft, DraftedLetter, DraftLetter } from "../../../domain/letters/draft.ts";
import type { listSaves } from "../../../domain/letters/queries/drafts.ts";
import { Instant } from "../../ui/date.tsx";
import { Button } from "../../ui/form.tsx";
import { say } from "../../ui/say.ts";
import { DeskForm, DeskPage, type Room } from "./shell.tsx";

/** Every save of a letter that's kept, the newest first. Bringing one back is a save of its own. */
export function SavesPage({
  draft,
  letter,
  path,
  room,
  open,
  saves,
  timeZone,
}: {
  readonly draft: Draft;
  readonly letter: DraftLetter;
  readonly path: string;
  readonly room: Room;
  readonly open: boolean;
  readonly saves: Awaited<ReturnType<typeof listSaves>>;
  readonly timeZone: string;
}) {
  return (
    <DeskPage
      title={say("desk.saves.title", { letter: letter.subject === "" ? letter.slug : letter.subject })}
      room={room}
    >
      <p>
        <a href={path}>{say("desk.saves.back")}</a>
      </p>
      <p class="lead">{say("desk.saves.lead", { count: saves.length })}</p>
      {saves.map(({ id, at, content }) => {
        const { subject, markdown } = content as DraftedLetter;
        return (
          <details>
            <summary>
              <Instant at={at} timeZone={timeZone} />:{" "}
              {say("desk.saves.one", {
                characters: markdown.length,
                now: id === letter.revision ? "yes" : "no",
              })}
            </summary>
            <p lang={draft.language}>{subject}</p>
            <pre tabindex={0} lang={draft.language}>
              {markdown}
            </pre>
            {id === letter.revision || !open ? null : (
              <DeskForm
                action={`${path}/restore`}
                hidden={{ save: String(id), revision: String(letter.revision) }}
                joined
              >
                <Button quiet>{say("desk.saves.restore")}</Button>
              </DeskForm>
            )}
          </details>
        );
      })}
    </DeskPage>
  );
}
