import { eq, sql } from "drizzle-orm";
import { prepared } from "../../platform/db/prepared.ts";
import { broadcasts, deliveries, site, subscribers, suppressions } from "../../platform/db/schema/index.ts";
import type { Purpose } from "../../platform/links/token.ts";
import { defineKind } from "../ledger/kind.ts";
import { LATE_AFTER_MS } from "../ledger/late-after.ts";
import { memberColumns, memberCondition, memberOf, memberValues } from "../ledger/queries/member-rows.ts";
import { BROADCAST_LIST } from "../letters/queries/drafts.ts";
import {
  isRecipient,
  isSuppressed,
  recipientColumns,
  subscriberMailbox,
  subscriberStanding,
} from "../people/queries/standing.ts";
import { ineligible, mayGetLetters, type Standing } from "../people/standing.ts";
import { type BroadcastState, STOPPED } from "./broadcast.ts";

const NAME = "broadcast";

/** Where someone stands whom a broadcast was planned for. */
export type AudienceStanding = Standing & {
  readonly agreed: boolean;
  /** Null where its row is gone: then nobody knows what it was. */
  readonly broadcast: BroadcastState | null;
};

/** A broadcast needs an active, unsuppressed reader whose latest word covers it, and that nobody has stopped it. */
export function mayGetBroadcast(standing: AudienceStanding) {
  if (standing.broadcast === "stopped" || standing.broadcast === null) return ineligible(STOPPED);
  const may = mayGetLetters(standing);
  return may.kind === "eligible" && !standing.agreed ? ineligible("left_broadcasts") : may;
}

const members = prepared(memberValues, (db, of) =>
  db
    .select({
      ...memberColumns,
      ...recipientColumns,
      agreed: subscribers.broadcasts,
      broadcast: sql<BroadcastState | null>`${broadcasts.state}`.as("broadcast_state"),
      siteName: sql<string | null>`${site.content} ->> '$.name'`.as("site_name"),
    })
    .from(deliveries)
    .innerJoin(subscribers, isRecipient)
    .leftJoin(broadcasts, eq(broadcasts.id, deliveries.intendedItem))
    .leftJoin(site, eq(site.id, sql`1`))
    .leftJoin(suppressions, isSuppressed(of.now))
    .where(memberCondition(NAME, of))
    .orderBy(deliveries.place),
);

/** A letter to many readers at once: it hangs on the reader, and its item is the broadcast, so that nobody gets one twice. */
export const broadcast = defineKind<{ readonly linkGeneration: number; readonly siteName: string | null }>({
  name: NAME,
  title: "data.kind.broadcast",
  lane: "letters",
  lateAfterMs: LATE_AFTER_MS,
  skipFreesItem: false,
  foundBySubject: true,
  hadAs: "broadcast",
  leaving: ({ anchor }) => ({ stops: "broadcasts", subscriberId: anchor }),
  itemName: (item) => sql`(select ${broadcasts.subject} from ${broadcasts} where ${broadcasts.id} = ${item})`,
  runOf: (item) => sql`(select ${broadcasts.runId} from ${broadcasts} where ${broadcasts.id} = ${item})`,
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
        eligibility: mayGetBroadcast(row),
        onProvidersList: false,
        details: { linkGeneration: row.linkGeneration, siteName: row.siteName },
      }),
    );
  },
  message: ({ id, item, recipientId, renditionId, details }) => {
    const link = (slot: string, purpose: Purpose, of: number, generation = 0) => ({
      ...{ slot, purpose, id: of, generation },
      expiresAt: null,
    });
    return {
      links: [
        link("preferences_url", "preferences", recipientId, details.linkGeneration),
        link("unsubscribe_url", "unsubscribe", id),
        link("read_url", "read", renditionId),
      ],
      subjectMark: "",
      oneClick: "unsubscribe_url",
      texts: {},
      list: { slug: BROADCAST_LIST, title: details.siteName ?? "" },
      stream: `broadcast-${item}:${BROADCAST_LIST}`,
    };
  },
});
