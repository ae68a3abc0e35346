import { and, desc, eq, inArray, lt, type SQL } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { broadcasts, renditions, runs } from "../../../platform/db/schema/index.ts";

/** A broadcast that anyone may read. `page` is part of a page, as HTML that was made when it was scheduled, without anything personal. */
export type PublicLetter = Awaited<ReturnType<typeof read>>[number];

/** Nobody sees one before it leaves, or that was stopped or held on its way. */
const isOut = and(eq(broadcasts.isPublic, true), inArray(broadcasts.state, ["sending", "done"]));

function read(db: Db, condition: SQL | undefined, limit: number) {
  return db
    .select({
      id: broadcasts.id,
      heading: renditions.heading,
      subject: broadcasts.subject,
      page: renditions.page,
      language: renditions.language,
      /** When it left. */
      at: runs.at,
    })
    .from(broadcasts)
    .innerJoin(renditions, eq(renditions.id, broadcasts.renditionId))
    .innerJoin(runs, eq(runs.id, broadcasts.runId))
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

/** The ids of the newest of them. */
export async function listPublicIds(db: Db, limit: number): Promise<number[]> {
  const rows = await db
    .select({ id: broadcasts.id })
    .from(broadcasts)
    .where(isOut)
    .orderBy(desc(broadcasts.id))
    .limit(limit);
  return rows.map(({ id }) => id);
}
