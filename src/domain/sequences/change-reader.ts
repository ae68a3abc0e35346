import { DAY_MS } from "../../platform/calendar/durations.ts";
import type { Db } from "../../platform/db/client.ts";
import type { Doer } from "../acts/act.ts";
import { type ChangeToWrite, readLatestChanges } from "../people/queries/changes.ts";
import { mayReturn } from "./leaving.ts";
import { type Personal, writePersonal, writeSchedule } from "./queries/changes.ts";
import { type ChangeView, type EnrollmentView, type ReaderView, readReader } from "./queries/reader.ts";
import { changedSchedule, restoredSchedule, type Schedule, type ScheduleChange } from "./schedule.ts";

/** What a reader asks for on the preferences page. */
export type ReaderChange =
  | { readonly kind: "schedule"; readonly enrollmentId: number; readonly change: ScheduleChange }
  | { readonly kind: "personal"; readonly become: Personal }
  /** Takes the last change back; doing it twice makes it again. */
  | { readonly kind: "undo"; readonly changeId: number };

/**
 * `changed` names the change, also for a press that was repeated. `stale`: the page showed an older state than the present one,
 * and nothing was written. `not_possible`: the change does not apply to what is there now. `too_many`: they made so many changes within
 * a day that this one must wait; leaving never has to, nor has a pause of what goes on.
 */
export type ChangeResult =
  | { readonly kind: "changed"; readonly changeId: number }
  | { readonly kind: "stale" }
  | { readonly kind: "not_possible" }
  | { readonly kind: "too_many" };

const TRIES_MAX = 5;

/** Changes that a reader may make within a day, and how many of them may be returns: each leaves a row, and a return for good. */
export const CHANGES_PER_DAY = 50;
export const RETURNS_PER_DAY = 5;

type Deps = {
  readonly db: Db;
  readonly now: number;
  readonly random: () => string;
  /** Someone at the desk who does it for them. */
  readonly forThem?: Doer;
};

/**
 * Makes a change, once, if the page that it was made on showed the reader's present revision (`seen`). A tick that moves the
 * schedule meanwhile makes it decide again.
 */
export async function changeReader(
  deps: Deps,
  subscriberId: number,
  seen: number,
  change: ReaderChange,
): Promise<ChangeResult> {
  const request = JSON.stringify(change);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const reader = await readReader(deps.db, subscriberId, deps.now);
    if (reader === null) return { kind: "not_possible" };
    const { lastChange: last } = reader;
    if (last !== null && last.seen === seen && last.request === request && reader.revision === seen + 1) {
      return { kind: "changed", changeId: last.changeId };
    }
    if (reader.revision !== seen) return { kind: "stale" };
    // Each change raises the revision, so that this count holds for the one that is written on it.
    if (!stops(reader, change) && (await madeTooMany(deps, subscriberId, change)))
      return { kind: "too_many" };
    const base = {
      subscriberId,
      seen,
      request,
      token: deps.random(),
      now: deps.now,
      by: deps.forThem ?? null,
    };
    const changeId = await write(deps, reader, base, change);
    if (changeId === "not_possible") return { kind: "not_possible" };
    if (changeId !== null) return { kind: "changed", changeId };
  }
  throw new Error("an enrollment changed under five readings in a row");
}

/** Whether a change pauses what goes on. */
function stops(reader: ReaderView, change: ReaderChange): boolean {
  if (change.kind !== "schedule" || change.change.kind !== "pause") return false;
  return ownEnrollment(reader, change.enrollmentId)?.state === "active";
}

async function madeTooMany({ db, now }: Deps, subscriberId: number, change: ReaderChange): Promise<boolean> {
  const latest = await readLatestChanges(db, subscriberId, CHANGES_PER_DAY);
  const today = latest.filter(({ at }) => at > now - DAY_MS);
  if (today.length >= CHANGES_PER_DAY) return true;
  const returns = change.kind === "schedule" && change.change.kind === "return";
  return returns && today.filter(({ kind }) => kind === "return").length >= RETURNS_PER_DAY;
}

async function write(
  deps: Deps,
  reader: ReaderView,
  base: Omit<ChangeToWrite, "kind">,
  change: ReaderChange,
): Promise<number | null | "not_possible"> {
  switch (change.kind) {
    case "personal":
      if (reader.state !== "active" && reader.state !== "unsubscribed") return "not_possible";
      return writePersonal(deps.db, { ...base, kind: "personal" }, personalOf(reader), change.become);
    case "schedule": {
      const own = ownEnrollment(reader, change.enrollmentId);
      if (own === null) return "not_possible";
      if (change.change.kind === "return" && !mayReturn(reader, own, deps.now)) return "not_possible";
      const become = changedSchedule(own, change.change, deps.now);
      if (become === null || (change.change.kind !== "return" && reader.state !== "active"))
        return "not_possible";
      return writeSchedule(deps.db, { ...base, kind: change.change.kind }, own, become);
    }
    case "undo": {
      const { lastChange: last } = reader;
      if (last === null || last.changeId !== change.changeId || !isUndoable(reader, last))
        return "not_possible";
      const kind = last.kind === "undo" ? "redo" : "undo";
      if (last.enrollmentId === null) {
        return writePersonal(
          deps.db,
          { ...base, kind },
          personalOf(reader),
          JSON.parse(last.was) as Personal,
        );
      }
      const own = ownEnrollment(reader, last.enrollmentId);
      if (own === null) return "not_possible";
      const become = restoredSchedule(own, JSON.parse(last.was) as Schedule, deps.now);
      return writeSchedule(deps.db, { ...base, kind }, own, become);
    }
  }
}

/** Whether a change is one of the person, not of a sequence. */
export function isPersonal({ lastChange }: Pick<ReaderView, "lastChange">, change: ReaderChange): boolean {
  switch (change.kind) {
    case "personal":
      return true;
    case "schedule":
      return false;
    case "undo":
      return lastChange?.enrollmentId == null;
  }
}

/** Whether a press can take this change back: it is the last one, and the enrollment still goes on. */
export function isUndoable(reader: ReaderView, change: ChangeView): boolean {
  if (reader.state === "erased" || !isCurrent(reader, change)) return false;
  if (change.enrollmentId === null) return true;
  const state = ownEnrollment(reader, change.enrollmentId)?.state;
  return change.kind !== "return" && reader.state === "active" && (state === "active" || state === "paused");
}

/** Whether a change is the last one, and the reader has not left that sequence since: it tells how things stand. */
export function isCurrent(reader: ReaderView, change: ChangeView): boolean {
  if (reader.lastChange?.changeId !== change.changeId) return false;
  const own = change.enrollmentId === null ? null : ownEnrollment(reader, change.enrollmentId);
  if (own === null) return change.enrollmentId === null;
  const { state, stopped } = own;
  if (state === "stopped" || stopped === null) return state !== "stopped";
  return change.kind === "return" ? change.at >= stopped.at : change.at > stopped.at;
}

function ownEnrollment(reader: ReaderView, enrollmentId: number): EnrollmentView | null {
  return reader.enrollments.find((own) => own.enrollmentId === enrollmentId) ?? null;
}

function personalOf({ firstName, enrollments }: ReaderView): Personal {
  return { firstName, answers: enrollments.map(({ enrollmentId, answer }) => ({ enrollmentId, answer })) };
}
