import type { Context } from "hono";

/**
 * The text fields of a form post, urlencoded or multipart; no fields for an empty body or one that is no form. Files are
 * left out; of a repeated name the last counts.
 */
export async function readForm(c: Context): Promise<Readonly<Record<string, string>>> {
  try {
    const body = await c.req.parseBody();
    return Object.fromEntries(
      Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  } catch {
    return {};
  }
}
