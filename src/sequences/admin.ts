import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { AppEnv } from "../web/app-env.ts";
import { problem } from "../web/problem.ts";

// Below the 2 MB that D1 takes as one parameter.
const BODY_BYTES_MAX = 1_500_000;

/** PUT /api/v1/admin/sequences/:slug. React and the Markdown reader are loaded here and nowhere else. */
export function sequencesAdmin(): Hono<AppEnv> {
  return new Hono<AppEnv>().put(
    "/:slug",
    bodyLimit({
      maxSize: BODY_BYTES_MAX,
      onError: () => problem(413, "Too large", `A publication may have ${BODY_BYTES_MAX} bytes.`),
    }),
    async (c) => {
      const { publicationSchema, sequenceSlugSchema } = await import("./publish/letter-schema.ts");
      const { publishSequence } = await import("./publish/publish-sequence.ts");
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
      if (!publication.success) {
        const faults = publication.error.issues.map((issue) => letterIssue(issue.path, issue.message, body));
        return problem(
          422,
          "Faulty sequence",
          "Nothing was published. Mend the faults and send it again.",
          faults,
        );
      }
      const config = c.var.config;
      const result = await publishSequence(
        {
          db: c.var.db,
          now: await c.var.now(),
          frame: {
            publicUrl: config.publicUrl,
            sender: { ownerName: config.owner.name, postalAddress: config.owner.postalAddress },
          },
        },
        slug.data,
        publication.data,
      );
      switch (result.kind) {
        case "published":
          return c.json({ steps: result.steps });
        case "faulty":
          return problem(
            422,
            "Faulty letters",
            "Nothing was published. Mend the faults and send it again.",
            result.faults,
          );
      }
    },
  );
}

/** A zod issue told like a letter's fault: which letter, which field, what is wrong. */
function letterIssue(path: readonly PropertyKey[], message: string, body: unknown) {
  let letter: string | null = null;
  let at: unknown = body;
  for (const key of path) {
    at = typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined;
    const slug = typeof at === "object" && at !== null ? Reflect.get(at, "slug") : undefined;
    if (typeof slug === "string") letter = slug;
  }
  return { letter, line: null, message: `${path.map(String).join(".") || "body"}: ${message}` };
}
