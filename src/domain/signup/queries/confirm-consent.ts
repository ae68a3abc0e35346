import { and, eq, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { grownTo } from "../../../platform/db/read-marks.ts";
import {
  consents,
  enrollments,
  sequences,
  subscribers,
  suppressions,
  wordings,
} from "../../../platform/db/schema/index.ts";
import { byColumn } from "../../../platform/texts/reader-fields.ts";
import { countThat, dayOf } from "../../counts/queries/day-counts.ts";
import { confirmOnce } from "../../people/queries/consents.ts";
import { activate } from "../../people/queries/subscribers.ts";
import { FORBIDDING, inForce, liftConfirmed } from "../../people/queries/suppressions.ts";
import { tagOfForm } from "../../people/queries/tags.ts";
import { type Enrolled, enroll, planFirstTheme, planWelcome } from "../../sequences/queries/enroll.ts";
import { lastArrivalOf } from "../../sequences/queries/themes.ts";
import type { confirmedWindows } from "../gate/budgets.ts";
import { countWindows } from "../gate/queries.ts";

const asked = alias(consents, "asked");

/**
 * The consent behind a confirmation link, with where its person stands in that sequence; null when it does not exist (any more).
 * `confirmedAt` counts also where another consent of theirs, asked for before or after, was confirmed since this one was asked
 * for: then this link is spent, and an old mail cannot undo a later unsubscribe.
 */
export async function readConsent(db: Db, consentId: number) {
  const confirmedAt = sql<number | null>`(select max(${consents.confirmedAt}) from ${consents}
    where ${consents.subscriberId} = ${asked.subscriberId} and ${consents.sequenceId} = ${asked.sequenceId}
      and ${consents.confirmedAt} >= ${asked.requestedAt})`;
  const [row] = await db
    .select({
      consentId: asked.id,
      subscriberId: asked.subscriberId,
      address: subscribers.address,
      linkGeneration: subscribers.linkGeneration,
      told: byColumn(({ column }) => asked[column]),
      requestedAt: asked.requestedAt,
      confirmedAt,
      /** When someone at the address said that it was not them. */
      deniedAt: asked.deniedAt,
      timeZone: asked.timeZone,
      page: asked.page,
      origin: asked.origin,
      partnerId: asked.partnerId,
      formKey: asked.formKey,
      wordingVersion: asked.wordingVersion,
      wordingText: wordings.text,
      locale: asked.locale,
      language: asked.language,
      answer: asked.answer,
      settings: sequences.settings,
      sequenceSlug: sequences.slug,
      sequenceTitle: sequences.title,
      sequenceId: sequences.id,
      enrollment: {
        enrollmentId: enrollments.id,
        round: enrollments.round,
        state: enrollments.state,
        weekday: enrollments.weekday,
        hour: enrollments.hour,
        timeZone: enrollments.timeZone,
        everyWeeks: enrollments.everyWeeks,
        nextDueAt: enrollments.nextDueAt,
        answer: enrollments.answer,
      },
      lastAt: sql<number | null>`${lastArrivalOf(sql`${enrollments.id}`)}`,
    })
    .from(asked)
    .innerJoin(subscribers, eq(subscribers.id, asked.subscriberId))
    .innerJoin(sequences, eq(sequences.id, asked.sequenceId))
    .innerJoin(wordings, eq(wordings.version, asked.wordingVersion))
    .leftJoin(
      enrollments,
      and(eq(enrollments.subscriberId, subscribers.id), eq(enrollments.sequenceId, sequences.id)),
    )
    .where(eq(asked.id, consentId));
  if (row === undefined) return null;
  const { lastAt, ...consent } = row;
  return { ...consent, enrollment: consent.enrollment && { ...consent.enrollment, lastAt } };
}

/** What `readConsent` finds. */
export type ConsentView = NonNullable<Awaited<ReturnType<typeof readConsent>>>;

/**
 * Confirms as a compare-and-set on the consent (open, and none confirmed since it was asked for), all in one batch: consent,
 * subscriber active, enrollment (a stopped one goes on), welcome; a suppression that a person can lift is lifted, one for a
 * complaint forbids it. `goesOn`: whether a theme is published for someone who comes back, so that a welcome back has a date to
 * tell. Of any number of requests one wins; the others change nothing. Returns whether a welcome was planned, and a first theme.
 */
export async function confirmConsent(
  db: Db,
  confirm: {
    readonly consentId: number;
    readonly growth: number;
    readonly confirmationId: string;
    readonly enrolled: Enrolled;
    readonly goesOn: boolean;
    /** Windows of the gate that count who confirmed at their domain (gate/budgets.ts). */
    readonly windows: ReturnType<typeof confirmedWindows>;
    readonly now: number;
  },
): Promise<{ readonly welcomed: boolean; readonly begun: boolean }> {
  const { consentId, confirmationId, now } = confirm;
  const { atOnce } = confirm.enrolled;
  const by = { consentId, confirmationId };
  const person = sql`select 1 from ${subscribers} where ${subscribers.id} = ${consents.subscriberId}`;
  const forbidden = sql`exists (select 1 from ${subscribers} join ${suppressions}
    on ${suppressions.addressHash} = ${subscribers.addressHash}
    where ${subscribers.id} = ${consents.subscriberId} and ${inForce(now)} and ${suppressions.reason} in ${FORBIDDING})`;
  const result = await batch(db, {
    confirmed: confirmOnce(
      db,
      { ...by, now },
      sql`${grownTo(confirm.growth)} and exists (${person} and ${subscribers.state} <> 'erased') and not ${forbidden}`,
    ),
    joined: countThat({
      day: dayOf(now),
      what: "confirmed",
      key: sql`(select coalesce(${consents.partnerId}, '') from ${consents} where ${consents.id} = ${consentId})`,
    }),
    counted: countWindows(
      confirm.windows,
      sql`exists (select 1 from ${consents} where ${consents.id} = ${consentId} and ${consents.confirmationId} = ${confirmationId})`,
    ),
    lifted: liftConfirmed(db, by, now),
    activated: activate(db, by, now),
    ...tagOfForm(by, now),
    enrolled: enroll(by, confirm.enrolled, now),
    welcomed: planWelcome(by, confirm.goesOn, now),
    begun: planFirstTheme(by, atOnce, now),
  });
  return { welcomed: result.welcomed.length > 0, begun: result.begun.length > 0 };
}
