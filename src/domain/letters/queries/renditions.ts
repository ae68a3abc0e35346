import type { Db } from "../../../platform/db/client.ts";
import { among } from "../../../platform/db/json-rows.ts";
import { renditions } from "../../../platform/db/schema/index.ts";
import type { Rendition } from "../rendition.ts";

/** Renditions by id; ids that do not exist are left out. */
export async function readRenditions(db: Db, ids: readonly number[]): Promise<Rendition[]> {
  return db
    .select({
      id: renditions.id,
      subject: renditions.subject,
      html: renditions.html,
      text: renditions.text,
      language: renditions.language,
      fromName: renditions.fromName,
      replyTo: renditions.replyTo,
    })
    .from(renditions)
    .where(among(renditions.id, ids));
}
