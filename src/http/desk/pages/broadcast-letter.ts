import type { Context } from "hono";
import { isWritable } from "../../../domain/broadcasts/broadcast.ts";
import { type Broadcast, readBroadcast } from "../../../domain/broadcasts/queries/broadcasts.ts";
import { asDraft, readWritten, saveWritten } from "../../../domain/broadcasts/written.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { letterPages } from "./letter.tsx";

type Ctx = Context<AppEnv>;

/** The broadcast that a page's path names; null where there is none. */
export async function namedBroadcast(c: Ctx): Promise<Broadcast | null> {
  const id = Number(c.req.param("id"));
  return Number.isSafeInteger(id) && id > 0 ? readBroadcast(c.var.db, id) : null;
}

/** What a broadcast says: written, looked at, sent to oneself, and brought back as it was before. */
export const BROADCAST_LETTER = letterPages("/desk/broadcasts/:id/letter", async (c) => {
  const broadcast = await namedBroadcast(c);
  if (broadcast === null) return null;
  const [written, site] = await Promise.all([readWritten(c.var.db, broadcast), c.var.site()]);
  const draft = asDraft(site, broadcast, written);
  const [letter] = draft.steps;
  if (letter === undefined) return null;
  const path = `/desk/broadcasts/${broadcast.id}`;
  return {
    ...{ draft, letter, room: "broadcasts", open: isWritable(broadcast), path: `${path}/letter` },
    home: { path, title: null },
    save: (services, content, seen) => saveWritten(services, broadcast, content, seen),
  };
});
