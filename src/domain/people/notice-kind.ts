import { eq, sql } from "drizzle-orm";
import { DAY_MS } from "../../platform/calendar/durations.ts";
import { prepared } from "../../platform/db/prepared.ts";
import { deliveries, erasures, subscribers, suppressions } from "../../platform/db/schema/index.ts";
import { defineKind } from "../ledger/kind.ts";
import { LATE_AFTER_MS } from "../ledger/late-after.ts";
import { memberColumns, memberCondition, memberOf, memberValues } from "../ledger/queries/member-rows.ts";
import {
  isRecipient,
  isSuppressed,
  recipientColumns,
  subscriberMailbox,
  subscriberStanding,
} from "./queries/standing.ts";
import { ELIGIBLE, ineligible, mayBeWrittenTo, type Standing } from "./standing.ts";

const NAME = "notice";
/** A link that erases someone works this long. */
const ERASE_LINK_MS = 3 * DAY_MS;

/**
 * A notice is what someone asked for on their own page: the link that erases them. So it goes to everyone who may be written to
 * at all, while the erasure is asked for and not confirmed.
 */
export function mayGetNotice(standing: Standing & { readonly erasure: "asked" | "confirmed" | null }) {
  if (standing.subscriber === "erased") return ineligible("erased");
  if (standing.erasure !== "asked") return ineligible("already_confirmed");
  return mayBeWrittenTo(standing.suppression) ? ELIGIBLE : ineligible("suppressed");
}

const members = prepared(memberValues, (db, of) =>
  db
    .select({
      ...memberColumns,
      ...recipientColumns,
      askedAt: erasures.askedAt,
      confirmedAt: erasures.confirmedAt,
    })
    .from(deliveries)
    .innerJoin(subscribers, isRecipient)
    .leftJoin(erasures, eq(erasures.id, deliveries.anchor))
    .leftJoin(suppressions, isSuppressed(of.now))
    .where(memberCondition(NAME, of))
    .orderBy(deliveries.place),
);

/** Mail that hangs on an erasure and belongs to no list. */
export const notice = defineKind<{ readonly askedAt: number }>({
  name: NAME,
  title: "data.kind.notice",
  lane: "confirmations",
  lateAfterMs: LATE_AFTER_MS,
  skipFreesItem: false,
  foundBySubject: false,
  hadAs: null,
  leaving: () => ({ stops: "nothing" }),
  itemName: () => sql`null`,
  runOf: () => sql`null`,
  mailbox: subscriberMailbox,
  standing: subscriberStanding,
  anchorsOf: (subscriberId) => ({
    anchor: sql`${erasures.id}`,
    sequence: sql`null`,
    from: sql`${erasures} where ${erasures.subscriberId} = ${subscriberId}`,
  }),
  belongs: (anchor, recipient) =>
    sql`exists (select 1 from ${erasures} where ${erasures.id} = ${anchor} and ${erasures.subscriberId} = ${recipient})`,
  unwanted: () => ({}),
  readMembers: async (db, rows) => {
    const found = await members(db, rows).run();
    return found.map(({ askedAt, confirmedAt, ...row }) =>
      memberOf(row, {
        eligibility: mayGetNotice({
          ...row,
          erasure: askedAt === null ? null : confirmedAt === null ? "asked" : "confirmed",
        }),
        onProvidersList: false,
        details: { askedAt: askedAt ?? 0 },
      }),
    );
  },
  message: ({ anchor, details }) => ({
    links: [
      {
        slot: "erase_url",
        purpose: "erase",
        id: anchor,
        expiresAt: details.askedAt + ERASE_LINK_MS,
        generation: 0,
      },
    ],
    subjectMark: "",
    oneClick: null,
    texts: {},
    list: null,
    stream: "none:account",
  }),
});
