import { createHash, randomUUID } from "node:crypto";
import { type AcceptedMessage, type Account, accountNow } from "./account.ts";
import { type Answer, errorAnswer } from "./errors.ts";
import { quotaRefusal } from "./rate-limit.ts";

const KEY_MEMORY_MS = 24 * 3_600_000;
const BATCH_MAX = 100;

/** A sending request, reduced to what its answer depends on. */
export type SendRequest = {
  readonly body: string;
  readonly batch: boolean;
  readonly permissive: boolean;
  readonly idempotencyKey: string | undefined;
  readonly lean: boolean;
};

/**
 * Answers a sending request as documented: a key that is remembered (24 h) replays its first answer or refuses another
 * payload, and is busy while `meanwhile` lasts; everything else is validated, counted and accepted. Only what was taken is
 * remembered.
 */
export async function answerSend(
  account: Account,
  request: SendRequest,
  meanwhile: () => Promise<void>,
): Promise<{ readonly answer: Answer; readonly taken: readonly AcceptedMessage[] }> {
  const key = request.idempotencyKey;
  if (key !== undefined && (key.length < 1 || key.length > 256)) {
    return { answer: errorAnswer("invalid_idempotency_key"), taken: [] };
  }
  const payload = createHash("sha256").update(request.body).digest("base64");
  const now = accountNow(account);
  const known = key === undefined ? undefined : account.memory.get(key);
  if (known !== undefined && now - known.at < KEY_MEMORY_MS) {
    if (known.answer === null) return { answer: errorAnswer("concurrent_idempotent_requests"), taken: [] };
    const answer = known.payload === payload ? known.answer : errorAnswer("invalid_idempotent_request");
    return { answer, taken: [] };
  }
  const record = { payload, at: now, answer: null as Answer | null };
  if (key !== undefined) account.memory.set(key, record);
  await meanwhile();
  const result = accept(account, request);
  if (result.answer.status === 200) record.answer = result.answer;
  else if (key !== undefined) account.memory.delete(key);
  return result;
}

function accept(account: Account, request: SendRequest) {
  const refuse = (answer: Answer) => ({ answer, taken: [] as AcceptedMessage[] });
  let parsed: unknown;
  try {
    parsed = JSON.parse(request.body);
  } catch {
    return refuse(errorAnswer("validation_error", "The request body is not JSON.", 400));
  }
  const entries = (request.batch ? parsed : [parsed]) as Record<string, unknown>[];
  if (!Array.isArray(entries) || entries.length < 1 || entries.length > BATCH_MAX) {
    return refuse(errorAnswer("validation_error", "A batch has 1 to 100 emails."));
  }
  const errors: { index: number; message: string }[] = [];
  const taken: AcceptedMessage[] = [];
  for (const [index, entry] of entries.entries()) {
    const to = Array.isArray(entry.to) ? String(entry.to[0]) : String(entry.to ?? "");
    const whole = wholeCallFault(entry, to);
    if (whole !== null) return refuse(whole);
    const message = entryFault(entry, to);
    if (message !== null) errors.push({ index, message });
    else taken.push(toMessage(account, entry, to, request.lean));
  }
  if (errors[0] !== undefined && !(request.batch && request.permissive)) {
    return refuse(errorAnswer("validation_error", errors[0].message));
  }
  const quota = quotaRefusal(account, taken.length);
  if (quota !== null) return refuse(quota);
  account.accepted.push(...taken);
  const data = taken.map(({ id }) => ({ id }));
  if (!request.batch) return { answer: { status: 200, body: data[0] }, taken };
  return { answer: { status: 200, body: errors.length > 0 ? { data, errors } : { data } }, taken };
}

/** What refuses the whole call even in permissive mode. `poison…` stands for a letter that breaks their service's reading. */
function wholeCallFault(entry: Record<string, unknown>, to: string): Answer | null {
  const from = String(entry.from ?? "");
  if (!/^([^<>]+ <[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/.test(from)) {
    return errorAnswer("invalid_from_address", "Invalid `from` field.");
  }
  if (from.includes("@unverified."))
    return errorAnswer("validation_error", "The domain is not verified.", 403);
  if (to.startsWith("poison")) return errorAnswer("validation_error", "The request could not be read.");
  return null;
}

function entryFault(entry: Record<string, unknown>, to: string): string | null {
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(to) || to.startsWith("refuse")) return `Invalid \`to\` field: ${to}`;
  if (typeof entry.subject !== "string" || entry.subject === "") return "Missing `subject` field.";
  if (typeof entry.html !== "string" && typeof entry.text !== "string")
    return "Missing `html` or `text` field.";
  const tags = (entry.tags ?? []) as { name: string; value: string }[];
  const bad = tags.some(({ name, value }) => ![name, value].every((part) => /^[\w-]{1,256}$/.test(part)));
  return bad ? "Tags hold ASCII letters, numbers, underscores and dashes only." : null;
}

function toMessage(
  account: Account,
  entry: Record<string, unknown>,
  to: string,
  lean: boolean,
): AcceptedMessage {
  return {
    id: randomUUID(),
    to,
    from: String(entry.from),
    subject: String(entry.subject),
    html: lean ? "" : String(entry.html),
    text: lean ? "" : String(entry.text),
    headers: lean ? {} : ((entry.headers ?? {}) as Record<string, string>),
    tags: (entry.tags ?? []) as AcceptedMessage["tags"],
    created_at: new Date(accountNow(account)).toISOString(),
    last_event: "queued",
    late: false,
  };
}
