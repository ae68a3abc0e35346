import { eq, sql } from "drizzle-orm";
import { WEEK_MS } from "../../platform/calendar/durations.ts";
import { prepared } from "../../platform/db/prepared.ts";
import {
  consents,
  deliveries,
  sequences,
  subscribers,
  suppressions,
} from "../../platform/db/schema/index.ts";
import { defineKind } from "../ledger/kind.ts";
import { memberColumns, memberCondition, memberOf, memberValues } from "../ledger/queries/member-rows.ts";
import {
  isRecipient,
  isSuppressed,
  recipientColumns,
  subscriberMailbox,
  subscriberStanding,
} from "../people/queries/standing.ts";
import { ELIGIBLE, ineligible, type Standing } from "../people/standing.ts";
import { BOUNCE_COOLING_MS } from "../people/suppression.ts";
import { countBounced, countSaid } from "./gate/queries.ts";

const NAME = "confirmation";
/** A confirmation link works this long (rule 3.13: 3 to 7 days). */
const CONFIRM_LINK_MS = WEEK_MS;

type Asked = Standing & {
  readonly consent: "pending" | "confirmed" | "denied" | null;
  readonly requestedAt: number;
};

/**
 * A confirmation needs a pending consent and nothing that only the owner lifts; after a hard bounce, one that was asked for once
 * the cooling time was over.
 */
export function mayGetConfirmation({ subscriber, consent, suppression, suppressedAt, requestedAt }: Asked) {
  if (subscriber === "erased") return ineligible("erased");
  if (consent === "denied") return ineligible("denied");
  if (consent !== "pending") return ineligible("already_confirmed");
  switch (suppression) {
    case null:
    case "soft":
    case "quarantine":
      return ELIGIBLE;
    case "bounce":
      return requestedAt >= (suppressedAt ?? 0) + BOUNCE_COOLING_MS ? ELIGIBLE : ineligible("suppressed");
    case "complaint":
    case "owner":
    case "erased":
      return ineligible("suppressed");
  }
}

type Details = {
  readonly requestedAt: number;
  readonly sequenceSlug: string | null;
  readonly sequenceTitle: string | null;
};

const members = prepared(memberValues, (db, of) =>
  db
    .select({
      ...memberColumns,
      ...recipientColumns,
      requestedAt: consents.requestedAt,
      confirmedAt: consents.confirmedAt,
      deniedAt: consents.deniedAt,
      sequenceSlug: sequences.slug,
      sequenceTitle: sequences.title,
    })
    .from(deliveries)
    .innerJoin(subscribers, isRecipient)
    .leftJoin(consents, eq(consents.id, deliveries.anchor))
    .leftJoin(sequences, eq(sequences.id, consents.sequenceId))
    .leftJoin(suppressions, isSuppressed(of.now))
    .where(memberCondition(NAME, of))
    .orderBy(deliveries.place),
);

/** The mail that asks for a consent; it hangs on that consent. */
export const confirmation = defineKind<Details>({
  name: NAME,
  title: "data.kind.confirmation",
  lane: "confirmations",
  // As long as its link works, so that an outage of days costs nobody their confirmation.
  lateAfterMs: CONFIRM_LINK_MS,
  skipFreesItem: false,
  // A person may be sent several under one subject.
  foundBySubject: false,
  hadAs: null,
  leaving: () => ({ stops: "nothing" }),
  itemName: () => sql`null`,
  runOf: () => sql`null`,
  mailbox: subscriberMailbox,
  standing: subscriberStanding,
  anchorsOf: (subscriberId) => ({
    anchor: sql`${consents.id}`,
    sequence: sql`${sequences.slug}`,
    from: sql`${consents} join ${sequences} on ${sequences.id} = ${consents.sequenceId}
      where ${consents.subscriberId} = ${subscriberId}`,
  }),
  belongs: (anchor, recipient) =>
    sql`exists (select 1 from ${consents} where ${consents.id} = ${anchor} and ${consents.subscriberId} = ${recipient})`,
  unwanted: (anchor, { as, now, isFirst }) => {
    const which = sql`${consents.id} = ${anchor} and ${isFirst}`;
    return as === "bounced" ? { unwanted: countBounced(now, which) } : countSaid(as, now, which);
  },
  readMembers: async (db, rows) => {
    const found = await members(db, rows).run();
    return found.map(({ requestedAt: asked, confirmedAt, deniedAt, sequenceSlug, sequenceTitle, ...row }) => {
      const requestedAt = asked ?? 0;
      const consent =
        asked === null ? null : deniedAt !== null ? "denied" : confirmedAt === null ? "pending" : "confirmed";
      return memberOf(row, {
        eligibility: mayGetConfirmation({ ...row, consent, requestedAt }),
        onProvidersList: row.suppression === "bounce",
        details: { requestedAt, sequenceSlug, sequenceTitle },
      });
    });
  },
  message: ({ anchor, details: { requestedAt, sequenceSlug, sequenceTitle } }) => ({
    links: [
      {
        slot: "confirm_url",
        purpose: "confirm",
        id: anchor,
        expiresAt: requestedAt + CONFIRM_LINK_MS,
        generation: 0,
      },
    ],
    subjectMark: "",
    oneClick: null,
    texts: {},
    list: sequenceSlug === null ? null : { slug: sequenceSlug, title: sequenceTitle ?? "" },
    stream: `none:${sequenceSlug ?? "account"}`,
  }),
});
