import type { Counted } from "../../../domain/jobs/counting.ts";
import type { Draft } from "../../../domain/letters/draft.ts";
import type { Choices, DraftPreview } from "../../../domain/letters/publish-draft.ts";
import { Field } from "../../ui/field.tsx";
import { Button, SearchForm } from "../../ui/form.tsx";
import { Fault } from "../../ui/notice.tsx";
import { say } from "../../ui/say.ts";
import { Table } from "../../ui/table.tsx";
import { CountedAt, NotCounted } from "./counted.tsx";
import { AGAIN_S } from "./progress.tsx";
import { DeskForm, DeskPage } from "./shell.tsx";

/** What publishing would mean, with when its readers were counted (null for just now); or how far it is to know that. */
export type Meaning =
  | Exclude<Counted, { readonly kind: "counted" }>
  | (DraftPreview & { readonly countedAt: number | null });

/** What publishing would mean for readers, or what stands in its way. */
export function PublishPage({
  draft,
  choices,
  meaning,
  closed,
  typed,
  fault,
  timeZone,
}: {
  readonly draft: Draft;
  readonly choices: Choices;
  readonly meaning: Meaning;
  /** Why nothing can be published now; null where it can. */
  readonly closed: string | null;
  /** Whether the number of people is typed first. */
  readonly typed: boolean;
  readonly fault: "typed" | "stale" | null;
  readonly timeZone: string;
}) {
  const base = `/desk/letters/${draft.slug}`;
  return (
    <DeskPage
      title={say("desk.publish.title", { title: draft.title })}
      room="letters"
      again={meaning.kind === "counting" ? AGAIN_S : null}
    >
      <p>
        <a href={base}>{say("desk.publish.back")}</a>
      </p>
      {fault === null ? null : <Fault alert>{say(`desk.publish.fault.${fault}`)}</Fault>}
      {closed === null ? null : <Fault alert>{closed}</Fault>}
      {meaning.kind === "faulty" ? (
        <InTheWay draft={draft} preview={meaning} />
      ) : meaning.kind !== "ready" ? (
        <NotCounted counted={meaning} base={base} page="publish" />
      ) : (
        <>
          <InPeople draft={draft} choices={choices} preview={meaning} />
          <CountedAt at={meaning.countedAt} base={base} page="publish" timeZone={timeZone} />
          {closed !== null ? null : (
            <DeskForm
              action={`${base}/publish`}
              hidden={{
                newest: String(draft.newest),
                left_out: choices.leftOut.join(" "),
                resume: choices.resume ? "1" : "",
              }}
              card
              faulty={fault === "typed"}
            >
              <p>{say("desk.publish.press", { reached: meaning.reached })}</p>
              {typed ? (
                <Field
                  id="number"
                  name="number"
                  label={say("desk.publish.number", { reached: meaning.reached })}
                  value=""
                  fault={fault === "typed" ? say("desk.publish.numberFault") : null}
                  attributes={{ type: "text", inputmode: "numeric", autocomplete: "off", required: true }}
                />
              ) : null}
              <Button>{say("desk.publish.button")}</Button>
            </DeskForm>
          )}
        </>
      )}
    </DeskPage>
  );
}

type Ready = Extract<DraftPreview, { readonly kind: "ready" }>;

function InPeople({
  draft,
  choices,
  preview: { preview },
}: {
  readonly draft: Draft;
  readonly choices: Choices;
  readonly preview: Ready;
}) {
  const { steps, readers, resuming, welcome } = preview;
  const nameOf = (slug: string) => nameIn(draft, slug);
  const asked = steps.filter(({ change }) => change === "new" || change === "moved");
  return (
    <>
      <p class="lead">{say("desk.publish.lead", { readers, steps: steps.length, welcome })}</p>
      {steps.length === 0 ? null : (
        <Table
          name={say("desk.publish.changes")}
          head={[
            say("desk.publish.letter"),
            say("desk.publish.change"),
            say("desk.publish.next"),
            say("desk.publish.later"),
            say("desk.publish.not"),
          ]}
          rows={steps.map(({ slug, change, next, later, not }) => [
            nameOf(slug),
            say("desk.publish.is", { change }),
            ...[next, later, not].map(String),
          ])}
        />
      )}
      {asked.length === 0 && draft.seen === null ? null : (
        <SearchForm action={`/desk/letters/${draft.slug}/publish`}>
          {asked.map(({ slug, past }) => (
            <label>
              <input type="checkbox" name="leave_out" value={slug} checked={choices.leftOut.includes(slug)} />{" "}
              {say("desk.publish.leaveOut", { letter: nameOf(slug), past })}
            </label>
          ))}
          <label>
            <input type="checkbox" name="resume" value="1" checked={choices.resume} />{" "}
            {say("desk.publish.resume", { count: resuming })}
          </label>
          <Button quiet>{say("desk.publish.again")}</Button>
        </SearchForm>
      )}
    </>
  );
}

const FIELDS: ReadonlySet<string> = new Set(["subject", "preheader", "markdown", "ornament"]);

/** What the editor calls a field. */
const labelOf = (field: string) => (FIELDS.has(field) ? say(`desk.letter.${field as "subject"}`) : field);

function nameIn({ welcome, steps, archived }: Draft, slug: string): string {
  const subject = [welcome, ...steps, ...archived].find((letter) => letter.slug === slug)?.subject ?? "";
  return subject !== "" ? subject : slug === welcome.slug ? say("desk.letters.unwrittenWelcome") : slug;
}

function InTheWay({
  draft,
  preview,
}: {
  readonly draft: Draft;
  readonly preview: Extract<DraftPreview, { readonly kind: "faulty" }>;
}) {
  const link = (slug: string | null) =>
    slug === null ? null : <a href={`/desk/letters/${draft.slug}/letters/${slug}`}>{nameIn(draft, slug)}</a>;
  return (
    <>
      <p class="lead">
        {say("desk.publish.inTheWay", { count: preview.fields.length + preview.faults.length })}
      </p>
      <ul class="cards">
        {preview.fields.map(({ letter, field, message }) => (
          <li class="card">
            {link(letter)} {labelOf(field)}: {message}
          </li>
        ))}
        {preview.faults.map(({ letter, line, message, fix }) => (
          <li class="card">
            <p>
              {link(letter)} {line === null ? "" : say("desk.publish.line", { line })} {message}
            </p>
            <p class="soft">{fix}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
