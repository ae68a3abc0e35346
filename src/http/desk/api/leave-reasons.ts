import { Hono } from "hono";
import * as z from "zod";
import { countLeaveReasons } from "../../../domain/people/queries/opt-outs.ts";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import type { AppEnv } from "../../ui/app-env.ts";

const days = z.coerce.number().int().min(1).max(400).catch(90);

/** The owner's API of leaving: how many said why, in the last `days` days (90), and how many left without a word (null). */
export function preferencesAdmin(): Hono<AppEnv> {
  return new Hono<AppEnv>().get("/leave-reasons", async (c) => {
    const since = (await c.var.now()) - days.parse(c.req.query("days")) * DAY_MS;
    return c.json({ reasons: await countLeaveReasons(c.var.db, since) });
  });
}
