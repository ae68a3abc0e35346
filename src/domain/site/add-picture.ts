import type { Db } from "../../platform/db/client.ts";
import { sha256Hex } from "../../platform/links/mac.ts";
import type { Doer } from "../acts/act.ts";
import { savePicture } from "./queries/pictures.ts";
import { type PictureFault, readPicture } from "./read-picture.ts";

/** As much of the hash as names a picture: 128 bits. */
const NAME_CHARACTERS = 32;

export type AddedPicture =
  | { readonly kind: "added"; readonly name: string; readonly width: number; readonly height: number }
  | { readonly kind: "faulty"; readonly fault: PictureFault };

/** Keeps a picture under a name made of what it shows, so that the same one again is the same name and nothing else. */
export async function addPicture(
  { db, now, by }: { readonly db: Db; readonly now: number; readonly by: Doer },
  file: Uint8Array,
): Promise<AddedPicture> {
  const read = readPicture(file);
  if ("fix" in read) return { kind: "faulty", fault: read };
  const { type, width, height, bytes } = read;
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const name = `${(await sha256Hex(bytes)).slice(0, NAME_CHARACTERS)}.${type}`;
  await savePicture(db, { name, base64, width, height, createdAt: now }, by);
  return { kind: "added", name, width, height };
}
