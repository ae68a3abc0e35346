import { sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import type { LedgerTheme } from "../../ledger/ledger-theme.ts";
import type { AgeBand } from "../../people/age-band.ts";
import { inForce } from "../../people/queries/opting-out.ts";
import type { SubscriberState } from "../../people/subscriber-state.ts";
import type { SuppressionReason } from "../../people/suppression.ts";
import { type PlanStep, stepsAhead } from "../plan-theme.ts";
import type { Scheduled } from "../schedule.ts";

/** A theme that went to the reader. */
type ReceivedTheme = {
  readonly title: string;
  readonly slotAt: number;
  readonly renditionId: number;
  /** Whether it can be read online: letters from before there were web copies cannot. */
  readonly online: boolean;
};

/** An enrollment as its reader sees it. */
export type EnrollmentView = Scheduled & {
  readonly enrollmentId: number;
  readonly sequenceId: number;
  readonly sequenceTitle: string;
  /** When the reader last came back to it after leaving. */
  readonly returnedAt: number | null;
  /** Newest last. */
  readonly received: readonly ReceivedTheme[];
  /** Titles of the themes still to come, in order, drafts left out. */
  readonly ahead: readonly string[];
  /** How many themes (drafts included) this reader has not had. */
  readonly lacking: number;
  /** What keeps the next letter from coming in its slot, as far as is known now. */
  readonly heldUp: "draft" | "open_letter" | null;
  /** The last time it was stopped, and as what; null where it never was. */
  readonly stopped: { readonly at: number; readonly reason: string } | null;
};

/** What a reader changed last. `was` and `became` are what `request` made of it. */
export type ChangeView = {
  readonly changeId: number;
  readonly enrollmentId: number | null;
  readonly kind: string;
  readonly at: number;
  readonly seen: number;
  readonly request: string;
  readonly was: string;
  readonly became: string;
};

export type ReaderView = {
  readonly subscriberId: number;
  readonly address: string;
  readonly addressHash: string;
  readonly state: SubscriberState;
  readonly firstName: string;
  readonly ageBand: AgeBand | null;
  readonly revision: number;
  readonly suppression: SuppressionReason | null;
  readonly lastChange: ChangeView | null;
  readonly enrollments: readonly EnrollmentView[];
};

type EnrollmentRow = Omit<
  EnrollmentView,
  "received" | "ahead" | "lacking" | "lastSlotAt" | "stopped" | "heldUp"
> & {
  readonly round: number;
  readonly themes: string;
  readonly stopped: string | null;
};
type LedgerRow = LedgerTheme & { readonly renditionId: number; readonly online: 0 | 1 };
type StepRow = Omit<PlanStep, "backfill" | "variants"> & {
  readonly sequenceId: number;
  readonly title: string;
  readonly backfill: 0 | 1;
  readonly archived: 0 | 1;
};

/** A subscriber with all enrollments, in one batch; null when there is no such subscriber. */
export async function readReader(db: Db, subscriberId: number, now: number): Promise<ReaderView | null> {
  const [people, changes, enrollments, steps] = await batch(db, [
    sql`
      select s.id as subscriberId, s.address as address, s.address_hash as addressHash, s.state as state,
        s.first_name as firstName, s.age_band as ageBand, s.revision as revision, x.reason as suppression
      from subscribers s left join suppressions x on x.address_hash = s.address_hash and ${inForce(now)}
      where s.id = ${subscriberId}`,
    sql`
      select id as changeId, enrollment_id as enrollmentId, kind, at, seen, request, was, became from reader_changes
      where subscriber_id = ${subscriberId} order by id desc limit 1`,
    sql`
      select e.id as enrollmentId, e.sequence_id as sequenceId, q.title as sequenceTitle, e.state as state, e.round as round,
        e.weekday as weekday, e.hour as hour, e.time_zone as timeZone, e.every_weeks as everyWeeks,
        e.next_due_at as nextDueAt, e.not_before as notBefore, e.pause_until as pauseUntil, e.resume_at as resumeAt,
        e.enrolled_at as enrolledAt, e.returned_at as returnedAt,
        (select json_object('at', o.at, 'reason', o.reason) from opt_outs o where o.address_hash = s.address_hash
          and o.kind = 'stopped' and o.sequence_id = e.sequence_id order by o.id desc limit 1) as stopped,
        (select json_group_array(json_object('stepId', item, 'round', d.round, 'slotAt', slot_at, 'state', d.state,
            'renditionId', d.rendition_id,
            'online', exists (select 1 from renditions r where r.id = d.rendition_id and r.page <> '')))
          from deliveries d where d.kind = 'theme' and d.anchor = e.id and d.item is not null) as themes
      from enrollments e join sequences q on q.id = e.sequence_id join subscribers s on s.id = e.subscriber_id
      where e.subscriber_id = ${subscriberId} order by e.id`,
    sql`
      select t.sequence_id as sequenceId, t.id as stepId, t.title as title, t.position as position, t.status as status,
        t.backfill as backfill, t.rendition_id as renditionId, t.archived_at is not null as archived
      from steps t where t.sequence_id in (select e.sequence_id from enrollments e where e.subscriber_id = ${subscriberId})
      order by t.sequence_id, t.position`,
  ]);
  const [person] = people as Omit<ReaderView, "enrollments" | "lastChange">[];
  if (person === undefined) return null;
  const [lastChange] = changes as ChangeView[];
  const views = (enrollments as EnrollmentRow[]).map((row) => enrollmentView(row, steps as StepRow[]));
  return { ...person, lastChange: lastChange ?? null, enrollments: views };
}

function enrollmentView(row: EnrollmentRow, all: readonly StepRow[]): EnrollmentView {
  const { themes, round, stopped, ...enrollment } = row;
  const ledger = JSON.parse(themes) as LedgerRow[];
  const own = all.filter((step) => step.sequenceId === row.sequenceId);
  const living = own
    .filter((step) => step.archived === 0)
    .map((step) => ({ ...step, backfill: step.backfill === 1, variants: {} }));
  const ahead = stepsAhead(round, ledger, living);
  const went = ledger.filter(({ state }) => state === "accepted" || state === "uncertain");
  return {
    ...enrollment,
    stopped: stopped === null ? null : (JSON.parse(stopped) as EnrollmentView["stopped"]),
    lastSlotAt: ledger.reduce<number | null>((last, { slotAt }) => Math.max(last ?? slotAt, slotAt), null),
    received: went
      .sort((a, b) => a.slotAt - b.slotAt)
      .map(({ stepId, slotAt, renditionId, online }) => ({
        title: own.find((step) => step.stepId === stepId)?.title ?? "",
        slotAt,
        renditionId,
        online: online === 1,
      })),
    heldUp: ledger.some(({ state }) => state === "held")
      ? "open_letter"
      : ahead[0]?.status === "draft"
        ? "draft"
        : null,
    ahead: ahead.filter(({ status }) => status === "published").map(({ title }) => title),
    lacking: ahead.length,
  };
}
