import { and, asc, eq, isNull, type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { deskLinks, deskPeople, deskSessions } from "../../../platform/db/schema/index.ts";
import { insertFrom, onConflict } from "../../../platform/db/write.ts";
import type { Doer } from "../../acts/act.ts";
import { acted, recordAct } from "../../acts/queries/acts.ts";
import type { DeskPerson, Role } from "../may.ts";

const isThere = isNull(deskPeople.removedAt);
const columns = { personId: deskPeople.id, address: deskPeople.address, role: deskPeople.role };

/** Whether anyone is at the desk: without, there is no desk. */
export async function isDeskOpen(db: Db): Promise<boolean> {
  return (await db.$count(deskPeople, isThere)) > 0;
}

/** Everyone at the desk, by address, with when they came. */
export function listDesk(db: Db) {
  return db
    .select({ ...columns, createdAt: deskPeople.createdAt })
    .from(deskPeople)
    .where(isThere)
    .orderBy(asc(deskPeople.address));
}

/** Who has this address, in lower case; null for nobody at the desk. */
export async function readAtDesk(db: Db, address: string): Promise<DeskPerson | null> {
  const [row] = await db
    .select(columns)
    .from(deskPeople)
    .where(and(eq(deskPeople.address, address), isThere));
  return row ?? null;
}

/** Condition: someone besides this person is an owner. */
const anotherOwner = (personId: SQL | number) =>
  sql`exists (select 1 from ${deskPeople} where ${deskPeople.role} = 'owner' and ${isThere}
    and ${deskPeople.id} is not ${personId})`;

/**
 * Gives someone a place at the desk, or another role, with the act. Another role ends their sessions and links. `same` where they have that role
 * already; `last_owner`, with nothing changed, where there'd be no owner any more.
 */
export async function addToDesk(
  db: Db,
  person: { readonly address: string; readonly role: Role; readonly now: number; readonly by: Doer },
): Promise<"added" | "same" | "last_owner"> {
  const { address, role, now, by } = person;
  const theirs = sql`(select ${deskPeople.id} from ${deskPeople} where ${deskPeople.address} = ${address})`;
  const isOwner = sql`exists (select 1 from ${deskPeople} where ${deskPeople.address} = ${address} and ${deskPeople.role} = 'owner'
    and ${isThere})`;
  const same = sql`exists (select 1 from ${deskPeople} where ${deskPeople.address} = ${address} and ${deskPeople.role} = ${role}
    and ${isThere})`;
  const mine = acted(by, "add_to_desk");
  const { made, now: after } = await batch(db, {
    made: insertFrom(
      deskPeople,
      { address, role, createdAt: now },
      sql`where not ${same} and (not ${isOwner} or ${anotherOwner(theirs)})
        ${onConflict(deskPeople, ["address"], { take: ["role"], set: { removedAt: null } })}`,
    ),
    act: recordAct(
      by,
      {
        at: now,
        verb: "add_to_desk",
        object: "desk",
        changed: sql`json_object('person', ${theirs}, 'role', ${role})`,
      },
      sql`changes() > 0`,
    ),
    sessions: db.delete(deskSessions).where(and(sql`${deskSessions.personId} = ${theirs}`, mine)),
    links: db.delete(deskLinks).where(and(sql`${deskLinks.personId} = ${theirs}`, mine)),
    now: db.select({ role: deskPeople.role }).from(deskPeople).where(eq(deskPeople.address, address)),
  });
  if (made.changes > 0) return "added";
  return after[0]?.role === role ? "same" : "last_owner";
}

/** Takes someone's place at the desk, and ends their sessions and links, with the act. False where they have none, or are the last owner. */
export async function removeFromDesk(
  db: Db,
  { personId, now, by }: { readonly personId: number; readonly now: number; readonly by: Doer },
): Promise<boolean> {
  const { removed } = await batch(db, {
    removed: db
      .update(deskPeople)
      .set({ removedAt: now })
      .where(and(eq(deskPeople.id, personId), isThere, anotherOwner(personId)))
      .returning({ id: deskPeople.id }),
    act: recordAct(
      by,
      { at: now, verb: "remove_from_desk", object: "desk", changed: { person: personId } },
      sql`changes() > 0`,
    ),
    sessions: db
      .delete(deskSessions)
      .where(and(eq(deskSessions.personId, personId), acted(by, "remove_from_desk"))),
    links: db.delete(deskLinks).where(and(eq(deskLinks.personId, personId), acted(by, "remove_from_desk"))),
  });
  return removed.length > 0;
}
