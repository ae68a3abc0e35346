import type { Db } from "../../platform/db/client.ts";
import type { Kinds } from "../ledger/kind.ts";
import { lastArrival } from "../ledger/ledger-theme.ts";
import { nextStep } from "../sequences/plan-theme.ts";
import type { readSequencePlans } from "../sequences/queries/sequences.ts";
import { comesAt } from "../sequences/schedule.ts";
import { mayGetTheme } from "../sequences/theme-kind.ts";
import { type EnrollmentRow, type Person, readPerson } from "./queries/person.ts";

/** One thing that happened, for the owner to read. Instants are epoch ms. */
type TimelineEntry = {
  readonly at: number;
  readonly what: string;
  readonly sequence?: string | null;
  readonly step?: string | null;
  readonly letterId?: number;
  readonly kind?: string;
  readonly slotAt?: number;
  readonly reason?: string | null;
};

/** What comes next in a sequence, or why nothing does. */
export type Upcoming = {
  readonly sequence: string;
  readonly state: EnrollmentRow["state"];
  readonly slot: { readonly weekday: number; readonly hour: number; readonly timeZone: string };
  readonly nextAt: number | null;
  readonly nextStep: string | null;
  /** Its title, and which letter of the sequence it is, from 1. */
  readonly nextTitle: string | null;
  readonly nextNumber: number | null;
  /** `comes`, or what stands in the way. */
  readonly why: string;
};

/**
 * The answer to "why did Ada not get theme 7?": everything that was planned, sent, skipped and reported, in the order of
 * time, and what comes next. Null where there is no such subscriber. Names no address.
 */
export async function timeline(
  deps: { readonly db: Db; readonly kinds: Kinds; readonly now: number },
  subscriberId: number,
) {
  return (await readStory(deps, subscriberId))?.story ?? null;
}

/** The same, with the person as lists show them, their enrollments and the records of what they agreed to. In one statement. */
export async function readStory(
  deps: { readonly db: Db; readonly kinds: Kinds; readonly now: number },
  subscriberId: number,
) {
  const found = await readPerson(deps.db, deps.kinds, subscriberId, deps.now);
  if (found === null) return null;
  const { person, enrollments, consents, tags, changes } = found;
  return { person, enrollments, consents, tags, lastChange: changes[0] ?? null, story: storyOf(found) };
}

function storyOf(found: NonNullable<Awaited<ReturnType<typeof readPerson>>>) {
  const { person, steps } = found;
  const entries: TimelineEntry[] = [
    ...found.consents.flatMap(({ sequence, page, requestedAt, confirmedAt }) =>
      sequence === null
        ? [{ at: requestedAt, what: "agreed_to_broadcasts" }]
        : [
            { at: requestedAt, what: "signed_up", sequence, reason: page },
            ...(confirmedAt === null ? [] : [{ at: confirmedAt, what: "confirmed", sequence }]),
          ],
    ),
    ...found.letters.flatMap((letter) => {
      const { deliveryId, kind, sequence, step, reason } = letter;
      const base = { letterId: deliveryId, kind, sequence, step, slotAt: letter.slotAt };
      const planned = { ...base, at: letter.plannedAt, what: "planned" };
      const settled = { ...base, at: letter.settledAt ?? letter.plannedAt, what: letter.state, reason };
      const said = letter.feedback === null || letter.feedbackAt === null ? [] : [letter.feedbackAt];
      return [
        // A slot that passed was never planned.
        ...(letter.settledAt === letter.plannedAt && letter.state === "skipped" ? [] : [planned]),
        ...(letter.state === "planned" ? [] : [settled]),
        ...said.map((at) => ({ ...base, at, what: letter.feedback ?? "" })),
      ];
    }),
    ...found.feedback.map(({ kind, reason, at }) => ({ at, what: `mailbox_${kind}`, reason })),
    ...found.changes.map(({ kind, by, sequence, at }) => ({ at, what: `${by}_${kind}`, sequence })),
    ...found.optOuts.map(({ kind, sequence, reason, at }) => ({
      ...{ at, sequence, reason },
      what: kind === "broadcasts" ? "left_broadcasts" : kind,
    })),
  ];
  entries.sort((a, b) => a.at - b.at);
  return {
    subscriberId: person.subscriberId,
    state: person.state,
    suppressed:
      person.suppression === null
        ? null
        : {
            reason: person.suppression,
            since: person.suppressedAt ?? 0,
            until: person.suppressedUntil,
          },
    entries,
    upcoming: found.enrollments.map((enrollment) => upcoming(person, enrollment, steps)),
  };
}

type Step = Awaited<ReturnType<typeof readSequencePlans>>[number];

function upcoming(person: Person, enrollment: EnrollmentRow, all: readonly Step[]): Upcoming {
  const steps = all.filter((step) => step.sequenceId === enrollment.sequenceId);
  const next = nextStep(enrollment.round, enrollment.ledger, steps);
  const place = steps.findIndex((step) => step.stepId === next?.stepId);
  const step = steps[place];
  const { sequence, state, weekday, hour, timeZone } = enrollment;
  const nextAt = comesAt({ ...enrollment, lastAt: lastArrival(enrollment.ledger) });
  return {
    sequence,
    state,
    slot: { weekday, hour, timeZone },
    nextAt,
    nextStep: step?.slug ?? null,
    nextTitle: step?.title ?? null,
    nextNumber: step === undefined ? null : place + 1,
    why: whyNot(person, enrollment, next?.status ?? null),
  };
}

function whyNot(person: Person, enrollment: EnrollmentRow, nextStatus: Step["status"] | null): string {
  if (enrollment.state === "completed") return "completed";
  const eligibility = mayGetTheme({
    subscriber: person.state,
    enrollment: enrollment.state,
    suppression: person.suppression,
    suppressedAt: person.suppressedAt,
  });
  if (eligibility.kind === "ineligible") return eligibility.reason;
  const open = enrollment.ledger.find(({ state }) => state === "planned" || state === "held");
  if (open !== undefined) return open.state === "held" ? "letter_held" : "letter_on_its_way";
  if (nextStatus === null) return "no_theme_left";
  return nextStatus === "draft" ? "next_theme_is_a_draft" : "comes";
}
