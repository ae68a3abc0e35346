import type { Context } from "hono";
import type { FormPlace } from "../../domain/signup/find-form.ts";
import { networkOf, UNKNOWN_NETWORK } from "../../domain/signup/gate/network.ts";
import { makeStamp, type StampBinding, stampBinding } from "../../domain/signup/gate/stamp.ts";
import { isLoopback } from "../../platform/config-schema.ts";
import type { AppEnv } from "./app-env.ts";

type Ctx = Context<AppEnv>;

/** The network that a request comes from, as it is counted; null on loopback alone: elsewhere those who tell none share one. */
export function visitorNetwork(c: Ctx): string | null {
  const network = networkOf(c.req.header("cf-connecting-ip"));
  return network ?? (isLoopback(c.var.config.publicUrl) ? null : UNKNOWN_NETWORK);
}

/** Where a request comes from, as its browser says. */
export function placeOf(c: Ctx): Pick<FormPlace, "origin" | "fetchSite"> {
  return {
    origin: c.req.header("origin") ?? null,
    fetchSite: c.req.header("sec-fetch-site") ?? null,
  };
}

/** A fresh stamp for a form of ours or a partner's. */
export function freshStamp(c: Ctx, form: Pick<StampBinding, "formKey" | "from">): Promise<string> {
  const { config, wallNow, random } = c.var;
  const at = { wallNow: wallNow(), random: random() };
  const binding = stampBinding({ ...form, network: visitorNetwork(c) });
  return makeStamp(config.signingSecrets[0], binding, at);
}
