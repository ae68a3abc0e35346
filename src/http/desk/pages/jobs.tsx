import type { Context } from "hono";
import { readJob } from "../../../domain/jobs/queries/jobs.ts";
import { readFaults } from "../../../domain/jobs/queries/lines.ts";
import { stopJob } from "../../../domain/jobs/run-job.ts";
import { beginTagging, canUndoTagging, undoTagging } from "../../../domain/jobs/tagging.ts";
import { tagName } from "../../../domain/people/tag.ts";
import {
  EXPORT_COLUMNS,
  exportPeople,
  exportSuppressions,
  SUPPRESSION_COLUMNS,
} from "../../../domain/privacy/export-people.ts";
import { filterFields, segmentOf } from "../../../domain/segments/filter.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { csvStream } from "../csv.ts";
import type { DeskPage, Here } from "../desk-page.ts";
import { JOB_SAID, JobPage } from "./job-page.tsx";
import { personId as idIn } from "./person-id.ts";
import { saidOf } from "./shell.tsx";
import { showDesk } from "./show-desk.ts";

type Ctx = Context<AppEnv>;

/** So many parts of a file have their faults shown on its page; all are in the file of them. */
const PARTS_SHOWN = 10;

/** Long work: tagging many at once, with a page that tells how far it is; and exports, which leave while they're made. */
export const JOBS: readonly DeskPage[] = [
  {
    method: "post",
    path: "/desk/readers/export",
    needs: "export_people",
    run: async (c, _, fields) => {
      const segment = await segmentOf(c.var.db, filterFields.parse(fields));
      if (segment === null) return c.notFound();
      return csvStream("readers.csv", EXPORT_COLUMNS, exportPeople(await c.var.services(), segment));
    },
  },
  {
    method: "post",
    path: "/desk/readers/export-suppressions",
    needs: "export_people",
    run: async (c) =>
      csvStream("suppressions.csv", SUPPRESSION_COLUMNS, exportSuppressions(await c.var.services())),
  },
  {
    method: "post",
    path: "/desk/readers/tags",
    needs: "tag_people",
    run: async (c, _, fields) => {
      const name = tagName.safeParse(fields.new_tag ?? "");
      if (!name.success) return c.redirect("/desk/readers?done=tag_faulty", 303);
      const segment = await segmentOf(c.var.db, filterFields.parse(fields));
      if (segment === null) return c.notFound();
      const id = await beginTagging(await c.var.services(), segment, name.data);
      return c.redirect(`/desk/jobs/${id}`, 303);
    },
  },
  { method: "get", path: "/desk/jobs/:id", needs: "see_jobs", run: showJob },
  {
    method: "post",
    path: "/desk/jobs/:id/stop",
    needs: "tag_people",
    run: async (c) => {
      const id = idIn(c);
      if (id === null) return c.notFound();
      const stopped = await stopJob(await c.var.services(), id);
      return c.redirect(`/desk/jobs/${id}?done=${stopped ? "stopped" : "ended_already"}`, 303);
    },
  },
  {
    method: "post",
    path: "/desk/jobs/:id/undo",
    needs: "tag_people",
    run: async (c) => {
      const id = idIn(c);
      const job = id === null ? null : await readJob(c.var.db, id);
      if (job === null) return c.notFound();
      const undone = await undoTagging(await c.var.services(), job);
      return c.redirect(`/desk/jobs/${job.id}?done=${undone ? "undoing" : "too_late"}`, 303);
    },
  },
];

async function showJob(c: Ctx, _: Here): Promise<Response> {
  const id = idIn(c);
  const [job, site, now] = await Promise.all([
    id === null ? null : readJob(c.var.db, id),
    c.var.site(),
    c.var.now(),
  ]);
  // A count of readers has its bar on the page that needs it.
  if (job === null || job.kind === "count") return c.notFound();
  const { kind } = job;
  const faults = kind === "import" ? await readFaults(c.var.db, job.id, PARTS_SHOWN) : [];
  return showDesk(
    c,
    <JobPage
      job={{ ...job, kind }}
      faults={faults}
      canUndo={canUndoTagging(job, now)}
      said={saidOf(c.req.query("done"), JOB_SAID)}
      timeZone={site.timeZone}
    />,
  );
}
