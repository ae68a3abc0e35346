import { DurableObject } from "cloudflare:workers";
import { DAY_MS } from "../calendar/durations.ts";
import type { JournalSpan } from "../db/read-marks.ts";
import type {
  Admission,
  BroadcastNote,
  Calling,
  Check,
  Ended,
  GuardAct,
  GuardDoer,
  GuardStatus,
  JournalEntry,
  PlacesWanted,
  Sending,
} from "./guard-port.ts";
import {
  type DatabaseState,
  highest,
  isBehind,
  isResealed,
  type Marks,
  type Seals,
  withSeals,
} from "./marks.ts";
import { Places } from "./places.ts";
import { openTables } from "./queries.ts";
import { INITIAL_RATE, type Observation, type Rate, type Reservation } from "./rate.ts";

/** D1's Time Travel reaches 30 days back (developers.cloudflare.com/d1/reference/time-travel); five more for safety. */
const JOURNAL_MS = 35 * DAY_MS;

const WHOSE_MAX = 200;
/** Members of a call that are all known. */
const NOBODY = "[]";

type Switch = { readonly reason: string; readonly since: number };
type Disarmed = Switch & { readonly restoredTo: Marks };

/**
 * The Guard: one object per service, the only state outside D1 (see guard-port.ts for what each method promises). It is
 * single-threaded, and what it must not forget is in its own SQLite; the places of the rate may be forgotten.
 */
export class Guard extends DurableObject {
  private readonly tables: ReturnType<typeof openTables>;
  private readonly guardName: string;
  private marks: Marks;
  private seals: Seals;
  private stopped: Switch | null;
  private disarmed: Disarmed | null;
  private lostUntil: number;
  private readonly places: Places;
  /** Unknown at first: asked for once, it is known. */
  private keepsActs = true;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never);
    this.tables = openTables(ctx.storage);
    this.guardName = ctx.id.toString().slice(0, 16);
    this.marks = (this.tables.readState("marks") as Marks | null) ?? {};
    this.seals = (this.tables.readState("seals") as Seals | null) ?? {};
    this.stopped = this.tables.readState("stopped") as Switch | null;
    this.disarmed = this.tables.readState("disarmed") as Disarmed | null;
    this.lostUntil = (this.tables.readState("lost_until") as number | null) ?? 0;
    const rate = { ...INITIAL_RATE, ...(this.tables.readState("rate") as Partial<Rate> | null) };
    this.places = new Places(rate, () => this.sending()[0] === "on");
  }

  async reserve(
    asking: PlacesWanted & Calling,
    wallNow: number,
  ): Promise<{ readonly sending: Sending; readonly reservation: Reservation }> {
    const reservation = await this.places.wait(asking, wallNow);
    return { sending: this.sending()[0], reservation };
  }

  check(state: DatabaseState): Check {
    const { guardName } = this;
    const foreign = state.guardName !== null && state.guardName !== guardName;
    if (foreign || isBehind(state.marks, this.marks) || isResealed(state.seals, this.seals)) {
      if (this.disarmed === null) return { kind: "behind", known: this.marks, seals: this.seals, guardName };
    } else this.learn(state);
    const lastEntry = this.tables.lastJournalEntry();
    if (this.disarmed === null && state.journalSeen < lastEntry) {
      const whose = this.tables.hashesBehind(state.journalSeen, WHOSE_MAX + 1);
      const { journalSeen } = state;
      return { kind: "forgetful", journalSeen, lastEntry, whose: whose.length > WHOSE_MAX ? null : whose };
    }
    const [sending, reason] = this.sending();
    const { lostUntil, keepsActs: acts } = this;
    const { limitPerSecond } = this.places.rate;
    const now = { sending, reason, guardName, lostUntil, limitPerSecond, acts };
    return { kind: "current", ...now, nextWaitsMs: [], outageMs: null };
  }

  admit(
    state: DatabaseState,
    call: Calling & {
      readonly batchId: number;
      readonly members: string;
      readonly next: PlacesWanted;
      readonly wallNow: number;
    },
  ): Check {
    const { batchId, members, next, wallNow } = call;
    // Whatever is said of this call: the answers are told once.
    this.places.report({ answered: call.answered, failed: null }, wallNow);
    const check = this.check(state);
    if (check.kind !== "current" || check.sending !== "on") return check;
    const outageMs = this.places.let(call, wallNow);
    if (outageMs !== null) return { ...check, outageMs };
    if (members !== NOBODY) this.tables.addAdmission(batchId, members, wallNow);
    const given = this.places.goOn(next, wallNow);
    return given.kind === "go" ? { ...check, nextWaitsMs: given.waitsMs } : check;
  }

  report(ended: Ended, wallNow: number): { readonly outage: boolean } {
    return { outage: this.places.report(ended, wallNow) };
  }

  observe(seen: Observation, wallNow: number): void {
    this.places.observe(seen, wallNow);
    const { limitPerSecond, heldUntil, heldWhy } = this.places.rate;
    this.tables.writeState("rate", { limitPerSecond, heldUntil, heldWhy });
  }

  stop(reason: string, wallNow: number, act: GuardDoer & Pick<GuardAct, "changed">): void {
    const already = this.stopped !== null;
    // Each refused call stops once more; only the first of them is an act.
    if (already && act.actor === "service") return;
    this.stopped ??= { reason, since: wallNow };
    this.tables.writeState("stopped", this.stopped);
    const changed = already ? {} : act.changed;
    this.keepAct({ ...act, verb: "stop_sending", object: "sending", changed });
  }

  resume(by: GuardDoer): void {
    const changed = { was: this.sending()[0], held: this.places.rate.heldWhy };
    this.stopped = null;
    this.tables.writeState("stopped", null);
    this.places.release();
    this.tables.writeState("rate", { limitPerSecond: this.places.rate.limitPerSecond });
    this.keepAct({ ...by, verb: "resume_sending", object: "sending", changed });
  }

  disarm(restoredTo: Marks, reason: string, wallNow: number, now: number): void {
    if (this.disarmed !== null) return;
    this.disarmed = { reason, since: wallNow, restoredTo };
    this.lostUntil = Math.max(this.lostUntil, now);
    this.tables.writeState("disarmed", this.disarmed);
    this.tables.writeState("lost_until", this.lostUntil);
    const by = { actor: "service", requestId: `${this.guardName}-${wallNow}`, at: now };
    this.keepAct({ ...by, verb: "disarm", object: "sending", changed: { reason } });
  }

  arm(state: DatabaseState, by: GuardDoer): void {
    const changed = { reason: this.disarmed?.reason ?? "" };
    this.disarmed = null;
    this.marks = highest(this.marks, state.marks);
    // What the lost time sealed stays known: a database restored once more may give its ids away again.
    this.seals = withSeals(this.seals, state.seals);
    this.tables.writeState("marks", this.marks);
    this.tables.writeState("seals", this.seals);
    this.tables.writeState("disarmed", null);
    this.keepAct({ ...by, verb: "re_arm", object: "sending", changed });
  }

  handOverActs(copied: number): GuardAct[] {
    const next = this.tables.handOverActs(copied);
    this.keepsActs = next.length > 0;
    return next;
  }

  status(): GuardStatus {
    const [sending, reason] = this.sending();
    const { limitPerSecond, heldUntil, heldWhy } = this.places.rate;
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
      journaled: this.tables.countJournal(),
      lastJournalEntry: this.tables.lastJournalEntry(),
    };
  }

  journal(entries: readonly JournalEntry[], wallNow: number): JournalSpan {
    const before = this.tables.lastJournalEntry();
    this.tables.addToJournal(entries, wallNow);
    return { before, last: this.tables.lastJournalEntry() };
  }

  readJournal(after: number, limit: number): Array<JournalEntry & { readonly entryId: number }> {
    return this.tables.pageOfJournal(after, limit);
  }

  noteBroadcast(note: BroadcastNote, wallNow: number): void {
    this.tables.noteBroadcast(note, wallNow);
  }

  readBroadcastNotes(): BroadcastNote[] {
    return this.tables.readBroadcastNotes();
  }

  readAdmissions(after: number, limit: number, fromBatch: number): Admission[] {
    return this.tables.pageOfAdmissions(after, limit, fromBatch);
  }

  prune(wallNow: number): void {
    // What a restored database must be told is kept until it was told.
    if (this.disarmed !== null) return;
    this.tables.forgetBefore(wallNow - JOURNAL_MS);
  }

  private keepAct(act: Omit<GuardAct, "actId">): void {
    this.tables.keepAct(act);
    this.keepsActs = true;
  }

  private learn(state: DatabaseState): void {
    if (isBehind(this.marks, state.marks)) {
      this.marks = highest(this.marks, state.marks);
      this.tables.writeState("marks", this.marks);
    }
    if (Object.keys(state.seals).some((id) => !(id in this.seals))) {
      this.seals = withSeals(this.seals, state.seals);
      this.tables.writeState("seals", this.seals);
    }
  }

  private sending(): readonly [Sending, string] {
    if (this.disarmed !== null) return ["disarmed", this.disarmed.reason];
    if (this.stopped !== null) return ["stopped", this.stopped.reason];
    return ["on", ""];
  }
}
