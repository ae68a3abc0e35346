import { readMarks, rememberJournal, skipIds, writeGuardName } from "../../platform/db/read-marks.ts";
import { databaseState, isBehind } from "../../platform/guard/marks.ts";
import { logEvent } from "../../platform/log/log-event.ts";
import { copyGuardActs, tellLater } from "../acts/guard-acts.ts";
import { recordIntent } from "../acts/queries/acts.ts";
import { holdBroadcasts } from "../broadcasts/hold-broadcasts.ts";
import { restoreAdmissions } from "../ledger/queries/restore.ts";
import { firstOpenBatch } from "../ledger/queries/sweep.ts";
import { replayOptOuts } from "../restore/replay-opt-outs.ts";
import type { Services } from "../services.ts";
import { forgetRenditions } from "./compose-call.ts";

const JOURNAL_PAGE = 1000;
/** More batches than could be made between a restore and its discovery; every tick and every call looks. */
const UNNOTICED_BATCHES = 1000;

/** A page is one parameter, and one may have 2 MB (developers.cloudflare.com/d1/platform/limits). */
const ADMISSIONS_PAGE = 100;

/** What re-arming did; null where the Guard was armed. */
export type ReArmed = { readonly optOuts: number; readonly letters: number };

/**
 * Makes a restored database safe to send from, and arms the Guard: ids that the lost time gave away are skipped for ever,
 * its opt-outs are replayed, and every letter that it may have sent is entered as uncertain, so that nobody gets it twice.
 * Slots that lie in the lost time pass as `restored` when the ticks come to them. Safe to repeat after a crash: the Guard is
 * armed last. Throws where the database was restored once more meanwhile: then it's to be done again.
 */
export async function reArm(deps: Services): Promise<ReArmed | null> {
  const { db, guard } = deps;
  const status = await guard.status();
  if (status.restoredTo === null) return null;
  const { by, now } = deps;
  await recordIntent(db, by, { at: now, verb: "re_arm", object: "sending", changed: {} });
  await skipIds(db, status.marks);
  let optOuts = 0;
  for (let after = 0; ; ) {
    const page = await guard.readJournal(after, JOURNAL_PAGE);
    const last = page.at(-1);
    if (last === undefined) break;
    await replayOptOuts(db, page, {
      wallNow: deps.wallNow(),
      journaled: { before: after, last: last.entryId },
    });
    after = last.entryId;
    optOuts += page.length;
  }
  const open = await firstOpenBatch(db);
  const fromBatch = Math.min(open, (status.restoredTo.batches ?? 0) - UNNOTICED_BATCHES);
  let letters = 0;
  for (let after = 0; ; ) {
    const page = await guard.readAdmissions(after, ADMISSIONS_PAGE, fromBatch);
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.admissionId;
    letters += await restoreAdmissions(
      db,
      deps.kinds,
      page.flatMap(({ members }) => members),
      now,
    );
  }
  await holdBroadcasts(deps);
  forgetRenditions();
  await rememberJournal(db, { before: 0, last: status.lastJournalEntry });
  await writeGuardName(db, status.guardName, true);
  // Only after all of the above may the marks be called caught up, and a backup from before all of it must be seen to be one.
  const caughtUp = databaseState(await readMarks(db));
  if (isBehind(caughtUp.marks, status.marks)) throw restoredAgain();
  await skipIds(db, { attempts: (caughtUp.marks.attempts ?? 0) + 1 });
  const state = databaseState(await readMarks(db));
  if (isBehind(state.marks, caughtUp.marks)) throw restoredAgain();
  await guard.arm(state, { ...by, at: now });
  await copyGuardActs(deps).catch(tellLater);
  logEvent("guard.armed", { optOuts, letters });
  return { optOuts, letters };
}

function restoredAgain(): Error {
  return new Error("the database was restored again while it was re-armed");
}
