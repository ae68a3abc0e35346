import type { Db } from "../../platform/db/client.ts";
import { lastPersonId } from "../people/queries/filter.ts";
import type { Site } from "../site/site.ts";
import { askedAt, segmentIn } from "./audience.ts";
import type { Broadcast } from "./queries/broadcasts.ts";
import { type Forecast, forecastBetween, samplePeople } from "./queries/forecast.ts";

/** So many ids are looked through at a time: a sign-up never waits long behind one. */
const STEP_IDS = 20_000;
/** Readers up to here are counted while a page is made; of more, the newest, and told so. */
const COUNTED_IDS = 100_000;
const SAMPLE = 10;
/** People for a sample are looked for among so many of the newest. */
const SAMPLE_IDS = 5000;

/** Who would get a broadcast now: a forecast, because who they are is decided when it's locked. */
export type Audience = Forecast & {
  /** Whether more readers are there than were counted: then it's at least so many. */
  readonly atLeast: boolean;
  readonly sample: Awaited<ReturnType<typeof samplePeople>>;
  readonly at: number;
};

/** Counts an audience and takes a few of its people, the newest first. */
export async function forecast(
  db: Db,
  broadcast: Broadcast,
  site: Pick<Site, "timeZone">,
  now: number,
): Promise<Audience> {
  const segment = segmentIn(broadcast);
  const asked = askedAt(now, site);
  const last = await lastPersonId(db);
  const first = Math.max(0, last - COUNTED_IDS);
  const sum = { people: 0, notAgreed: 0, suppressed: 0, otherLanguage: 0 };
  for (let after = first; after < last; after += STEP_IDS) {
    const upTo = Math.min(after + STEP_IDS, last);
    const part = await forecastBetween(db, segment, asked, { after, upTo, language: broadcast.language });
    for (const name of Object.keys(sum) as Array<keyof typeof sum>) sum[name] += part[name];
  }
  const sample = await samplePeople(db, segment, asked, { after: last - SAMPLE_IDS, limit: SAMPLE });
  return { ...sum, atLeast: first > 0, sample, at: now };
}
