import * as z from "zod";
import { LETTER_RULES } from "../../../domain/letters/letter-rules.ts";
import { countLetters } from "../../../domain/letters/queries/next-edition.ts";
import { ORIGINS } from "../../../domain/site/origin.ts";
import { type SiteEdition, selectNextSite, selectSite } from "../../../domain/site/queries/site.ts";
import { force, origin, siteSchema, WEEKDAYS, writtenHour } from "../../../domain/site/site-schema.ts";
import { endpoint, faultyField, reply, unknown } from "../../api/endpoint.ts";
import { faultSchema } from "../../api/faults.ts";
import { instant } from "../../api/fields.ts";
import { madeElsewhere } from "./made-elsewhere.ts";
import { staleProblem, whyNotChange } from "./seen.ts";

const rendering = z.object({ letters: z.int(), done: z.int() }).nullable().meta({
  description:
    "The letters being rendered for the next edition, which they all switch to at once; null for none",
});

const answered = z
  .object(siteSchema.shape)
  .extend({
    slot: z.object({ weekday: z.enum(WEEKDAYS), hour: z.int() }),
    version: z.int().meta({ description: "Grows with each publication that changes something" }),
    published_at: instant,
    origin: z.enum(ORIGINS).meta({ description: "Where this edition came from" }),
    rendering,
  })
  .meta({ id: "Site", description: "The site as it was written; its fields can be published again" });

/** The owner's API of the site: what a reader sees, besides the letters. */
export const SITE = [
  endpoint({
    method: "get",
    path: "/api/v1/admin/site",
    name: "readSite",
    tag: "Site",
    summary: "The site as it was written",
    answers: { 200: { description: "The site", schema: answered, etag: true } },
    run: async (c) => {
      const [edition] = await selectSite(c.var.db);
      if (edition === undefined) return unknown("site yet: publish one");
      const [next] = await selectNextSite(c.var.db);
      const waiting = next === undefined ? null : await countLetters(c.var.db);
      return reply(200, { ...siteView(edition), rendering: waiting }, revisionOf(edition));
    },
  }),
  endpoint({
    method: "put",
    path: "/api/v1/admin/site",
    name: "publishSite",
    tag: "Site",
    summary: "Publish the site: name, author, look, texts, wording of the consent",
    description:
      "A site that is there already is changed only with `If-Match`, the `ETag` of the version that you saw. Letters that show what changes are rendered anew, and switch to the new edition together.",
    body: siteSchema.extend({ origin, force }),
    bodyBytesMax: 500_000,
    answers: {
      200: {
        description: "What follows from it",
        schema: z.object({
          letters: z.int().meta({ description: "How many letters are rendered anew" }),
          rendering: z.boolean().meta({
            description: "Whether some still are: the site switches to this edition when all are there",
          }),
        }),
        etag: true,
      },
    },
    faults: faultSchema,
    act: "publish_site",
    ifMatch: true,
    run: async (c, { body: { origin: from, force: insists, ...input }, expects }) => {
      const [seen = null] = await selectSite(c.var.db);
      const refused = whyNotChange("site", expects, seen === null ? null : revisionOf(seen));
      if (refused !== null) return refused;
      const { publishSite } = await import("../../../domain/letters/publish-site.ts");
      const result = await publishSite(await c.var.services(), input, {
        seen,
        origin: from,
        force: insists,
      });
      switch (result.kind) {
        case "published": {
          const { letters, rendering: more } = result;
          const [edition] = await selectSite(c.var.db);
          return reply(
            200,
            { letters, rendering: more },
            edition === undefined ? undefined : revisionOf(edition),
          );
        }
        case "kept":
          return madeElsewhere(result);
        case "stale":
          return STALE;
        case "no_picture":
          return faultyField("author.picture", "isn't there: add the picture first");
        case "faulty":
          return {
            code: "faulty",
            detail: "Nothing was published. Fix the faults and send it again.",
            faults: result.faults.map(({ place, line, rule, message }) => ({
              field: `questions.${place}.answer`,
              message: line === null ? message : `line ${line}: ${message}`,
              rule,
              fix: LETTER_RULES[rule].fix,
            })),
          };
      }
    },
  }),
];

const STALE = staleProblem("site");

function revisionOf({ version, publishedAt }: Pick<SiteEdition, "version" | "publishedAt">): string {
  return `${version}-${publishedAt.toString(36)}`;
}

/** A site as it's written in files and in the API. */
export function siteView({ content, version, publishedAt, origin: from }: SiteEdition) {
  const { name, tagline, author, accent, language, timeZone, slot, hero, questions, owner, consent } =
    content;
  return {
    name,
    tagline,
    ...(author.name === ""
      ? {}
      : {
          author: {
            name: author.name,
            line: author.line,
            sign_off: author.signOff,
            ...(author.picture === undefined ? {} : { picture: author.picture.name }),
          },
        }),
    accent,
    language,
    time_zone: timeZone,
    slot: writtenHour(slot),
    hero,
    questions: questions.map(({ question, answer }) => ({ question, answer })),
    owner: { name: owner.name, address: owner.postalAddress },
    consent: { texts: consent.texts, covers: [...consent.covers] },
    archive: content.archiveInFull ?? ("off" as const),
    version,
    published_at: publishedAt,
    origin: from,
  };
}
