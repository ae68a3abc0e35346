import type { Context } from "hono";

/** No field of a visitor's form needs more; what's longer is cut here, before anything looks at it. */
export const FIELD_CHARACTERS_MAX = 4000;

/**
 * The text fields of a form post, urlencoded or multipart, each cut to `most` characters; no fields for an empty body or one
 * that is no form. Files are left out; of a repeated name the last counts.
 */
export async function readForm(
  c: Context,
  most = FIELD_CHARACTERS_MAX,
): Promise<Readonly<Record<string, string>>> {
  try {
    const body = await c.req.parseBody();
    return Object.fromEntries(
      Object.entries(body)
        .filter((entry): entry is [string, string] => typeof entry[1] === "string")
        .map(([name, value]) => [name, value.slice(0, most)]),
    );
  } catch {
    return {};
  }
}
