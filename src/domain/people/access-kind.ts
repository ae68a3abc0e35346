import { sql } from "drizzle-orm";
import { HOUR_MS } from "../../platform/calendar/durations.ts";
import { prepared } from "../../platform/db/prepared.ts";
import { deliveries, subscribers, suppressions } from "../../platform/db/schema/index.ts";
import { defineKind } from "../ledger/kind.ts";
import { memberColumns, memberCondition, memberOf, memberValues } from "../ledger/queries/member-rows.ts";
import {
  isRecipient,
  isSuppressed,
  recipientColumns,
  subscriberMailbox,
  subscriberStanding,
} from "./queries/standing.ts";
import { ELIGIBLE, ineligible, mayBeWrittenTo, type Standing } from "./standing.ts";

const NAME = "access";
/** A link to everything that's a reader's own works this long, counted from when it was asked for. */
export const ACCESS_LINK_MS = HOUR_MS;

/** It goes to every reader, also one who left, who may be written to at all, while its link still works. */
export function mayGetAccess(standing: Standing & { readonly askedAt: number; readonly now: number }) {
  if (standing.subscriber === "erased") return ineligible("erased");
  if (standing.subscriber === "pending") return ineligible("not_confirmed");
  if (standing.now >= standing.askedAt + ACCESS_LINK_MS) return ineligible("missed");
  return mayBeWrittenTo(standing.suppression) ? ELIGIBLE : ineligible("suppressed");
}

const members = prepared(memberValues, (db, of) =>
  db
    .select({ ...memberColumns, ...recipientColumns })
    .from(deliveries)
    .innerJoin(subscribers, isRecipient)
    .leftJoin(suppressions, isSuppressed(of.now))
    .where(memberCondition(NAME, of))
    .orderBy(deliveries.place),
);

/** The mail with the link to a reader's own data: it hangs on the reader, and its item is the day, so that there's one a day. */
export const access = defineKind<{ readonly linkGeneration: number }>({
  name: NAME,
  title: "data.kind.access",
  lane: "confirmations",
  lateAfterMs: ACCESS_LINK_MS,
  skipFreesItem: true,
  foundBySubject: false,
  hadAs: null,
  leaving: () => ({ stops: "nothing" }),
  itemName: () => sql`null`,
  runOf: () => sql`null`,
  mailbox: subscriberMailbox,
  standing: subscriberStanding,
  anchorsOf: (subscriberId) => ({
    anchor: sql`${subscribers.id}`,
    sequence: sql`null`,
    from: sql`${subscribers} where ${subscribers.id} = ${subscriberId}`,
  }),
  belongs: (anchor, recipient) =>
    sql`(${anchor} = ${recipient} and exists (select 1 from ${subscribers} where ${subscribers.id} = ${recipient}))`,
  unwanted: () => ({}),
  readMembers: async (db, rows) => {
    const found = await members(db, rows).run();
    return found.map((row) =>
      memberOf(row, {
        eligibility: mayGetAccess({ ...row, askedAt: row.slotAt, now: rows.now }),
        onProvidersList: false,
        details: { linkGeneration: row.linkGeneration },
      }),
    );
  },
  message: ({ anchor, slotAt, details }) => ({
    links: [
      {
        slot: "data_url",
        purpose: "data",
        id: anchor,
        expiresAt: slotAt + ACCESS_LINK_MS,
        generation: details.linkGeneration,
      },
    ],
    subjectMark: "",
    oneClick: null,
    texts: {},
    list: null,
    stream: "none:account",
  }),
});
