import type { JournalSpan } from "../db/read-marks.ts";
import type { DatabaseState, Marks, Seals } from "./marks.ts";
import type { Lane, Observation, Reservation } from "./rate.ts";

/** A member of a provider call, as the Guard keeps it for the case that D1 is restored. */
export type AdmittedMember = {
  readonly id: number;
  readonly kind: string;
  readonly anchor: number;
  readonly round: number;
  readonly item: number;
  readonly copy: number;
  readonly recipientId: number;
  readonly renditionId: number;
  readonly slotAt: number;
};

/** A provider call that was let through, with the members that it may have sent to. */
export type Admission = {
  readonly admissionId: number;
  readonly batchId: number;
  readonly members: readonly AdmittedMember[];
};

/** An opt-out as the Guard keeps it; `at` is the product's time. */
export type JournalEntry = {
  readonly addressHash: string;
  readonly kind: "stopped" | "broadcasts" | "unsubscribed" | "suppressed";
  readonly sequenceId: number | null;
  readonly reason: string;
  readonly at: number;
};

/** That a broadcast was locked, taken back or stopped, and which revision of it that made. One is known again by when it was begun: ids may be given away twice. */
export type BroadcastNote = {
  readonly id: number;
  readonly createdAt: number;
  readonly revision: number;
  readonly what: "locked" | "taken_back" | "stopped";
};

/** On whose word the Guard does something, in which request, and when by the product's time. */
export type GuardDoer = { readonly actor: string; readonly requestId: string; readonly at: number };

/** What someone did to the Guard, as it keeps it until the database has it. */
export type GuardAct = GuardDoer & {
  readonly actId: number;
  readonly verb: string;
  readonly object: string;
  readonly changed: Readonly<Record<string, unknown>>;
};

/** Whether mail may leave: on, stopped (kill switch), or disarmed because D1 was restored. */
export type Sending = "on" | "stopped" | "disarmed";

/** How calls ended since the Guard was asked last: which batches' calls were answered, and which one's failed. */
export type Ended = { readonly answered: readonly number[]; readonly failed: number | null };

/** Places in the rate that are wanted; where the provider's calls aren't limited, as many are given at once. */
export type PlacesWanted = {
  readonly lane: Lane;
  readonly rateLimited: boolean;
  readonly wanted: number;
};

/** Who calls: for a batch that may have been sent already, and what has been answered since the Guard was asked last. */
export type Calling = { readonly again: boolean; readonly answered: readonly number[] };

export type Check =
  | {
      readonly kind: "current";
      readonly sending: Sending;
      readonly reason: string;
      readonly guardName: string;
      /** Slots up to this product time lie in the time that a restore lost; 0 when there was none. */
      readonly lostUntil: number;
      /** What it believes the provider's rate to be; null before the first answer. */
      readonly limitPerSecond: number | null;
      /** Whether it keeps acts that the database doesn't have yet. */
      readonly acts: boolean;
      /** After how long each of the next calls may be made, those that are free already; only `admit` gives any. */
      readonly nextWaitsMs: readonly number[];
      /** After how long the call may be tried again, because the provider doesn't answer; null where it may be made. */
      readonly outageMs: number | null;
    }
  /** The database seems older than what the Guard has seen, or belongs to another Guard: read it again to be sure. */
  | { readonly kind: "behind"; readonly known: Marks; readonly seals: Seals; readonly guardName: string }
  /** The database lacks opt-outs of the journal behind `journalSeen`: they must be applied before anyone is mailed. */
  | {
      readonly kind: "forgetful";
      readonly journalSeen: number;
      readonly lastEntry: number;
      /** Whose they are; null where they are too many to list. */
      readonly whose: readonly string[] | null;
    };

export type GuardStatus = {
  readonly sending: Sending;
  readonly reason: string;
  readonly since: number | null;
  readonly guardName: string;
  readonly limitPerSecond: number | null;
  readonly heldUntil: number | null;
  readonly heldWhy: string;
  readonly marks: Marks;
  /** The D1 marks at which a restore was found, while disarmed. */
  readonly restoredTo: Marks | null;
  readonly lostUntil: number;
  readonly journaled: number;
  readonly lastJournalEntry: number;
};

/**
 * The Guard as its callers see it. It is the only state outside D1: the rate of the provider, the kill switch, the marks by
 * which a restored database is known, what was let through, what was decided about broadcasts, and the journal of opt-outs (35 days). Every method is safe to
 * repeat.
 */
export type GuardPort = {
  /**
   * Reserves up to `wanted` provider calls at the team's rate, waiting for the first place for 20 s at most; and says whether mail may
   * leave at all. While the provider doesn't answer, `later` because of an `outage`, but for a batch that may have been sent
   * already (`again`) once a minute.
   */
  readonly reserve: (
    asking: PlacesWanted & Calling,
    wallNow: number,
  ) => Promise<{ readonly sending: Sending; readonly reservation: Reservation }>;
  /** Compares the database with what was seen before, raises the marks, and says whether mail may leave. */
  readonly check: (state: DatabaseState) => Promise<Check>;
  /**
   * The same, just before a provider call; when mail may leave, the call is noted with its members first, so that a restored
   * database can learn what was sent; and those who go on are given their next places. Where the provider has stopped answering
   * meanwhile, `outageMs` says after how long to try again, and nothing is noted.
   */
  readonly admit: (
    state: DatabaseState,
    call: Calling & {
      readonly batchId: number;
      /** Those that weren't noted before with this batch: JSON of `AdmittedMember[]`, because one text passes between isolates faster than a hundred objects. */
      readonly members: string;
      readonly next: PlacesWanted;
      readonly wallNow: number;
    },
  ) => Promise<Check>;
  /** Tells how calls ended: a failure at once, answers with the next question or at the end. Returns whether the provider answers. */
  readonly report: (ended: Ended, wallNow: number) => Promise<{ readonly outage: boolean }>;
  /** Tells what an answer said of rate and quota. */
  readonly observe: (seen: Observation, wallNow: number) => Promise<void>;
  /** The kill switch. Stopping twice keeps the first reason. What the act keeps of the reason is the caller's to say. */
  readonly stop: (
    reason: string,
    wallNow: number,
    act: GuardDoer & Pick<GuardAct, "changed">,
  ) => Promise<void>;
  /** Lifts the kill switch, and a hold that the provider asked for (a larger plan may have been bought). Does not re-arm. */
  readonly resume: (by: GuardDoer) => Promise<void>;
  /** Mail stays off until `arm`: the database was found restored to `restoredTo` at product time `now`. */
  readonly disarm: (restoredTo: Marks, reason: string, wallNow: number, now: number) => Promise<void>;
  /** Mail may leave again, from the database as it is now. */
  readonly arm: (state: DatabaseState, by: GuardDoer) => Promise<void>;
  /** Forgets acts up to `copied`, which the database has, and gives the next ones in order, at most 100. */
  readonly handOverActs: (copied: number) => Promise<readonly GuardAct[]>;
  readonly status: () => Promise<GuardStatus>;
  /** Adds opt-outs, each once. Returns where they stand, for the database to remember. */
  readonly journal: (entries: readonly JournalEntry[], wallNow: number) => Promise<JournalSpan>;
  /** A page of the journal in order, from behind `after`. */
  readonly readJournal: (
    after: number,
    limit: number,
  ) => Promise<ReadonlyArray<JournalEntry & { readonly entryId: number }>>;
  /** Keeps what was decided about a broadcast, once, so that a restored database can learn it. */
  readonly noteBroadcast: (note: BroadcastNote, wallNow: number) => Promise<void>;
  /** The newest of what was decided about broadcasts, 1000 at most. */
  readonly readBroadcastNotes: () => Promise<readonly BroadcastNote[]>;
  /** A page of what was let through for batches from `fromBatch` on, in order, from behind `after`. */
  readonly readAdmissions: (after: number, limit: number, fromBatch: number) => Promise<readonly Admission[]>;
  /** Forgets journal, notes and admissions older than 35 days, unless the database has to be told of them still. */
  readonly prune: (wallNow: number) => Promise<void>;
};
