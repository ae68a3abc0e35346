import type { Context } from "hono";
import { claimKey, forgetKey, keepAnswer } from "../../domain/acts/queries/kept-answers.ts";
import { hmacHex } from "../../platform/links/mac.ts";
import { faultName } from "../../platform/log/fault-name.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { problem } from "../ui/problem.ts";
import type { Endpoint } from "./endpoint.ts";

const KEY_MAX = 200;

/**
 * Answers a request with an `Idempotency-Key` once: the same key with the same request gets the answer that was kept, for a day, and
 * nothing is done again. What was refused isn't kept, so that it can be tried again under its key. An endpoint that works without the
 * database does so with a key, too.
 */
export async function answerOnce(
  c: Context<AppEnv>,
  endpoint: Endpoint,
  body: string,
  perform: () => Promise<Response>,
): Promise<Response> {
  const key = c.req.header("idempotency-key");
  // A file of people is never kept; asked for again, it's made again.
  if (key === undefined || isFile(endpoint)) return perform();
  if (key.length === 0 || key.length > KEY_MAX) {
    return problem({
      code: "faulty",
      detail: "Fix the header and send it again.",
      faults: [{ field: "Idempotency-Key", message: `must be 1 to ${KEY_MAX} characters` }],
    });
  }
  // Keyed, because a request may hold an address, and a plain hash of one can be guessed.
  const secret = c.var.config.suppressionKey;
  const keyHash = await hmacHex(secret, `key\n${key}`);
  const requestHash = await hmacHex(secret, `${c.req.method} ${c.req.path}\n${body}`);
  const { requestId } = c.var.by;
  const request = { keyHash, requestHash, requestId, wallNow: c.var.wallNow() };
  const claim = await claimKey(c.var.db, request).catch((error: unknown) => {
    if (endpoint.withoutDatabase !== true) throw error;
    return { kind: "claimed" as const };
  });
  switch (claim.kind) {
    case "other_request":
      return problem({
        code: "key_reused",
        detail: "This Idempotency-Key was already used for another request. Use a new key for each request.",
      });
    case "under_way":
      return problem({
        code: "under_way",
        detail: "The first request with this key is still in progress. Try again in a minute.",
        headers: { "retry-after": "60" },
      });
    case "answer_lost":
      return problem({
        code: "answer_lost",
        detail: `The first request with this key was cut short, but its changes were kept: see the act of request ${claim.requestId}.`,
      });
    case "answered": {
      const { secrets } = endpoint;
      const kept = claim.body as Readonly<Record<string, unknown>>;
      const whole = secrets === undefined ? kept : { ...kept, ...(await secrets.reveal(c, kept)) };
      return c.json(whole, claim.status as 200, {
        "cache-control": "no-store",
        ...(claim.etag === null ? {} : { etag: claim.etag }),
      });
    }
    case "claimed": {
      const answer = await perform();
      // What was done is done: an answer that can't be kept is given all the same.
      await keep(c, endpoint, answer, keyHash).catch((error: unknown) =>
        console.error(JSON.stringify({ event: "answer.not_kept", error: faultName(error) })),
      );
      return answer;
    }
  }
}

async function keep(
  c: Context<AppEnv>,
  endpoint: Endpoint,
  answer: Response,
  keyHash: string,
): Promise<void> {
  const { db, by } = c.var;
  const { requestId } = by;
  if (!answer.ok) return forgetKey(db, { keyHash, requestId });
  const whole = (await answer.clone().json()) as Record<string, unknown>;
  const open = Object.entries(whole).filter(([name]) => endpoint.secrets?.fields.includes(name) !== true);
  const etag = answer.headers.get("etag");
  const { status } = answer;
  await keepAnswer(db, { keyHash, requestId, status, etag, body: Object.fromEntries(open) });
}

/** Whether an endpoint answers with a file, which takes no `Idempotency-Key`. */
export function isFile({ answers }: Pick<Endpoint, "answers">): boolean {
  return Object.values(answers).some(({ csv }) => csv === true);
}
