import type { AudienceChoices } from "../../../domain/segments/queries/choices.ts";
import type { Condition, Segment } from "../../../domain/segments/segment.ts";
import { weekdayChoices } from "../../../platform/calendar/format.ts";
import { LANGUAGE_NAMES, LANGUAGES } from "../../../platform/texts/languages.ts";
import { say } from "../../ui/say.ts";

type Option = { readonly value: string; readonly label: string };
/** Conditions that belong together, as options of a list. */
export type Group = { readonly label: string; readonly options: readonly Option[] };

/** What's typed beside a condition, by its field. */
export const TYPED: Readonly<Record<string, "days" | "date" | "time_zone">> = {
  joined_within: "days",
  left_within: "days",
  soft_bounces: "days",
  joined_before: "date",
  time_zone: "time_zone",
};

/** A condition as the value of an option: without what's typed. */
export const optionOf = (condition: Readonly<Record<string, unknown>>) => JSON.stringify(condition);

/** Every condition that can be chosen, in groups. */
export function groupsOf(choices: AudienceChoices): readonly Group[] {
  const option = (label: string, condition: Readonly<Record<string, unknown>>): Option => ({
    label,
    value: optionOf(condition),
  });
  const own = choices.sequences.map(({ slug, title, settings }) => ({
    label: title,
    options: [
      option(say("desk.audience.in", { title }), { field: "sequence", sequence: slug }),
      ...(["active", "paused", "completed", "stopped"] as const).map((state) =>
        option(say("desk.audience.place", { title, state }), {
          ...{ field: "sequence", sequence: slug },
          any_of: [state],
        }),
      ),
      ...(settings.question?.choices ?? []).map(({ block, label }) =>
        option(say("desk.audience.answer", { question: settings.question?.name ?? "", label }), {
          ...{ field: "answer", sequence: slug },
          any_of: [block],
        }),
      ),
      ...[["had_theme", "hadTheme"] as const, ["next_theme", "nextTheme"] as const].flatMap(
        ([field, words]) =>
          choices.steps
            .filter(({ sequence }) => sequence === slug)
            .map((step) =>
              option(say(`desk.audience.${words}`, { title: step.title }), {
                ...{ field, sequence: slug },
                any_of: [step.slug],
              }),
            ),
      ),
    ],
  }));
  const groups: Group[] = [
    {
      label: say("desk.audience.group.joining"),
      options: [
        option(say("desk.audience.joinedWithin"), { field: "joined_within" }),
        option(say("desk.audience.joinedBefore"), { field: "joined_before" }),
        option(say("desk.audience.leftWithin"), { field: "left_within" }),
        option(say("desk.audience.ownPages"), { field: "source", any_of: ["own"] }),
        ...choices.partners.map(({ slug, name }) =>
          option(say("desk.audience.source", { name }), { field: "source", any_of: [slug] }),
        ),
      ],
    },
    ...own,
    {
      label: say("desk.audience.group.tags"),
      options: choices.tags.map(({ name }) =>
        option(say("desk.audience.tag", { name }), { field: "tag", any_of: [name] }),
      ),
    },
    {
      label: say("desk.audience.group.person"),
      options: [
        ...LANGUAGES.map((language) =>
          option(say("desk.audience.language", { language: LANGUAGE_NAMES[language] }), {
            ...{ field: "language" },
            any_of: [language],
          }),
        ),
        ...weekdayChoices("en").map(({ number, name }) =>
          option(say("desk.audience.weekday", { weekday: name }), { field: "weekday", any_of: [number] }),
        ),
        option(say("desk.audience.zone"), { field: "time_zone" }),
        ...(["active", "pending", "unsubscribed"] as const).map((state) =>
          option(say("desk.audience.state", { state: say(`desk.readers.state.${state}`) }), {
            ...{ field: "state" },
            any_of: [state],
          }),
        ),
        ...[1, 2, 4].map((weeks) =>
          option(say("desk.audience.pace", { weeks }), { field: "every_weeks", any_of: [weeks] }),
        ),
        option(say("desk.audience.softBounces"), { field: "soft_bounces", at_least: 1 }),
      ],
    },
    {
      label: say("desk.audience.group.broadcasts"),
      options: choices.broadcasts.map(({ id, subject }) =>
        option(say("desk.audience.hadBroadcast", { subject }), { field: "had_broadcast", any_of: [id] }),
      ),
    },
  ];
  return groups.filter(({ options }) => options.length > 0);
}

/** A condition without what's typed beside it. */
export function chosenIn({ not: _, ...condition }: Condition): Readonly<Record<string, unknown>> {
  const typed = TYPED[condition.field];
  const without = typed === "time_zone" ? "any_of" : typed;
  return Object.fromEntries(Object.entries(condition).filter(([name]) => name !== without));
}

/** What's typed beside a condition; empty where nothing is. */
export function typedIn(condition: Condition): string {
  if (condition.field === "time_zone") return condition.any_of.join(", ");
  if ("days" in condition) return String(condition.days);
  return "date" in condition ? condition.date : "";
}

/** What a condition is called; one with several values by what each of them is called. */
export function labelOf(condition: Condition, groups: readonly Group[]): string {
  const named = (chosen: string) =>
    groups.flatMap(({ options }) => options).find(({ value }) => value === chosen)?.label;
  const chosen = chosenIn(condition);
  const whole = named(optionOf(chosen));
  if (whole !== undefined || !Array.isArray(chosen.any_of)) return whole ?? optionOf(chosen);
  const each = chosen.any_of.map((value: unknown) => {
    const single = optionOf({ ...chosen, any_of: [value] });
    return named(single) ?? single;
  });
  return each.join(say("desk.audience.or"));
}

/** A segment as a sentence says it, condition by condition. */
export function inWords({ all, any = [] }: Segment, choices: AudienceChoices): readonly string[] {
  const groups = groupsOf(choices);
  const words = (condition: Condition) =>
    say("desk.audience.words", {
      ...{ label: labelOf(condition, groups), typed: typedIn(condition) },
      ...{ what: TYPED[condition.field] ?? "nothing", not: condition.not === true ? "yes" : "no" },
    });
  return [
    ...all.map(words),
    ...(any.length === 0 ? [] : [say("desk.audience.anyWords", { list: any.map(words).join("; ") })]),
  ];
}
