import { and, asc, eq, gt, lte, type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { among as amongIds } from "../../../platform/db/json-rows.ts";
import { consents, partners, readerTags, subscribers, tags } from "../../../platform/db/schema/index.ts";
import { insertFrom, onConflict } from "../../../platform/db/write.ts";
import type { Doer } from "../../acts/act.ts";
import { recordAct } from "../../acts/queries/acts.ts";
import { TAGS_MAX } from "../tag.ts";

/** Statement: makes a tag of this name, where there's none yet. */
export function makeTag(name: SQL | string, now: number, condition: SQL = sql`true`) {
  return insertFrom(tags, { name, createdAt: now }, sql`where ${condition} on conflict do nothing`);
}

const hasRoom = sql`(select count(*) from ${readerTags} where ${readerTags.subscriberId} = ${subscribers.id}) < ${TAGS_MAX}`;

/** Statement: gives a tag to the people that `who` is true of, where they have room for it and aren't erased. */
export function giveTag(
  tag: { readonly name: SQL | string; readonly jobId: number | null; readonly now: number },
  who: SQL,
) {
  return insertFrom(
    readerTags,
    { tagId: tags.id, subscriberId: subscribers.id, jobId: tag.jobId, at: tag.now },
    sql`from ${subscribers} join ${tags} on ${tags.name} = ${tag.name} where ${who} and ${subscribers.state} <> 'erased'
      and ${hasRoom} ${onConflict(readerTags, ["tagId", "subscriberId"])}`,
  );
}

/** Statements: give whoever confirmed that consent in this request the tag that its partner's form has. */
export function tagOfForm(by: { readonly consentId: number; readonly confirmationId: string }, now: number) {
  const mine = sql`${consents.id} = ${by.consentId} and ${consents.confirmationId} = ${by.confirmationId}`;
  const name = sql`(select ${partners.tag} from ${consents} join ${partners} on ${partners.id} = ${consents.partnerId}
    where ${mine} and ${partners.tag} <> '')`;
  return {
    tag: makeTag(name, now, sql`${name} is not null`),
    tagged: giveTag(
      { name, jobId: null, now },
      sql`${subscribers.id} = (select ${consents.subscriberId} from ${consents} where ${mine})`,
    ),
  };
}

type OfOne = {
  readonly subscriberId: number;
  readonly name: string;
  readonly now: number;
  readonly by: Doer;
};

/** Gives a person a tag by hand, with the act. Idempotent. */
export async function tagOne(db: Db, { subscriberId, name, now, by }: OfOne): Promise<void> {
  await batch(db, {
    tag: makeTag(name, now),
    given: giveTag({ name, jobId: null, now }, sql`${subscribers.id} = ${subscriberId}`),
    act: recordAct(by, actOn(subscriberId, now, { tag: name }), sql`changes() > 0`),
  });
}

/** Takes a tag from a person, with the act. Idempotent. */
export async function untagOne(db: Db, { subscriberId, name, now, by }: OfOne): Promise<void> {
  const tag = sql`(select ${tags.id} from ${tags} where ${tags.name} = ${name})`;
  await batch(db, {
    taken: db
      .delete(readerTags)
      .where(and(eq(readerTags.subscriberId, subscriberId), sql`${readerTags.tagId} = ${tag}`)),
    act: recordAct(by, actOn(subscriberId, now, { tag: name, taken: true }), sql`changes() > 0`),
  });
}

function actOn(subscriberId: number, at: number, changed: Readonly<Record<string, unknown>>) {
  return { at, verb: "tag_readers", object: `subscriber:${subscriberId}`, changed } as const;
}

/** Condition on subscribers: they're among these ids, where `condition` holds. */
export function among(ids: readonly number[], condition: SQL): SQL {
  return sql`${amongIds(subscribers.id, ids)} and ${condition}`;
}

/** The id of a tag; null where there's none of that name. */
export async function readTagId(db: Db, name: string): Promise<number | null> {
  const [row] = await db.select({ id: tags.id }).from(tags).where(eq(tags.name, name));
  return row?.id ?? null;
}

/** Query: a person's tags by name. */
export function tagsOf(db: Db, subscriberId: number) {
  return db
    .select({ name: tags.name, at: readerTags.at })
    .from(readerTags)
    .innerJoin(tags, eq(tags.id, readerTags.tagId))
    .where(eq(readerTags.subscriberId, subscriberId))
    .orderBy(asc(tags.name));
}

/** Statement: takes the tag of this id that a job gave from the people between two ids. */
export function takeTagsOfJob(
  db: Db,
  job: { readonly jobId: number; readonly tagId: number },
  ids: { readonly after: number; readonly upTo: number },
  condition: SQL,
) {
  const { tagId, subscriberId, jobId } = readerTags;
  return db
    .delete(readerTags)
    .where(
      and(
        eq(tagId, job.tagId),
        gt(subscriberId, ids.after),
        lte(subscriberId, ids.upTo),
        eq(jobId, job.jobId),
        condition,
      ),
    );
}

/** Statement: forgets a person's tags, where `condition` holds. */
export function forgetTagsOf(db: Db, subscriberId: number, condition: SQL) {
  return db.delete(readerTags).where(and(eq(readerTags.subscriberId, subscriberId), condition));
}
