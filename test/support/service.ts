import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { inject } from "vitest";
import { createApp } from "../../src/app.ts";
import { byItself } from "../../src/domain/acts/act.ts";
import { unparkFeedback } from "../../src/domain/feedback/take-feedback.ts";
import { takeUnread } from "../../src/domain/feedback/unread.ts";
import { KINDS } from "../../src/domain/kinds.ts";
import { lanesWaiting, listOpenBatches } from "../../src/domain/ledger/queries/sweep.ts";
import { runTick } from "../../src/domain/sending/run-tick.ts";
import { gatherAndSend, sendBatch } from "../../src/domain/sending/send-batch.ts";
import type { SendResult } from "../../src/domain/sending/send-result.ts";
import type { Services } from "../../src/domain/services.ts";
import { makeStamp, STAMP_MIN_MS } from "../../src/domain/signup/gate/stamp.ts";
import { ownWording } from "../../src/domain/signup/wording.ts";
import { readSite } from "../../src/domain/site/site.ts";
import { type Config, type Env, type QueueMessage, readConfig } from "../../src/platform/config.ts";
import { type Db, openDb } from "../../src/platform/db/client.ts";
import { openGuard } from "../../src/platform/guard/open-guard.ts";
import type { Lane } from "../../src/platform/guard/rate.ts";
import { signLink } from "../../src/platform/links/token.ts";
import { resendProvider } from "../../src/platform/providers/resend.ts";
import { guardOfFile } from "./guard-of-file.ts";
import type { AcceptedMessage, AccountSettings, Fault, SignedEvent } from "./resend-emulator/server.ts";
import { readRows } from "./rows.ts";
import { WEBHOOK_SECRET } from "./webhook-secret.ts";

export const PARTNER_ORIGIN = "https://www.garden.themepost.dev";
export const OWN_ORIGIN = "https://letters.themepost.dev";
export const ADMIN_TOKEN = "test-admin-token-0123456789abcdef";
/** Monday 2026-11-23, 12:00 UTC. */
export const START = Date.UTC(2026, 10, 23, 12);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;

let accounts = 0;
let visitors = Math.floor(Math.random() * 2 ** 24);

/** A network that no test of this run has used: Cloudflare's own limit is by network, and outlives a test. */
function anotherNetwork(): string {
  visitors = (visitors + 1) % 2 ** 23;
  // Neighbours differ from the first part on, as visitors do.
  return `${130 + (visitors % 90)}.${Math.floor(visitors / 90) % 250}.${Math.floor(visitors / 22_500) % 250}.7`;
}

/**
 * The whole service of one test file, on the real D1 of the file: the app with a clock that the test moves, and the
 * Resend adapter against an emulator account of its own. Queue messages are kept and sent on demand by `drain`.
 */
export function startService(
  options: {
    readonly vars?: Readonly<Record<string, string>>;
    /** A Guard that no other test has stopped or slowed down; only after `emptyTables`, because a database belongs to one. */
    readonly ownGuard?: boolean;
  } = {},
) {
  accounts += 1;
  const apiKey = `re_${accounts}_${crypto.randomUUID()}`;
  const emulatorUrl = inject("emulatorUrl");
  const clock = { now: START, wall: START };
  const random = () => crypto.randomUUID().replaceAll("-", "");
  const queued: { lane: Lane; message: QueueMessage }[] = [];
  const queueOf = (lane: Lane) => ({
    send: async (message: QueueMessage) => void queued.push({ lane, message }),
    sendBatch: async (messages: { body: QueueMessage }[]) => {
      queued.push(...messages.map(({ body }) => ({ lane, message: body })));
    },
  });
  const { GUARD } = env as unknown as Env;
  const guardId = GUARD.idFromName(options.ownGuard === true ? apiKey : guardOfFile());
  const bindings = {
    ...(env as unknown as Env),
    RESEND_WEBHOOK_SECRET: WEBHOOK_SECRET,
    PUBLIC_URL: OWN_ORIGIN,
    MAIL_PROVIDER: "resend",
    RESEND_API_KEY: apiKey,
    RESEND_BASE_URL: emulatorUrl,
    DNS_URL: `${emulatorUrl}/_dns/${apiKey}`,
    ...options.vars,
    LETTERS: queueOf("letters"),
    CONFIRMATIONS: queueOf("confirmations"),
    GUARD: { idFromName: () => guardId, get: () => GUARD.get(guardId) },
  } as unknown as Env;
  const reading = readConfig(bindings);
  if (reading.kind === "faulty") throw new Error(reading.faults.join("\n"));
  const config: Config = reading.config;
  const db: Db = openDb(bindings.DB);
  const wait = async (ms: number) => {
    clock.wall += ms;
    clock.now += ms;
  };
  const app = createApp({ wallNow: () => clock.now, random, wait });
  const deps = (): Services => ({
    db,
    config,
    provider: resendProvider({ apiKey, baseUrl: emulatorUrl }),
    kinds: KINDS,
    bucket: bindings.PICTURES ?? null,
    enqueue: async (lane, messages) => void queued.push(...messages.map((message) => ({ lane, message }))),
    guard: openGuard(bindings.GUARD),
    by: byItself(random),
    now: clock.now,
    wallNow: () => clock.wall,
    random,
    wait: async (ms) => {
      clock.wall += ms;
    },
  });

  /** The network of the visitor whom a stamp was made for, by the stamp. */
  const networks = new Map<string, string>();
  /** Visitors come from networks of their own, unless a test says which; one with a stamp from where they were given it. */
  const networkOf = ({ body }: RequestInit): string => {
    const text = body instanceof URLSearchParams || typeof body === "string" ? String(body) : "";
    const multipart = body instanceof FormData ? String(body.get("stamp")) : "";
    return networks.get(/[\w-]{62}/.exec(text)?.[0] ?? multipart) ?? anotherNetwork();
  };
  /** A request to our own host, or to a whole address; with `access`, as Cloudflare Access let someone through. */
  const request = async (path: string, init: RequestInit = {}, access?: Access) => {
    const ctx = createExecutionContext();
    if (access !== undefined) {
      const { aud, email } = access;
      Object.assign(ctx, { access: { aud, getIdentity: async () => ({ email }) } });
    }
    const headers = new Headers(init.headers);
    const said = headers.get("cf-connecting-ip");
    const network = said ?? networkOf(init);
    headers.set("cf-connecting-ip", network);
    const url = path.startsWith("https://") ? path : `${config.publicUrl}${path}`;
    const answer = await app.request(url, { ...init, headers }, bindings, ctx);
    if (said === null && /subscri|form-stamp/.test(path)) {
      const [, stamp] = /stamp"(?::| value=)"([\w-]{62})"/.exec(await answer.clone().text()) ?? [];
      if (stamp !== undefined) networks.set(stamp, network);
    }
    await waitOnExecutionContext(ctx);
    return answer;
  };
  const form = (path: string, fields: Record<string, string>) =>
    request(path, { method: "POST", body: new URLSearchParams(fields) });
  /** What a form of ours, or a partner's by its key, would post along with these fields. */
  const stamped = async (fields: Record<string, string>, network: string | null = null) => {
    const own = network ?? anotherNetwork();
    const binding = { formKey: fields.partner ?? "", network: own, from: "" };
    const at = { wallNow: clock.now - STAMP_MIN_MS, random: random() };
    const stamp = await makeStamp(config.signingSecrets[0], binding, at);
    if (network === null) networks.set(stamp, own);
    const wording = await ownWording(await readSite(db, config.publicUrl), "en");
    const sequence = fields.partner === undefined ? { sequence: "strengthening-bonds" } : {};
    return { stamp, wording: wording.version, page: "/", ...sequence, ...fields };
  };
  /** A sign-up by our own form. */
  const signUp = async (fields: Record<string, string>) =>
    request("/subscribe", {
      method: "POST",
      headers: { origin: OWN_ORIGIN },
      body: new URLSearchParams(await stamped(fields)),
    });
  const account = async (since = 0): Promise<{ calls: number; accepted: AcceptedMessage[] }> =>
    (await fetch(`${emulatorUrl}/_emulator/${apiKey}?since=${since}`)).json();
  const arrange = async (control: unknown) => {
    const answer = await fetch(`${emulatorUrl}/_emulator/${apiKey}`, {
      method: "POST",
      body: JSON.stringify(control),
    });
    await answer.text();
  };

  const partnerForm = async (key: string, version: string, fields: Record<string, string>, headers = {}) =>
    request("/api/v1/subscriptions", {
      method: "POST",
      headers: { origin: PARTNER_ORIGIN, ...headers },
      body: new URLSearchParams({ ...(await stamped({ partner: key, wording: version, ...fields })) }),
    });

  /** A request of the owner's; a PUT says that it saw what is there now, unless `headers` say otherwise. */
  const admin = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const token = { authorization: `Bearer ${ADMIN_TOKEN}` };
    const etag =
      method === "PUT" && !("if-match" in headers)
        ? (await request(`/api/v1/admin${path}`, { headers: token })).headers.get("etag")
        : null;
    return request(`/api/v1/admin${path}`, {
      method,
      headers: {
        ...token,
        "content-type": "application/json",
        ...(etag === null ? {} : { "if-match": etag }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  };

  return {
    /** A sign-up by the script of a partner's form. */
    partnerForm,
    clock,
    config,
    db,
    kinds: KINDS,
    deps,
    queued,
    request,
    form,
    /** A form of the reader's page, with what that page shows now as its revision. */
    change: async (path: string, fields: Record<string, string>) => {
      const page = await (await request(path)).text();
      const seen = /name="seen" value="(\d+)"/.exec(page)?.[1] ?? "0";
      // The answer is of the sequence whose question comes first.
      const { answer, ...rest } = fields;
      const named = /name="(answer_\d+)"/.exec(page)?.[1] ?? "answer";
      return form(path, { seen, ...rest, ...(answer === undefined ? {} : { [named]: answer }) });
    },
    /** The path of a reader's own page, as the mail with its link has it. */
    ownPage: async (email: string) => {
      const [person] = await readRows<{ id: number; generation: number }>(
        bindings.DB,
        "select id, link_generation as generation from subscribers where address_key = ?",
        email,
      );
      const subject = { purpose: "data", id: person?.id ?? 0, expiresAt: clock.now + HOUR } as const;
      const generation = person?.generation ?? 0;
      return `/data/${await signLink(config.signingSecrets[0], { ...subject, generation })}`;
    },
    stamped,
    signUp,
    account,
    bindings,
    /** All messages that the provider accepted, to one address where `to` is given. */
    accepted: async (to?: string) =>
      (await account()).accepted.filter((message) => to === undefined || message.to === to),
    arrangeFaults: (...faults: Fault[]) => arrange({ faults }),
    arrangeAccount: (settings: Partial<AccountSettings>) => arrange({ settings }),
    suppressAtProvider: (...suppress: string[]) => arrange({ suppress }),
    arrangeEvent: (id: string, type: string, details: Record<string, unknown> = {}) =>
      arrange({ event: { id, type, details } }),
    /** Events that the provider made and that were not fetched yet. */
    takeEvents: async (): Promise<SignedEvent[]> =>
      (await fetch(`${emulatorUrl}/_emulator/${apiKey}/events`, { method: "POST" })).json(),
    /** Posts an event to the webhook. */
    hook: ({ headers, body }: SignedEvent) =>
      request("/webhooks/resend", { method: "POST", headers: { ...headers }, body }),
    admin,
    /** What /healthz tells the owner: what's true now, with figures. */
    health: () => request("/healthz", { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } }),
    publish: (body: unknown, slug = "strengthening-bonds") => admin("PUT", `/sequences/${slug}`, body),
    /** Moves the product's clock and real time together. */
    moveTo: (instant: number) => {
      clock.now = instant;
      clock.wall = instant;
    },
    tick: async () => {
      const result = await runTick(deps(), clock.now);
      if (result.parked) await unparkFeedback(deps());
      await takeUnread(deps());
      return result;
    },
    /** Sends what waits without a batch and every open batch, each once, as the queue would; returns the results. */
    drain: async () => {
      queued.length = 0;
      const results: SendResult[] = [];
      for (const lane of await lanesWaiting(db, KINDS, clock.now))
        results.push(await gatherAndSend(deps(), lane));
      for (const { id, lane } of await listOpenBatches(db)) results.push(await sendBatch(deps(), id, lane));
      return results;
    },
    rows: <Row>(query: string, ...params: unknown[]) => readRows<Row>(bindings.DB, query, ...params),
  };
}

/** Whom Cloudflare Access let through, and to which application. */
type Access = { readonly aud: string; readonly email: string };

export type Service = ReturnType<typeof startService>;

/** What the small sequence asks its readers. */
const QUESTION = {
  name: "Age of your son",
  text: "How old is your son?",
  choices: [
    { block: "young-boy", label: "A young boy", heading: "If he is still a boy" },
    { block: "teenager", label: "A teenager", heading: "If he is a teenager" },
    { block: "grown-son", label: "Grown up", heading: "If he is grown up" },
  ],
};

/** A small sequence: welcome and `count` steps named theme-1, theme-2 … */
export function sequenceOf(count: number, title = "Strengthening Bonds") {
  const letter = (slug: string, markdown: string) => ({
    slug,
    subject: `A letter on ${slug}`,
    preheader: `What there is to say on ${slug}`,
    status: "published",
    markdown,
  });
  return {
    title,
    question: QUESTION,
    welcome: letter("welcome", "# Welcome\n\nYour first letter comes on {{first_theme_date}}."),
    steps: Array.from({ length: count }, (_, index) =>
      letter(`theme-${index + 1}`, `# Theme ${index + 1}\n\nSome words.\n\n## This week\n\n1. One\n2. Two`),
    ),
  };
}

/** The path of the first link of a message with this purpose. */
export function linkIn(
  message: { readonly html: string } | undefined,
  purpose: "confirm" | "unsubscribe" | "preferences" | "read" | "erase" | "data" | "test",
) {
  const match = new RegExp(`https://[^"]+(/${purpose}/[A-Za-z0-9_-]+)`).exec(message?.html ?? "");
  if (match?.[1] === undefined) throw new Error(`no ${purpose} link in the message`);
  return match[1];
}

/** Signs up, confirms and receives the welcome: an active reader, as a person becomes one. */
export async function becomeReader(service: Service, email: string, fields: Record<string, string> = {}) {
  await service.signUp({ email, ...fields });
  await service.drain();
  const [confirmation] = await service.accepted(email);
  await service.request(linkIn(confirmation, "confirm"), { method: "POST" });
  await service.drain();
}

/** Runs ticks every 15 minutes from now until `end`, sending what they plan. */
export async function runUntil(service: Service, end: number, everyMs = 15 * 60_000) {
  for (let at = Math.ceil((service.clock.now + 1) / everyMs) * everyMs; at <= end; at += everyMs) {
    service.moveTo(at);
    await service.tick();
    if (service.queued.length > 0) await service.drain();
  }
  service.moveTo(end);
}
