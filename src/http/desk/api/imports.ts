import type { Context } from "hono";
import * as z from "zod";
import { INTENTS } from "../../../domain/jobs/import/judge-line.ts";
import { importOf, reachOf, runImport } from "../../../domain/jobs/import/step-import.ts";
import { FILE_BYTES_MAX, takeFile } from "../../../domain/jobs/import/take-file.ts";
import { type Job, listJobs, readJob } from "../../../domain/jobs/queries/jobs.ts";
import { readFaults } from "../../../domain/jobs/queries/lines.ts";
import { stopJob } from "../../../domain/jobs/run-job.ts";
import { confirmInWords } from "../../../domain/letters/confirm-in-words.ts";
import { selectJoinable } from "../../../domain/sequences/queries/joinable.ts";
import { endpoint, faultyField, reply, unknown } from "../../api/endpoint.ts";
import { counts, id, idPath, instant } from "../../api/fields.ts";
import { wholeList, wholeListOf } from "../../api/list.ts";
import type { AppEnv } from "../../ui/app-env.ts";

const PATH = "/api/v1/admin/imports";
const SHOWN = 20;
const PARTS_SHOWN = 10;
/** From so many people on, whoever runs an import says their number. */
const COUNTED_FROM = 1000;
/** Base64 has four characters for three bytes. */
const BODY_BYTES_MAX = Math.ceil((FILE_BYTES_MAX * 4) / 3) + 64 * 1024;

const NO_SUCH_IMPORT = unknown("import");

const answer = z
  .object({
    id,
    state: z.string().meta({
      description:
        "`taking` and `checking` (the dry run, which changes nothing), `ready` to be run, `running`, `done`, `stopped` or `failed`",
    }),
    file: z.string(),
    intent: z.enum(INTENTS),
    sequence: z.string(),
    counts: counts.meta({
      description:
        "Of the dry run until it's run: `ask`, `suppress`, `same`, `kept`, `left_out`, `unusable_…`",
    }),
    people: z.int().meta({ description: "How many would be asked or stopped" }),
    parts: z
      .object({ done: z.int(), total: z.int().nullable() })
      .meta({ description: "Of the file, 500 lines each" }),
    unusable: z
      .array(z.object({ line: z.int(), why: z.string() }))
      .meta({ description: "The first lines that can't be used" }),
    created_at: instant,
    ended_at: instant.nullable(),
  })
  .meta({ id: "Import" });

async function answered(c: Context<AppEnv>, wanted: number) {
  const job = await importJob(c, wanted);
  if (job === null) return NO_SUCH_IMPORT;
  const unusable = await readFaults(c.var.db, job.id, PARTS_SHOWN);
  return reply(200, view(job, unusable));
}

async function importJob(c: Context<AppEnv>, wanted: number): Promise<Job | null> {
  const job = await readJob(c.var.db, wanted);
  return job?.kind === "import" ? job : null;
}

function view(job: Job, unusable: ReadonlyArray<readonly [number, string]> = []) {
  const { fileName, intent, sequence } = importOf(job);
  // How far the asking is today is for the job's next step only.
  const { today: _today, tried: _tried, ...counts } = job.counts;
  return {
    ...{ id: job.id, state: job.state, file: fileName, intent, sequence, counts },
    people: reachOf(job),
    parts: { done: job.cursor, total: job.total },
    unusable: unusable.map(([line, why]) => ({ line, why })),
    ...{ created_at: job.createdAt, ended_at: job.endedAt },
  };
}

const one = { description: "The import as it stands", schema: answer } as const;

/** The owner's API of imports: people who are to be stopped, or asked whether they want letters. */
export const IMPORTS_API = [
  endpoint({
    method: "get",
    path: PATH,
    name: "listImports",
    tag: "People",
    summary: "The latest imports",
    answers: { 200: { description: "Imports", schema: wholeListOf(answer) } },
    run: async (c) =>
      reply(200, wholeList((await listJobs(c.var.db, "import", SHOWN)).map((job) => view(job)))),
  }),
  endpoint({
    method: "post",
    path: PATH,
    name: "beginImport",
    tag: "People",
    summary: "Take a CSV file of people, and find out what it would do",
    description: "Only the dry run begins: nobody is written to or stopped before the import is run.",
    body: z
      .strictObject({
        name: z.string().min(1).max(200).meta({ description: "The file's name" }),
        data: z.base64().min(1).meta({ description: "The file, in base64; 20 MB at most" }),
        intent: z.enum(INTENTS).meta({
          description: "`stop`: none of them is ever mailed. `ask`: each gets one email that asks",
        }),
        sequence: z.string().max(60).default("").meta({ description: "Which letters they're asked for" }),
        words: z
          .string()
          .trim()
          .max(2000)
          .default("")
          .meta({ description: "What you say above the question" }),
        per_day: z.int().min(1).max(10_000).default(500).meta({ description: "So many are asked a day" }),
      })
      .meta({ id: "ImportInput" }),
    bodyBytesMax: BODY_BYTES_MAX,
    answers: { 200: one },
    act: "begin_import",
    run: async (c, { body }) => {
      const { name, data, intent, sequence, words, per_day: perDay } = body;
      const joinable = intent === "ask" ? await selectJoinable(c.var.db) : [];
      if (intent === "ask" && !joinable.some(({ slug }) => slug === sequence))
        return faultyField("sequence", "isn't a sequence that can be joined");
      const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
      if (bytes.length > FILE_BYTES_MAX) return faultyField("data", "is larger than 20 MB");
      const taken = await takeFile(
        await c.var.services(),
        { name, bytes },
        { intent, sequence, words, perDay },
      );
      return taken.kind === "taken"
        ? answered(c, taken.jobId)
        : faultyField("data", taken.why === "empty" ? "has no lines" : "can't be read as CSV");
    },
  }),
  endpoint({
    method: "get",
    path: `${PATH}/{id}`,
    name: "readImport",
    tag: "People",
    summary: "How far an import is, and what it came to",
    params: idPath,
    answers: { 200: one },
    run: (c, { params }) => answered(c, params.id),
  }),
  endpoint({
    method: "post",
    path: `${PATH}/{id}/run`,
    name: "runImport",
    tag: "People",
    summary: "Set an import going, once its dry run is done",
    params: idPath,
    body: z
      .strictObject({
        people: z
          .int()
          .min(0)
          .optional()
          .meta({ description: "How many people it's for, as its dry run says; needed above 1,000" }),
      })
      .meta({ id: "RunImportInput" }),
    answers: { 200: one },
    problems: { wrong_state: "Its dry run isn't done, or it was run or stopped already" },
    act: "run_import",
    run: async (c, { params, body }) => {
      const job = await importJob(c, params.id);
      if (job === null) return NO_SUCH_IMPORT;
      const reach = reachOf(job);
      if (body.people === undefined ? reach > COUNTED_FROM : body.people !== reach)
        return faultyField("people", `must be ${reach}, as the dry run says`);
      const services = await c.var.services();
      const { words, sequence, intent } = importOf(job);
      const renditionId =
        intent === "ask" && words !== "" ? await confirmInWords(services, sequence, words) : 0;
      const begun = renditionId !== null && (await runImport(services, job, renditionId));
      return begun ? answered(c, job.id) : NOT_READY;
    },
  }),
  endpoint({
    method: "post",
    path: `${PATH}/{id}/stop`,
    name: "stopImport",
    tag: "People",
    summary: "Stop an import where it is; what's done stays",
    params: idPath,
    answers: { 200: one },
    act: "stop_job",
    run: async (c, { params }) => {
      const job = await importJob(c, params.id);
      if (job === null) return NO_SUCH_IMPORT;
      await stopJob(await c.var.services(), job.id);
      return answered(c, job.id);
    },
  }),
];

const NOT_READY = {
  code: "wrong_state",
  detail: "Its dry run isn't done yet, or it was run or stopped already. Nothing was changed.",
} as const;
