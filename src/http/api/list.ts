import * as z from "zod";
import { base64Url, fromBase64Url } from "../../platform/links/mac.ts";
import { numberInQuery } from "./fields.ts";

const LIMIT_MAX = 500;
const LIMIT_USUAL = 50;

/** A list as every answer shows it: the entries, whether more follow, and the cursor that asks for those. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    data: z.array(item),
    has_more: z.boolean().meta({ description: "Whether more follow" }),
    next: z
      .string()
      .nullable()
      .meta({ description: "Send it as `cursor` to get what follows; null at the end" }),
  });
}

/** A list that always comes whole, in the same shape. */
export function wholeListOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    data: z.array(item),
    has_more: z.boolean().meta({ description: "Always false: the list comes whole" }),
    next: z.string().nullable().meta({ description: "Always null: the list comes whole" }),
  });
}

/** The query of a list that comes in pages. `key` is what the last entry's place is told by. */
export function pageQuery<Key extends z.ZodType>(key: Key) {
  return {
    limit: numberInQuery(1, LIMIT_MAX, LIMIT_USUAL).meta({
      description: `How many at most, up to ${LIMIT_MAX}`,
    }),
    cursor: z
      .string()
      .max(400)
      .transform((text, context) => {
        const read = key.safeParse(readCursor(text));
        if (read.success) return read.data;
        context.addIssue({
          code: "custom",
          message: "isn't a cursor of this list; leave it out to start over",
        });
        return z.NEVER;
      })
      .optional()
      .meta({ description: "The `next` of the previous page" }),
  };
}

/** A page of rows that were read one more than `limit`, so that it's known whether more follow. */
export function pageOf<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => unknown) {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { data, has_more: more, next: more ? writeCursor(keyOf(last)) : null };
}

/** A page that was read as a part: `next` is where to go on, null at the end. */
export function goingOn<Row>(data: readonly Row[], next: number | null) {
  return { data: [...data], has_more: next !== null, next: next === null ? null : writeCursor(next) };
}

/** A list that is short enough to come whole. */
export function wholeList<Row>(data: readonly Row[]) {
  return { data: [...data], has_more: false, next: null };
}

function writeCursor(key: unknown): string {
  return base64Url(new TextEncoder().encode(JSON.stringify(key)));
}

function readCursor(text: string): unknown {
  try {
    const bytes = /^[A-Za-z0-9_-]+$/.test(text) ? fromBase64Url(text) : null;
    return bytes === null ? undefined : JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
