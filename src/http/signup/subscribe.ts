import type { Context } from "hono";
import { NO_FIELDS, type SignUpFields } from "../../domain/signup/form-reading.ts";
import { type GateReason, RefusalCounter } from "../../domain/signup/gate/refusals.ts";
import type { Outcome } from "../../domain/signup/judge-post.ts";
import { signUp } from "../../domain/signup/sign-up.ts";
import { tellAlerts } from "../../platform/log/tell-alerts.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { placeOf, visitorNetwork } from "../ui/visitor.ts";

type Ctx = Context<AppEnv>;

const refusals = new RefusalCounter();

/** Cloudflare's own rate limit, the first and coarse filter; true where a visitor's network asks too often. */
export async function asksTooOften(c: Ctx): Promise<boolean> {
  const network = visitorNetwork(c);
  if (network === null) return false;
  const { success } = await c.env.SIGN_UP_RATE.limit({ key: network });
  if (!success && c.req.method === "POST") await countAfterwards(c, "rate", null);
  return !success;
}

/** Counts a refusal after the answer. */
async function countAfterwards(c: Ctx, reason: GateReason, partnerId: number | null): Promise<void> {
  const refusal = { now: await c.var.now(), partnerId, reason };
  c.executionCtx.waitUntil(refusals.count(c.var.db, refusal, c.var.wallNow()));
}

/** Between two looks for alerts that weren't told yet. */
const TELL_EVERY_MS = 60_000;
const toldAt = new WeakMap<object, number>();

/** What closes a form or all of them is told to the owner at once, not with the next tick. */
function tellOwnerAfterwards(c: Ctx): void {
  const wallNow = c.var.wallNow();
  if (wallNow - (toldAt.get(c.var.config) ?? 0) < TELL_EVERY_MS) return;
  toldAt.set(c.var.config, wallNow);
  c.executionCtx.waitUntil(c.var.services().then(tellAlerts));
}

/** Takes a sign-up from any form or program; a refusal is counted and its mail put on the queue after the answer. */
export async function subscribe(c: Ctx, fields: SignUpFields = NO_FIELDS): Promise<Outcome> {
  const { db, config, guard, wallNow, random, wait } = c.var;
  const outcome = await signUp(
    { db, config, guard, wallNow, random, wait, now: await c.var.now() },
    {
      ...placeOf(c),
      fields,
      network: visitorNetwork(c),
    },
  );
  if (outcome.refusal !== null) await countAfterwards(c, outcome.refusal, outcome.partner?.partnerId ?? null);
  if (outcome.kind === "stopped" && outcome.by !== "network") tellOwnerAfterwards(c);
  if (outcome.kind === "taken" && outcome.planned) {
    c.executionCtx.waitUntil(c.env.CONFIRMATIONS.send({ gather: "confirmations" }));
  }
  return outcome;
}
