import type { Context } from "hono";
import { tagOne, untagOne } from "../../../domain/people/queries/tags.ts";
import { tagName } from "../../../domain/people/tag.ts";
import { readStory } from "../../../domain/privacy/timeline.ts";
import { sendAgain } from "../../../domain/sending/owner-acts.ts";
import { changeReader } from "../../../domain/sequences/change-reader.ts";
import { optOut } from "../../../domain/sequences/opt-out.ts";
import { readReader } from "../../../domain/sequences/queries/reader.ts";
import { readChange } from "../../reader/read-change.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import type { Fields } from "../desk-page.ts";
import { personId } from "./person-id.ts";

type Ctx = Context<AppEnv>;

/** What an act came to, by the name that the page says it with; null where there's no such person. */
export type Helped = { readonly id: number; readonly done: string } | null;

/** What a reader can do on their own page (pause, go on, skip, move, leave, take it back), done for them and named as such. */
export async function changeForThem(c: Ctx, fields: Fields): Promise<Helped> {
  const services = await c.var.services();
  const { now, by } = services;
  const id = personId(c);
  const reader = id === null ? null : await readReader(c.var.db, id, now);
  if (reader === null || reader.state === "erased") return null;
  const done = (name: string): Helped => ({ id: reader.subscriberId, done: name });
  const reading = readChange(fields, reader, now);
  switch (reading.kind) {
    case "faulty":
    case "preview":
      return done("faulty");
    case "unsubscribe": {
      const { what } = reading;
      const own =
        what === "broadcasts" || reader.enrollments.some(({ enrollmentId }) => enrollmentId === what);
      const stop = { subscriberId: reader.subscriberId, what, reason: "desk", now };
      return done(own && (await optOut(services, stop, by)) ? "left" : "not_possible");
    }
    case "change": {
      const { seen, change } = reading;
      const result = await changeReader({ ...services, forThem: by }, reader.subscriberId, seen, change);
      return done(result.kind);
    }
  }
}

/** Gives or takes a tag. */
export async function tagThem(c: Ctx, fields: Fields): Promise<Helped> {
  const id = personId(c);
  if (id === null) return null;
  const name = tagName.safeParse(fields.tag ?? "");
  if (!name.success) return { id, done: "tag_faulty" };
  const { now, by } = await c.var.services();
  await (fields.take === "1" ? untagOne : tagOne)(c.var.db, { subscriberId: id, name: name.data, now, by });
  return { id, done: fields.take === "1" ? "untagged" : "tagged" };
}

/** Sends a letter of theirs again that failed, or of which nobody knows. */
export async function sendThemAgain(c: Ctx, fields: Fields): Promise<Helped> {
  const id = personId(c);
  const letter = Number(fields.letter);
  if (id === null || !Number.isInteger(letter) || letter <= 0) return null;
  const services = await c.var.services();
  const found = await readStory({ ...c.var, now: services.now }, id);
  if (found?.story.entries.some(({ letterId }) => letterId === letter) !== true) return null;
  const sent = await sendAgain(services, [letter]);
  return { id, done: sent.length > 0 ? "sent_again" : "not_sent_again" };
}
