import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { acts, keptAnswers } from "../../../platform/db/schema/index.ts";
import { insertFrom, onConflict } from "../../../platform/db/write.ts";

/** A request that isn't answered after this time was cut short: no request lives so long, with all that it waits for. */
const CUT_SHORT_MS = 5 * 60_000;

/** A key counts for a day. */
const KEPT_MS = DAY_MS;

/** What is known of a key. */
type Claim =
  /** Nobody else has it: do it, and keep the answer. */
  | { readonly kind: "claimed" }
  | { readonly kind: "other_request" }
  | { readonly kind: "under_way" }
  /** The first request was cut short after its change. */
  | { readonly kind: "answer_lost"; readonly requestId: string }
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly body: unknown;
      readonly etag: string | null;
    };

/**
 * Claims an idempotency key for a request, in one transaction. A request that was cut short before it changed anything is done
 * again; whether it did is told by its acts.
 */
export async function claimKey(
  db: Db,
  request: {
    readonly keyHash: string;
    readonly requestHash: string;
    readonly requestId: string;
    readonly wallNow: number;
  },
): Promise<Claim> {
  const { wallNow, ...key } = request;
  const acted = sql<number>`exists (select 1 from ${acts} where ${acts.requestId} = ${keptAnswers.requestId}
    and ${acts.stage} = 'settled')`;
  const { found } = await batch(db, {
    claimed: insertFrom(
      keptAnswers,
      { ...key, at: wallNow },
      sql`where true ${onConflict(keptAnswers, ["keyHash"], {
        take: ["requestHash", "requestId", "at"],
        set: { status: null, etag: null, body: null },
        where: sql`${keptAnswers.at} <= ${wallNow - KEPT_MS} or ${keptAnswers.requestHash} = ${key.requestHash}
          and ${keptAnswers.status} is null and ${keptAnswers.at} <= ${wallNow - CUT_SHORT_MS} and not ${acted}`,
      })}`,
    ),
    found: db
      .select({
        requestHash: keptAnswers.requestHash,
        requestId: keptAnswers.requestId,
        status: keptAnswers.status,
        body: keptAnswers.body,
        etag: keptAnswers.etag,
        at: keptAnswers.at,
        acted: sql<number>`${acted}`.as("acted"),
      })
      .from(keptAnswers)
      .where(eq(keptAnswers.keyHash, key.keyHash)),
  });
  const [kept] = found;
  if (kept === undefined) throw new Error("a key that was just claimed is not there");
  if (kept.requestHash !== key.requestHash) return { kind: "other_request" };
  if (kept.status !== null)
    return { kind: "answered", status: kept.status, body: kept.body, etag: kept.etag };
  if (kept.requestId === key.requestId) return { kind: "claimed" };
  const cutShort = kept.at <= wallNow - CUT_SHORT_MS;
  return cutShort && kept.acted === 1
    ? { kind: "answer_lost", requestId: kept.requestId }
    : { kind: "under_way" };
}

/** Keeps the answer of the request that has the key. */
export async function keepAnswer(
  db: Db,
  answer: {
    readonly keyHash: string;
    readonly requestId: string;
    readonly status: number;
    readonly body: unknown;
    readonly etag: string | null;
  },
): Promise<void> {
  const { keyHash, requestId, status, body, etag } = answer;
  await db.update(keptAnswers).set({ status, body, etag }).where(mine(keyHash, requestId));
}

/** Gives a key back, because its request was refused. */
export async function forgetKey(
  db: Db,
  key: { readonly keyHash: string; readonly requestId: string },
): Promise<void> {
  await db.delete(keptAnswers).where(mine(key.keyHash, key.requestId));
}

/** Condition: answers that are old by real time `wallNow`. */
export function oldAnswers(wallNow: number): SQL {
  return sql`${keptAnswers.at} <= ${wallNow - KEPT_MS}`;
}

/** Statement: forgets old answers, at most `limit`. */
export function forgetOldAnswers(db: Db, wallNow: number, limit: number) {
  const old = db
    .select({ keyHash: keptAnswers.keyHash })
    .from(keptAnswers)
    .where(oldAnswers(wallNow))
    .limit(limit);
  return db.delete(keptAnswers).where(sql`${keptAnswers.keyHash} in ${old}`);
}

function mine(keyHash: string, requestId: string) {
  return and(
    eq(keptAnswers.keyHash, keyHash),
    eq(keptAnswers.requestId, requestId),
    isNull(keptAnswers.status),
  );
}
