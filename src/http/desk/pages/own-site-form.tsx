import type { Site } from "../../../domain/site/site.ts";
import { WEEKDAYS } from "../../../domain/site/site-schema.ts";
import { contrastOf, nearestLegible } from "../../../platform/look/look.ts";
import { directionOf, LANGUAGE_NAMES, LANGUAGES, type Language } from "../../../platform/texts/languages.ts";
import { AreaField, Field, Row, SelectField } from "../../ui/field.tsx";
import { say } from "../../ui/say.ts";
import type { Fields } from "../desk-page.ts";
import { questionsIn } from "./own-site-fields.ts";
import { type FieldsProps, fieldsFor, hours, weekdays } from "./typed-fields.tsx";

/** So many questions can be added at a time. */
const MORE = 2;

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
      {line("name", "desk.site.name", 80, "desk.site.nameHint")}
      {line("tagline", "desk.site.tagline", 120)}
      <Accent typed={typed} faults={faults} />
      <fieldset>
        <legend>{say("desk.site.home")}</legend>
        {line("hero_over", "desk.site.over", 80)}
        {line("hero_heading", "desk.site.heading", 120, "desk.site.headingHint")}
        {area("hero_lead", "desk.site.heroLead", 600)}
      </fieldset>
      <fieldset>
        <legend>{say("desk.site.author")}</legend>
        {line("author_name", "desk.site.authorName", 80)}
        {line("author_line", "desk.site.authorLine", 160)}
        {area("author_sign_off", "desk.site.signOff", 200, "desk.site.signOffHint")}
        <Picture typed={typed} fault={faults.picture_file ?? faults.author_picture ?? null} />
      </fieldset>
      <fieldset>
        <legend>{say("desk.site.owner")}</legend>
        {line("owner_name", "desk.site.ownerName", 120)}
        {line("owner_address", "desk.site.address", 300, "desk.site.addressHint")}
      </fieldset>
      <fieldset>
        <legend>{say("desk.site.when")}</legend>
        <Row>
          <SelectField
            id="slot_weekday"
            name="slot_weekday"
            label={say("desk.site.weekday")}
            choices={weekdays()}
            chosen={typed.slot_weekday ?? WEEKDAYS[site.slot.weekday - 1] ?? ""}
          />
          <SelectField
            id="slot_hour"
            name="slot_hour"
            label={say("desk.site.hour")}
            choices={hours(site.timeZone)}
            chosen={typed.slot_hour ?? String(site.slot.hour)}
          />
        </Row>
        {line("time_zone", "desk.site.timeZone", 60, "desk.site.timeZoneHint")}
        <SelectField
          id="language"
          name="language"
          label={say("desk.site.language")}
          choices={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          chosen={typed.language ?? site.language}
        />
      </fieldset>
      <Consent typed={typed} faults={faults} languages={languages} />
      <Questions typed={typed} faults={faults} />
      {line("archive", "desk.site.archive", 3, "desk.site.archiveHint")}
    </>
  );
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
      label={say("desk.site.accent")}
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
        label={say("desk.site.picture")}
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
        {say("desk.site.broadcasts")}
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
