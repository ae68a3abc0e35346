import type { Resend } from "resend";
import * as z from "zod";
import type { Quota, SendingDomain } from "./mail-provider.ts";

const TIMEOUT_MS = 5000;
/** More domains than a team has. */
const DOMAINS_MAX = 100;

// resend.com/docs/api-reference/domains: what isn't said counts as not so.
const listAnswer = z.object({ data: z.array(z.object({ id: z.string(), name: z.string() })) });
const domainAnswer = z.object({
  status: z.string(),
  open_tracking: z.boolean().nullish(),
  click_tracking: z.boolean().nullish(),
});
const quota = z.object({ used: z.number(), limit: z.number().nullable() });
const usageAnswer = z.object({ emails: z.object({ daily: quota.nullish(), monthly: quota.nullish() }) });

/** How Resend sees the domain of a name, or of one above it; null where it can't be asked. */
export async function readDomain(resend: Resend, name: string): Promise<SendingDomain | null> {
  const list = listAnswer.safeParse(await ask(resend, `/domains?limit=${DOMAINS_MAX}`));
  if (!list.success) return null;
  const own = list.data.data
    .filter((each) => name === each.name || name.endsWith(`.${each.name}`))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (own === undefined) return { kind: "unknown" };
  const read = domainAnswer.safeParse(await ask(resend, `/domains/${encodeURIComponent(own.id)}`));
  if (!read.success) return null;
  return {
    kind: "known",
    verified: read.data.status === "verified",
    openTracking: read.data.open_tracking === true,
    clickTracking: read.data.click_tracking === true,
  };
}

/** How much of the quotas is used; null where it can't be asked. */
export async function readUsage(resend: Resend): Promise<{ daily: Quota; monthly: Quota } | null> {
  const read = usageAnswer.safeParse(await ask(resend, "/usage"));
  if (!read.success) return null;
  const { daily, monthly } = read.data.emails;
  const none = { used: 0, limit: null };
  return { daily: daily ?? none, monthly: monthly ?? none };
}

async function ask(resend: Resend, path: string): Promise<unknown> {
  const answer = await resend.get(path, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
  return answer?.data ?? null;
}
