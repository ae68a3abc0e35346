import type { listDrafted } from "../../../domain/letters/queries/drafts.ts";
import type { listSequences } from "../../../domain/sequences/queries/editions.ts";
import { LANGUAGE_NAMES, LANGUAGES, type Language } from "../../../platform/texts/languages.ts";
import { Field, SelectField } from "../../ui/field.tsx";
import { Button } from "../../ui/form.tsx";
import { say } from "../../ui/say.ts";
import { Table } from "../../ui/table.tsx";
import type { Fields } from "../desk-page.ts";
import { DeskForm, DeskPage } from "./shell.tsx";

/** All sequences, and a new one. */
export function SequencesPage({
  published,
  drafted,
  typed,
  language,
}: {
  readonly published: Awaited<ReturnType<typeof listSequences>>;
  readonly drafted: Awaited<ReturnType<typeof listDrafted>>;
  /** What was typed where it had a fault; null without one. */
  readonly typed: Fields | null;
  readonly language: Language;
}) {
  const known = new Set(published.map(({ slug }) => slug));
  const begun = drafted.filter(({ slug }) => !known.has(slug));
  const builtIn = published.filter(({ origin, archivedAt }) => origin === "built_in" && archivedAt === null);
  const link = (slug: string, title: string) => <a href={`/desk/letters/${slug}`}>{title}</a>;
  return (
    <DeskPage title={say("desk.room.letters")} room="letters">
      <p class="lead">{say("desk.letters.lead", { count: published.length + begun.length })}</p>
      {known.size + begun.length === 0 ? null : (
        <Table
          name={say("desk.letters.sequences")}
          head={[say("desk.letters.sequence"), say("desk.letters.state"), say("desk.letters.letters")]}
          rows={[
            ...published.map(
              ({ slug, title, steps, archivedAt }) =>
                [
                  link(slug, title),
                  say("desk.letters.sequenceIs", {
                    state:
                      archivedAt !== null
                        ? "archived"
                        : drafted.some((each) => each.slug === slug)
                          ? "changed"
                          : "published",
                  }),
                  String(steps),
                ] as const,
            ),
            ...begun.map(
              ({ slug, title }) =>
                [link(slug, title ?? slug), say("desk.letters.sequenceIs", { state: "draft" }), ""] as const,
            ),
          ]}
        />
      )}
      {builtIn.length === 0 ? null : (
        <p class="soft">
          {say("desk.letters.builtIn", { titles: builtIn.map(({ title }) => `“${title}”`).join(", ") })}
        </p>
      )}
      <DeskForm action="/desk/letters" card faulty={typed !== null}>
        <h2>{say("desk.letters.new")}</h2>
        <p>{say("desk.letters.newLead")}</p>
        <Field
          id="title"
          name="title"
          label={say("desk.letters.title")}
          value={typed?.title ?? ""}
          fault={typed === null ? null : say("desk.letters.titleFault")}
          attributes={{ type: "text", required: true, maxlength: "80", autocomplete: "off" }}
        />
        <SelectField
          id="language"
          name="language"
          label={say("desk.letters.language")}
          choices={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          chosen={typed?.language ?? language}
        />
        <Button>{say("desk.letters.begin")}</Button>
      </DeskForm>
      {known.size === 0 ? null : (
        <p class="soft">
          <a href="/desk/letters.zip" download>
            {say("desk.letters.folder")}
          </a>{" "}
          {say("desk.letters.folderHint")}
        </p>
      )}
    </DeskPage>
  );
}
