import type { Context } from "hono";
import * as z from "zod";
import { INTENTS } from "../../../domain/jobs/import/judge-line.ts";
import { MEANINGS } from "../../../domain/jobs/import/recognise.ts";
import { checkAgain, importOf, reachOf, runImport } from "../../../domain/jobs/import/step-import.ts";
import { FILE_BYTES_MAX, takeFile } from "../../../domain/jobs/import/take-file.ts";
import { listJobs, readJob } from "../../../domain/jobs/queries/jobs.ts";
import { readFaults } from "../../../domain/jobs/queries/lines.ts";
import { confirmInWords } from "../../../domain/letters/confirm-in-words.ts";
import { selectJoinable } from "../../../domain/sequences/queries/joinable.ts";
import { say, type WordKey } from "../../../platform/texts/texts.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { csvAnswer, csvOf } from "../csv.ts";
import type { DeskPage, Fields } from "../desk-page.ts";
import { TYPED_FROM } from "./import-findings.tsx";
import { ImportsPage } from "./imports-page.tsx";
import { personId as idIn } from "./person-id.ts";
import { showDesk } from "./show-desk.ts";

type Ctx = Context<AppEnv>;

const IMPORTS_SHOWN = 20;
const ALL_PARTS = 1000;
/** A form's own fields beside the file. */
const FORM_BYTES = 64 * 1024;

const FAULTS = {
  empty: "desk.import.fault.empty",
  broken: "desk.import.fault.broken",
} as const satisfies Readonly<Record<string, WordKey>>;

const wanted = z.object({
  intent: z.enum(INTENTS),
  sequence: z.string().default(""),
  words: z.string().trim().max(2000).default(""),
  per_day: z.coerce.number().int().min(1).max(10_000).default(500),
});

/** Bringing people along from a file: taking it, looking at what it would do, and setting it going. */
export const IMPORTS: readonly DeskPage[] = [
  { method: "get", path: "/desk/imports", needs: "import_people", run: (c) => showImports(c) },
  {
    method: "post",
    path: "/desk/imports",
    needs: "import_people",
    bodyBytesMax: FILE_BYTES_MAX + FORM_BYTES,
    run: (c, _, fields) => take(c, fields),
  },
  {
    method: "post",
    path: "/desk/imports/:id/columns",
    needs: "import_people",
    run: (c, _, fields) => changeColumns(c, fields),
  },
  {
    method: "post",
    path: "/desk/imports/:id/run",
    needs: "import_people",
    run: (c, _, fields) => run(c, fields),
  },
  { method: "get", path: "/desk/imports/:id/faults.csv", needs: "import_people", run: faultsFile },
];

async function showImports(
  c: Ctx,
  {
    status = 200,
    fault = null,
    typed = {},
  }: { readonly status?: number; readonly fault?: WordKey | null; readonly typed?: Fields } = {},
): Promise<Response> {
  const [imports, sequences, site] = await Promise.all([
    listJobs(c.var.db, "import", IMPORTS_SHOWN),
    selectJoinable(c.var.db),
    c.var.site(),
  ]);
  return showDesk(
    c,
    <ImportsPage
      imports={imports}
      sequences={sequences}
      fault={fault}
      typed={typed}
      timeZone={site.timeZone}
    />,
    { status },
  );
}

async function take(c: Ctx, fields: Fields): Promise<Response> {
  const again = (fault: WordKey) => showImports(c, { status: 422, fault, typed: fields });
  const body = await c.req.parseBody();
  const file = body.file;
  if (!(file instanceof File) || file.size === 0) return again("desk.import.fault.noFile");
  if (file.size > FILE_BYTES_MAX) return again("desk.import.fault.tooLarge");
  const read = wanted.safeParse(fields);
  if (!read.success) return again("desk.import.fault.fields");
  const { intent, sequence, words, per_day: perDay } = read.data;
  if (intent === "ask") {
    const joinable = await selectJoinable(c.var.db);
    if (!joinable.some(({ slug }) => slug === sequence)) return again("desk.import.fault.sequence");
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return again("desk.import.fault.zip");
  const taken = await takeFile(
    await c.var.services(),
    { name: file.name, bytes },
    { intent, sequence, words, perDay },
  );
  if (taken.kind === "faulty") return again(FAULTS[taken.why]);
  return c.redirect(`/desk/jobs/${taken.jobId}`, 303);
}

async function wantedJob(c: Ctx) {
  const id = idIn(c);
  const job = id === null ? null : await readJob(c.var.db, id);
  return job?.kind === "import" ? job : null;
}

async function changeColumns(c: Ctx, fields: Fields): Promise<Response> {
  const job = await wantedJob(c);
  if (job === null) return c.notFound();
  const columns = importOf(job).columns.map(
    (was, place) => MEANINGS.find((meaning) => meaning === fields[`column_${place}`]) ?? was,
  );
  const begun = await checkAgain(await c.var.services(), job, columns);
  return c.redirect(`/desk/jobs/${job.id}${begun ? "" : "?done=not_ready"}`, 303);
}

async function run(c: Ctx, fields: Fields): Promise<Response> {
  const job = await wantedJob(c);
  if (job === null) return c.notFound();
  const back = (done: string) => c.redirect(`/desk/jobs/${job.id}?done=${done}`, 303);
  const reach = reachOf(job);
  if (reach > TYPED_FROM && (fields.people ?? "").replaceAll(/\D/g, "") !== String(reach))
    return back("number");
  const services = await c.var.services();
  const { words, sequence, intent } = importOf(job);
  const renditionId = intent === "ask" && words !== "" ? await confirmInWords(services, sequence, words) : 0;
  const begun = renditionId !== null && (await runImport(services, job, renditionId));
  return begun ? c.redirect(`/desk/jobs/${job.id}`, 303) : back("not_ready");
}

async function faultsFile(c: Ctx): Promise<Response> {
  const job = await wantedJob(c);
  if (job === null) return c.notFound();
  const faults = await readFaults(c.var.db, job.id, ALL_PARTS);
  const rows = faults.map(([line, why]) => [line, say("desk.import.fault", { why }, "en")]);
  return csvAnswer("unusable.csv", csvOf([["line", "why"], ...rows]));
}
