import { eq, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import {
  enrollments,
  type PinnedMember,
  sequences,
  steps,
  subscribers,
} from "../../../platform/db/schema/index.ts";
import { theme } from "../theme-kind.ts";

/** Themes that are not planned, as members of a call, so that they can be composed; ids are 0. */
export async function readDryMembers(
  db: Db,
  themes: ReadonlyArray<{
    readonly enrollmentId: number;
    readonly renditionId: number;
    readonly stepId: number;
  }>,
): Promise<PinnedMember[]> {
  const rows = rowsOf(themes);
  const found = await db
    .select({
      anchor: enrollments.id,
      round: enrollments.round,
      item: sql<number>`${rows.of("stepId")}`,
      slotAt: enrollments.nextDueAt,
      recipientId: subscribers.id,
      renditionId: sql<number>`${rows.of("renditionId")}`,
      address: subscribers.address,
      firstName: subscribers.firstName,
      sequenceSlug: sequences.slug,
      sequenceTitle: sequences.title,
      stepSlug: steps.slug,
    })
    .from(rows.from)
    .innerJoin(enrollments, eq(enrollments.id, rows.of("enrollmentId")))
    .innerJoin(subscribers, eq(subscribers.id, enrollments.subscriberId))
    .innerJoin(sequences, eq(sequences.id, enrollments.sequenceId))
    .leftJoin(steps, eq(steps.id, rows.of("stepId")));
  return found.map(({ sequenceSlug, sequenceTitle, stepSlug, slotAt, ...row }) => ({
    ...row,
    id: 0,
    kind: theme.name,
    copy: 0,
    slotAt: slotAt ?? 0,
    details: { sequenceSlug, sequenceTitle, stepSlug },
  }));
}
