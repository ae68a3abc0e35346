import type { Audience } from "../../../domain/jobs/count-audience.ts";
import type { AudienceChoices } from "../../../domain/segments/queries/choices.ts";
import type { SavedSegment } from "../../../domain/segments/queries/saved.ts";
import { Field } from "../../ui/field.tsx";
import { Button, Buttons } from "../../ui/form.tsx";
import { Fault } from "../../ui/notice.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import type { Fields } from "../desk-page.ts";
import { AudienceRows } from "./audience-form.tsx";
import { inWords } from "./audience-words.ts";
import { Forecast } from "./broadcast-outcome.tsx";
import { AGAIN_S } from "./progress.tsx";
import { DeskForm, DeskPage } from "./shell.tsx";

/** What acts of these pages came to. */
export const SEGMENT_SAID = {
  saved: "desk.segment.said.saved",
  archived: "desk.segment.said.archived",
  brought_back: "desk.segment.said.brought_back",
  stale: "desk.segment.said.stale",
} as const satisfies Readonly<Record<string, WordKey>>;

/** Saved segments by name, archived ones folded, and where one is begun. */
export function SegmentsPage({
  listed,
  choices,
}: {
  readonly listed: ReadonlyArray<SavedSegment & { readonly usedBy: number }>;
  readonly choices: AudienceChoices;
}) {
  const offered = listed.filter(({ archivedAt }) => archivedAt === null);
  const archived = listed.filter(({ archivedAt }) => archivedAt !== null);
  const cards = (of: typeof listed) => (
    <ul class="cards">
      {of.map(({ id, name, segment, usedBy }) => (
        <li class="card">
          <a href={`/desk/segments/${id}`}>{name}</a>
          <p class="soft">
            {inWords(segment, choices).join("; ")} {say("desk.segments.usedBy", { count: usedBy })}
          </p>
        </li>
      ))}
    </ul>
  );
  return (
    <DeskPage title={say("desk.segments.title")} room="readers">
      <p>
        <a href="/desk/readers">{say("desk.room.readers")}</a>
      </p>
      <p class="lead">{say("desk.segments.lead", { count: offered.length })}</p>
      <p>{say("desk.segments.what")}</p>
      {cards(offered)}
      <p>
        <a href="/desk/segments/new">{say("desk.segments.new")}</a>
      </p>
      {archived.length === 0 ? null : (
        <details>
          <summary>{say("desk.segments.archived", { count: archived.length })}</summary>
          {cards(archived)}
        </details>
      )}
    </DeskPage>
  );
}

/** What's typed of a segment, and what can't be saved of it. */
export type SegmentTyped = {
  readonly name: string;
  readonly fields: Fields | null;
  readonly fault: "name" | "taken" | "conditions" | null;
};

/** One segment: whom it's true of now, what it's used for, and its conditions as a form; or a new one (null). */
export function SegmentPage({
  saved,
  usedBy,
  typed,
  choices,
  audience,
  timeZone,
  language,
  masked,
  said,
}: {
  readonly saved: SavedSegment | null;
  readonly usedBy: ReadonlyArray<{ readonly id: number; readonly subject: string }>;
  readonly typed: SegmentTyped;
  readonly choices: AudienceChoices;
  readonly audience: Audience | null;
  readonly timeZone: string;
  readonly language: string;
  readonly masked: boolean;
  readonly said: WordKey | null;
}) {
  const base = saved === null ? "/desk/segments" : `/desk/segments/${saved.id}`;
  return (
    <DeskPage
      title={saved?.name ?? say("desk.segment.new")}
      room="readers"
      said={said === null ? null : say(said)}
      again={audience === null || audience.counting === null ? null : AGAIN_S}
    >
      <p>
        <a href="/desk/segments">{say("desk.segments.title")}</a>
      </p>
      {saved === null || audience === null ? (
        <p class="lead">{say("desk.segment.newLead")}</p>
      ) : (
        <>
          <p class="lead">
            {say("desk.segment.matching", {
              matching: audience.matching,
              atLeast: audience.atLeast ? "yes" : "no",
            })}
          </p>
          <ul>
            {inWords(saved.segment, choices).map((line) => (
              <li>{line}</li>
            ))}
          </ul>
          <Forecast
            of="segment"
            audience={audience}
            count={`${base}/count`}
            timeZone={timeZone}
            masked={masked}
          />
          <p>
            <a href={`/desk/readers?segment=${saved.id}`}>{say("desk.segment.see")}</a>
          </p>
          <DeskForm action="/desk/broadcasts" hidden={{ segment_id: String(saved.id), language }} joined>
            <Button quiet>{say("desk.segment.write")}</Button>
          </DeskForm>
          <UsedBy of={usedBy} />
        </>
      )}
      <DeskForm
        action={base}
        hidden={saved === null ? {} : { revision: typed.fields?.revision ?? String(saved.revision) }}
        card
        faulty={typed.fault !== null}
      >
        {typed.fault === "conditions" ? <Fault alert>{say("desk.broadcast.fault.whom")}</Fault> : null}
        <Field
          id="name"
          name="name"
          label={say("desk.segment.name")}
          value={typed.name}
          fault={
            typed.fault === "name" || typed.fault === "taken"
              ? say(`desk.segment.fault.${typed.fault}`)
              : null
          }
          attributes={{ type: "text", required: true, maxlength: "80", autocomplete: "off" }}
        />
        <AudienceRows segment={saved?.segment ?? null} typed={typed.fields} choices={choices} open />
        <Button>{say("desk.segment.save")}</Button>
      </DeskForm>
      {saved === null ? null : (
        <Buttons>
          <DeskForm action={`${base}/archive`} hidden={{ revision: String(saved.revision) }} joined>
            <Button quiet>
              {say("desk.segment.archive", { archived: saved.archivedAt === null ? "no" : "yes" })}
            </Button>
          </DeskForm>
        </Buttons>
      )}
    </DeskPage>
  );
}

function UsedBy({ of }: { readonly of: ReadonlyArray<{ readonly id: number; readonly subject: string }> }) {
  if (of.length === 0) return <p class="soft">{say("desk.segments.usedBy", { count: 0 })}</p>;
  return (
    <>
      <h2>{say("desk.segment.usedBy")}</h2>
      <ul>
        {of.map(({ id, subject }) => (
          <li>
            <a href={`/desk/broadcasts/${id}`}>{subject || say("desk.segment.draftOf", { id })}</a>
          </li>
        ))}
      </ul>
    </>
  );
}
