import type { Context } from "hono";
import { openProvider } from "../providers/open-provider.ts";
import type { AppEnv } from "../web/app-env.ts";
import { type DeliveryDeps, deliveryDeps } from "./deps.ts";

/** The deps of delivery for a request, at the product's time or at `at`. */
export async function requestDeps(c: Context<AppEnv>, at?: number): Promise<DeliveryDeps> {
  const { config, db, guard, wallNow, random } = c.var;
  const now = at ?? (await c.var.now());
  const wait = (ms: number) => scheduler.wait(ms);
  return deliveryDeps(c.env, {
    config,
    db,
    guard,
    wallNow,
    random,
    now,
    wait,
    provider: openProvider(config, db, now),
  });
}
