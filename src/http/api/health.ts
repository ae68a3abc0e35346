import * as z from "zod";
import { HEALTH_FAULTS, readHealth } from "../../domain/sending/health.ts";
import { endpoint, reply } from "./endpoint.ts";
import { snake } from "./snake.ts";

const health = z
  .object({
    status: z.enum(["ok", "failing"]),
    faults: z.array(z.enum(HEALTH_FAULTS)),
    oldest_due_seconds: z.int(),
    oldest_planned_seconds: z.int(),
    open_batches: z.int(),
    database_bytes: z.int(),
    database_bytes_max: z.int(),
    sending: z.enum(["on", "stopped", "disarmed"]),
  })
  .meta({
    id: "Health",
    description: "How the work stands; docs/OPERATIONS.md says what to do about each fault",
  });

/** Whether all is well, for the owner's monitor. */
export const HEALTH = [
  endpoint({
    method: "get",
    path: "/healthz",
    name: "health",
    tag: "Service",
    summary: "How the work stands",
    open: true,
    answers: {
      200: { description: "All is well", schema: health },
      503: { description: "Something isn't as it should be, named by `faults`", schema: health },
    },
    problems: { not_set_up: "The configuration has faults, so nothing works" },
    run: async (c) => {
      const found = await readHealth(c.var, { now: await c.var.now(), wallNow: c.var.wallNow() });
      const ok = found.faults.length === 0;
      const body = {
        status: ok ? ("ok" as const) : ("failing" as const),
        ...snake(found),
        faults: [...found.faults],
      };
      return ok ? reply(200, body) : reply(503, body);
    },
  }),
];
