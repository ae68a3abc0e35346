import type { ListedEmail } from "../../platform/providers/mail-provider.ts";
import type { Taken } from "../ledger/settled.ts";

/** The provider's clock and ours may differ by this much, and a call takes a while. */
export const CLOCK_MARGIN_MS = 5 * 60_000;

/** An uncertain letter that is looked for. Instants are epoch ms of real time. */
export type Sought = {
  readonly id: number;
  readonly address: string;
  readonly subject: string;
  /** Whether the list can tell it from others to the same address. */
  readonly foundBySubject: boolean;
  /** When its first and last attempt began; where that isn't known, between when it could have left. */
  readonly from: number;
  readonly until: number;
  /** Whether all its attempts are known: only then its absence can prove something. */
  readonly isTraced: boolean;
};

/**
 * What a walk of the provider's list, newest first, came by: all entries to those sought and all that are known, and the instant of the
 * oldest entry of all. Without a single entry that's Infinity.
 */
export type Walked = { readonly emails: readonly ListedEmail[]; readonly reachedAt: number };

/**
 * What the provider's list says of uncertain letters: those that it has, and those that it proves unsent. `known` are the ids of our letters
 * that the walk should have come by: from the last one accepted before the first attempt of any, to those of an hour ago, because a list
 * may lack what's newer; null where they aren't known.
 *
 * Only under all of these conditions a letter's absence proves that it wasn't sent (DESIGN section 5):
 * - the provider has answered again for an hour: a known entry is of after its last attempt, and what a call may take;
 * - the walk went on past an entry older than its first attempt less five minutes;
 * - it came by every known letter, one of before the first attempt among them;
 * - it saw no entry to that address since then, but those of known letters.
 */
export function judgeList(
  asked: {
    readonly letters: readonly Sought[];
    readonly known: ReadonlySet<string> | null;
  },
  walked: Walked,
): { readonly found: readonly Taken[]; readonly unsent: readonly number[] } {
  const { letters, known } = asked;
  const found = findBySubject(letters, walked.emails, known);
  const isFound = new Set(found.map(({ id }) => id));
  const ours = walked.emails.filter(({ id }) => known?.has(id));
  if (known === null || new Set(ours.map(({ id }) => id)).size < known.size) return { found, unsent: [] };
  const strangers = latestByAddress(walked.emails.filter(({ id }) => !known.has(id)));
  const times = ours.map(({ at }) => at).sort((a, b) => a - b);
  const first = times[0] ?? Number.POSITIVE_INFINITY;
  const last = times.at(-1) ?? Number.NEGATIVE_INFINITY;
  const unsent = letters.filter(({ id, isTraced, address, from, until }) => {
    const start = from - CLOCK_MARGIN_MS;
    const seenLast = strangers.get(address.toLowerCase()) ?? Number.NEGATIVE_INFINITY;
    const isAmongOurs = first < from && last > until + CLOCK_MARGIN_MS;
    return isTraced && !isFound.has(id) && isAmongOurs && walked.reachedAt < start && seenLast < start;
  });
  return { found, unsent: unsent.map(({ id }) => id) };
}

function findBySubject(
  letters: readonly Sought[],
  emails: readonly ListedEmail[],
  known: ReadonlySet<string> | null,
): Taken[] {
  const open = Map.groupBy(
    letters.filter(({ foundBySubject }) => foundBySubject),
    ({ address }) => address.toLowerCase(),
  );
  const found: Taken[] = [];
  for (const email of emails) {
    if (known?.has(email.id)) continue;
    for (const to of email.to) {
      const own = open.get(to.toLowerCase()) ?? [];
      const match = own.find(
        ({ subject, from, until }) =>
          email.subject === subject &&
          email.at >= from - CLOCK_MARGIN_MS &&
          email.at <= until + CLOCK_MARGIN_MS,
      );
      if (match === undefined) continue;
      own.splice(own.indexOf(match), 1);
      found.push({ id: match.id, providerId: email.id });
      break;
    }
  }
  return found;
}

/** The newest entry to each address; of those sent to several, to each of them. */
function latestByAddress(emails: readonly ListedEmail[]): ReadonlyMap<string, number> {
  const latest = new Map<string, number>();
  for (const { to, at } of emails) {
    for (const address of to) {
      const key = address.toLowerCase();
      latest.set(key, Math.max(latest.get(key) ?? at, at));
    }
  }
  return latest;
}
