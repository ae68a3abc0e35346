import type { Resend } from "resend";
import * as z from "zod";
import type { LostLetter } from "./mail-provider.ts";

// GET /emails of Resend's API description; newest first.
const page = z.object({
  has_more: z.boolean(),
  data: z.array(
    z.object({ id: z.string().min(1), to: z.array(z.string()), subject: z.string(), created_at: z.string() }),
  ),
});

const PAGE_SIZE = 100;
const PAGE_TIMEOUT_MS = 15_000;

/**
 * Looks letters up in Resend's list by recipient, subject and time; the list has no tags and no search. Goes back from the
 * newest, until all are found, the letters' time is passed, or `pages` pages were read. A page that cannot be read ends it.
 */
export async function findLost(
  resend: Resend,
  letters: readonly LostLetter[],
  pages: number,
): Promise<{ id: number; providerId: string }[]> {
  const open = new Map(letters.map((letter) => [letter.id, letter]));
  const found: { id: number; providerId: string }[] = [];
  const earliest = Math.min(...letters.map((letter) => letter.from));
  let after: string | undefined;
  for (let n = 0; n < pages && open.size > 0; n += 1) {
    const options = after === undefined ? { limit: PAGE_SIZE } : { limit: PAGE_SIZE, after };
    const answer = await resend.emails
      .list(options, { signal: AbortSignal.timeout(PAGE_TIMEOUT_MS) })
      .catch(() => null);
    const read = page.safeParse(answer?.data);
    if (!read.success) break;
    for (const entry of read.data.data) {
      const at = instant(entry.created_at);
      const match = [...open.values()].find(
        (letter) =>
          entry.to.includes(letter.to) &&
          entry.subject === letter.subject &&
          at >= letter.from &&
          at <= letter.until,
      );
      if (match === undefined) continue;
      open.delete(match.id);
      found.push({ id: match.id, providerId: entry.id });
    }
    const last = read.data.data.at(-1);
    if (last === undefined || !read.data.has_more || instant(last.created_at) < earliest) break;
    after = last.id;
  }
  return found;
}

/** The list writes "2023-04-03 22:13:42.674981+00". */
function instant(createdAt: string): number {
  return Date.parse(createdAt.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"));
}
