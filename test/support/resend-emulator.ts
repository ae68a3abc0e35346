import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A message that the emulator accepted, in the words of Resend's API. */
export type AcceptedMessage = {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: ReadonlyArray<{ readonly name: string; readonly value: string }>;
};

/** What happens to the next calls of an account, one entry a call. */
export type Fault = "drop_after_accept" | "drop_before_accept" | "error_500_after_accept" | "garbage_200";

type Answer = { readonly status: number; readonly body: unknown };

/** One API key is one account with its own state, so that tests do not meet. */
type Account = {
  readonly accepted: AcceptedMessage[];
  readonly answers: Map<string, { readonly payload: string; readonly answer: Answer }>;
  readonly faults: Fault[];
  calls: number;
};

/** A running emulator; the two counts are of one account. */
export type RunningEmulator = {
  readonly url: string;
  readonly acceptedCount: (key: string) => number;
  readonly distinctRecipients: (key: string) => number;
  readonly close: () => void;
};

/**
 * Resend's batch endpoint as a real HTTP server, written from its documentation: idempotency keys replay the first
 * answer (409 for another payload), permissive validation lists refused entries by index, a missing User-Agent is
 * refused. `/_emulator/:key` shows an account (GET) and arranges faults (POST). With `lean` bodies are not kept.
 */
export async function startResendEmulator(options: { readonly lean: boolean }): Promise<RunningEmulator> {
  const accounts = new Map<string, Account>();
  const account = (key: string) => {
    const known = accounts.get(key) ?? { accepted: [], answers: new Map(), faults: [], calls: 0 };
    accounts.set(key, known);
    return known;
  };
  const server: Server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const control = /^\/_emulator\/(.+)$/.exec(request.url ?? "");
      if (control?.[1] !== undefined)
        return controlAccount(account(decodeURIComponent(control[1])), request, response, body);
      if (request.headers["user-agent"] === undefined)
        return reply(response, 403, { message: "error code: 1010" });
      const key = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
      if (key === undefined) return reply(response, 401, error(401, "missing_api_key"));
      if (request.method !== "POST" || request.url !== "/emails/batch")
        return reply(response, 404, error(404, "not_found"));
      return batch(account(key), request, response, body, options.lean);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    acceptedCount: (key) => account(key).accepted.length,
    distinctRecipients: (key) => new Set(account(key).accepted.map((message) => message.to)).size,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function batch(
  account: Account,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  lean: boolean,
) {
  account.calls += 1;
  const fault = account.faults.shift();
  if (fault === "drop_before_accept") return request.socket.destroy();
  const idempotencyKey = String(request.headers["idempotency-key"] ?? "");
  const payload = lean ? "" : createHash("sha256").update(body).digest("hex");
  const before = account.answers.get(idempotencyKey);
  let answer: Answer;
  if (before !== undefined) {
    answer =
      before.payload === payload
        ? before.answer
        : { status: 409, body: error(409, "invalid_idempotent_request") };
  } else {
    const permissive = request.headers["x-batch-validation"] === "permissive";
    answer = accept(account, JSON.parse(body) as Record<string, unknown>[], permissive, lean);
    if (idempotencyKey !== "" && answer.status === 200)
      account.answers.set(idempotencyKey, { payload, answer });
  }
  if (fault === "drop_after_accept") return request.socket.destroy();
  if (fault === "error_500_after_accept") return reply(response, 500, error(500, "internal_server_error"));
  if (fault === "garbage_200") return response.writeHead(200).end("<html>");
  return reply(response, answer.status, answer.body);
}

function accept(
  account: Account,
  entries: Record<string, unknown>[],
  permissive: boolean,
  lean: boolean,
): Answer {
  const errors: { index: number; message: string }[] = [];
  const data: { id: string }[] = [];
  const taken: AcceptedMessage[] = [];
  if (entries.length < 1 || entries.length > 100)
    return { status: 422, body: error(422, "validation_error") };
  entries.forEach((entry, index) => {
    const to = Array.isArray(entry.to) ? String(entry.to[0]) : String(entry.to);
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(to) || to.startsWith("refuse")) {
      errors.push({ index, message: `Invalid \`to\` field: ${to}` });
      return;
    }
    const id = randomUUID();
    data.push({ id });
    taken.push({
      id,
      to,
      from: String(entry.from),
      subject: String(entry.subject),
      html: lean ? "" : String(entry.html),
      text: lean ? "" : String(entry.text),
      headers: (entry.headers ?? {}) as Record<string, string>,
      tags: (entry.tags ?? []) as AcceptedMessage["tags"],
    });
  });
  if (errors.length > 0 && !permissive) return { status: 422, body: error(422, "validation_error") };
  account.accepted.push(...taken);
  return { status: 200, body: errors.length > 0 ? { data, errors } : { data } };
}

function controlAccount(account: Account, request: IncomingMessage, response: ServerResponse, body: string) {
  if (request.method === "POST") account.faults.push(...(JSON.parse(body) as Fault[]));
  return reply(response, 200, { calls: account.calls, accepted: account.accepted });
}

function error(statusCode: number, name: string) {
  return { statusCode, name, message: name };
}

function reply(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
