import type { Context } from "hono";
import { type Audience, readAudience } from "../../domain/jobs/count-audience.ts";
import type { Meant } from "../../domain/segments/forecast.ts";
import type { AppEnv } from "../ui/app-env.ts";

/** Who is meant, counted now or within the hour, for a page or an answer. */
export async function countedAudience(c: Context<AppEnv>, meant: Meant): Promise<Audience> {
  const { db, kinds } = c.var;
  const [now, { timeZone }] = await Promise.all([c.var.now(), c.var.site()]);
  return readAudience({ db }, meant, { now, timeZone, kinds });
}
