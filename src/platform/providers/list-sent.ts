import type { Resend } from "resend";
import * as z from "zod";
import type { ListedPage } from "./mail-provider.ts";

// GET /emails of Resend's API description; newest first, without tags and without a search.
const page = z.object({
  has_more: z.boolean(),
  data: z.array(
    z.object({ id: z.string().min(1), to: z.array(z.string()), subject: z.string(), created_at: z.string() }),
  ),
});

const PAGE_SIZE = 100;
const PAGE_TIMEOUT_MS = 15_000;

/** A page of Resend's list of emails, from behind the email `after`; null where it can't be read, or a time in it can't. */
export async function listSent(resend: Resend, after: string | null): Promise<ListedPage | null> {
  const options = after === null ? { limit: PAGE_SIZE } : { limit: PAGE_SIZE, after };
  const answer = await resend.emails
    .list(options, { signal: AbortSignal.timeout(PAGE_TIMEOUT_MS) })
    .catch(() => null);
  const read = page.safeParse(answer?.data);
  if (!read.success) return null;
  const emails = read.data.data.map(({ id, to, subject, created_at }) => ({
    id,
    to,
    subject,
    at: instant(created_at),
  }));
  if (emails.some(({ at }) => Number.isNaN(at))) return null;
  return { emails, next: read.data.has_more ? (emails.at(-1)?.id ?? null) : null };
}

/** The list writes "2023-04-03 22:13:42.674981+00". */
function instant(createdAt: string): number {
  return Date.parse(createdAt.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"));
}
