import type { AskedAt } from "../people/queries/segment.ts";
import { type Segment, segmentSchema } from "../people/segment.ts";
import { theme } from "../sequences/theme-kind.ts";
import type { Site } from "../site/site.ts";
import { broadcast } from "./broadcast-kind.ts";

/** How a segment is asked for a site at an instant. */
export function askedAt(now: number, { timeZone }: Pick<Site, "timeZone">): AskedAt {
  return { now, timeZone, kinds: { theme: theme.name, broadcast: broadcast.name } };
}

/** The audience of a broadcast that has one. */
export function segmentIn({ audience }: { readonly audience: unknown }): Segment {
  return segmentSchema.parse(audience);
}
