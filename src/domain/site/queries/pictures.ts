import { and, eq, lt, type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { among } from "../../../platform/db/json-rows.ts";
import { pictures, type StoredPicture } from "../../../platform/db/schema/index.ts";
import { insertFrom, onConflict } from "../../../platform/db/write.ts";
import type { Doer } from "../../acts/act.ts";
import { recordAct } from "../../acts/queries/acts.ts";

/** The file of a picture, in base64; empty where the bucket has it, null where there's none of that name. */
export async function readPictureFile(db: Db, name: string): Promise<string | null> {
  const [row] = await db.select({ base64: pictures.base64 }).from(pictures).where(eq(pictures.name, name));
  return row?.base64 ?? null;
}

/** Which of these pictures are kept. */
export async function keptPictures(db: Db, names: readonly string[]): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const rows = await db.select({ name: pictures.name }).from(pictures).where(among(pictures.name, names));
  return new Set(rows.map(({ name }) => name));
}

/** The size of a picture; null where there's none of that name. */
export async function readPictureSize(db: Db, name: string): Promise<StoredPicture | null> {
  const { width, height } = pictures;
  const [row] = await db
    .select({ name: pictures.name, width, height })
    .from(pictures)
    .where(eq(pictures.name, name));
  return row ?? null;
}

/** Keeps a picture with its act; one that's there already is left as it is, without an act. */
export async function savePicture(db: Db, picture: typeof pictures.$inferInsert, by: Doer): Promise<void> {
  const { name, createdAt, width, height } = picture;
  const isNew = sql`not exists (select 1 from ${pictures} where ${pictures.name} = ${name})`;
  await batch(db, {
    act: recordAct(
      by,
      { at: createdAt, verb: "add_picture", object: `picture:${name}`, changed: { width, height } },
      isNew,
    ),
    kept: insertFrom(pictures, picture, sql`where true ${onConflict(pictures, ["name"])}`),
    // One that's added again is wanted again.
    checked: db.update(pictures).set({ checkedAt: createdAt }).where(eq(pictures.name, name)),
  });
}

/** Condition: the bucket has its file. Said as the index says it, which no parameter would meet. */
const inBucket = sql`${pictures.base64} = ''`;

/** The picture of letters that was looked at longest ago, where that was before an instant; null for none. */
export async function pictureToCheck(db: Db, before: number): Promise<string | null> {
  const [row] = await db
    .select({ name: pictures.name })
    .from(pictures)
    .where(and(inBucket, lt(pictures.checkedAt, before)))
    .orderBy(pictures.checkedAt)
    .limit(1);
  return row?.name ?? null;
}

/** Notes that a picture is in use. */
export async function pictureChecked(db: Db, name: string, now: number): Promise<void> {
  await db.update(pictures).set({ checkedAt: now }).where(eq(pictures.name, name));
}

/** Forgets a picture of letters where `unused` holds and it wasn't added again since an instant. Returns whether it was. */
export async function forgetPicture(db: Db, name: string, before: number, unused: SQL): Promise<boolean> {
  const gone = await db
    .delete(pictures)
    .where(and(eq(pictures.name, name), inBucket, lt(pictures.checkedAt, before), unused))
    .returning({ name: pictures.name });
  return gone.length > 0;
}
