import { logEvent } from "../../platform/log/log-event.ts";
import { LATE_AFTER_MS } from "../ledger/late-after.ts";
import { acceptFound, readUncertain } from "../ledger/queries/uncertain.ts";
import { greetingFor } from "../letters/greeting.ts";
import type { Services } from "../services.ts";
import { compileRendition, mergeLetter } from "./merge.ts";

/** The provider's clock and ours may differ by this much. */
const CLOCK_MARGIN_MS = 5 * 60_000;

/**
 * Asks the provider which uncertain letters it has: the given ones, or those that became uncertain since `since`; at most
 * 100 letters and `pages` pages a call. What is found becomes accepted; what is not stays uncertain, because a list that ends
 * proves nothing. Returns how many were found.
 */
export async function reconcileUncertain(
  deps: Services,
  which: { readonly ids: readonly number[] | null; readonly since: number; readonly pages: number },
): Promise<number> {
  const letters = await readUncertain(deps.db, deps.kinds, { ...which, lateAfterMs: LATE_AFTER_MS });
  if (letters.length === 0) return 0;
  const found = await deps.provider.findLost(
    letters.map((letter) => ({
      id: letter.id,
      to: letter.address,
      subject: subjectOf(letter),
      from: letter.from - CLOCK_MARGIN_MS,
      until: letter.until + CLOCK_MARGIN_MS,
    })),
    which.pages,
  );
  if (found.length === 0) return 0;
  const accepted = await acceptFound(deps.db, deps.kinds, found, { now: deps.now, by: deps.by });
  logEvent("letters.reconciled", { asked: letters.length, found: accepted });
  return accepted;
}

/** A subject may hold the greeting; anything else in it would not have been sent. */
function subjectOf(letter: { readonly subject: string; readonly firstName: string }): string {
  const rendition = compileRendition({ id: 0, subject: letter.subject, html: "", text: "" });
  const greeting = greetingFor(letter.firstName);
  const merged = mergeLetter(rendition, { greeting });
  return merged.kind === "merged" ? merged.subject : letter.subject;
}
