import type { Draft } from "../../../domain/letters/draft.ts";
import { settingsSchema } from "../../../domain/letters/letter-schema.ts";
import { readValue } from "../../api/faults.ts";
import type { Fields } from "../desk-page.ts";
import { faultsByField } from "./typed-fields.tsx";

/** Choices that a question may have. */
const CHOICES_MAX = 12;

/** The choices of a form, those left out that are empty. */
export function choicesIn(fields: Fields) {
  const text = (name: string) => (fields[name] ?? "").trim();
  return Array.from({ length: CHOICES_MAX }, (_, place) => ({
    block: text(`question_choices_${place}_block`),
    label: text(`question_choices_${place}_label`),
    heading: text(`question_choices_${place}_heading`),
  })).filter((choice) => Object.values(choice).some((value) => value !== ""));
}

/** The settings of a draft as their form shows them. */
export function fieldsOfSequence({ title, language, settings }: Draft): Fields {
  const { question } = settings;
  return {
    ...{ title, language, tagline: settings.tagline ?? "", description: settings.description ?? "" },
    slot_weekday: settings.slot?.weekday ?? "",
    slot_hour: String(settings.slot?.hour ?? 9),
    every_weeks: String(settings.every_weeks ?? 1),
    first_letter: settings.first_letter ?? "in_slot",
    sender_name: settings.sender?.name ?? "",
    sender_reply_to: settings.sender?.reply_to ?? "",
    ...{ question_name: question?.name ?? "", question_text: question?.text ?? "" },
    question_hint: question?.hint ?? "",
    ...choiceFields(question?.choices ?? []),
    next: settings.next ?? "",
    words_confirmation: settings.words?.confirmation ?? "",
    words_welcome_back: settings.words?.welcome_back ?? "",
  };
}

/** Choices by the names of their fields. */
function choiceFields(choices: ReadonlyArray<Readonly<Record<string, string>>>): Fields {
  return Object.fromEntries(
    choices.flatMap((choice, place) =>
      Object.entries(choice).map(([name, value]) => [`question_choices_${place}_${name}`, value]),
    ),
  );
}

/** The fields of a form with its choices one behind the other, so that faults stand at the right ones. */
export function inOrder(fields: Fields): Fields {
  const others = Object.entries(fields).filter(([name]) => !name.startsWith("question_choices_"));
  return { ...Object.fromEntries(others), ...choiceFields(choicesIn(fields)) };
}

/** What a form says of a sequence; or what's wrong with it, by the name of the field. */
export function readSequenceForm(fields: Fields) {
  const text = (name: string) => (fields[name] ?? "").trim().replaceAll("\r\n", "\n");
  const filled = (names: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(names).flatMap(([name, field]) => (text(field) === "" ? [] : [[name, text(field)]])),
    );
  const choices = choicesIn(fields);
  const sender = filled({ name: "sender_name", reply_to: "sender_reply_to" });
  const question = filled({ name: "question_name", text: "question_text", hint: "question_hint" });
  const words = filled({ confirmation: "words_confirmation", welcome_back: "words_welcome_back" });
  const asks = Object.keys(question).length > 0 || choices.length > 0;
  const read = readValue(settingsSchema, {
    title: text("title"),
    language: text("language"),
    ...filled({ tagline: "tagline", description: "description", next: "next", first_letter: "first_letter" }),
    ...(text("slot_weekday") === ""
      ? {}
      : { slot: { weekday: text("slot_weekday"), hour: Number(text("slot_hour") || Number.NaN) } }),
    every_weeks: Number(text("every_weeks")),
    ...(Object.keys(sender).length === 0 ? {} : { sender }),
    ...(Object.keys(words).length === 0 ? {} : { words }),
    ...(asks ? { question: { ...question, choices } } : {}),
  });
  if (read.kind === "faulty") return { kind: "faulty", faults: faultsByField(read.faults) } as const;
  return { kind: "read", settings: read.value } as const;
}
