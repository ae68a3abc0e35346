import type { Db } from "../../platform/db/client.ts";
import { sha256Hex } from "../../platform/links/mac.ts";
import { pictureName } from "../../platform/links/picture-name.ts";
import type { Doer } from "../acts/act.ts";
import { recordIntent } from "../acts/queries/acts.ts";
import { keptPictures, savePicture } from "./queries/pictures.ts";
import { type PictureFault, type PictureUse, readPicture } from "./read-picture.ts";

type Deps = {
  readonly db: Db;
  readonly now: number;
  readonly by: Doer;
  /** Where letters' pictures are kept; null where the account has no R2. */
  readonly bucket: R2Bucket | null;
};

/** What became of a file: kept, faulty, or not kept because this installation has nowhere to keep it. */
export type AddedPicture =
  | { readonly kind: "added"; readonly name: string; readonly width: number; readonly height: number }
  | { readonly kind: "faulty"; readonly fault: PictureFault }
  | { readonly kind: "no_bucket" };

/**
 * Keeps a picture under a name made of what it shows, so that the same one again is the same name and nothing else: the author's in the database, a
 * letter's in the bucket, and by its name its size is known.
 */
export async function addPicture(
  { db, now, by, bucket }: Deps,
  file: Uint8Array,
  use: PictureUse,
): Promise<AddedPicture> {
  const read = readPicture(file, use);
  if ("fix" in read) return { kind: "faulty", fault: read };
  const { type, width, height, bytes } = read;
  const hash = await sha256Hex(bytes);
  if (use === "author") {
    const name = pictureName(hash, type);
    const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    await savePicture(db, { name, base64, width, height, createdAt: now, checkedAt: now }, by);
    return { kind: "added", name, width, height };
  }
  if (bucket === null) return { kind: "no_bucket" };
  const name = pictureName(hash, type, { width, height });
  // The same one again is kept already: nothing is done outside the database, and so nothing intended.
  if (!(await keptPictures(db, [name])).has(name)) {
    const act = {
      at: now,
      verb: "add_picture",
      object: `picture:${name}`,
      changed: { width, height },
    } as const;
    await recordIntent(db, by, act);
    await bucket.put(name, bytes);
  }
  await savePicture(db, { name, base64: "", width, height, createdAt: now, checkedAt: now }, by);
  return { kind: "added", name, width, height };
}
