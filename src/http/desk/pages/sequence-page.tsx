import type { Counted } from "../../../domain/jobs/counting.ts";
import type { Draft } from "../../../domain/letters/draft.ts";
import { numbersOf } from "../../../domain/letters/preview-edit.ts";
import { Field } from "../../ui/field.tsx";
import { Button } from "../../ui/form.tsx";
import { Notice } from "../../ui/notice.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import type { Fields } from "../desk-page.ts";
import { CountedAt, NotCounted } from "./counted.tsx";
import { Entry } from "./letter-entry.tsx";
import { DeskForm, DeskPage } from "./shell.tsx";

/** What acts of these pages came to. */
export const LETTERS_SAID = {
  begun: "desk.letters.said.begun",
  settled: "desk.letters.said.settled",
  stale: "desk.letters.said.stale",
  up: "desk.letters.said.moved",
  down: "desk.letters.said.moved",
  archive: "desk.letters.said.archive",
  restore: "desk.letters.said.restore",
  publish: "desk.letters.said.publish",
  draft: "desk.letters.said.draft",
  discarded: "desk.letters.said.discarded",
  published: "desk.letters.said.published",
  closed: "desk.letters.said.closed",
  opened: "desk.letters.said.opened",
  undone: "desk.letters.said.undone",
  not_undone: "desk.letters.said.not_undone",
} as const satisfies Readonly<Record<string, WordKey>>;

/** A sequence as it would be published now: its letters in order, what differs from what readers get, and what can be done. */
export function SequencePage({
  draft,
  counted,
  said,
  typed,
  timeZone,
}: {
  readonly draft: Draft;
  /** Its readers, or how far it is to know them. */
  readonly counted: Counted;
  readonly said: WordKey | null;
  readonly typed: Fields | null;
  readonly timeZone: string;
}) {
  const { slug, title, steps, welcome, archived, changes, seen, outline, undo } = draft;
  const numbers = counted.kind === "counted" ? numbersOf(draft.published, counted.groups) : null;
  const base = `/desk/letters/${slug}`;
  return (
    <DeskPage title={title} room="letters" said={said === null ? null : say(said)}>
      <p class="lead">
        {say("desk.letters.sequenceLead", {
          state: seen === null ? "draft" : changes ? "changed" : "published",
        })}
      </p>
      {draft.outdated ? (
        <Notice alert>
          <p>{say("desk.letters.outdated")}</p>
        </Notice>
      ) : null}
      {changes ? (
        <p>
          <a class="button" href={`${base}/publish`}>
            {say("desk.letters.toPublish")}
          </a>
        </p>
      ) : null}
      <p>
        <a href={`${base}/year`}>{say("desk.year.link")}</a> ·{" "}
        <a href={`${base}/settings`}>{say("desk.sequence.link")}</a> ·{" "}
        <a href={`${base}/mails`}>{say("desk.mails.link")}</a>
      </p>
      <h2>{say("desk.letters.letters")}</h2>
      <ol class="letters" start={0}>
        <Entry letter={welcome} base={base} of="beginning" outline={outline} />
        {steps.map((letter, place) => (
          <Entry
            letter={letter}
            numbers={numbers?.get(letter.slug)}
            base={base}
            of={
              place === 0
                ? steps.length === 1
                  ? "only"
                  : "first"
                : place === steps.length - 1
                  ? "last"
                  : "middle"
            }
            outline={outline}
          />
        ))}
      </ol>
      {seen === null ? null : counted.kind === "counted" ? (
        <CountedAt at={counted.at} base={base} page="sequence" timeZone={timeZone} />
      ) : (
        <NotCounted counted={counted} base={base} page="sequence" />
      )}
      <DeskForm action={`${base}/letters`} card faulty={typed !== null}>
        <h2>{say("desk.letters.add")}</h2>
        <Field
          id="subject"
          name="subject"
          label={say("desk.letters.subject")}
          hint={say("desk.letters.addHint")}
          value={typed?.subject ?? ""}
          fault={typed?.subject === undefined ? null : say("desk.letters.subjectFault")}
          attributes={{ type: "text", required: true, maxlength: "120", autocomplete: "off" }}
        />
        <Button>{say("desk.letters.addButton")}</Button>
      </DeskForm>
      {archived.length === 0 ? null : (
        <details>
          <summary>{say("desk.letters.archived", { count: archived.length })}</summary>
          <ul class="letters">
            {archived.map((letter) => (
              <Entry letter={letter} base={base} of="archived" outline={outline} />
            ))}
          </ul>
        </details>
      )}
      <details>
        <summary>{say("desk.letters.more")}</summary>
        {draft.newest === 0 ? null : (
          <DeskForm action={`${base}/discard`} card>
            <p>{say("desk.letters.discardLead")}</p>
            <Button quiet>{say("desk.letters.discard")}</Button>
          </DeskForm>
        )}
        {seen === null ? null : (
          <DeskForm action={`${base}/close`} hidden={{ close: draft.closed ? "" : "1" }} card>
            <p>{say(draft.closed ? "desk.letters.openLead" : "desk.letters.closeLead")}</p>
            <Button quiet>{say(draft.closed ? "desk.letters.open" : "desk.letters.close")}</Button>
          </DeskForm>
        )}
        {undo === null ? null : (
          <DeskForm action={`${base}/undo`} hidden={{ edition: String(undo) }} card>
            <p>{say("desk.letters.undoLead")}</p>
            <Button quiet>{say("desk.letters.undo")}</Button>
          </DeskForm>
        )}
      </details>
    </DeskPage>
  );
}
