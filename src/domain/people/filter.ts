import * as z from "zod";
import { tagName } from "./tag.ts";

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

/** Which readers are meant. Null asks for nothing of that kind. */
export type Filter = {
  readonly state: "active" | "pending" | "unsubscribed" | null;
  /** The slug of a sequence that they're in, or were. */
  readonly sequence: string | null;
  /** How they stand in that sequence. */
  readonly place: "active" | "paused" | "completed" | "stopped" | null;
  /** The slug of the partner that they first came from; `own` for our own pages. */
  readonly source: string | null;
  readonly tag: string | null;
};

const orNull = <T>(schema: z.ZodType<T>) => schema.nullable().catch(null);

/** A filter out of the fields of a form, or of a page's address: what can't be read asks for nothing. */
export const filterFields = z
  .object({
    state: orNull(z.enum(["active", "pending", "unsubscribed"])),
    sequence: orNull(slug),
    place: orNull(z.enum(["active", "paused", "completed", "stopped"])),
    source: orNull(slug),
    tag: orNull(tagName),
  })
  .transform((filter): Filter => ({ ...filter, place: filter.sequence === null ? null : filter.place }));

/** Everyone. */
export const EVERYONE: Filter = { state: null, sequence: null, place: null, source: null, tag: null };

/** A filter as the end of a page's address, without the parts that ask for nothing. */
export function filterQuery(filter: Filter): string {
  const named = Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== null);
  return new URLSearchParams(named).toString();
}
