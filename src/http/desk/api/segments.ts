import type { Context } from "hono";
import * as z from "zod";
import {
  archiveSegment,
  changeSegment,
  listSegments,
  makeSegment,
  readUsedSegment,
  type SavedSegment,
} from "../../../domain/segments/queries/saved.ts";
import { segmentName, segmentSchema } from "../../../domain/segments/segment.ts";
import { endpoint, faultyField, reply, unknown } from "../../api/endpoint.ts";
import { id, idPath, instant } from "../../api/fields.ts";
import { wholeList, wholeListOf } from "../../api/list.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { countedAudience } from "../read-audience.ts";
import { forecastAnswer, forecastView } from "./broadcast-answers.ts";
import { staleProblem, whyNotChange } from "./seen.ts";

const PATH = "/api/v1/admin/segments";
const NO_SUCH_SEGMENT = unknown("segment");
const STALE = staleProblem("segment");
const TAKEN = faultyField("name", "is another segment's name already");

const input = z.strictObject({ name: segmentName, segment: segmentSchema }).meta({ id: "SavedSegmentInput" });

const answer = z
  .object({
    id,
    name: z.string(),
    segment: segmentSchema,
    archived_at: instant.nullable().meta({ description: "Null while it's offered at the desk" }),
    used_by: z
      .int()
      .meta({ description: "Broadcasts that are or were for it; 20 at most where one is shown" }),
  })
  .meta({ id: "SavedSegment" });

const one = { description: "The segment as it is now", schema: answer, etag: true } as const;

function view({ id: own, name, segment, archivedAt }: SavedSegment, usedBy: number) {
  return { id: own, name, segment, archived_at: archivedAt, used_by: usedBy };
}

async function answered(c: Context<AppEnv>, wanted: number) {
  const found = await readUsedSegment(c.var.db, wanted);
  if (found === null) return NO_SUCH_SEGMENT;
  return reply(200, view(found.saved, found.usedBy.length), String(found.saved.revision));
}

/** Archives one, or brings it back. */
function archiving(path: "archive" | "bring-back", summary: string) {
  const isArchive = path === "archive";
  return endpoint({
    method: "post",
    path: `${PATH}/{id}/${path}`,
    name: isArchive ? "archiveSegment" : "bringSegmentBack",
    tag: "Segments",
    summary,
    params: idPath,
    answers: { 200: one },
    act: isArchive ? "archive_segment" : "bring_back_segment",
    ifMatch: true,
    run: async (c, { params, expects }) => {
      const found = await readUsedSegment(c.var.db, params.id);
      if (found === null) return NO_SUCH_SEGMENT;
      const { saved } = found;
      const refused = whyNotChange("segment", expects, String(saved.revision));
      if (refused !== null) return refused;
      if ((saved.archivedAt === null) !== isArchive) return answered(c, params.id);
      const { db, now, by } = await c.var.services();
      return (await archiveSegment(db, saved, { now, by })) ? answered(c, params.id) : STALE;
    },
  });
}

/** The owner's API of saved segments. */
export const SEGMENTS = [
  endpoint({
    method: "get",
    path: PATH,
    name: "listSegments",
    tag: "Segments",
    summary: "Saved segments by name, archived ones last",
    answers: { 200: { description: "Segments", schema: wholeListOf(answer) } },
    run: async (c) =>
      reply(
        200,
        wholeList((await listSegments(c.var.db)).map(({ usedBy, ...saved }) => view(saved, usedBy))),
      ),
  }),
  endpoint({
    method: "post",
    path: PATH,
    name: "saveSegment",
    tag: "Segments",
    summary: "Save a segment by a name",
    description: "Who's in it isn't stored: that's asked whenever it's used.",
    body: input,
    answers: { 200: one },
    act: "save_segment",
    run: async (c, { body }) => {
      const { db, now, by } = await c.var.services();
      const made = await makeSegment(db, { ...body, now, by });
      return made === null ? TAKEN : answered(c, made);
    },
  }),
  endpoint({
    method: "get",
    path: `${PATH}/{id}`,
    name: "readSegment",
    tag: "Segments",
    summary: "A saved segment",
    params: idPath,
    answers: { 200: one },
    run: (c, { params }) => answered(c, params.id),
  }),
  endpoint({
    method: "put",
    path: `${PATH}/{id}`,
    name: "changeSegment",
    tag: "Segments",
    summary: "Change a segment; broadcasts that are scheduled already keep what they were scheduled with",
    params: idPath,
    body: input,
    answers: { 200: one },
    act: "change_segment",
    ifMatch: true,
    run: async (c, { params, body, expects }) => {
      const found = await readUsedSegment(c.var.db, params.id);
      if (found === null) return NO_SUCH_SEGMENT;
      const refused = whyNotChange("segment", expects, String(found.saved.revision));
      if (refused !== null) return refused;
      const { db, now, by } = await c.var.services();
      const result = await changeSegment(db, found.saved, { ...body, now, by });
      switch (result) {
        case "changed":
          return answered(c, params.id);
        case "taken":
          return TAKEN;
        case "stale":
          return STALE;
      }
    },
  }),
  archiving("archive", "Archive a segment: it isn't offered any more, and what it was used for keeps it"),
  archiving("bring-back", "Bring an archived segment back"),
  endpoint({
    method: "get",
    path: `${PATH}/{id}/forecast`,
    name: "forecastSegment",
    tag: "Segments",
    summary: "How many people it's true of now",
    params: idPath,
    answers: {
      200: { description: "How many, and whom a broadcast would leave out", schema: forecastAnswer },
    },
    run: async (c, { params }) => {
      const found = await readUsedSegment(c.var.db, params.id);
      if (found === null) return NO_SUCH_SEGMENT;
      const { language } = await c.var.site();
      return reply(200, forecastView(await countedAudience(c, { segment: found.saved.segment, language })));
    },
  }),
];
