import { and, eq, type GetColumnData, type SQL } from "drizzle-orm";
import { batches, type Details, deliveries } from "../../../platform/db/schema/index.ts";
import type { ReadMember } from "../kind.ts";

/** What each kind selects of the deliveries that it reads as members. */
export const memberColumns = {
  id: deliveries.id,
  kind: deliveries.kind,
  anchor: deliveries.anchor,
  round: deliveries.round,
  item: deliveries.intendedItem,
  copy: deliveries.copy,
  slotAt: deliveries.slotAt,
  releasedAt: deliveries.releasedAt,
  recipientId: deliveries.recipientId,
  renditionId: deliveries.renditionId,
};

/** The values of the prepared statement by which a kind reads its members: a `MemberRows`, each typed like some column. */
export const memberValues = { batchId: batches.id, now: deliveries.slotAt };

/** Condition: the planned deliveries of the batch that are of this kind. Order them by `deliveries.place`. */
export function memberCondition(kind: string, { batchId }: { readonly batchId: SQL }): SQL | undefined {
  return and(eq(deliveries.batchId, batchId), eq(deliveries.kind, kind), eq(deliveries.state, "planned"));
}

type MemberRow = {
  readonly [Name in keyof typeof memberColumns]: GetColumnData<(typeof memberColumns)[Name]>;
} & {
  readonly address: string;
  readonly addressHash: string;
  readonly firstName: string;
  readonly standing: number;
};

/** A member from its row, with what its kind says of it. */
export function memberOf<Own extends Details>(
  row: MemberRow,
  {
    eligibility,
    onProvidersList,
    details,
  }: Pick<ReadMember<Own>, "eligibility" | "onProvidersList"> & { readonly details: Own },
): ReadMember<Own> {
  const { id, kind, anchor, round, item, copy, slotAt, recipientId, renditionId, address, firstName } = row;
  return {
    pinned: {
      id,
      kind,
      anchor,
      round,
      item,
      copy,
      slotAt,
      recipientId,
      renditionId,
      address,
      firstName,
      details,
    },
    addressHash: row.addressHash,
    fromAt: row.releasedAt ?? slotAt,
    eligibility,
    standing: row.standing,
    onProvidersList,
  };
}
