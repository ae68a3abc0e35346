import * as z from "zod";
import { EXPORT_COLUMNS, exportPeople } from "../../../domain/privacy/export-people.ts";
import { EVERYONE, segmentOf } from "../../../domain/segments/filter.ts";
import { listPeople } from "../../../domain/segments/list-people.ts";
import { endpoint, faultyField, reply } from "../../api/endpoint.ts";
import { id, instant } from "../../api/fields.ts";
import { goingOn, listOf, pageQuery } from "../../api/list.ts";
import { csvStream } from "../csv.ts";

const NO_SUCH_SEGMENT = faultyField("segment", "is no saved segment's id");

const answer = z
  .object({
    id,
    address: z.string(),
    state: z.enum(["pending", "active", "unsubscribed", "erased"]),
    first_name: z.string(),
    created_at: instant,
    confirmed_at: instant.nullable(),
    unsubscribed_at: instant.nullable(),
  })
  .meta({ id: "Subscriber" });

/** The owner's API of many readers at once: a list, and a file of them. */
export const READERS_API = [
  endpoint({
    method: "get",
    path: "/api/v1/admin/subscribers",
    name: "listSubscribers",
    tag: "People",
    summary: "People, the newest first",
    description:
      "With a filter a page may hold fewer than `limit`, or none, and more may follow: go on while `next` isn't null. To find someone by address, ask for their timeline by POST.",
    query: z.strictObject({
      ...pageQuery(z.int().positive()),
      state: z.enum(["pending", "active", "unsubscribed"]).optional(),
      segment: z
        .string()
        .regex(/^[1-9][0-9]{0,15}$/)
        .transform(Number)
        .pipe(z.int().min(1))
        .optional()
        .meta({ override: { type: "integer", minimum: 1 }, description: "A saved segment's id" }),
    }),
    answers: { 200: { description: "People", schema: listOf(answer) } },
    run: async (c, { query: { limit, cursor, state = null, segment: saved = null } }) => {
      const { db, kinds } = c.var;
      const segment = await segmentOf(db, { ...EVERYONE, state, segment: saved });
      if (segment === null) return NO_SUCH_SEGMENT;
      const asked = { now: await c.var.now(), kinds, timeZone: (await c.var.site()).timeZone };
      const before = cursor ?? Number.MAX_SAFE_INTEGER;
      const { people, next } = await listPeople(db, segment, asked, { before, limit });
      const data = people.map((person) => ({
        id: person.id,
        address: person.address,
        state: person.state,
        first_name: person.firstName,
        created_at: person.createdAt,
        confirmed_at: person.confirmedAt,
        unsubscribed_at: person.unsubscribedAt,
      }));
      return reply(200, goingOn(data, next));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/admin/subscribers/export",
    name: "exportSubscribers",
    tag: "People",
    summary: "A CSV file of people, a line for each sequence that one is in",
    description:
      "The file is made while it's sent. Where it can't be gone on with, the answer breaks off. That it began, and how many people went out, is kept as acts.",
    body: z
      .strictObject({
        segment: z
          .int()
          .positive()
          .nullable()
          .default(null)
          .meta({ description: "A saved segment's id; null for everyone" }),
      })
      .meta({ id: "ExportInput" }),
    answers: { 200: { description: "The file", csv: true } },
    act: "export_readers",
    run: async (c, { body }) => {
      const segment = await segmentOf(c.var.db, { ...EVERYONE, segment: body.segment });
      if (segment === null) return NO_SUCH_SEGMENT;
      const pages = exportPeople(await c.var.services(), segment);
      return { response: csvStream("readers.csv", EXPORT_COLUMNS, pages) };
    },
  }),
];
