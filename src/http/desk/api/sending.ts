import type { Context } from "hono";
import * as z from "zod";
import { dryRun } from "../../../domain/sending/dry-run.ts";
import { resumeSending, stopSending } from "../../../domain/sending/owner-acts.ts";
import { reArm } from "../../../domain/sending/re-arm.ts";
import { endpoint, reply } from "../..//api/endpoint.ts";
import { counts, instant } from "../../api/fields.ts";
import type { AppEnv } from "../../ui/app-env.ts";

const sendingSchema = z
  .object({
    sending: z.enum(["on", "stopped", "disarmed"]),
    reason: z.string().nullable(),
    since: instant.nullable(),
    calls_per_second: z
      .number()
      .nullable()
      .meta({ description: "The provider's limit, as its answers gave it" }),
    held_until: instant.nullable(),
    held_for: z.string().nullable(),
  })
  .meta({ id: "Sending", description: "Whether email can go out, and how fast" });

const resumed = sendingSchema
  .extend({ batches: z.int().meta({ description: "How many batches were put in the queue" }) })
  .meta({ id: "SendingResumed" });

const reArmed = sendingSchema
  .extend({
    opt_outs: z.int().meta({ description: "Opt-outs replayed" }),
    letters: z.int().meta({ description: "Letters marked as uncertain" }),
  })
  .meta({ id: "SendingReArmed" });

async function statusOf(c: Context<AppEnv>): Promise<z.input<typeof sendingSchema>> {
  const { sending, reason, since, limitPerSecond, heldUntil, heldWhy } = await c.var.guard.status();
  const held = heldUntil !== null && heldUntil > c.var.wallNow();
  return {
    sending,
    reason: reason === "" ? null : reason,
    since,
    calls_per_second: limitPerSecond,
    held_until: held ? heldUntil : null,
    held_for: held ? heldWhy : null,
  };
}

/** The owner's API of the switches, and of a look at what a tick would do. */
export const SENDING = [
  endpoint({
    method: "get",
    path: "/api/v1/admin/sending",
    name: "sendingStatus",
    tag: "Sending",
    summary: "Whether email can go out, and how fast",
    answers: { 200: { description: "The state", schema: sendingSchema } },
    run: async (c) => reply(200, await statusOf(c)),
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/sending/stop",
    name: "stopSending",
    tag: "Sending",
    summary: "Stop all sending",
    description:
      "The kill switch. It works even while the database is away. If sending is stopped already, the first reason stays.",
    body: z.strictObject({
      reason: z.string().trim().min(1).max(200).meta({ description: "For the next person who looks" }),
    }),
    answers: { 200: { description: "The state now", schema: sendingSchema } },
    act: "stop_sending",
    whileDisarmed: true,
    withoutDatabase: true,
    run: async (c, { body }) => {
      await stopSending(await c.var.services(), body.reason);
      return reply(200, await statusOf(c));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/sending/resume",
    name: "resumeSending",
    tag: "Sending",
    summary: "Lift the kill switch, and any hold the provider asked for",
    answers: { 200: { description: "The state now", schema: resumed } },
    act: "resume_sending",
    whileDisarmed: true,
    run: async (c) => {
      const batches = await resumeSending(await c.var.services());
      return reply(200, { ...(await statusOf(c)), batches });
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/sending/re-arm",
    name: "reArm",
    tag: "Sending",
    summary: "Make a restored database safe to send from, and send again",
    answers: { 200: { description: "What was done, and the state now", schema: reArmed } },
    problems: { armed_already: "Sending isn't disarmed" },
    act: "re_arm",
    whileDisarmed: true,
    run: async (c) => {
      const armed = await reArm(await c.var.services());
      if (armed === null)
        return {
          code: "armed_already",
          detail: "Sending isn't disarmed, so there's nothing to do.",
        };
      const { optOuts, letters } = armed;
      return reply(200, { ...(await statusOf(c)), opt_outs: optOuts, letters });
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/dry-run",
    name: "dryRun",
    tag: "Sending",
    summary: "What a tick would do; writes and sends nothing",
    body: z
      .strictObject({
        at: z.iso
          .datetime({ offset: true })
          .max(40)
          .transform((text) => Date.parse(text))
          .optional()
          .meta({ description: "The instant of the tick; now if left out" }),
      })
      .optional(),
    answers: {
      200: {
        description: "What would be planned, and what passed over",
        schema: z.object({
          due: z.int(),
          letters: counts,
          passed: counts,
          cut: z.boolean().meta({ description: "Whether more is due than a dry run looks at" }),
          composed: z.object({
            letters: z.int(),
            bytes: z.int(),
            faults: z.array(z.string()),
          }),
        }),
      },
    },
    act: null,
    run: async (c, { body }) => {
      const services = await c.var.services();
      const { composed, ...run } = await dryRun(services, body?.at ?? services.now);
      return reply(200, { ...run, composed: { ...composed, faults: [...composed.faults] } });
    },
  }),
];
