import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Publication } from "../../../domain/letters/letter-schema.ts";
import { previewPublication } from "../../../domain/letters/preview-edit.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { problem } from "../../ui/problem.ts";

// Below the 2 MB that D1 takes as one parameter.
const BODY_BYTES_MAX = 1_500_000;

/** What publishing needs of a request: the letters' frame, from the configuration. */
async function publishDeps(c: Context<AppEnv>) {
  const { db, config } = c.var;
  const sender = { ownerName: config.owner.name, postalAddress: config.owner.postalAddress };
  return { db, now: await c.var.now(), frame: { publicUrl: config.publicUrl, sender } };
}

/** A publication as it was sent, or the answer that says what is wrong with it. */
async function readPublication(
  c: Context<AppEnv>,
): Promise<{ readonly slug: string; readonly publication: Publication } | Response> {
  const { publicationSchema, sequenceSlugSchema } = await import("../../../domain/letters/letter-schema.ts");
  const slug = sequenceSlugSchema.safeParse(c.req.param("slug"));
  if (!slug.success) {
    return problem(422, "Not a slug", "The name of a sequence is lower-case words joined by hyphens.");
  }
  let body: unknown;
  try {
    body = await c.req.json();
  } catch {
    return problem(400, "Not JSON", "Send the sequence as a JSON object with title, welcome and steps.");
  }
  const publication = publicationSchema.safeParse(body);
  if (publication.success) return { slug: slug.data, publication: publication.data };
  const { faultOf } = await import("../../../domain/letters/letter-rules.ts");
  const faults = publication.error.issues.map(({ path, message }) =>
    faultOf(letterAt(path, body), null, "format", `${path.map(String).join(".") || "body"}: ${message}`),
  );
  return problem(422, "Faulty sequence", NOTHING_PUBLISHED, faults);
}

const NOTHING_PUBLISHED = "Nothing was published. Mend the faults and send it again.";

/**
 * PUT /api/v1/admin/sequences/:slug, and POST …/preview: what a publication would mean for readers, before anything is
 * published. React and the Markdown reader are loaded here and nowhere else.
 */
export function sequencesAdmin(): Hono<AppEnv> {
  const limit = bodyLimit({
    maxSize: BODY_BYTES_MAX,
    onError: () => problem(413, "Too large", `A publication may have ${BODY_BYTES_MAX} bytes.`),
  });
  return new Hono<AppEnv>()
    .put("/:slug", limit, async (c) => {
      const read = await readPublication(c);
      if (read instanceof Response) return read;
      const { publishSequence } = await import("../../../domain/letters/publish-sequence.ts");
      const result = await publishSequence(await publishDeps(c), read.slug, read.publication);
      switch (result.kind) {
        case "published":
          return c.json({
            steps: result.steps,
            ...(read.publication.resume === true ? { resumed: result.resumed } : {}),
            ...(result.warnings.length > 0 ? { warnings: result.warnings } : {}),
          });
        case "faulty":
          return problem(422, "Faulty letters", NOTHING_PUBLISHED, result.faults);
      }
    })
    .post("/:slug/preview", limit, async (c) => {
      const read = await readPublication(c);
      if (read instanceof Response) return read;
      const { preparePublication } = await import("../../../domain/letters/publish-sequence.ts");
      const result = await preparePublication(await publishDeps(c), read.slug, read.publication);
      switch (result.kind) {
        case "prepared":
          return c.json(
            await previewPublication(c.var.db, result.prepared, read.publication.resume === true),
          );
        case "faulty":
          return problem(422, "Faulty letters", "It would not be published. Mend the faults.", result.faults);
      }
    });
}

/** The slug of the letter that a path of the body leads into; null where it leads into none. */
function letterAt(path: readonly PropertyKey[], body: unknown): string | null {
  let letter: string | null = null;
  let at: unknown = body;
  for (const key of path) {
    at = typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined;
    const slug = typeof at === "object" && at !== null ? Reflect.get(at, "slug") : undefined;
    if (typeof slug === "string") letter = slug;
  }
  return letter;
}
