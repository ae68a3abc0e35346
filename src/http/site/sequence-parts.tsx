import { raw } from "hono/html";
import { OrnamentPicture } from "../../domain/letters/ornament-picture.tsx";
import type { Offered } from "../../domain/sequences/queries/joinable.ts";
import type { FieldFault, TypedSignUp } from "../../domain/signup/form-reading.ts";
import type { Wording } from "../../domain/signup/partners/partner.ts";
import type { Site } from "../../domain/site/site.ts";
import { hourName, weekdayName } from "../../platform/calendar/format.ts";
import { pictureUrl } from "../../platform/links/urls.ts";
import { LABELS } from "../../platform/texts/labels.ts";
import { directionOf } from "../../platform/texts/languages.ts";
import { say as sayIn } from "../../platform/texts/texts.ts";
import { Button } from "../ui/form.tsx";
import { Fault } from "../ui/notice.tsx";
import { say } from "../ui/say.ts";
import { shown } from "../ui/shown.ts";
import { SignUpForm } from "../ui/sign-up-form.tsx";

/** A sequence with its form, as it was filled in. */
export type OfferedForm = {
  readonly sequence: Offered;
  readonly wording: Wording;
  readonly typed: TypedSignUp;
  readonly faults: readonly FieldFault[];
  readonly hidden: Readonly<Record<string, string>>;
};

/** The form of a sequence in a card of its own, and when its letters come. Of several on a page, each has its title. */
export function FormCard({
  form,
  several,
  again = false,
}: {
  readonly form: OfferedForm;
  readonly several: boolean;
  /** Whether the same form stands above already. */
  readonly again?: boolean;
}) {
  const { sequence, wording, typed, faults, hidden } = form;
  const { slug, title, language, settings } = sequence;
  const { site } = shown();
  const { weekday, hour } = settings.slot ?? site.slot;
  const prefix = `${again ? "again-" : ""}${several ? `${slug}-` : ""}`;
  const id = `${prefix}form-${slug}`;
  // One landmark for both: they're the same form.
  const Card = again ? "div" : "section";
  const named = again ? {} : { "aria-labelledby": id };
  const when = {
    weekday: weekdayName(weekday, language),
    hour: hourName(hour, language, site.timeZone),
    weeks: settings.everyWeeks,
  };
  return (
    <Card class="card" {...named} lang={language} dir={directionOf(language)}>
      <h2 id={id}>{several ? <a href={`/s/${slug}`}>{title}</a> : sayIn("home.start", {}, language)}</h2>
      {several && settings.tagline !== "" ? <p class="lead">{settings.tagline}</p> : null}
      {several && settings.description !== "" ? <p>{settings.description}</p> : null}
      {faults.length > 0 ? <Fault alert>{sayIn("home.faulty", {}, language)}</Fault> : null}
      <SignUpForm
        {...{ language, typed, faults, wording, hidden }}
        question={settings.question}
        prefix={prefix}
      >
        <Button>{LABELS[language].button}</Button>
      </SignUpForm>
      <p class="small soft">
        {sayIn(settings.firstLetter === "at_once" ? "home.slotAtOnce" : "home.slot", when, language)}
      </p>
    </Card>
  );
}

/** A real letter to look at, where one can be read without signing up. */
export function ReadOne({ sequence }: { readonly sequence: Offered }) {
  const { slug, language, themes } = sequence;
  const [first] = themes;
  if (first === undefined || (shown().site.archiveInFull ?? 0) === 0) return null;
  return (
    <p lang={language} dir={directionOf(language)}>
      <a href={`/letters/${slug}/${first.slug}`}>{sayIn("home.readOne", { title: first.title }, language)}</a>
    </p>
  );
}

/** What a sequence's letters are about. `archived`: whether any can be read without signing up. */
export function Themes({ sequence, archived }: { readonly sequence: Offered; readonly archived: boolean }) {
  const { slug, language, themes } = sequence;
  const id = `themes-${slug}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{say("home.themes")}</h2>
      {archived ? (
        <p>
          <a href={`/letters/${slug}`}>{say("home.archive")}</a>
        </p>
      ) : null}
      <ol class="themes" lang={language} dir={directionOf(language)}>
        {themes.map((theme) => (
          <li>
            <div>
              <h3>{theme.title}</h3>
              <p>{theme.preheader}</p>
            </div>
            {theme.ornament === null ? null : <OrnamentPicture name={theme.ornament} size="small" />}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The site's questions and answers. */
export function Questions({ of }: { readonly of: Site["questions"] }) {
  if (of.length === 0) return null;
  return (
    <section aria-labelledby="questions-title">
      <h2 id="questions-title">{say("home.questions")}</h2>
      {of.map(({ question, html }) => (
        <details>
          <summary>{question}</summary>
          {raw(html)}
        </details>
      ))}
    </section>
  );
}

/** Who writes. */
export function Author({ site: { author, language } }: { readonly site: Site }) {
  if (author.name === "") return null;
  return (
    <div class="author" lang={language} dir="auto">
      {author.picture === undefined ? null : (
        <img src={pictureUrl("", author.picture.name)} alt="" width="64" height="64" />
      )}
      <p>
        <strong>{author.name}</strong>
        {author.line === "" ? null : <span class="soft"> {author.line}</span>}
      </p>
    </div>
  );
}
