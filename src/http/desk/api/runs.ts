import * as z from "zod";
import { listRuns, readRun, resumeRun } from "../../../domain/ledger/queries/runs.ts";
import { wakeBatches } from "../../../domain/sending/owner-acts.ts";
import { accountOf } from "../../../domain/sending/run-report.ts";
import { endpoint, reply, unknown } from "../..//api/endpoint.ts";
import { counts, id, idPath, instant } from "../../api/fields.ts";
import { listOf, pageOf, pageQuery } from "../../api/list.ts";
import { snake } from "../../api/snake.ts";

const runSchema = z
  .object({
    id,
    tick_at: instant,
    planned: z.int(),
    bounced: z.int(),
    complained: z.int(),
    stopped_at: instant.nullable(),
    stop_reason: z.string().nullable(),
    open_batches: z.int(),
  })
  .meta({ id: "Run", description: "What one tick planned" });

const account = z.object({
  planned: z.int(),
  waiting: z.int(),
  accepted: z.int(),
  skipped: z.int(),
  failed: z.int(),
  held: z.int(),
  uncertain: z.int(),
  adds_up: z.boolean().meta({ description: "Whether the letters add up to those planned" }),
});

const runInFull = runSchema
  .extend({
    account,
    reasons: counts,
    passed: counts,
    feedback: counts,
    steps: counts,
    waiting_for: z.array(
      z.object({ why: z.string().nullable(), batches: z.int(), retry_at: instant.nullable() }),
    ),
  })
  .meta({ id: "RunInFull", description: "A run with its accounting" });

/** The owner's API of runs. */
export const RUNS = [
  endpoint({
    method: "get",
    path: "/api/v1/admin/runs",
    name: "listRuns",
    tag: "Sending",
    summary: "Runs, newest first",
    query: z.strictObject(pageQuery(z.int())),
    answers: { 200: { description: "Runs", schema: listOf(runSchema) } },
    run: async (c, { query: { limit, cursor } }) => {
      const rows = await listRuns(c.var.db, cursor ?? Number.MAX_SAFE_INTEGER, limit + 1);
      return reply(
        200,
        pageOf(rows.map(snake), limit, (run) => run.id),
      );
    },
  }),
  endpoint({
    method: "get",
    path: "/api/v1/admin/runs/{id}",
    name: "readRun",
    tag: "Sending",
    summary: "A run with its accounting",
    params: idPath,
    answers: { 200: { description: "The run", schema: runInFull } },
    run: async (c, { params }) => {
      const run = await readRun(c.var.db, c.var.kinds, params.id);
      if (run === null) return unknown("run");
      const waiting = run.waiting.map(snake);
      return reply(200, { ...snake(run), ...accountOf(run), waiting_for: waiting });
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/runs/{id}/resume",
    name: "resumeRun",
    tag: "Sending",
    summary: "Continue a run that stopped by itself",
    params: idPath,
    answers: {
      200: { description: "How many batches were put in the queue", schema: z.object({ batches: z.int() }) },
    },
    act: "resume_run",
    run: async (c, { params }) => {
      const services = await c.var.services();
      if (!(await resumeRun(services.db, params.id, services.by, services.now)))
        return { code: "not_found", detail: "There's no such run, or it isn't stopped." };
      return reply(200, { batches: await wakeBatches(services) });
    },
  }),
];
