import { and, eq, lt, type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { drafts, renditions, type SentTest } from "../../../platform/db/schema/index.ts";
import { insertFrom } from "../../../platform/db/write.ts";
import type { Doer } from "../../acts/act.ts";
import { acted, recordAct } from "../../acts/queries/acts.ts";
import { planWaiting } from "../../ledger/queries/plan-delivery.ts";
import type { RenderedLetter } from "../render-letter.tsx";
import { test } from "../test-kind.ts";
import { KEPT_MS } from "./drafts.ts";
import { storeAll } from "./publication.ts";

/** What's sent to whom, of which letter. */
export type NewTest = {
  readonly sequence: string;
  readonly slug: string;
  readonly letter: RenderedLetter;
  readonly sent: SentTest;
};

/** Condition: what a person sent themselves after an instant. */
function sentSince(personId: number, after: number): SQL {
  return sql`${drafts.kind} = 'sent' and ${drafts.content} ->> 'personId' = ${personId} and ${drafts.at} > ${after}`;
}

/**
 * Plans a letter to the person who tries it, with the note that it hangs on and the act, in one transaction; nothing where they had `most` of them
 * since `since`, or the same letter since `again`. Returns whether it was planned, and how many they had.
 */
export async function planTest(
  db: Db,
  { sequence, slug, letter, sent }: NewTest,
  at: {
    readonly now: number;
    readonly by: Doer;
    readonly most: number;
    readonly since: number;
    readonly again: number;
  },
): Promise<{ readonly planned: boolean; readonly before: number }> {
  const { now, by, most, since, again } = at;
  const { personId } = sent;
  const same = sql`${drafts.sequence} = ${sequence} and ${drafts.letter} = ${slug}
    and ${drafts.content} ->> 'hash' = ${sent.hash}`;
  const mayBe = sql`(select count(*) from ${drafts} where ${sentSince(personId, since)}) < ${most}
    and not exists (select 1 from ${drafts} where ${sentSince(personId, again)} and ${same})`;
  const note = { sequence, letter: slug, kind: "sent", content: sent, at: now, actor: by.actor } as const;
  const act = {
    at: now,
    verb: "test_letter",
    object: `sequence:${sequence}`,
    changed: { letter: slug },
  } as const;
  const results = await batch(db, {
    before: db
      .select({ n: sql<number>`count(*)`.as("n") })
      .from(drafts)
      .where(sentSince(personId, since)),
    act: recordAct(by, act, mayBe),
    ...storeAll([letter], now),
    forgotten: db.delete(drafts).where(and(eq(drafts.kind, "sent"), lt(drafts.at, now - KEPT_MS))),
    noted: insertFrom(drafts, note, sql`where ${acted(by, "test_letter")} and ${mayBe}`),
    planned: planWaiting(
      test,
      {
        anchor: drafts.id,
        round: 0,
        item: 0,
        recipientId: sql`${personId}`,
        renditionId: renditions.id,
        slotAt: now,
      },
      now,
      sql`from ${drafts}, ${renditions} where ${drafts.id} = (select max(${drafts.id}) from ${drafts}
        where ${sentSince(personId, 0)}) and ${renditions.hash} = ${letter.hash} and ${acted(by, "test_letter")}`,
    ),
  });
  return { planned: results.planned.length > 0, before: results.before[0]?.n ?? 0 };
}
