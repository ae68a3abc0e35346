import { and, desc, eq, isNotNull, lt, type SQL } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { broadcasts, renditions } from "../../../platform/db/schema/index.ts";

/** A broadcast that anyone may read. `page` is part of a page, as HTML that was made when it was scheduled, without anything personal. */
export type PublicLetter = Awaited<ReturnType<typeof read>>[number];

/** Nobody sees one before it leaves. */
const isOut = and(eq(broadcasts.isPublic, true), isNotNull(broadcasts.lockedAt));

function read(db: Db, condition: SQL | undefined, limit: number) {
  return db
    .select({
      id: broadcasts.id,
      heading: renditions.heading,
      subject: broadcasts.subject,
      page: renditions.page,
      language: renditions.language,
      at: renditions.createdAt,
    })
    .from(broadcasts)
    .innerJoin(renditions, eq(renditions.id, broadcasts.renditionId))
    .where(and(isOut, condition))
    .orderBy(desc(broadcasts.id))
    .limit(limit);
}

/** Public broadcasts behind `before` (an id), the newest first. */
export function listPublicLetters(db: Db, before: number, limit: number): Promise<PublicLetter[]> {
  return read(db, lt(broadcasts.id, before), limit);
}

/** One of them; null where it isn't public, or hasn't left. */
export async function readPublicLetter(db: Db, id: number): Promise<PublicLetter | null> {
  const [row] = await read(db, eq(broadcasts.id, id), 1);
  return row ?? null;
}
