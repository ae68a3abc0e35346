import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { timingSafeEqual } from "hono/utils/buffer";
import { HOUR_MS } from "../../platform/calendar/durations.ts";
import type { Config } from "../../platform/config.ts";
import { logEvent } from "../../platform/log/log-event.ts";
import { raiseAlert } from "../../platform/log/queries.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { visitorNetwork } from "../ui/visitor.ts";

type Ctx = Context<AppEnv>;

/** A person mistypes a few times; beyond that within an hour the owner is told. */
const TOLD_ABOVE = 10;
/** So long a wrong token waits for its answer. */
const SLOWED_MS = 1000;

type Seen = { hour: number; count: number; nextTold: number };

/** Wrong tokens that this isolate has seen in an hour. What it hadn't told when it ends is lost; each is in the log. */
const seenBy = new WeakMap<Config, Seen>();

/**
 * Whether a token is the owner's. A wrong one waits a second, is logged and counted; ten within an hour raise an alert, and every
 * doubling after. Throws 429 where its network had more than twenty wrong ones in the last minute. The right one always works.
 */
export async function isOwnersToken(token: string, c: Ctx): Promise<boolean> {
  if (await timingSafeEqual(token, c.var.config.adminToken)) return true;
  await noteWrongToken(c);
  return false;
}

/** Whether a request carries the owner's token; what carries none at all is no one's, and isn't counted. */
export async function isOwners(c: Ctx): Promise<boolean> {
  const [scheme, token] = (c.req.header("authorization") ?? "").split(" ");
  return scheme === "Bearer" && token !== undefined && token !== "" && (await isOwnersToken(token, c));
}

async function noteWrongToken(c: Ctx): Promise<void> {
  const wallNow = c.var.wallNow();
  logEvent("desk.wrong_token", { request: c.var.requestId });
  const hour = Math.floor(wallNow / HOUR_MS);
  const before = seenBy.get(c.var.config);
  const seen = before?.hour === hour ? before : { hour, count: 0, nextTold: TOLD_ABOVE };
  seenBy.set(c.var.config, seen);
  seen.count += 1;
  if (seen.count >= seen.nextTold) {
    seen.nextTold *= 2;
    const detail = `${seen.count} wrong tokens within an hour`;
    await raiseAlert(c.var.db, { name: "desk.wrong_tokens", detail, now: await c.var.now() });
  }
  const network = visitorNetwork(c);
  if (network !== null && !(await c.env.SIGN_UP_RATE.limit({ key: `token ${network}` })).success)
    throw new HTTPException(429);
  await c.var.wait(SLOWED_MS);
}
