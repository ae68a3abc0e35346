import * as z from "zod";
import type { Db } from "../../platform/db/client.ts";
import { type Asked, asksNext, type IdRange, newestPart, partEnd } from "./queries/compile.ts";
import { type AudienceCount, countAndSample } from "./queries/count.ts";
import { segmentSchema } from "./segment.ts";
import { whoIsIn } from "./who-is-in.ts";

/** So many people are looked at in a statement: a sign-up never waits long behind one. */
const PART = 20_000;
/** Where the planner's rule is asked about each of them. */
const PART_OF_NEXT = 2500;
/** Of more than a part the newest are looked at: a page reads few rows, however many readers there are. */
const LOOK = 500;
const SAMPLE = 10;

/** Who is meant, the language that they'd be written to in, and whether they're counted by the zones of their clocks, too. */
export const meantSchema = z.object({
  segment: segmentSchema,
  language: z.string(),
  byZone: z.boolean().optional(),
});
export type Meant = z.infer<typeof meantSchema>;

/** Who would get a letter in between now: a forecast, because who they are is decided when it's locked. */
export type Forecast = AudienceCount & {
  /** Whether more readers are there than were counted: then it's at least so many. */
  readonly atLeast: boolean;
  readonly sample: Awaited<ReturnType<typeof countAndSample>>["sample"];
  readonly at: number;
};

const partOf = (segment: Meant["segment"]) => (asksNext(segment) ? PART_OF_NEXT : PART);

/** Counts the first part of a range, and says where it ends. */
export async function countPart(
  db: Db,
  { segment, language, byZone }: Meant,
  asked: Asked,
  { after, upTo }: IdRange,
): Promise<{ readonly count: AudienceCount; readonly end: number }> {
  const end = await partEnd(db, segment, { after, upTo }, partOf(segment));
  const isIn = await whoIsIn(db, segment, asked, { after, upTo: end });
  const { count } = await countAndSample(db, isIn, {
    now: asked.now,
    language,
    byZone: byZone === true,
    sample: 0,
  });
  return { count, end };
}

/** Both together. */
export function added(one: AudienceCount, other: AudienceCount): AudienceCount {
  return {
    matching: one.matching + other.matching,
    people: one.people + other.people,
    notAgreed: one.notAgreed + other.notAgreed,
    suppressed: one.suppressed + other.suppressed,
    otherLanguage: one.otherLanguage + other.otherLanguage,
    zones: Object.fromEntries(
      [...new Set([...Object.keys(one.zones), ...Object.keys(other.zones)])].map((zone) => [
        zone,
        (one.zones[zone] ?? 0) + (other.zones[zone] ?? 0),
      ]),
    ),
  };
}

/** Counts an audience where that's done by looking at some thousand people, or else among the newest five hundred, and takes a few of its people. */
export async function forecast(
  db: Db,
  { segment, language, byZone }: Meant,
  asked: Asked,
): Promise<Forecast> {
  const most = partOf(segment);
  const whole = await newestPart(db, segment, most);
  const { last, from } = whole.from > 1 ? await newestPart(db, segment, LOOK) : whole;
  const isIn = await whoIsIn(db, segment, asked, { after: from - 1, upTo: last });
  const found = await countAndSample(db, isIn, {
    now: asked.now,
    language,
    byZone: byZone === true,
    sample: SAMPLE,
  });
  return { ...found.count, atLeast: from > 1, sample: found.sample, at: asked.now };
}
