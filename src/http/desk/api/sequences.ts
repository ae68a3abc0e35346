import type { Context } from "hono";
import * as z from "zod";
import { publicationSchema } from "../../../domain/letters/letter-schema.ts";
import { previewPublication } from "../../../domain/letters/preview-edit.ts";
import { archiveSequence, listSequences, readEdition } from "../../../domain/sequences/queries/editions.ts";
import { readReaderGroups } from "../../../domain/sequences/queries/sequences.ts";
import { endpoint, reply, unknown } from "../../api/endpoint.ts";
import { slugPath } from "../../api/fields.ts";
import { listOf, pageOf, pageQuery } from "../../api/list.ts";
import type { Precondition } from "../../api/precondition.ts";
import { snake } from "../../api/snake.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { madeElsewhere } from "./made-elsewhere.ts";
import { faultView, faulty, formatFault } from "./publication-faults.ts";
import { publishDeps, whyNotPublish } from "./publish-deps.ts";
import { staleProblem, whyNotChange } from "./seen.ts";
import { letterFault, listed, sequenceSchema, stepChange, warnings } from "./sequence-answers.ts";
import { revisionOf, sequenceView } from "./sequence-view.ts";

type Ctx = Context<AppEnv>;

// Below the 2 MB that D1 takes as one parameter.
const BODY_BYTES_MAX = 1_500_000;

const read = { 200: { description: "The sequence", schema: sequenceSchema, etag: true } } as const;

/** The owner's API of sequences: read what was written, publish, look at what publishing would mean, archive. */
export const SEQUENCES = [
  endpoint({
    method: "get",
    path: "/api/v1/admin/sequences",
    name: "listSequences",
    tag: "Sequences",
    summary: "All sequences by slug, including archived ones",
    query: z.strictObject(pageQuery(z.string())),
    answers: { 200: { description: "Sequences", schema: listOf(listed) } },
    run: async (c, { query: { limit, cursor } }) => {
      const rows = await listSequences(c.var.db, cursor ?? "", limit + 1);
      return reply(
        200,
        pageOf(rows.map(snake), limit, ({ slug }) => slug),
      );
    },
  }),
  endpoint({
    method: "get",
    path: "/api/v1/admin/sequences/{slug}",
    name: "readSequence",
    tag: "Sequences",
    summary: "A sequence with its letters as written, in Markdown",
    params: slugPath,
    answers: read,
    run: (c, { params }) => answerSequence(c, params.slug),
  }),
  endpoint({
    method: "put",
    path: "/api/v1/admin/sequences/{slug}",
    name: "publishSequence",
    tag: "Sequences",
    summary: "Publish a whole sequence, or none of it",
    description:
      "A sequence that already exists changes only with `If-Match`, the `ETag` of the version you saw. Steps left out are archived.",
    params: slugPath,
    body: publicationSchema,
    bodyBytesMax: BODY_BYTES_MAX,
    answers: {
      200: {
        description: "What changed",
        schema: z.object({
          steps: z.array(stepChange),
          resumed: z
            .int()
            .optional()
            .meta({ description: "With `resume`: readers who had every letter and carry on" }),
          warnings,
        }),
        etag: true,
      },
    },
    problems: { faulty: "Nothing was published; `faults` gives the letter, line, rule and fix of each" },
    faults: letterFault,
    explain: formatFault,
    act: "publish_sequence",
    ifMatch: true,
    run: async (c, { params: { slug }, body, expects }) => {
      const seen = await readEdition(c.var.db, slug);
      const refused = whyNotChange("sequence", expects, seen === null ? null : revisionOf(seen));
      if (refused !== null) return refused;
      const closed = await whyNotPublish(c);
      if (closed !== null) return closed;
      const { publishSequence } = await import("../../../domain/letters/publish-sequence.ts");
      const result = await publishSequence(await publishDeps(c), slug, body, {
        seen,
        origin: body.origin,
        force: body.force,
      });
      switch (result.kind) {
        case "published": {
          const { steps, resumed, version, warnings: told } = result;
          return reply(
            200,
            {
              steps: [...steps],
              ...(body.resume === true ? { resumed } : {}),
              ...(told.length > 0 ? { warnings: told.map((fault) => faultView(fault, body)) } : {}),
            },
            revisionOf(version),
          );
        }
        case "kept":
          return madeElsewhere(result);
        case "stale":
          return STALE;
        case "faulty":
          return faulty(result.faults, body);
      }
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/sequences/{slug}/preview",
    name: "previewSequence",
    tag: "Sequences",
    summary: "What publishing would mean for readers, before anything is published",
    params: slugPath,
    body: publicationSchema,
    bodyBytesMax: BODY_BYTES_MAX,
    answers: {
      200: {
        description: "For each changed step, how many readers get it next, later, or not",
        schema: z.object({
          known: z.boolean().meta({ description: "Whether the sequence is there already" }),
          readers: z.int(),
          resuming: z
            .int()
            .meta({ description: "With `resume`: readers who had every letter and would carry on" }),
          welcome: z.enum(["changed", "unchanged"]),
          steps: z.array(
            stepChange.extend({
              next: z.int(),
              later: z.int(),
              not: z.int(),
              past: z.int().meta({
                description:
                  "For a new or moved step: readers who are past its place. With `backfill` they get it first, without it never",
              }),
            }),
          ),
          warnings,
        }),
      },
    },
    problems: { faulty: "Nothing was published; `faults` gives the letter, line, rule and fix of each" },
    faults: letterFault,
    explain: formatFault,
    act: null,
    run: async (c, { params, body }) => {
      const { preparePublication } = await import("../../../domain/letters/prepare-publication.ts");
      const result = await preparePublication(await publishDeps(c), params.slug, body);
      switch (result.kind) {
        case "prepared": {
          const { warnings: told, ...preview } = previewPublication(
            result.prepared,
            await readReaderGroups(c.var.db, params.slug),
            body.resume === true,
          );
          const shown = told === undefined ? {} : { warnings: told.map((fault) => faultView(fault, body)) };
          return reply(200, { ...preview, ...shown });
        }
        case "faulty":
          return faulty(result.faults, body);
      }
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/sequences/{slug}/archive",
    name: "archiveSequence",
    tag: "Sequences",
    summary: "Close it to new readers; current readers carry on",
    params: slugPath,
    answers: read,
    act: "archive_sequence",
    ifMatch: true,
    run: async (c, { params, expects }) => setArchived(c, params.slug, expects, true),
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/sequences/{slug}/unarchive",
    name: "unarchiveSequence",
    tag: "Sequences",
    summary: "Reopen it to new readers",
    params: slugPath,
    answers: read,
    act: "unarchive_sequence",
    ifMatch: true,
    run: async (c, { params, expects }) => setArchived(c, params.slug, expects, false),
  }),
];

const STALE = staleProblem("sequence");

async function setArchived(c: Ctx, slug: string, expects: Precondition, archived: boolean) {
  const seen = await readEdition(c.var.db, slug);
  if (seen === null) return unknown("sequence");
  const refused = whyNotChange("sequence", expects, seen === null ? null : revisionOf(seen));
  if (refused !== null) return refused;
  if ((seen.archivedAt !== null) !== archived) {
    const { db, by, now } = await c.var.services();
    const change = { seen, at: archived ? now : null, now, by };
    if (!(await archiveSequence(db, slug, change))) return STALE;
  }
  return answerSequence(c, slug);
}

async function answerSequence(c: Ctx, slug: string) {
  const edition = await readEdition(c.var.db, slug);
  if (edition === null) return unknown("sequence");
  return reply(200, sequenceView(edition), revisionOf(edition));
}
