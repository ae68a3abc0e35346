import type { Context } from "hono";
import * as z from "zod";

const id = z.coerce.number().int().positive();

/** The person that a page's address names; null where it names none. */
export function personId(c: Context): number | null {
  const read = id.safeParse(c.req.param("id"));
  return read.success ? read.data : null;
}
