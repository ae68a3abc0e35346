import type { Meant } from "../segments/forecast.ts";
import { type Segment, segmentSchema } from "../segments/segment.ts";
import type { Broadcast } from "./queries/broadcasts.ts";

/** Who a broadcast that has an audience is for. */
export function meantBy({
  audience,
  language,
  time,
}: Pick<Broadcast, "audience" | "language" | "time">): Meant {
  return { segment: segmentSchema.parse(audience), language, byZone: time?.kind === "clock" };
}

/** The audience of a broadcast that has one. */
export function segmentIn({ audience }: { readonly audience: unknown }): Segment {
  return segmentSchema.parse(audience);
}
