import { type DraftLetter, isUnfinished, type Move } from "../../../domain/letters/draft.ts";
import type { LetterNumbers } from "../../../domain/letters/preview-edit.ts";
import { Button, Buttons } from "../../ui/form.tsx";
import { say } from "../../ui/say.ts";
import { DeskForm } from "./shell.tsx";

type Place = "beginning" | "first" | "only" | "middle" | "last" | "archived";

/** What can be done with a letter at its place. */
const MOVES: Readonly<Record<Place, readonly Move[]>> = {
  beginning: [],
  first: ["down", "archive"],
  only: ["archive"],
  middle: ["up", "down", "archive"],
  last: ["up", "archive"],
  archived: ["restore"],
};

/** A letter of a list: how it stands, and what can be done with it at its place. */
export function Entry({
  letter,
  numbers,
  base,
  of,
  outline,
}: {
  readonly letter: DraftLetter;
  /** How many readers get it, had it and left after it, where that's known. */
  readonly numbers?: LetterNumbers | undefined;
  readonly base: string;
  readonly of: Place;
  readonly outline: number;
}) {
  const { slug, subject, status, change } = letter;
  const name = subject !== "" ? subject : of === "beginning" ? say("desk.letters.unwrittenWelcome") : slug;
  const state =
    of === "archived" ? "archived" : isUnfinished(letter) ? "begun" : status === "draft" ? "draft" : change;
  const moves: readonly Move[] = [
    ...MOVES[of],
    ...(of === "beginning" || of === "archived"
      ? []
      : [status === "draft" ? ("publish" as const) : ("draft" as const)]),
  ];
  return (
    <li>
      <p>
        <a href={`${base}/letters/${slug}`}>{name}</a>{" "}
        <span class="soft">
          {of === "beginning" ? say("desk.letters.welcome") : ""} {say("desk.letters.is", { state })}
        </span>
      </p>
      {numbers === undefined ? null : (
        <p class="soft">
          {say("desk.letters.numbers", numbers)}
          {numbers.had === 0 ? "" : ` ${say("desk.letters.leftAfter", numbers)}`}
        </p>
      )}
      {moves.length === 0 ? null : (
        <DeskForm action={`${base}/move`} hidden={{ letter: slug, seen: String(outline) }} joined>
          <Buttons>
            {moves.map((move) => (
              <Button name="move" value={move} quiet>
                {say(`desk.letters.move.${move}`)}
                <span class="unseen"> {name}</span>
              </Button>
            ))}
          </Buttons>
        </DeskForm>
      )}
    </li>
  );
}
