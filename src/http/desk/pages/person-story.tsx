import type { timeline } from "../../../domain/privacy/timeline.ts";
import { Instant } from "../../ui/date.tsx";
import { Button } from "../../ui/form.tsx";
import { say } from "../../ui/say.ts";
import { Table } from "../../ui/table.tsx";
import { DeskForm } from "./shell.tsx";

type Entry = NonNullable<Awaited<ReturnType<typeof timeline>>>["entries"][number];

/** Where something was said of the letter later on, that it was planned needn't be told. */
const isNews = (entry: Entry, all: readonly Entry[]) =>
  entry.what !== "planned" ||
  !all.some(({ letterId, what }) => letterId === entry.letterId && what !== "planned");

/** What happened to a person's mail, the latest first, a sentence each; a letter that failed can be sent again from here. */
export function PersonStory({
  entries,
  id,
  timeZone,
  maySend,
}: {
  readonly entries: readonly Entry[];
  readonly id: number;
  readonly timeZone: string;
  readonly maySend: boolean;
}) {
  const latest = new Map(entries.map((entry) => [entry.letterId, entry.what]));
  return (
    <section>
      <h2>{say("desk.person.story")}</h2>
      <Table
        name={say("desk.person.story")}
        head={[say("desk.person.when"), say("desk.person.what")]}
        rows={entries
          .filter((entry) => isNews(entry, entries))
          .toReversed()
          .map((entry) => [
            <Instant at={entry.at} timeZone={timeZone} />,
            <>
              {sentence(entry)}
              {maySend && isLost(entry) && latest.get(entry.letterId) === entry.what ? (
                <DeskForm
                  action={`/desk/readers/${id}/send-again`}
                  hidden={{ letter: String(entry.letterId) }}
                  joined
                >
                  <Button quiet>
                    {say(entry.what === "uncertain" ? "desk.person.sendUncertain" : "desk.person.sendAgain")}
                  </Button>
                </DeskForm>
              ) : null}
            </>,
          ])}
      />
    </section>
  );
}

function isLost({ what, letterId }: Entry): boolean {
  return letterId !== undefined && (what === "failed" || what === "uncertain");
}

function sentence({ what, kind, step, sequence, reason }: Entry): string {
  const letter =
    kind === undefined
      ? ""
      : say("desk.story.letter", {
          kind: kind.split(" ")[0] ?? "",
          step: step ?? "",
          sequence: sequence ?? "",
        });
  const why = reason == null || reason === "" ? "" : ` (${reason.replaceAll("_", " ")})`;
  const said = say("desk.story.what", { what, letter, sequence: sequence ?? "" });
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}${why}`;
}
