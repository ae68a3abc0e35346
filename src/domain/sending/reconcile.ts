import { HOUR_MS, WEEK_MS } from "../../platform/calendar/durations.ts";
import { logEvent } from "../../platform/log/log-event.ts";
import type { ListedEmail } from "../../platform/providers/mail-provider.ts";
import type { Language } from "../../platform/texts/languages.ts";
import { familyOfAddress } from "../counts/mailbox-family.ts";
import { LATE_AFTER_MS } from "../ledger/late-after.ts";
import { readCopies } from "../ledger/queries/copies.ts";
import { acceptFound, freeUnsent, readTaken, readUncertain } from "../ledger/queries/uncertain.ts";
import { greetingFor } from "../letters/greeting.ts";
import type { Services } from "../services.ts";
import { enqueueBatches, intoBatches } from "./into-batches.ts";
import { CLOCK_MARGIN_MS, judgeList, type Sought, type Walked } from "./judge-list.ts";
import { compileRendition, mergeLetter } from "./merge.ts";

/** A letter that isn't a theme comes again by itself within this after its slot, as long as the link of a confirmation works. */
const COMES_AGAIN_MS = WEEK_MS;

const EMAILS_A_PAGE = 100;
/** For so long after the provider answered again its list may still lack what it took. */
const SETTLED_AFTER_MS = HOUR_MS;
/** For so long after the provider answered again its list may be walked far, to prove what wasn't sent. */
const WALKED_FOR_MS = 25 * SETTLED_AFTER_MS;

/** What the provider's list said: how many letters it has, and how many it proved not to have been sent. */
export type Reconciled = { readonly found: number; readonly unsent: number };

/**
 * Asks the provider's list for uncertain letters: the given ones, or those that became uncertain since `since`; at most 1,000 a call. What is
 * found becomes accepted. What is proven not to have been sent (judge-list.ts) is free: its theme comes in the next slot, other letters
 * come again at once. All else stays uncertain. `pages` of the list (100 emails each) are read at most; `pagesToProve`, where they may prove something.
 */
export async function reconcileUncertain(
  deps: Services,
  which: {
    readonly ids: readonly number[] | null;
    readonly since: number;
    readonly pages: number;
    readonly pagesToProve: number;
  },
): Promise<Reconciled> {
  const rows = await readUncertain(deps.db, deps.kinds, { ...which, lateAfterMs: LATE_AFTER_MS });
  const letters = rows.map(({ isTraced, ...row }): Sought & { readonly kind: string } => ({
    ...row,
    subject: subjectOf(row),
    foundBySubject: deps.kinds.of(row.kind).foundBySubject,
    isTraced: isTraced === 1 && row.address !== "",
  }));
  if (letters.length === 0) return { found: 0, unsent: 0 };
  const wallNow = deps.wallNow();
  const traced = rows.filter((row, index) => letters[index]?.isTraced && row.answeredAt !== null);
  const isRipe = traced.some(({ answeredAt }) => {
    const sinceMs = wallNow - (answeredAt ?? wallNow);
    return sinceMs >= SETTLED_AFTER_MS && sinceMs <= WALKED_FOR_MS;
  });
  const pages = isRipe ? which.pagesToProve : which.pages;
  const known =
    traced.length === 0
      ? null
      : await readTaken(deps.db, {
          from: Math.min(...traced.map(({ from }) => from)),
          until: wallNow - SETTLED_AFTER_MS,
          marginMs: CLOCK_MARGIN_MS,
          limit: pages * EMAILS_A_PAGE,
        });
  const walked = await walkList(deps, { letters, known }, pages);
  const { found, unsent } = judgeList({ letters, known }, walked);
  const addresses = new Map(letters.map(({ id, address }) => [id, address]));
  const taken = found.map((each) => ({ ...each, family: familyOfAddress(addresses.get(each.id) ?? "") }));
  const accepted = taken.length === 0 ? 0 : await acceptFound(deps.db, deps.kinds, taken, deps);
  const freed = unsent.length === 0 ? 0 : await free(deps, unsent, rows);
  if (accepted + freed > 0)
    logEvent("letters.reconciled", { asked: letters.length, found: accepted, unsent: freed });
  return { found: accepted, unsent: freed };
}

/**
 * Walks the list from its newest entry until it's past all letters and has come by all that are known, a page in each place of the
 * provider's rate. A page that can't be read ends it.
 */
async function walkList(
  deps: Services,
  asked: { readonly letters: readonly Sought[]; readonly known: ReadonlySet<string> | null },
  pages: number,
): Promise<Walked> {
  const addresses = new Set(asked.letters.map(({ address }) => address.toLowerCase()));
  const open = new Set(asked.known);
  const end = Math.min(...asked.letters.map(({ from }) => from)) - CLOCK_MARGIN_MS;
  const emails: ListedEmail[] = [];
  let reachedAt = Number.POSITIVE_INFINITY;
  let after: string | null = null;
  for (let n = 0; n < pages && (reachedAt >= end || open.size > 0); n += 1) {
    if (!(await waitForPlace(deps))) break;
    const page = await deps.provider.listSent(after);
    if (page === null) break;
    for (const email of page.emails) {
      reachedAt = Math.min(reachedAt, email.at);
      const isOurs = asked.known?.has(email.id) === true;
      open.delete(email.id);
      if (isOurs || email.to.some((to) => addresses.has(to.toLowerCase()))) emails.push(email);
    }
    after = page.next;
    if (after === null) break;
  }
  return { emails, reachedAt };
}

/** Whether the provider may be called now; waits for a place in its rate. */
async function waitForPlace({ guard, provider, wait, wallNow }: Services): Promise<boolean> {
  const asking = { lane: "letters", rateLimited: provider.rateLimited, wanted: 1 } as const;
  const { reservation } = await guard.reserve({ ...asking, again: false, answered: [] }, wallNow());
  if (reservation.kind === "later") return false;
  const [waitMs = 0] = reservation.waitsMs;
  if (waitMs > 0) await wait(waitMs);
  return true;
}

async function free(
  deps: Services,
  unsent: readonly number[],
  rows: ReadonlyArray<{ readonly id: number; readonly kind: string; readonly slotAt: number }>,
): Promise<number> {
  const ids = new Set(unsent);
  const again = rows.filter(
    ({ id, kind, slotAt }) =>
      ids.has(id) && !deps.kinds.of(kind).skipFreesItem && slotAt > deps.now - COMES_AGAIN_MS,
  );
  const copies = await readCopies(
    deps.db,
    again.map(({ id }) => id),
  );
  const when = { now: deps.now, wallNow: deps.wallNow(), by: deps.by };
  const { freed, batches } = await freeUnsent(
    deps.db,
    deps.kinds,
    { ids: unsent, again: intoBatches(deps, copies) },
    when,
  );
  await enqueueBatches(deps, batches);
  return freed;
}

/** A subject may hold the greeting; anything else in it would not have been sent. */
function subjectOf(letter: {
  readonly subject: string;
  readonly firstName: string;
  readonly language: Language;
}): string {
  const { subject, language } = letter;
  const rendition = compileRendition({
    id: 0,
    subject,
    html: "",
    text: "",
    language,
    fromName: "",
    replyTo: "",
  });
  const greeting = greetingFor(letter.firstName, language);
  const merged = mergeLetter(rendition, { greeting });
  return merged.kind === "merged" ? merged.subject : letter.subject;
}
