import { and, desc, gt, lte, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { readerTags, subscribers, tags } from "../../../platform/db/schema/index.ts";
import type { Filter } from "../filter.ts";
import { segmentOf } from "../segment.ts";
import { listedColumns } from "./find-people.ts";
import { isIn } from "./segment.ts";

/** So many people are looked through for a page of a list that nothing leads to by itself. */
const LOOKED_THROUGH = 250;

/** Condition on subscribers: what a filter is true of. */
export function matches(filter: Filter): SQL {
  // None of its conditions asks for a time or for letters.
  return isIn(segmentOf(filter), { now: 0, timeZone: "UTC", kinds: { theme: "", broadcast: "" } });
}

/** Who may match at all, the newest first: those with the tag, those in the state, or everyone. */
function candidates({ state, tag }: Filter, before: number, limit: number): SQL {
  if (tag !== null)
    return sql`select ${readerTags.subscriberId} from ${readerTags} where ${readerTags.tagId} = (select ${tags.id} from ${tags}
      where ${tags.name} = ${tag}) and ${readerTags.subscriberId} < ${before} order by ${readerTags.subscriberId} desc limit ${limit}`;
  const inState = state === null ? sql`` : sql`and ${subscribers.state} = ${state}`;
  return sql`select ${subscribers.id} from ${subscribers} where ${subscribers.id} < ${before} ${inState}
    order by ${subscribers.id} desc limit ${limit}`;
}

/**
 * People behind `before` (an id) that a filter is true of, the newest first, at most `limit`; `next` is where to go on, null at the end. However
 * few match, it looks at some hundred people at most: then there may be none of them on this page, and more behind it.
 */
export async function listFiltered(
  db: Db,
  filter: Filter,
  { before, limit }: { readonly before: number; readonly limit: number },
) {
  const isSimple = filter.sequence === null && filter.source === null && filter.tag === null;
  const most = isSimple ? limit + 1 : LOOKED_THROUGH;
  const looked = await db
    .select({ ...listedColumns, isMatch: sql<0 | 1>`(${matches(filter)})`.as("is_match") })
    .from(subscribers)
    .where(sql`${subscribers.id} in (${candidates(filter, before, most)})`)
    .orderBy(desc(subscribers.id));
  const found = looked.filter(({ isMatch }) => isMatch === 1);
  const people = found.slice(0, limit);
  const lastLooked = looked.length === most ? (looked.at(-1)?.id ?? null) : null;
  return { people, next: found.length > limit ? (people.at(-1)?.id ?? null) : lastLooked };
}

/** The ids of people behind `after` and up to `upTo` that a filter is true of, for a step of long work. */
export async function idsBetween(
  db: Db,
  filter: Filter,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<number[]> {
  const rows = await db
    .select({ id: subscribers.id })
    .from(subscribers)
    .where(and(gt(subscribers.id, after), lte(subscribers.id, upTo), matches(filter)));
  return rows.map(({ id }) => id);
}

/** The id of whoever signed up last; 0 for nobody. */
export async function lastPersonId(db: Db): Promise<number> {
  const [row] = await db
    .select({ id: sql<number | null>`max(${subscribers.id})`.as("id") })
    .from(subscribers);
  return row?.id ?? 0;
}
