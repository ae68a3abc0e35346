import * as z from "zod";

const TIMEOUT_MS = 3000;
/** The record's number for texts (RFC 1035 3.2.2), and the answers that a name server gave. */
const TXT = 16;
const [NO_ERROR, NO_SUCH_NAME] = [0, 3];

// developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json
const answerSchema = z.object({
  Status: z.number(),
  Answer: z.array(z.object({ type: z.number(), data: z.string() })).optional(),
});

/** The text records of a name, by DNS over HTTPS; null where no name server could be asked. */
export async function lookUpTexts(dnsUrl: string, name: string): Promise<string[] | null> {
  try {
    const url = `${dnsUrl}?name=${encodeURIComponent(name)}&type=TXT`;
    const answer = await fetch(url, {
      headers: { accept: "application/dns-json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: "manual",
    });
    const read = answerSchema.safeParse(await answer.json());
    if (!read.success || (read.data.Status !== NO_ERROR && read.data.Status !== NO_SUCH_NAME)) return null;
    return (read.data.Answer ?? [])
      .filter(({ type }) => type === TXT)
      .map(({ data }) => data.replaceAll(/"\s*"/g, "").replaceAll(/^"|"$/g, ""));
  } catch {
    return null;
  }
}
