import { Resend } from "resend";
import { z } from "zod";
import type { MailProvider, ProviderAnswer, ProviderCall } from "./mail-provider.ts";

// resend.com/changelog/batch-validation-modes; `errors` is missing where there are none.
const batchAnswer = z.object({
  data: z.array(z.object({ id: z.string().min(1) })),
  errors: z.array(z.object({ index: z.number().int(), message: z.string() })).optional(),
});

// The body of an error (resend.com/docs/api-reference/errors); the SDK uses statusCode null for a lost connection.
const errorBody = z.object({ name: z.string(), statusCode: z.number().int().nullable() });

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
  return { send: (call) => sendBatch(resend, call) };
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
        html: message.html,
        text: message.text,
        headers: { ...message.headers },
        tags: [...message.tags],
      })),
      { idempotencyKey: call.idempotencyKey, batchValidation: "permissive", signal: call.signal },
    );
  } catch (error) {
    return { kind: "unanswered", cause: error instanceof Error ? error.name : "error" };
  }
  if (answer.error !== null) return answerOfError(answer.error);
  const read = batchAnswer.safeParse(answer.data);
  if (!read.success) return { kind: "unanswered", cause: "unreadable_answer" };
  return {
    kind: "accepted",
    ids: read.data.data.map((entry) => entry.id),
    rejected: read.data.errors ?? [],
  };
}

/**
 * 5xx, a lost connection, "the same key is in progress" and an error without a readable status leave the outcome open;
 * anything else is a refusal.
 */
function answerOfError(error: unknown): ProviderAnswer {
  const read = errorBody.safeParse(error);
  if (!read.success) return { kind: "unanswered", cause: "unreadable_answer" };
  const { name, statusCode } = read.data;
  if (statusCode === null || statusCode >= 500 || name === "concurrent_idempotent_requests") {
    return { kind: "unanswered", cause: name };
  }
  return { kind: "refused", status: statusCode, name };
}
