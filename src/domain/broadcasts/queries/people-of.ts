import { and, desc, eq, gt, lt } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { deliveries, subscribers } from "../../../platform/db/schema/index.ts";
import { lastPersonId, listedColumns } from "../../people/queries/find-people.ts";
import { broadcast as kind } from "../broadcast-kind.ts";

/** So many people are looked at in a statement, and so many statements are made for a page. */
const PART = 5000;
const PARTS = 10;

/** One of a broadcast's numbers: how its deliveries stand, and why; null for whatever reason. */
export type Standing = {
  readonly state: (typeof deliveries.$inferSelect)["state"];
  readonly reason: string | null;
};

/**
 * The people of a broadcast who stand like this, before `before` (an id, null for the beginning), the newest first, at most `limit`; `next` is where to go on, null at the
 * end. Looks at 50,000 people at most: where few stand like this, there may be none on a page, and more behind it.
 */
export async function listPeopleOf(
  db: Db,
  broadcastId: number,
  { state, reason }: Standing,
  { before, limit }: { readonly before: number | null; readonly limit: number },
) {
  const found: Awaited<ReturnType<typeof readPart>> = [];
  let end = before ?? (await lastPersonId(db)) + 1;
  for (let parts = 0; parts < PARTS && end > 1 && found.length <= limit; parts += 1) {
    const after = Math.max(0, end - 1 - PART);
    const most = limit + 1 - found.length;
    found.push(...(await readPart(db, broadcastId, { state, reason }, { after, end, most })));
    end = after + 1;
  }
  const people = found.slice(0, limit);
  return { people, next: found.length > limit ? (people.at(-1)?.id ?? null) : end > 1 ? end : null };
}

function readPart(
  db: Db,
  broadcastId: number,
  { state, reason }: Standing,
  { after, end, most }: { readonly after: number; readonly end: number; readonly most: number },
) {
  return db
    .select({ ...listedColumns, reason: deliveries.reason })
    .from(subscribers)
    .innerJoin(
      deliveries,
      and(
        eq(deliveries.kind, kind.name),
        eq(deliveries.anchor, subscribers.id),
        eq(deliveries.round, 0),
        eq(deliveries.item, broadcastId),
        eq(deliveries.copy, 0),
      ),
    )
    .where(
      and(
        gt(subscribers.id, after),
        lt(subscribers.id, end),
        eq(deliveries.state, state),
        reason === null ? undefined : eq(deliveries.reason, reason),
      ),
    )
    .orderBy(desc(subscribers.id))
    .limit(most);
}
