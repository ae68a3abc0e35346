import type { Context } from "hono";
import type { AppEnv } from "../web/app-env.ts";
import type { FormPlace } from "./find-form.ts";
import { NO_FIELDS, type SignUpFields } from "./form-reading.ts";
import { networkOf } from "./gate/network.ts";
import { type DoorReason, RefusalCounter } from "./gate/refusals.ts";
import { makeStamp, type StampBinding, stampBinding } from "./gate/stamp.ts";
import { type Outcome, takeSignUp } from "./take-sign-up.ts";

type Ctx = Context<AppEnv>;

const refusals = new RefusalCounter();

/** The network that a request comes from, as it is counted; null where none is known. */
export function visitorNetwork(c: Ctx): string | null {
  return networkOf(c.req.header("cf-connecting-ip"));
}

/** Where a request comes from, as its browser says. */
export function placeOf(c: Ctx): Pick<FormPlace, "origin" | "fetchSite" | "ownOrigin"> {
  return {
    origin: c.req.header("origin") ?? null,
    fetchSite: c.req.header("sec-fetch-site") ?? null,
    ownOrigin: new URL(c.req.url).origin,
  };
}

/** Cloudflare's own rate limit, the first and coarse filter; true where a visitor's network asks too often. */
export async function asksTooOften(c: Ctx): Promise<boolean> {
  const network = visitorNetwork(c);
  if (network === null) return false;
  const { success } = await c.env.SIGN_UP_RATE.limit({ key: network });
  if (!success && c.req.method === "POST") await countAfterwards(c, "rate", null);
  return !success;
}

/** A fresh stamp for a form of ours or a partner's. */
export function freshStamp(c: Ctx, form: Pick<StampBinding, "formKey" | "from">): Promise<string> {
  const { config, wallNow, random } = c.var;
  const at = { wallNow: wallNow(), random: random() };
  const binding = stampBinding({ ...form, network: visitorNetwork(c) });
  return makeStamp(config.signingSecrets[0], binding, at);
}

/** Counts a refusal after the answer. */
async function countAfterwards(c: Ctx, reason: DoorReason, partnerId: number | null): Promise<void> {
  const refusal = { now: await c.var.now(), partnerId, reason };
  c.executionCtx.waitUntil(refusals.count(c.var.db, refusal, c.var.wallNow()));
}

/** Brings a post through the gate; its refusal is counted and its mail put on the queue after the answer. */
export async function passGate(c: Ctx, fields: SignUpFields = NO_FIELDS): Promise<Outcome> {
  const { db, config, guard, wallNow, random, wait } = c.var;
  const outcome = await takeSignUp(
    { db, config, guard, wallNow, random, wait, now: await c.var.now() },
    {
      ...placeOf(c),
      fields,
      network: visitorNetwork(c),
    },
  );
  if (outcome.refusal !== null) await countAfterwards(c, outcome.refusal, outcome.partner?.partnerId ?? null);
  if (outcome.kind === "taken" && outcome.batchId !== null) {
    c.executionCtx.waitUntil(c.env.CONFIRMATIONS.send({ batchId: outcome.batchId }));
  }
  return outcome;
}
