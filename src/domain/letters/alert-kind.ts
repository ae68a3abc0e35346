import { sql } from "drizzle-orm";
import { DAY_MS } from "../../platform/calendar/durations.ts";
import { prepared } from "../../platform/db/prepared.ts";
import { deliveries, deskPeople } from "../../platform/db/schema/index.ts";
import { defineKind } from "../ledger/kind.ts";
import { memberColumns, memberCondition, memberValues } from "../ledger/queries/member-rows.ts";
import { deskMember, deskStanding, isToDesk, TO_DESK } from "./queries/desk-recipient.ts";

const NAME = "owner_alert";
/** What's older than a day is told by the next one. */
const LATE_AFTER_MS = DAY_MS;

const standing = deskStanding(
  sql<number>`(${deskPeople.role} = 'owner' and ${deskPeople.removedAt} is null)`,
);

const members = prepared(memberValues, (db, of) =>
  db
    .select({ ...memberColumns, address: deskPeople.address, standing: standing.own })
    .from(deliveries)
    .innerJoin(deskPeople, isToDesk)
    .where(memberCondition(NAME, of))
    .orderBy(deliveries.place),
);

/** What needs a look, mailed to the owners: it hangs on the one who gets it, and its item is the quarter of an hour in which it was found. */
export const alert = defineKind<Record<string, never>>({
  ...TO_DESK,
  name: NAME,
  lateAfterMs: LATE_AFTER_MS,
  standing: standing.of,
  belongs: (anchor, recipient) =>
    sql`(${anchor} = ${recipient} and exists (select 1 from ${deskPeople} where ${deskPeople.id} = ${recipient}))`,
  readMembers: async (db, rows) => (await members(db, rows).run()).map((row) => deskMember(row, {})),
  message: () => ({ links: [], subjectMark: "", oneClick: null, texts: {}, list: null, stream: "none:desk" }),
});
