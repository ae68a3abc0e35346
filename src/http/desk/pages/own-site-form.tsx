import type { Site } from "../../../domain/site/site.ts";
import { WEEKDAYS } from "../../../domain/site/site-schema.ts";
import { contrastOf, nearestLegible } from "../../../platform/look/look.ts";
import { directionOf, LANGUAGE_NAMES, LANGUAGES, type Language } from "../../../platform/texts/languages.ts";
import { AreaField, Field, Row, SelectField } from "../../ui/field.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import type { Fields } from "../desk-page.ts";
import { questionsIn } from "./own-site-fields.ts";
import { type FieldsProps, fieldsFor, hours, weekdays } from "./typed-fields.tsx";

/** So many questions can be added at a time. */
const MORE = 2;

/** What fields are called. */
const LABELS = {
  name: "desk.site.name",
  tagline: "desk.site.tagline",
  hero_over: "desk.site.over",
  hero_heading: "desk.site.heading",
  hero_lead: "desk.site.heroLead",
  author_name: "desk.site.authorName",
  author_line: "desk.site.authorLine",
  author_sign_off: "desk.site.signOff",
  owner_name: "desk.site.ownerName",
  owner_address: "desk.site.address",
  time_zone: "desk.site.timeZone",
  archive: "desk.site.archive",
  accent: "desk.site.accent",
  slot_weekday: "desk.site.weekday",
  slot_hour: "desk.site.hour",
  language: "desk.site.language",
  author_picture: "desk.site.picture",
  consent_broadcasts: "desk.site.broadcasts",
} as const satisfies Readonly<Record<string, WordKey>>;

/** What a field is called, by its name, such as “Answer 3” for the answer of the third question. */
export function labelOf(name: string): string {
  if (Object.hasOwn(LABELS, name)) return say(LABELS[name as keyof typeof LABELS]);
  const language = LANGUAGES.find((each) => name === `consent_texts_${each}`);
  if (language !== undefined) return say("desk.site.consentIn", { language: LANGUAGE_NAMES[language] });
  const [, place, part] = /^questions_(\d+)_(question|answer)$/.exec(name) ?? [];
  return part === undefined
    ? name
    : say("desk.site.numbered", {
        part: say(`desk.site.${part as "question" | "answer"}`),
        number: Number(place) + 1,
      });
}

/** Everything of a site that its owner says. */
export function OwnSiteFields({
  typed,
  faults,
  languages,
  site,
}: FieldsProps & { readonly languages: readonly Language[]; readonly site: Site }) {
  const { line, area } = fieldsFor({ typed, faults });
  return (
    <>
      {line("name", LABELS.name, 80, "desk.site.nameHint")}
      {line("tagline", LABELS.tagline, 120)}
      <Accent typed={typed} faults={faults} />
      <fieldset>
        <legend>{say("desk.site.home")}</legend>
        {line("hero_over", LABELS.hero_over, 80)}
        {line("hero_heading", LABELS.hero_heading, 120, "desk.site.headingHint")}
        {area("hero_lead", LABELS.hero_lead, 600)}
      </fieldset>
      <fieldset>
        <legend>{say("desk.site.author")}</legend>
        {line("author_name", LABELS.author_name, 80)}
        {line("author_line", LABELS.author_line, 160)}
        {area("author_sign_off", LABELS.author_sign_off, 200, "desk.site.signOffHint")}
        <Picture typed={typed} fault={faults.picture_file ?? faults.author_picture ?? null} />
      </fieldset>
      <fieldset>
        <legend>{say("desk.site.owner")}</legend>
        {line("owner_name", LABELS.owner_name, 120)}
        {line("owner_address", LABELS.owner_address, 300, "desk.site.addressHint")}
      </fieldset>
      <fieldset>
        <legend>{say("desk.site.when")}</legend>
        <Row>
          <SelectField
            id="slot_weekday"
            name="slot_weekday"
            label={say(LABELS.slot_weekday)}
            choices={weekdays()}
            chosen={typed.slot_weekday ?? WEEKDAYS[site.slot.weekday - 1] ?? ""}
          />
          <SelectField
            id="slot_hour"
            name="slot_hour"
            label={say(LABELS.slot_hour)}
            choices={hours(site.timeZone)}
            chosen={typed.slot_hour ?? String(site.slot.hour)}
          />
        </Row>
        {line("time_zone", LABELS.time_zone, 60, "desk.site.timeZoneHint")}
        <SelectField
          id="language"
          name="language"
          label={say(LABELS.language)}
          choices={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          chosen={typed.language ?? site.language}
        />
        <Unsigned typed={typed} languages={languages} site={site} />
      </fieldset>
      <Consent typed={typed} faults={faults} languages={languages} />
      <Questions typed={typed} faults={faults} />
      {line("archive", LABELS.archive, 3, "desk.site.archiveHint")}
    </>
  );
}

/** Which letters end with the author's name only, because what the others end with isn't in their language. */
function Unsigned({
  typed,
  languages,
  site,
}: {
  readonly typed: Fields;
  readonly languages: readonly Language[];
  readonly site: Site;
}) {
  const others = languages.filter((each) => each !== (typed.language ?? site.language));
  if (others.length === 0 || (typed.author_sign_off ?? "") === "") return null;
  const names = new Intl.ListFormat("en").format(others.map((each) => LANGUAGE_NAMES[each]));
  return <p class="hint">{say("desk.site.unsigned", { languages: names })}</p>;
}

function Accent({ typed, faults }: FieldsProps) {
  const accent = typed.accent || "#24615a";
  const isLegible = /^#[0-9a-f]{6}$/.test(accent) && nearestLegible(accent) === null;
  const shown = isLegible ? contrastOf(accent) : null;
  const ratio = (contrast: number) => contrast.toFixed(1);
  return (
    <Field
      id="accent"
      name="accent"
      label={say(LABELS.accent)}
      hint={
        shown === null
          ? say("desk.site.accentHint")
          : say("desk.site.contrast", { light: ratio(shown.light), dark: ratio(shown.dark) })
      }
      value={accent}
      fault={faults.accent ?? null}
      attributes={{ type: "color" }}
    />
  );
}

function Picture({ typed, fault }: { readonly typed: Fields; readonly fault: string | null }) {
  const name = typed.author_picture ?? "";
  return (
    <>
      {name === "" ? null : (
        <p>
          <img
            class="portrait"
            src={`/pictures/${name}`}
            alt={say("desk.site.pictureNow")}
            width="80"
            height="80"
          />{" "}
          <label>
            <input type="checkbox" name="picture_remove" value="1" /> {say("desk.site.pictureRemove")}
          </label>
        </p>
      )}
      <Field
        id="picture_file"
        name="picture_file"
        label={say(LABELS.author_picture)}
        hint={say("desk.site.pictureHint")}
        value=""
        fault={fault}
        attributes={{ type: "file", accept: "image/png,image/jpeg" }}
      />
    </>
  );
}

/** The words that people agree to, in each language; with what's missing where letters are in that language. */
function Consent({ typed, faults, languages }: FieldsProps & { readonly languages: readonly Language[] }) {
  const isOwn = LANGUAGES.some((language) => (typed[`consent_texts_${language}`] ?? "") !== "");
  const used = [...languages, ...LANGUAGES.filter((language) => !languages.includes(language))];
  return (
    <fieldset>
      <legend>{say("desk.site.consent")}</legend>
      <p class="hint">{say("desk.site.consentLead")}</p>
      {used.map((language) => {
        const name = `consent_texts_${language}`;
        const isMissing = isOwn && languages.includes(language) && (typed[name] ?? "") === "";
        return (
          <AreaField
            id={name}
            name={name}
            label={say("desk.sites.inLanguage", { language: LANGUAGE_NAMES[language] })}
            {...(isMissing ? { hint: say("desk.site.consentMissing") } : {})}
            value={typed[name] ?? ""}
            fault={faults[name] ?? null}
            attributes={{ rows: 2, maxlength: 2000, lang: language, dir: directionOf(language) }}
          />
        );
      })}
      <label>
        <input
          type="checkbox"
          name="consent_broadcasts"
          value="1"
          checked={(typed.consent_broadcasts ?? "") !== ""}
        />{" "}
        {say(LABELS.consent_broadcasts)}
      </label>
    </fieldset>
  );
}

function Questions({ typed, faults }: FieldsProps) {
  const asked = questionsIn(typed);
  const { line, area } = fieldsFor({ typed, faults });
  return (
    <fieldset>
      <legend>{say("desk.site.questions")}</legend>
      <p class="hint">{say("desk.site.questionsLead")}</p>
      {Array.from({ length: Math.min(40, asked.length + MORE) }, (_, place) => (
        <>
          {line(`questions_${place}_question`, "desk.site.question", 160)}
          {area(`questions_${place}_answer`, "desk.site.answer", 4000)}
        </>
      ))}
    </fieldset>
  );
}
