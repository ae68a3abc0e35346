import type { SiteEdition } from "../../../domain/site/queries/site.ts";
import { siteSchema } from "../../../domain/site/site-schema.ts";
import { LANGUAGES } from "../../../platform/texts/languages.ts";
import { readValue } from "../../api/faults.ts";
import { siteView } from "../api/site.ts";
import type { Fields } from "../desk-page.ts";
import { faultsByField } from "./typed-fields.tsx";

/** As many questions with answers as a site may have. */
const QUESTIONS_MAX = 40;

/** The questions of a form with their answers, those left out that are empty. */
export function questionsIn(fields: Fields): ReadonlyArray<{ question: string; answer: string }> {
  return Array.from({ length: QUESTIONS_MAX }, (_, place) => ({
    question: (fields[`questions_${place}_question`] ?? "").trim(),
    answer: (fields[`questions_${place}_answer`] ?? "").trim().replaceAll("\r\n", "\n"),
  })).filter(({ question, answer }) => question !== "" || answer !== "");
}

/** A site as its form shows it. */
export function fieldsOfSite(edition: SiteEdition): Fields {
  const { author, slot, hero, owner, consent, questions, archive, ...view } = siteView(edition);
  const at = (prefix: string, values: Readonly<Record<string, string | number | undefined>>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`${prefix}_${name}`, String(value ?? "")]),
    );
  return {
    ...{ name: view.name, tagline: view.tagline, accent: view.accent },
    ...{ language: view.language, time_zone: view.time_zone, archive: String(archive) },
    ...at("author", { ...author }),
    ...at("slot", slot),
    ...at("hero", hero),
    ...at("owner", owner),
    ...at("consent_texts", consent.texts),
    consent_broadcasts: consent.covers.includes("broadcasts") ? "1" : "",
    ...Object.fromEntries(questions.flatMap((each, place) => Object.entries(at(`questions_${place}`, each)))),
  };
}

/** What a form says of a site; or what's wrong with it, by the name of the field. */
export function readSiteForm(fields: Fields) {
  const text = (name: string) => (fields[name] ?? "").trim().replaceAll("\r\n", "\n");
  const author = {
    name: text("author_name"),
    line: text("author_line"),
    sign_off: text("author_sign_off"),
    ...(text("author_picture") === "" ? {} : { picture: text("author_picture") }),
  };
  const archive = text("archive");
  const read = readValue(siteSchema, {
    name: text("name"),
    tagline: text("tagline"),
    ...(Object.values(author).every((value) => value === "") ? {} : { author }),
    accent: text("accent"),
    language: text("language"),
    time_zone: text("time_zone"),
    slot: { weekday: text("slot_weekday"), hour: Number(text("slot_hour") || Number.NaN) },
    hero: { over: text("hero_over"), heading: text("hero_heading"), lead: text("hero_lead") },
    questions: questionsIn(fields),
    owner: { name: text("owner_name"), address: text("owner_address") },
    consent: {
      texts: Object.fromEntries(
        LANGUAGES.map((language) => [language, text(`consent_texts_${language}`)]).filter(
          ([, own]) => own !== "",
        ),
      ),
      covers: text("consent_broadcasts") === "" ? ["sequence"] : ["sequence", "broadcasts"],
    },
    archive: archive === "off" ? archive : Number(archive || Number.NaN),
  });
  if (read.kind === "read") return { kind: "read", input: read.value } as const;
  return { kind: "faulty", faults: faultsByField(read.faults) } as const;
}
