import type { Db } from "../../platform/db/client.ts";
import { listWhere } from "../people/queries/find-people.ts";
import { type Asked, partStart } from "./queries/compile.ts";
import type { Segment } from "./segment.ts";
import { whoIsIn } from "./who-is-in.ts";

/** So many people are looked through for a page of a list that nothing leads to by itself. */
const LOOKED_THROUGH = 250;

/**
 * People before `before` (an id) that a segment is true of, the newest first, at most `limit`; `next` is where to go on, null at the end. However
 * few match, it looks at some hundred people at most: then there may be none of them on this page, and more behind it.
 */
export async function listPeople(
  db: Db,
  segment: Segment,
  asked: Asked,
  { before, limit }: { readonly before: number; readonly limit: number },
) {
  const from = await partStart(db, segment, before, LOOKED_THROUGH);
  const isIn = await whoIsIn(db, segment, asked, { after: (from ?? 1) - 1, upTo: before - 1 });
  const found = await listWhere(db, isIn, limit + 1);
  const people = found.slice(0, limit);
  const goesOn = from === null || from <= 1 ? null : from;
  return { people, next: found.length > limit ? (people.at(-1)?.id ?? null) : goesOn };
}
