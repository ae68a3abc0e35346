import * as z from "zod";
import { ACT_VERBS } from "../../../domain/acts/act.ts";
import { listActs } from "../../../domain/acts/queries/acts.ts";
import { endpoint, reply } from "../..//api/endpoint.ts";
import { id, instant } from "../../api/fields.ts";
import { listOf, pageOf, pageQuery } from "../../api/list.ts";
import { snake } from "../../api/snake.ts";

export const actSchema = z
  .object({
    id,
    at: instant,
    actor: z.string().meta({
      description:
        "`desk:ID` (someone at the desk), `desk` (one of them, whose name isn't known yet or while the database is away), `api` (a program with the owner's token), `command_line`, or `service` (the service itself)",
    }),
    verb: z.enum(ACT_VERBS),
    object: z
      .string()
      .meta({ description: "What was changed, by its kind and name", example: "partner:garden" }),
    changed: z.record(z.string(), z.unknown()).meta({
      description:
        "The fields that changed, with their new values. A value of more than 200 characters is `sha256:` and its hash; an address is `(address)`",
    }),
    request_id: z.string().meta({ description: "The `Request-Id` of the request that did it" }),
    settled: z.boolean().meta({
      description:
        "False while no one knows yet how something outside the database ended; the next tick may settle it",
    }),
  })
  .meta({ id: "Act", description: "Something that was done, and by whom" });

type Row = Awaited<ReturnType<typeof listActs>>[number];

/** An act as the API shows it. */
export function actView({ stage, ...act }: Row) {
  return { ...snake(act), settled: stage === "settled" };
}

/** The owner's API of acts: what was done, when and by whom. */
export const ACTS = [
  endpoint({
    method: "get",
    path: "/api/v1/admin/acts",
    name: "listActs",
    tag: "Acts",
    summary: "What was done, when and by whom, newest first",
    query: z.strictObject({
      ...pageQuery(z.int()),
      object: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .meta({ description: "Only what was done to this", example: "sequence:my-letters" }),
    }),
    answers: { 200: { description: "Acts", schema: listOf(actSchema) } },
    run: async (c, { query: { limit, cursor, object } }) => {
      const page = { before: cursor ?? Number.MAX_SAFE_INTEGER, object: object ?? null, limit: limit + 1 };
      const rows = await listActs(c.var.db, page);
      const list = pageOf(rows, limit, (act) => act.id);
      return reply(200, { ...list, data: list.data.map(actView) });
    },
  }),
];
