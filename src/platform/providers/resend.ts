import { Resend } from "resend";
import * as z from "zod";
import { listSent } from "./list-sent.ts";
import type { MailProvider, ProviderAnswer, ProviderCall } from "./mail-provider.ts";
import { readDomain, readUsage } from "./read-domain.ts";
import { readWebhook, setUpWebhook } from "./webhook.ts";

// resend.com/changelog/batch-validation-modes; `errors` is missing where there are none.
const batchAnswer = z.object({
  data: z.array(z.object({ id: z.string().min(1) })),
  errors: z.array(z.object({ index: z.number().int(), message: z.string() })).optional(),
});

// The body of an error (resend.com/docs/api-reference/errors); the SDK uses statusCode null for a lost connection.
const errorBody = z.object({
  name: z.string(),
  statusCode: z.number().int().nullable(),
  message: z.string().optional(),
});

// resend.com/docs/api-reference/rate-limit: whole seconds and calls a second.
const wholeNumber = z.coerce.number().int().positive();

const LOOK_UP_TIMEOUT_MS = 15_000;

/**
 * Resend through its official SDK: POST /emails/batch, permissive validation, so that one bad message never holds up
 * the others. The SDK neither retries nor times out: `signal` ends the call.
 */
export function resendProvider(options: {
  readonly apiKey: string;
  readonly baseUrl: string | undefined;
}): MailProvider {
  const resend = new Resend(
    options.apiKey,
    options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl },
  );
  return {
    rateLimited: true,
    send: (call) => sendBatch(resend, call),
    listSent: (after) => listSent(resend, after),
    quotaResetsAt: async (quota) => {
      const answer = await resend.usage
        .get({ signal: AbortSignal.timeout(LOOK_UP_TIMEOUT_MS) })
        .catch(() => null);
      const resetsAt = Date.parse(answer?.data?.emails?.[quota]?.resets_at ?? "");
      return Number.isNaN(resetsAt) ? null : resetsAt;
    },
    readDomain: (name) => readDomain(resend, name),
    readUsage: () => readUsage(resend),
    readWebhook: (url) => readWebhook(resend, url),
    setUpWebhook: (url) => setUpWebhook(resend, url),
    forgetSuppression: async (address) => {
      const signal = AbortSignal.timeout(LOOK_UP_TIMEOUT_MS);
      const answer = await resend.suppressions.remove(address, { signal }).catch(() => null);
      return answer !== null && (answer.error === null || answer.error.statusCode === 404);
    },
  };
}

/**
 * A text that is put together only while the body of the call is written, with a line's end behind it. V8 keeps a merged letter as pieces until it's
 * read, and from then on as a whole; so without this each call would hold its letters twice until it's answered, in the SDK's hands. The
 * line's end makes a text of its own that nobody keeps. The SDK passes the field on as it is.
 */
function writtenLate(html: string): string {
  return { toJSON: () => `${html}\n` } as unknown as string;
}

async function sendBatch(resend: Resend, call: ProviderCall): Promise<ProviderAnswer> {
  let answer: Awaited<ReturnType<typeof resend.batch.send>>;
  try {
    answer = await resend.batch.send(
      call.messages.map((message) => ({
        to: message.to,
        from: message.from,
        replyTo: message.replyTo,
        subject: message.subject,
        html: writtenLate(message.html),
        text: message.text,
        headers: { ...message.headers },
        tags: [...message.tags],
      })),
      { idempotencyKey: call.idempotencyKey, batchValidation: "permissive", signal: call.signal },
    );
  } catch (error) {
    const cause = error instanceof Error ? error.name : "error";
    return { kind: "unanswered", cause, limitPerSecond: null };
  }
  const limitPerSecond = header(answer.headers, "ratelimit-limit");
  if (answer.error !== null) return { ...answerOfError(answer.error, answer.headers), limitPerSecond };
  const read = batchAnswer.safeParse(answer.data);
  if (!read.success) return { kind: "unanswered", cause: "unreadable_answer", limitPerSecond };
  return {
    kind: "accepted",
    ids: read.data.data.map((entry) => entry.id),
    rejected: read.data.errors ?? [],
    limitPerSecond,
  };
}

/**
 * 5xx, a lost connection, "the same key is in progress" and an error without a readable status leave the outcome open;
 * anything else is a refusal.
 */
function answerOfError(error: unknown, headers: Record<string, string> | null) {
  const read = errorBody.safeParse(error);
  if (!read.success) return { kind: "unanswered", cause: "unreadable_answer" } as const;
  const { name, statusCode, message } = read.data;
  if (
    statusCode === null ||
    statusCode < 400 ||
    statusCode >= 500 ||
    name === "concurrent_idempotent_requests"
  ) {
    return { kind: "unanswered", cause: name } as const;
  }
  // A From that is refused comes as a plain validation error; it is a fault of the configuration, not of a letter.
  const aboutFrom = name === "validation_error" && /[`"']from[`"']/i.test(message ?? "");
  return {
    kind: "refused",
    status: statusCode,
    name: aboutFrom ? "invalid_from_address" : name,
    retryAfterSeconds: header(headers, "retry-after"),
  } as const;
}

function header(headers: Record<string, string> | null, name: string): number | null {
  const read = wholeNumber.safeParse(headers?.[name] ?? Number.NaN);
  return read.success ? read.data : null;
}
