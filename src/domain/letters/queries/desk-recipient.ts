import { eq, type GetColumnData, type SQL, sql } from "drizzle-orm";
import { type Details, deliveries, deskPeople } from "../../../platform/db/schema/index.ts";
import type { Kind, ReadMember } from "../../ledger/kind.ts";
import { type memberColumns, memberOf } from "../../ledger/queries/member-rows.ts";

/** Condition: a delivery is to the joined person at the desk. */
export const isToDesk = eq(deskPeople.id, deliveries.recipientId);

/** What the kinds answer alike whose recipients are people at the desk: they're no subscribers, and have no name and nothing to leave. */
export const TO_DESK = {
  title: "data.kind.notice",
  lane: "confirmations",
  skipFreesItem: true,
  foundBySubject: false,
  hadAs: null,
  leaving: () => ({ stops: "nothing" }),
  itemName: () => sql`null`,
  runOf: () => sql`null`,
  mailbox: (recipient) => ({
    address: sql`(select ${deskPeople.address} from ${deskPeople} where ${deskPeople.id} = ${recipient})`,
    firstName: sql`''`,
  }),
  anchorsOf: () => null,
  unwanted: () => ({}),
} as const satisfies Partial<Kind>;

/** What standing is for them: a number that is another one once `may` isn't true of the person any more. */
export function deskStanding(may: SQL<number>) {
  return {
    /** To be selected along. */
    own: sql<number>`${may} + 0`.as("standing"),
    of: (recipient: SQL) => sql`(select ${may} + 0 from ${deskPeople} where ${deskPeople.id} = ${recipient})`,
  };
}

type DeskRow = {
  readonly [Name in keyof typeof memberColumns]: GetColumnData<(typeof memberColumns)[Name]>;
} & { readonly address: string; readonly standing: number };

/** A member who is at the desk, where their standing is 1; else it's skipped. */
export function deskMember<Own extends Details>(row: DeskRow, details: Own): ReadMember<Own> {
  return memberOf(
    { ...row, addressHash: `desk ${row.recipientId}`, firstName: "" },
    {
      eligibility:
        row.standing === 1 ? { kind: "eligible" } : { kind: "ineligible", reason: "not_at_the_desk" },
      onProvidersList: false,
      details,
    },
  );
}
