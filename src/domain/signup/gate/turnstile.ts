import * as z from "zod";
import type { Turnstile } from "../../../platform/config.ts";

/** The action that our widget names and that siteverify must name again. */
export const TURNSTILE_ACTION = "sign-up";

const TOKEN_CHARACTERS_MAX = 2048;
const TIMEOUT_MS = 10_000;

// Cloudflare's test secrets answer for example.com and no action (developers.cloudflare.com/turnstile/troubleshooting/testing).
const TEST_SECRET = /^[123]x0{31,33}AA$/;

const answerSchema = z.object({
  success: z.boolean(),
  hostname: z.string().optional(),
  action: z.string().optional(),
});

/**
 * Whether a Turnstile token proves a visitor of this page: asked of siteverify, which takes each token once and for 300
 * seconds; host and action must be ours. No answer, or a strange one, is no proof (rule 4.09).
 */
export async function provesPerson(turnstile: Turnstile, token: string, host: string): Promise<boolean> {
  if (token === "" || token.length > TOKEN_CHARACTERS_MAX) return false;
  const { baseUrl, secretKey } = turnstile;
  try {
    const response = await fetch(`${baseUrl}/turnstile/v0/siteverify`, {
      method: "POST",
      body: new URLSearchParams({ secret: secretKey, response: token }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = answerSchema.safeParse(await response.json());
    if (!answer.success || !answer.data.success) return false;
    if (TEST_SECRET.test(secretKey)) return true;
    return answer.data.hostname === host && answer.data.action === TURNSTILE_ACTION;
  } catch {
    return false;
  }
}
