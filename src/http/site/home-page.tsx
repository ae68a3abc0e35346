import { OrnamentPicture } from "../../domain/letters/ornament-picture.tsx";
import type { FieldFault, TypedSignUp } from "../../domain/signup/form-reading.ts";
import type { Wording } from "../../domain/signup/partners/partner.ts";
import { hourName, weekdayName } from "../../platform/calendar/format.ts";
import type { Slot } from "../../platform/calendar/slot.ts";
import { LABELS } from "../../platform/texts/labels.ts";
import { say, sayWith, type WordKey } from "../../platform/texts/texts.ts";
import { ASSETS } from "../ui/assets.ts";
import { Button } from "../ui/form.tsx";
import { Fault } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { SignUpForm } from "../ui/sign-up-form.tsx";

type HomePageProps = {
  readonly themes: ReadonlyArray<{
    readonly slug: string;
    readonly title: string;
    readonly preheader: string;
    readonly ornament: string | null;
  }>;
  /** Whether letters can be read without signing up. */
  readonly archived: boolean;
  /** When letters come unless the reader chooses otherwise. */
  readonly slot: Pick<Slot, "weekday" | "hour">;
  readonly typed: TypedSignUp;
  readonly faults: readonly FieldFault[];
  readonly wording: Pick<Wording, "text" | "locale">;
  readonly hidden: Readonly<Record<string, string>>;
};

/** The public page: what it is, the form, the themes, the questions that people ask. */
export function HomePage(props: HomePageProps) {
  const { themes, archived, slot, typed, faults, wording, hidden } = props;
  const faulty = faults.length > 0;
  const open = themes.length > 0;
  return (
    <Page
      title={faulty ? say("home.faultyTitle") : say("home.title")}
      description={say("home.description")}
      scripts={[ASSETS["zone.js"]]}
    >
      <p class="soft">{say("home.over")}</p>
      <h1>{say("home.heading")}</h1>
      <p class="lead">{say("home.lead")}</p>
      <section class="card" aria-labelledby="form-title">
        <h2 id="form-title">{open ? say("home.start") : say("home.notOpen")}</h2>
        {faulty ? <Fault alert>{say("home.faulty")}</Fault> : null}
        {open ? (
          <SignUpForm language="en" typed={typed} faults={faults} wording={wording} hidden={hidden}>
            <Button>{LABELS.en.button}</Button>
          </SignUpForm>
        ) : (
          <p>{say("home.preparing")}</p>
        )}
        <p class="small soft">
          {say("home.slot", { weekday: weekdayName(slot.weekday, "en"), hour: hourName(slot.hour) })}
        </p>
      </section>
      <section aria-labelledby="themes-title">
        <h2 id="themes-title">{say("home.themes")}</h2>
        <p>{say("home.themesLead")}</p>
        {archived ? (
          <p>
            <a href="/letters">{say("home.archive")}</a>
          </p>
        ) : null}
        <ol class="themes">
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
      <section aria-labelledby="questions-title">
        <h2 id="questions-title">{say("home.questions")}</h2>
        {QUESTIONS.map(([question, answer]) => (
          <details>
            <summary>{say(question)}</summary>
            <p>{sayWith(answer, { link: (inner) => <a href="/privacy">{inner}</a> })}</p>
          </details>
        ))}
      </section>
    </Page>
  );
}

const QUESTIONS: ReadonlyArray<readonly [question: WordKey, answer: WordKey]> = [
  ["home.talk.question", "home.talk.answer"],
  ["home.activities.question", "home.activities.answer"],
  ["home.interests.question", "home.interests.answer"],
  ["home.grown.question", "home.grown.answer"],
  ["home.cost.question", "home.cost.answer"],
];
