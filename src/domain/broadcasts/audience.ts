import type { Meant } from "../segments/forecast.ts";
import { type Segment, segmentSchema } from "../segments/segment.ts";

/** Who a broadcast that has an audience is for. */
export function meantBy({
  audience,
  language,
}: {
  readonly audience: unknown;
  readonly language: string;
}): Meant {
  return { segment: segmentSchema.parse(audience), language };
}

/** The audience of a broadcast that has one. */
export function segmentIn({ audience }: { readonly audience: unknown }): Segment {
  return segmentSchema.parse(audience);
}
