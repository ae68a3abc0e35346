import type { Context } from "hono";
import * as z from "zod";
import { HEALTH_FAULTS, type Health, readHealth } from "../../domain/sending/health.ts";
import type { Config } from "../../platform/config.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { endpoint, reply } from "./endpoint.ts";
import { isOwners } from "./owner-token.ts";
import { snake } from "./snake.ts";

type Ctx = Context<AppEnv>;

const health = z
  .object({
    status: z.enum(["ok", "failing"]),
    instance: z.string().meta({ description: "Which installation answers here" }),
    faults: z.array(z.enum(HEALTH_FAULTS)),
    oldest_due_seconds: z.int().optional(),
    oldest_planned_seconds: z.int().optional(),
    open_batches: z.int().optional(),
    database_bytes: z.int().optional(),
    database_bytes_max: z.int().optional(),
    sending: z.enum(["on", "stopped", "disarmed"]).optional(),
  })
  .meta({
    id: "Health",
    description:
      "How the service is doing; docs/operations/when-something-is-wrong.md says what to do about each fault. The figures come only with the owner's token",
  });

/** For so long a stranger is told what was found last. */
const KEPT_MS = 15_000;

/** What was found last, by the configuration that asked. */
const found = new WeakMap<Config, { readonly health: Health; readonly at: number }>();

/** Whether all is well, for the owner's monitor. */
export const HEALTH = [
  endpoint({
    method: "get",
    path: "/healthz",
    name: "health",
    tag: "Service",
    summary: "How the service is doing",
    description:
      "Without a token: the faults alone, up to 15 seconds old. With the owner's token: the state right now, with figures.",
    open: true,
    answers: {
      200: { description: "All is well", schema: health },
      503: { description: "Something is wrong; `faults` says what", schema: health },
    },
    problems: { not_set_up: "The configuration has faults, so nothing works" },
    run: async (c) => {
      const owner = await isOwners(c);
      const now = owner ? await readNow(c) : await readLately(c);
      const { faults, ...figures } = now;
      const ok = faults.length === 0;
      const body = {
        status: ok ? ("ok" as const) : ("failing" as const),
        instance: c.var.config.instance,
        faults: [...faults],
        ...(owner ? snake(figures) : {}),
      };
      return ok ? reply(200, body) : reply(503, body);
    },
  }),
];

async function readNow(c: Ctx): Promise<Health> {
  const at = c.var.wallNow();
  const health = await readHealth(c.var, { now: await c.var.now(), wallNow: at });
  found.set(c.var.config, { health, at });
  return health;
}

function readLately(c: Ctx): Promise<Health> {
  const last = found.get(c.var.config);
  const age = last === undefined ? Number.POSITIVE_INFINITY : c.var.wallNow() - last.at;
  return last !== undefined && age >= 0 && age < KEPT_MS ? Promise.resolve(last.health) : readNow(c);
}
