import { eq, sql } from "drizzle-orm";
import { DAY_MS } from "../../platform/calendar/durations.ts";
import { prepared } from "../../platform/db/prepared.ts";
import { deliveries, deskPeople } from "../../platform/db/schema/index.ts";
import { defineKind } from "../ledger/kind.ts";
import { memberColumns, memberCondition, memberOf, memberValues } from "../ledger/queries/member-rows.ts";

const NAME = "owner_alert";
/** What's older than a day is told by the next one. */
const LATE_AFTER_MS = DAY_MS;

/** Owners who are at the desk, as a number: another one once they aren't. */
const isOwner = sql<number>`(${deskPeople.role} = 'owner' and ${deskPeople.removedAt} is null)`;

const members = prepared(memberValues, (db, of) =>
  db
    .select({
      ...memberColumns,
      address: deskPeople.address,
      standing: sql<number>`${isOwner} + 0`.as("standing"),
    })
    .from(deliveries)
    .innerJoin(deskPeople, eq(deskPeople.id, deliveries.recipientId))
    .where(memberCondition(NAME, of))
    .orderBy(deliveries.place),
);

/** What needs a look, mailed to the owners: it hangs on the one who gets it, and its item is the quarter of an hour in which it was found. */
export const alert = defineKind<Record<string, never>>({
  name: NAME,
  title: "data.kind.notice",
  lane: "confirmations",
  lateAfterMs: LATE_AFTER_MS,
  skipFreesItem: true,
  foundBySubject: false,
  leaving: () => ({ stops: "nothing" }),
  itemName: () => sql`null`,
  mailbox: (recipient) => ({
    address: sql`(select ${deskPeople.address} from ${deskPeople} where ${deskPeople.id} = ${recipient})`,
    firstName: sql`''`,
  }),
  standing: (recipient) =>
    sql`(select ${isOwner} + 0 from ${deskPeople} where ${deskPeople.id} = ${recipient})`,
  anchorsOf: () => null,
  belongs: (anchor, recipient) =>
    sql`(${anchor} = ${recipient} and exists (select 1 from ${deskPeople} where ${deskPeople.id} = ${recipient}))`,
  unwanted: () => ({}),
  readMembers: async (db, rows) => {
    const found = await members(db, rows).run();
    return found.map((row) =>
      memberOf(
        { ...row, addressHash: `desk ${row.recipientId}`, firstName: "" },
        {
          eligibility:
            row.standing === 1 ? { kind: "eligible" } : { kind: "ineligible", reason: "not_at_the_desk" },
          onProvidersList: false,
          details: {},
        },
      ),
    );
  },
  message: () => ({ links: [], subjectMark: "", oneClick: null, texts: {}, list: null, stream: "none:desk" }),
});
