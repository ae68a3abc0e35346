import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Account, type AccountSettings, accountNow, type Fault, newAccount } from "./account.ts";
import { type Answer, type ErrorName, errorAnswer } from "./errors.ts";
import { list, single } from "./list.ts";
import { countCall, quotas } from "./rate-limit.ts";
import { answerSend } from "./send.ts";
import { deliver, eventsOf, signedEvent } from "./webhooks.ts";

export type { AcceptedMessage, AccountSettings, Fault, SignedEvent } from "./account.ts";

/** A running emulator; the counts are of one account. */
export type RunningEmulator = {
  readonly url: string;
  readonly account: (key: string) => Account;
  readonly acceptedCount: (key: string) => number;
  readonly distinctRecipients: (key: string) => number;
  readonly close: () => void;
};

export type EmulatorOptions = {
  /** Keep no bodies and make no events: for benchmarks. */
  readonly lean: boolean;
  readonly port?: number;
  readonly ratePerSecond?: number;
};

type Call = {
  readonly account: Account;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
  readonly lean: boolean;
};

/**
 * Resend's API as a real HTTP server, written from its documentation, as far as Themepost uses it. Each API key is an account
 * of its own. `/_emulator/:key` shows an account (GET; `?since=n` leaves out the first n messages) and arranges it (POST
 * `{faults, settings, event}`); `/_emulator/:key/events` hands over the events that nobody was sent (POST).
 */
export async function startResendEmulator(options: EmulatorOptions): Promise<RunningEmulator> {
  const accounts = new Map<string, Account>();
  const account = (key: string) => {
    const known = accounts.get(key) ?? newAccount(options.ratePerSecond ?? 10_000);
    accounts.set(key, known);
    return known;
  };
  const server = createServer((request, response) => {
    const answer = (body: string): unknown => {
      const control = /^\/_emulator\/([^/?]+)(\/events|\/alerts)?/.exec(request.url ?? "");
      if (control?.[1] !== undefined) {
        const own = account(decodeURIComponent(control[1]));
        const call = { account: own, request, response, body, lean: options.lean };
        if (control[2] === "/alerts") return takeAlert(call);
        return control[2] === undefined ? controlAccount(call) : handOver(call);
      }
      const dns = /^\/_dns\/([^/?]+)/.exec(request.url ?? "");
      if (dns?.[1] !== undefined) return answerDns(account(decodeURIComponent(dns[1])), request, response);
      return serve(account, request, response, body, options.lean);
    };
    // A caller that died in mid-request hears nothing; everything else is a bug here.
    readBody(request).then(answer, (error: unknown) => {
      if (!request.destroyed) throw error;
    });
  });
  // An idle connection stays open: a request that comes just as it's closed would be lost, and that's no fault that a test asked for.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    account,
    acceptedCount: (key) => account(key).accepted.length,
    distinctRecipients: (key) => new Set(account(key).accepted.map((message) => message.to)).size,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answerDns({ settings: { dns } }: Account, request: IncomingMessage, response: ServerResponse) {
  const name = new URL(request.url ?? "", "http://localhost").searchParams.get("name") ?? "";
  if (dns === null) return response.writeHead(503).end();
  const Answer = (dns[name] ?? []).map((text) => ({ name, type: 16, TTL: 300, data: `"${text}"` }));
  const body = JSON.stringify({ Status: Answer.length === 0 ? 3 : 0, Answer });
  return response.writeHead(200, { "content-type": "application/dns-json" }).end(body);
}

function serve(
  accountOf: (key: string) => Account,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  lean: boolean,
) {
  if (request.headers["user-agent"] === undefined) {
    return response.writeHead(403, { "content-type": "text/plain" }).end("error code: 1010");
  }
  const key = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (key === undefined) return reply(response, errorAnswer("missing_api_key"));
  if (key.startsWith("re_invalid")) return reply(response, errorAnswer("invalid_api_key"));
  if (key.startsWith("re_restricted")) return reply(response, errorAnswer("restricted_api_key"));
  const account = accountOf(key);
  account.calls += 1;
  if (account.settings.outage === "refuse") return request.socket.destroy();
  if (account.settings.outage === "hang") return undefined;
  const { headers, refusal } = countCall(account);
  if (refusal !== null) return reply(response, refusal, headers);
  const call = { account, request, response, body, lean };
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const { method } = request;
  if (path === "/emails" || path === "/emails/batch") {
    if (method === "POST") return send(call, path === "/emails/batch", headers);
    if (method === "GET" && path === "/emails") return reply(response, list(account, query), headers);
    return reply(response, errorAnswer("method_not_allowed"), headers);
  }
  const domain = /^\/domains(?:\/([^/]+))?$/.exec(path);
  if (domain !== null && method === "GET") {
    if (account.settings.list.sendOnly) return reply(response, errorAnswer("restricted_api_key"), headers);
    const { domains } = account.settings;
    if (domain[1] === undefined)
      return reply(
        response,
        { status: 200, body: { object: "list", has_more: false, data: domains } },
        headers,
      );
    const found = domains.find(({ id }) => id === domain[1]);
    return reply(
      response,
      found === undefined ? errorAnswer("not_found") : { status: 200, body: found },
      headers,
    );
  }
  const webhook = /^\/webhooks(?:\/([^/]+))?$/.exec(path);
  if (webhook !== null) return reply(response, webhooks(account, method ?? "", webhook[1], body), headers);
  if (path === "/usage" && method === "GET") return reply(response, usage(account), headers);
  const email = /^\/emails\/([^/]+)$/.exec(path)?.[1];
  if (email !== undefined && method === "GET") return reply(response, single(account, email), headers);
  const suppression = /^\/suppressions\/([^/]+)$/.exec(path)?.[1];
  if (suppression !== undefined && method === "DELETE") {
    const address = decodeURIComponent(suppression).toLowerCase();
    if (!account.suppressed.delete(address)) return reply(response, errorAnswer("not_found"), headers);
    return reply(
      response,
      { status: 200, body: { object: "suppression", id: address, deleted: true } },
      headers,
    );
  }
  return reply(response, errorAnswer("not_found"), headers);
}

function webhooks(account: Account, method: string, id: string | undefined, body: string): Answer {
  const { settings } = account;
  if (settings.list.sendOnly) return errorAnswer("restricted_api_key");
  const found = settings.webhooks.find((each) => each.id === id);
  if (method === "GET" && id === undefined) {
    const data = settings.webhooks.map(({ signing_secret: _, ...each }) => each);
    return { status: 200, body: { object: "list", has_more: false, data } };
  }
  if (method === "POST" && id === undefined) {
    const { endpoint, events } = JSON.parse(body) as { endpoint: string; events: string[] };
    const made = { id: `webhook-${settings.webhooks.length + 1}`, endpoint, events, status: "enabled" };
    const all = [...settings.webhooks, { ...made, signing_secret: settings.webhookSecret }];
    account.settings = { ...settings, webhooks: all };
    return {
      status: 201,
      body: { object: "webhook", id: made.id, signing_secret: settings.webhookSecret },
    };
  }
  if (found === undefined) return errorAnswer("not_found");
  if (method === "GET") return { status: 200, body: { object: "webhook", ...found } };
  if (method !== "PATCH") return errorAnswer("method_not_allowed");
  const mended = { ...found, ...(JSON.parse(body) as Partial<typeof found>) };
  const all = settings.webhooks.map((each) => (each === found ? mended : each));
  account.settings = { ...settings, webhooks: all };
  return { status: 200, body: { object: "webhook", id: found.id } };
}

/** Faults that take a call and don't answer it. */
const UNANSWERED = new Set([
  "drop_after_accept",
  "error_500_after_accept",
  "garbage_200",
  "short_answer",
  "slow_body",
]);

async function send(call: Call, batch: boolean, headers: Record<string, string>) {
  const { account, request, response, body, lean } = call;
  const fault = account.faults.shift();
  if (fault === "drop_before_accept") return request.socket.destroy();
  if (fault === "error_500_before_accept")
    return reply(response, errorAnswer("internal_server_error"), headers);
  const refusal = /^refuse:(.+)$/.exec(fault ?? "")?.[1] as ErrorName | undefined;
  if (refusal !== undefined) return reply(response, errorAnswer(refusal), headers);
  const delayMs = Number(/^delay:(\d+)$/.exec(fault ?? "")?.[1] ?? 0);
  const idempotencyKey = request.headers["idempotency-key"];
  const { answer, taken } = await answerSend(
    account,
    {
      body,
      batch,
      permissive: request.headers["x-batch-validation"] === "permissive",
      idempotencyKey: idempotencyKey === undefined ? undefined : String(idempotencyKey),
      lean,
    },
    () => (delayMs === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, delayMs))),
  );
  const events = lean ? [] : taken.flatMap((message) => eventsOf(account, message));
  for (const message of taken) message.late = UNANSWERED.has(fault ?? "");
  const early = account.settings.webhookMode === "before_answer";
  if (early) await deliver(account, events);
  if (fault === "drop_after_accept") request.socket.destroy();
  else if (fault === "error_500_after_accept") reply(response, errorAnswer("internal_server_error"), headers);
  else if (fault === "garbage_200") response.writeHead(200, headers).end("<html>");
  else if (fault === "short_answer") reply(response, { status: 200, body: { data: [] } }, headers);
  else if (fault === "slow_body") slowly(response, answer, headers);
  else reply(response, answer, headers);
  if (!early) await deliver(account, events);
}

/** The answer's head at once, half of its body, and the rest never. */
function slowly(response: ServerResponse, answer: Answer, headers: Record<string, string>) {
  const text = JSON.stringify(answer.body);
  response.writeHead(answer.status, { ...headers, "content-type": "application/json" });
  response.write(text.slice(0, text.length / 2));
}

function usage(account: Account): Answer {
  const { daily, monthly } = quotas(account);
  const shown = (quota: typeof daily) => ({
    used: quota.used,
    limit: quota.limit,
    sent: quota.used,
    received: 0,
    resets_at: new Date(quota.resetsAt).toISOString(),
  });
  const rate_limit = { limit: account.settings.ratePerSecond, duration: 1 };
  return {
    status: 200,
    body: { object: "usage", emails: { daily: shown(daily), monthly: shown(monthly) }, rate_limit },
  };
}

type Control = {
  readonly faults?: readonly Fault[];
  readonly settings?: Partial<AccountSettings>;
  readonly suppress?: readonly string[];
  /** Makes an event about an accepted message, whatever became of it. */
  readonly event?: {
    readonly id: string;
    readonly type: string;
    readonly details?: Record<string, unknown>;
  };
};

function controlAccount({ account, request, response, body }: Call) {
  if (request.method === "POST") {
    const { faults = [], settings = {}, suppress = [], event } = JSON.parse(body) as Control;
    account.faults.push(...faults);
    account.settings = { ...account.settings, ...settings };
    for (const address of suppress) account.suppressed.add(address.toLowerCase());
    const message = account.accepted.find(({ id }) => id === event?.id);
    if (event !== undefined && message !== undefined) {
      account.events.push(signedEvent(account, message, event.type, event.details ?? {}));
    }
  }
  const since = Number(new URLSearchParams((request.url ?? "").split("?")[1] ?? "").get("since") ?? 0);
  const { calls, refusedForRate } = account;
  const now = new Date(accountNow(account)).toISOString();
  return reply(response, {
    status: 200,
    body: { calls, refusedForRate, now, accepted: account.accepted.slice(since) },
  });
}

/** A webhook for alerts that stands in for the owner's: keeps what is posted (POST), shows it (GET). */
function takeAlert({ account, request, response, body }: Call) {
  if (request.method === "POST") account.alerts.push(JSON.parse(body));
  return reply(response, { status: 200, body: account.alerts });
}

function handOver({ account, response }: Call) {
  const { events } = account;
  account.events = [];
  return reply(response, { status: 200, body: events });
}

function reply(response: ServerResponse, { status, body }: Answer, headers: Record<string, string> = {}) {
  response.writeHead(status, { ...headers, "content-type": "application/json" }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
