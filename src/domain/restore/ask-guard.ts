import { readMarks, rememberJournal, writeGuardName } from "../../platform/db/read-marks.ts";
import type { Check } from "../../platform/guard/guard-port.ts";
import {
  type DatabaseState,
  databaseState,
  isBehind,
  isResealed,
  SEALS_KEPT,
} from "../../platform/guard/marks.ts";
import { logEvent } from "../../platform/log/log-event.ts";
import { raiseAlert } from "../../platform/log/queries.ts";
import type { Services } from "../services.ts";
import { replayOptOuts } from "./replay-opt-outs.ts";

const READINGS_MAX = 5;
const JOURNAL_PAGE = 200;

/** Whether a call may be made now; if not, why, and what the letters are held for when their 48 hours end. */
export type Permission =
  | { readonly kind: "granted" }
  | {
      readonly kind: "withheld";
      readonly why:
        | "stopped"
        | "disarmed"
        | "run_stopped"
        | "wrong_suppression_key"
        | "opt_outs_missing"
        | "outage"
        | "quota";
    };

/** What the Guard said: whether mail may leave, and up to which product time slots lie in a lost time. */
export type GuardWord = {
  readonly permission: Permission;
  readonly lostUntil: number;
  /** The provider's rate, as far as it's known. */
  readonly limitPerSecond: number | null;
  /** Whether the Guard keeps acts that the database may not have yet. */
  readonly acts: boolean;
  /** After how long each of the next calls may be made; only `admit` gives any. */
  readonly nextWaitsMs: readonly number[];
  /** After how long to try again, where the provider doesn't answer. */
  readonly outageMs: number | null;
};

/**
 * Asks the Guard (`ask` is its `check` or `admit`). Where the database seems behind, it is read again: the Guard's marks, and
 * the state, were read from it before, so what is then still behind was restored, and sending is disarmed until the owner re-arms.
 * Where it lacks opt-outs, they are applied; whoever has read already who may be mailed must do so
 * again where one of theirs is among them (`memberHashes`; null where nobody was read).
 */
export async function askGuard(
  deps: Pick<Services, "db" | "guard" | "now" | "wallNow">,
  state: DatabaseState,
  ask: (state: DatabaseState) => Promise<Check>,
  memberHashes: ReadonlySet<string> | null,
): Promise<GuardWord> {
  let current = state;
  for (let readings = 0; readings < READINGS_MAX; readings += 1) {
    const check = await ask(current);
    if (check.kind === "forgetful") {
      if (memberHashes !== null && check.whose?.some((hash) => memberHashes.has(hash)) === false) {
        // Someone else's opt-out is being written at this moment, or will be learnt by the next tick.
        current = { ...current, journalSeen: check.lastEntry };
        continue;
      }
      await learnOptOuts(deps, check.journalSeen);
      // The last entries may have been forgotten since: known is known.
      await rememberJournal(deps.db, { before: check.journalSeen, last: check.lastEntry });
      if (memberHashes !== null) return word({ kind: "withheld", why: "opt_outs_missing" }, {});
      current = databaseState(await readMarks(deps.db, SEALS_KEPT));
      continue;
    }
    if (check.kind === "current") {
      if (current.guardName === null) await writeGuardName(deps.db, check.guardName, false);
      return word(permissionOf(check), check);
    }
    const before = current;
    // With every seal that can be known: fewer would hide the one that gave the restore away.
    current = databaseState(await readMarks(deps.db, SEALS_KEPT));
    const foreign = current.guardName !== null && current.guardName !== check.guardName;
    // Also where it has lost what was read here, which the Guard may never have seen.
    const lost = isBehind(current.marks, before.marks) || isResealed(current.seals, before.seals);
    const older = isBehind(current.marks, check.known) || isResealed(current.seals, check.seals);
    if (foreign || older || lost) {
      const reason = foreign ? "database_of_another_installation" : "database_restored";
      await deps.guard.disarm(current.marks, reason, deps.wallNow(), deps.now);
      logEvent("guard.disarmed", { reason });
      await raiseAlert(deps.db, { name: "guard.disarmed", detail: reason, now: deps.now });
      return word({ kind: "withheld", why: "disarmed" }, { lostUntil: deps.now, acts: true });
    }
  }
  throw new Error("the database grew under five readings in a row");
}

function word(
  permission: Permission,
  {
    lostUntil = 0,
    limitPerSecond = null,
    acts = false,
    nextWaitsMs = [],
    outageMs = null,
  }: Partial<GuardWord>,
): GuardWord {
  return { permission, lostUntil, limitPerSecond, acts, nextWaitsMs, outageMs };
}

/** Applies opt-outs that the Guard knows and the database does not: an act cut short, or a restore too small to be seen. */
async function learnOptOuts(
  { db, guard, wallNow }: Pick<Services, "db" | "guard" | "wallNow">,
  journalSeen: number,
): Promise<void> {
  for (let after = journalSeen; ; ) {
    const page = await guard.readJournal(after, JOURNAL_PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    await replayOptOuts(db, page, {
      wallNow: wallNow(),
      journaled: { before: after, last: last.entryId },
    });
    after = last.entryId;
  }
}

function permissionOf(check: Extract<Check, { kind: "current" }>): Permission {
  switch (check.sending) {
    case "on":
      return check.outageMs === null ? { kind: "granted" } : { kind: "withheld", why: "outage" };
    case "stopped":
    case "disarmed":
      return { kind: "withheld", why: check.sending };
  }
}
