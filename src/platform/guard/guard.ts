import { DurableObject } from "cloudflare:workers";
import { DAY_MS } from "../calendar/durations.ts";
import type { Admission, Check, GuardStatus, JournalEntry, Sending } from "./guard-port.ts";
import {
  type DatabaseFace,
  highest,
  isBehind,
  isResealed,
  type Marks,
  type Seals,
  withSeals,
} from "./marks.ts";
import {
  INITIAL_PACE,
  type Lane,
  type Observation,
  observe,
  type Pace,
  type Reservation,
  reserve,
} from "./pace.ts";
import {
  addAdmission,
  addToJournal,
  countJournal,
  createTables,
  forgetBefore,
  hashesBehind,
  lastJournalEntry,
  pageOfAdmissions,
  pageOfJournal,
  readState,
  writeState,
} from "./queries.ts";

/** D1's Time Travel reaches 30 days back (developers.cloudflare.com/d1/reference/time-travel); five more for safety. */
const JOURNAL_MS = 35 * DAY_MS;

const WHOSE_MAX = 200;

type Switch = { readonly reason: string; readonly since: number };
type Disarmed = Switch & { readonly restoredTo: Marks };

/**
 * The Guard: one object per service, the only state outside D1 (see guard-port.ts for what each method promises). It is
 * single-threaded, and what it must not forget is in its own SQLite; the places of the pace may be forgotten.
 */
export class Guard extends DurableObject {
  private readonly sql: SqlStorage;
  private readonly guardName: string;
  private marks: Marks;
  private seals: Seals;
  private stopped: Switch | null;
  private disarmed: Disarmed | null;
  private lostUntil: number;
  private pace: Pace;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never);
    this.sql = ctx.storage.sql;
    createTables(this.sql);
    this.guardName = ctx.id.toString().slice(0, 16);
    this.marks = (readState(this.sql, "marks") as Marks | null) ?? {};
    this.seals = (readState(this.sql, "seals") as Seals | null) ?? {};
    this.stopped = readState(this.sql, "stopped") as Switch | null;
    this.disarmed = readState(this.sql, "disarmed") as Disarmed | null;
    this.lostUntil = (readState(this.sql, "lost_until") as number | null) ?? 0;
    this.pace = { ...INITIAL_PACE, ...(readState(this.sql, "pace") as Partial<Pace> | null) };
  }

  reserve(
    lane: Lane,
    paced: boolean,
    wallNow: number,
  ): { readonly sending: Sending; readonly reservation: Reservation } {
    const [sending] = this.sending();
    if (!paced || sending !== "on") {
      const { limitPerSecond } = this.pace;
      return { sending, reservation: { kind: "go", waitMs: 0, limitPerSecond } };
    }
    const { pace, reservation } = reserve(this.pace, lane, wallNow);
    this.pace = pace;
    return { sending, reservation };
  }

  check(face: DatabaseFace): Check {
    const { guardName } = this;
    const foreign = face.guardName !== null && face.guardName !== guardName;
    if (foreign || isBehind(face.marks, this.marks) || isResealed(face.seals, this.seals)) {
      if (this.disarmed === null) return { kind: "behind", known: this.marks, seals: this.seals, guardName };
    } else this.learn(face);
    const lastEntry = lastJournalEntry(this.sql);
    if (this.disarmed === null && face.journalSeen < lastEntry) {
      const whose = hashesBehind(this.sql, face.journalSeen, WHOSE_MAX + 1);
      const { journalSeen } = face;
      return { kind: "forgetful", journalSeen, lastEntry, whose: whose.length > WHOSE_MAX ? null : whose };
    }
    const [sending, reason] = this.sending();
    return { kind: "current", sending, reason, guardName, lostUntil: this.lostUntil };
  }

  admit(
    face: DatabaseFace,
    call: {
      readonly batchId: number;
      readonly members: string;
      readonly wallNow: number;
    },
  ): Check {
    const check = this.check(face);
    if (check.kind === "current" && check.sending === "on") {
      addAdmission(this.sql, call.batchId, call.members, call.wallNow);
    }
    return check;
  }

  observe(seen: Observation, wallNow: number): void {
    this.pace = observe(this.pace, seen, wallNow);
    const { limitPerSecond, heldUntil, heldWhy } = this.pace;
    writeState(this.sql, "pace", { limitPerSecond, heldUntil, heldWhy });
  }

  stop(reason: string, wallNow: number): void {
    this.stopped ??= { reason, since: wallNow };
    writeState(this.sql, "stopped", this.stopped);
  }

  resume(): void {
    this.stopped = null;
    writeState(this.sql, "stopped", null);
  }

  release(): void {
    this.pace = { ...this.pace, heldUntil: 0, heldWhy: "" };
    writeState(this.sql, "pace", { limitPerSecond: this.pace.limitPerSecond });
  }

  disarm(restoredTo: Marks, reason: string, wallNow: number, now: number): void {
    if (this.disarmed !== null) return;
    this.disarmed = { reason, since: wallNow, restoredTo };
    this.lostUntil = Math.max(this.lostUntil, now);
    writeState(this.sql, "disarmed", this.disarmed);
    writeState(this.sql, "lost_until", this.lostUntil);
  }

  arm(face: DatabaseFace): void {
    this.disarmed = null;
    this.marks = highest(this.marks, face.marks);
    this.seals = face.seals;
    writeState(this.sql, "marks", this.marks);
    writeState(this.sql, "seals", this.seals);
    writeState(this.sql, "disarmed", null);
  }

  status(): GuardStatus {
    const [sending, reason] = this.sending();
    const { limitPerSecond, heldUntil, heldWhy } = this.pace;
    return {
      sending,
      reason,
      since: this.disarmed?.since ?? this.stopped?.since ?? null,
      guardName: this.guardName,
      limitPerSecond,
      heldUntil: heldUntil === 0 ? null : heldUntil,
      heldWhy,
      marks: this.marks,
      restoredTo: this.disarmed?.restoredTo ?? null,
      lostUntil: this.lostUntil,
      journaled: countJournal(this.sql),
      lastJournalEntry: lastJournalEntry(this.sql),
    };
  }

  journal(entries: readonly JournalEntry[], wallNow: number): number {
    this.ctx.storage.transactionSync(() => addToJournal(this.sql, entries, wallNow));
    return lastJournalEntry(this.sql);
  }

  readJournal(after: number, limit: number): Array<JournalEntry & { readonly entryId: number }> {
    return pageOfJournal(this.sql, after, limit);
  }

  readAdmissions(after: number, limit: number, fromBatch: number): Admission[] {
    return pageOfAdmissions(this.sql, after, limit, fromBatch);
  }

  prune(wallNow: number): void {
    // What a restored database must be told is kept until it was told.
    if (this.disarmed !== null) return;
    forgetBefore(this.sql, wallNow - JOURNAL_MS);
  }

  private learn(face: DatabaseFace): void {
    if (isBehind(this.marks, face.marks)) {
      this.marks = highest(this.marks, face.marks);
      writeState(this.sql, "marks", this.marks);
    }
    if (Object.keys(face.seals).some((id) => !(id in this.seals))) {
      this.seals = withSeals(this.seals, face.seals);
      writeState(this.sql, "seals", this.seals);
    }
  }

  private sending(): readonly [Sending, string] {
    if (this.disarmed !== null) return ["disarmed", this.disarmed.reason];
    if (this.stopped !== null) return ["stopped", this.stopped.reason];
    return ["on", ""];
  }
}
