import { eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { nextRenditions, sequences, steps, stepVariants } from "../../../platform/db/schema/index.ts";

/** The part of a sequence's own that greets a new reader. */
export const WELCOME_PART = "greeting";

/**
 * Statements: every step, variant and welcome takes the rendition that was made for it (`next_renditions`), where `condition` holds, and
 * the sequences are at their next version. Batches that were begun keep what they have.
 */
export function switchRenditions(db: Db, condition: SQL) {
  const { sequenceId, stepId, part, renditionId } = nextRenditions;
  return {
    steps: db
      .update(steps)
      .set({ renditionId: sql`${renditionId}` })
      .from(nextRenditions)
      .where(sql`${stepId} = ${steps.id} and ${part} = '' and ${condition}`),
    variants: db
      .update(stepVariants)
      .set({ renditionId: sql`${renditionId}` })
      .from(nextRenditions)
      .where(sql`${stepId} = ${stepVariants.stepId} and ${part} = ${stepVariants.choice} and ${condition}`),
    sequences: db
      .update(sequences)
      .set({ welcomeRenditionId: sql`${renditionId}`, version: sql`${sequences.version} + 1` })
      .from(nextRenditions)
      .where(
        sql`${eq(sequenceId, sequences.id)} and ${stepId} = 0 and ${part} = ${WELCOME_PART} and ${condition}`,
      ),
  };
}
