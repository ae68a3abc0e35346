import * as z from "zod";
import { LEAVE_REASONS } from "../../../domain/people/leave-reason.ts";
import { countLeaveReasons } from "../../../domain/people/queries/opt-outs.ts";
import { listRefusals } from "../../../domain/signup/gate/queries.ts";
import { REFUSAL_REASONS } from "../../../domain/signup/gate/refusals.ts";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { endpoint, reply } from "../..//api/endpoint.ts";
import { numberInQuery } from "../../api/fields.ts";
import { wholeList, wholeListOf } from "../../api/list.ts";

const days = (usual: number, description: string) =>
  z.strictObject({ days: numberInQuery(1, 400, usual).meta({ description }) });

/** The owner's API of counts without people in them: sign-ups that were refused, and why people left. */
export const COUNTS = [
  endpoint({
    method: "get",
    path: "/api/v1/admin/refusals",
    name: "listRefusals",
    tag: "Sign-up",
    summary: "Refused sign-ups, counted by day, partner and reason",
    query: days(30, "How many days back, including today"),
    answers: {
      200: {
        description: "Counts, newest day first",
        schema: wholeListOf(
          z
            .object({
              day: z.iso.date(),
              partner: z
                .string()
                .nullable()
                .meta({ description: "Its slug; null for our own page, or an unknown form" }),
              reason: z.enum(REFUSAL_REASONS),
              count: z.int().min(1),
            })
            .meta({ id: "Refusal" }),
        ),
      },
    },
    run: async (c, { query }) => {
      const rows = await listRefusals(c.var.db, { now: await c.var.now(), days: query.days });
      const named = rows.map((row) => ({
        ...row,
        day: new Date(row.day * DAY_MS).toISOString().slice(0, 10),
      }));
      return reply(200, wholeList(named));
    },
  }),
  endpoint({
    method: "get",
    path: "/api/v1/admin/leave-reasons",
    name: "leaveReasons",
    tag: "People",
    summary: "Why people left, if they said",
    query: days(90, "How many days back"),
    answers: {
      200: {
        description: "People by reason, most frequent first; `reason` is null for people who didn't say",
        schema: wholeListOf(z.object({ reason: z.enum(LEAVE_REASONS).nullable(), people: z.int().min(1) })),
      },
    },
    run: async (c, { query }) => {
      const since = (await c.var.now()) - query.days * DAY_MS;
      return reply(200, wholeList(await countLeaveReasons(c.var.db, since)));
    },
  }),
];
