import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Resend } from "resend";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { faultsBy } from "../support/openapi.ts";
import { type RunningEmulator, startResendEmulator } from "../support/resend-emulator/server.ts";
import { WEBHOOK_SECRET } from "../support/webhook-secret.ts";

// Resend's own API description, MIT (see the licence beside it). It has no error bodies.
const described = parse(readFileSync(join(import.meta.dirname, "resend-openapi.yaml"), "utf8"));
const schema = (name: string) => `#/components/schemas/${name}`;

let emulator: RunningEmulator;
let accounts = 0;
beforeAll(async () => {
  emulator = await startResendEmulator({ lean: false });
});
afterAll(() => emulator.close());

function account(settings: Partial<ReturnType<RunningEmulator["account"]>["settings"]> = {}) {
  accounts += 1;
  const key = `re_test_${accounts}`;
  const own = emulator.account(key);
  own.settings = { ...own.settings, ...settings };
  return { own, key, resend: new Resend(key, { baseUrl: emulator.url }) };
}

const email = (to = "ada@themepost.dev") => ({
  from: "Letters <letters@themepost.dev>",
  to,
  subject: "A letter",
  html: "<p>Hello</p>",
  text: "Hello",
  replyTo: "hello@themepost.dev",
  headers: { "X-Test": "1" },
  tags: [{ name: "delivery_id", value: "local-1" }],
});

test("what the SDK sends and what the emulator answers is as Resend's description says", async () => {
  const { key, resend } = account();
  const body = [email(), email("bob@themepost.dev")].map(({ replyTo, ...rest }) => ({
    ...rest,
    reply_to: replyTo,
  }));
  for (const one of body) expect(faultsBy(described, schema("SendEmailRequest"), one)).toEqual([]);
  const raw = await fetch(`${emulator.url}/emails/batch`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "user-agent": "test" },
    body: JSON.stringify(body),
  });
  const answer = await raw.json();
  expect(faultsBy(described, schema("CreateBatchEmailsResponse"), answer)).toEqual([]);
  const single = await resend.emails.send(email());
  expect(faultsBy(described, schema("SendEmailResponse"), single.data)).toEqual([]);
  const list = await resend.emails.list({ limit: 2 });
  expect(faultsBy(described, schema("ListEmailsResponse"), list.data)).toEqual([]);
  expect(list.data).toMatchObject({ has_more: true, data: [{ id: single.data?.id }, {}] });
  const got = await resend.emails.get(single.data?.id ?? "");
  expect(faultsBy(described, schema("Email"), got.data)).toEqual([]);
  expect((await resend.usage.get()).data?.emails.daily.used).toBe(3);
});

test("a key replays its first answer for 24 hours, and refuses another payload", async () => {
  const { own, resend } = account();
  const post = (to: string) => resend.batch.send([email(to)], { idempotencyKey: "k" });
  const first = await post("a@themepost.dev");
  expect(await post("a@themepost.dev")).toMatchObject({ data: first.data });
  expect((await post("b@themepost.dev")).error).toMatchObject({
    name: "invalid_idempotent_request",
    statusCode: 409,
  });
  expect(own.accepted).toHaveLength(1);
  own.settings = { ...own.settings, aheadMs: 24 * 3_600_000 };
  await post("b@themepost.dev");
  expect(own.accepted).toHaveLength(2);
  const tooLong = await resend.batch.send([email()], { idempotencyKey: "x".repeat(257) });
  expect(tooLong.error).toMatchObject({ name: "invalid_idempotency_key", statusCode: 400 });
});

test("while a key is in progress it is refused as concurrent", async () => {
  const { own, resend } = account();
  own.faults.push("delay:200");
  const slow = resend.batch.send([email()], { idempotencyKey: "k" });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const meanwhile = await resend.batch.send([email()], { idempotencyKey: "k" });
  expect(meanwhile.error).toMatchObject({ name: "concurrent_idempotent_requests", statusCode: 409 });
  expect((await slow).error).toBeNull();
});

test("strict validation refuses the call, permissive only the bad entries, by index", async () => {
  const { own, resend } = account();
  const mail = [email(), email("refuse@themepost.dev"), email("bob@themepost.dev")];
  expect((await resend.batch.send(mail)).error).toMatchObject({ name: "validation_error", statusCode: 422 });
  expect(own.accepted).toHaveLength(0);
  const permissive = await resend.batch.send(mail, { batchValidation: "permissive" });
  expect(permissive.data).toMatchObject({ data: [{}, {}], errors: [{ index: 1 }] });
  const many = await resend.batch.send(Array(101).fill(email()));
  expect(many.error).toMatchObject({ name: "validation_error" });
});

test("every answer tells the rate; one call too many is told when to come again", async () => {
  const { resend } = account({ ratePerSecond: 3 });
  const answers = [];
  for (let n = 0; n < 8; n += 1) answers.push(await resend.emails.list());
  expect(answers.every((answer) => answer.headers?.["ratelimit-limit"] === "3")).toBe(true);
  const refused = answers.find((answer) => answer.error !== null);
  expect(refused?.error).toMatchObject({ name: "rate_limit_exceeded", statusCode: 429 });
  expect(Number(refused?.headers?.["retry-after"])).toBeGreaterThan(0);
});

test("quotas refuse what goes beyond them, each by its name", async () => {
  const daily = account({ dailyQuota: 1 });
  await daily.resend.batch.send([email()]);
  expect((await daily.resend.batch.send([email()])).error).toMatchObject({
    name: "daily_quota_exceeded",
    statusCode: 429,
  });
  const monthly = account({ monthlyQuota: 1 });
  const two = await monthly.resend.batch.send([email(), email()]);
  expect(two.error).toMatchObject({ name: "monthly_quota_exceeded", statusCode: 429 });
});

test("a request without User-Agent, key or right address is refused as documented", async () => {
  const bare = await fetch(`${emulator.url}/emails`, { method: "POST", headers: { "user-agent": "x" } });
  expect(await bare.json()).toMatchObject({ name: "missing_api_key", statusCode: 401 });
  const { default: http } = await import("node:http");
  const status = await new Promise<number | undefined>((resolve) => {
    http.get(`${emulator.url}/emails`, { headers: { authorization: "Bearer re_x" } }, (answer) =>
      resolve(answer.statusCode),
    );
  });
  expect(status).toBe(403);
  const names = async (key: string, path: string, method = "GET") => {
    const headers = { "user-agent": "x", authorization: `Bearer ${key}` };
    return ((await (await fetch(`${emulator.url}${path}`, { method, headers })).json()) as { name: string })
      .name;
  };
  expect(await names("re_invalid", "/emails")).toBe("invalid_api_key");
  expect(await names("re_restricted", "/emails")).toBe("restricted_api_key");
  expect(await names("re_ok", "/nowhere")).toBe("not_found");
  expect(await names("re_ok", "/emails", "DELETE")).toBe("method_not_allowed");
});

test("its webhooks are signed so that the SDK takes them, and shaped as the description says", async () => {
  const { own, resend } = account();
  const fates = ["bounce-hard", "bounce-soft", "bounce-policy", "complain", "fail", "delay", "ada"];
  await resend.batch.send(fates.map((fate) => email(`${fate}@themepost.dev`)));
  const shapes: Record<string, string> = {
    "email.sent": "EmailSentEvent",
    "email.delivered": "EmailDeliveredEvent",
    "email.bounced": "EmailBouncedEvent",
    "email.complained": "EmailComplainedEvent",
    "email.failed": "EmailFailedEvent",
    "email.delivery_delayed": "EmailDeliveryDelayedEvent",
  };
  expect(own.events).toHaveLength(14);
  for (const { headers, body } of own.events) {
    const event = resend.webhooks.verify({
      payload: body,
      headers: {
        id: headers["svix-id"] ?? "",
        timestamp: headers["svix-timestamp"] ?? "",
        signature: headers["svix-signature"] ?? "",
      },
      webhookSecret: WEBHOOK_SECRET,
    });
    expect(faultsBy(described, schema(shapes[event.type] ?? "none"), event)).toEqual([]);
  }
});

test("an address that bounced is on the provider's list until it is taken off", async () => {
  const { own, resend } = account();
  await resend.batch.send([email("bounce-hard@themepost.dev")]);
  await resend.batch.send([email("bounce-hard@themepost.dev")]);
  expect(JSON.parse(own.events.at(-1)?.body ?? "{}")).toMatchObject({ type: "email.suppressed" });
  expect((await resend.suppressions.remove("bounce-hard@themepost.dev")).error).toBeNull();
  expect((await resend.suppressions.remove("bounce-hard@themepost.dev")).error).toMatchObject({
    name: "not_found",
  });
});
