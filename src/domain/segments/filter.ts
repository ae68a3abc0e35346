import * as z from "zod";
import type { Db } from "../../platform/db/client.ts";
import { tagName } from "../people/tag.ts";
import { readSegment } from "./queries/saved.ts";
import type { Segment } from "./segment.ts";

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
  /** The id of a saved segment. */
  readonly segment: number | null;
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
    segment: orNull(z.coerce.number().int().positive()),
  })
  .transform((filter): Filter => ({ ...filter, place: filter.sequence === null ? null : filter.place }));

/** Everyone. */
export const EVERYONE: Filter = {
  state: null,
  sequence: null,
  place: null,
  source: null,
  tag: null,
  segment: null,
};

/** A filter as the end of a page's address, without the parts that ask for nothing. */
export function filterQuery(filter: Filter): string {
  const named = Object.entries(filter).flatMap(([name, value]) =>
    value === null ? [] : [[name, String(value)]],
  );
  return new URLSearchParams(named).toString();
}

/** A filter as a segment; null where it asks for a saved one that isn't there. */
export async function segmentOf(
  db: Db,
  { state, sequence, place, source, tag, segment }: Filter,
): Promise<Segment | null> {
  const saved = segment === null ? undefined : await readSegment(db, segment);
  if (saved === null) return null;
  const own = [
    ...(state === null ? [] : [{ field: "state" as const, any_of: [state] }]),
    ...(sequence === null
      ? []
      : [{ field: "sequence" as const, sequence, ...(place === null ? {} : { any_of: [place] }) }]),
    ...(source === null ? [] : [{ field: "source" as const, any_of: [source] }]),
    ...(tag === null ? [] : [{ field: "tag" as const, any_of: [tag] }]),
  ];
  return { ...saved?.segment, all: [...own, ...(saved?.segment.all ?? [])] };
}
