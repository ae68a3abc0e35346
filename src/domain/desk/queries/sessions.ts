import { and, desc, eq, gt, isNull, lt, or, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { deskLinks, deskPeople, deskSessions } from "../../../platform/db/schema/index.ts";
import { insertFrom } from "../../../platform/db/write.ts";
import type { Doer } from "../../acts/act.ts";
import { acted, recordAct } from "../../acts/queries/acts.ts";
import type { DeskPerson } from "../may.ts";
import { FRESH_MS, SESSION_IDLE_MS, SESSION_LIFE_MS } from "../session.ts";

const isThere = isNull(deskPeople.removedAt);
const { createdAt, lastUsedAt } = deskSessions;

type At = { readonly now: number; readonly wallNow: number; readonly by: Doer };

/** Makes a link into the desk for someone, with the act; returns its id, or null where they aren't at the desk. */
export async function makeDeskLink(db: Db, link: At & { readonly address: string }): Promise<number | null> {
  const { address, now, wallNow, by } = link;
  const { made } = await batch(db, {
    made: insertFrom(
      deskLinks,
      { personId: deskPeople.id, createdAt: wallNow },
      sql`from ${deskPeople} where ${deskPeople.address} = ${address} and ${isThere}`,
    ).returning({ id: deskLinks.id }),
    act: recordAct(
      by,
      {
        at: now,
        verb: "make_desk_link",
        object: "desk",
        changed: sql`json_object('person', (select ${deskLinks.personId} from ${deskLinks} where ${deskLinks.id} = last_insert_rowid()))`,
      },
      sql`changes() > 0`,
    ),
  });
  return made[0]?.id ?? null;
}

/** Opens a session by a link that wasn't used and is no older than ten minutes, with the act; false where it's none. Once, however often. */
export async function openSession(
  db: Db,
  session: At & { readonly linkId: number; readonly idHash: string },
): Promise<boolean> {
  const { linkId, idHash, now, wallNow, by } = session;
  const isMine = eq(deskLinks.sessionHash, idHash);
  const { used } = await batch(db, {
    used: db
      .update(deskLinks)
      .set({ sessionHash: idHash })
      .where(
        and(
          eq(deskLinks.id, linkId),
          isNull(deskLinks.sessionHash),
          gt(deskLinks.createdAt, wallNow - FRESH_MS),
          sql`exists (select 1 from ${deskPeople} where ${deskPeople.id} = ${deskLinks.personId} and ${isThere})`,
        ),
      )
      .returning({ personId: deskLinks.personId }),
    made: insertFrom(
      deskSessions,
      { idHash, personId: deskLinks.personId, createdAt: wallNow, lastUsedAt: wallNow },
      sql`from ${deskLinks} where ${isMine} and not exists (select 1 from ${deskSessions} where ${deskSessions.idHash} = ${idHash})`,
    ),
    act: recordAct(
      by,
      {
        at: now,
        verb: "sign_in",
        object: "desk",
        changed: sql`json_object('person', (select ${deskSessions.personId} from ${deskSessions} where ${deskSessions.idHash} = ${idHash}))`,
      },
      sql`changes() > 0`,
    ),
    // Links that were used or are too old open nothing any more.
    forgotten: db.delete(deskLinks).where(or(isMine, lt(deskLinks.createdAt, wallNow - FRESH_MS))),
    ended: db
      .delete(deskSessions)
      .where(or(lt(createdAt, wallNow - SESSION_LIFE_MS), lt(lastUsedAt, wallNow - SESSION_IDLE_MS))),
  });
  return used.length > 0;
}

/** Whose session this is, and since when; null for none of anyone who is at the desk. */
export async function readSession(
  db: Db,
  idHash: string,
): Promise<(DeskPerson & { readonly createdAt: number; readonly lastUsedAt: number }) | null> {
  const [row] = await db
    .select({
      personId: deskPeople.id,
      address: deskPeople.address,
      role: deskPeople.role,
      createdAt,
      lastUsedAt,
    })
    .from(deskSessions)
    .innerJoin(deskPeople, and(eq(deskPeople.id, deskSessions.personId), isThere))
    .where(eq(deskSessions.idHash, idHash));
  return row ?? null;
}

/** Notes that a session is in use. */
export async function noteUse(db: Db, idHash: string, wallNow: number): Promise<void> {
  await db.update(deskSessions).set({ lastUsedAt: wallNow }).where(eq(deskSessions.idHash, idHash));
}

/** The open sessions of someone at the desk, the one used last first. */
export function listSessions(db: Db, personId: number) {
  return db
    .select({ idHash: deskSessions.idHash, createdAt, lastUsedAt })
    .from(deskSessions)
    .where(eq(deskSessions.personId, personId))
    .orderBy(desc(lastUsedAt));
}

/** Ends sessions of someone at the desk, with the act: all of them, or one. Returns how many. */
export async function endSessions(
  db: Db,
  which: Omit<At, "wallNow"> & { readonly personId: number; readonly idHash: string | null },
): Promise<number> {
  const { personId, idHash, now, by } = which;
  const theirs = and(
    eq(deskSessions.personId, personId),
    idHash === null ? undefined : eq(deskSessions.idHash, idHash),
  );
  const { ended } = await batch(db, {
    act: recordAct(
      by,
      { at: now, verb: "end_sessions", object: "desk", changed: { person: personId } },
      sql`exists (select 1 from ${deskSessions} where ${theirs})`,
    ),
    ended: db
      .delete(deskSessions)
      .where(and(theirs, acted(by, "end_sessions")))
      .returning({ idHash: deskSessions.idHash }),
  });
  return ended.length;
}
