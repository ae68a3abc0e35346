import { beforeAll, expect, test } from "vitest";
import { HOUR, type Service, sequenceOf, startService, WEEK } from "../support/service.ts";

let service: Service;

beforeAll(async () => {
  service = startService({ vars: { MAIL_PROVIDER: "mailbox", PUBLIC_URL: "http://localhost:8787" } });
  await service.publish(sequenceOf(2));
});

const post = (body: string, type?: string) =>
  service.request("/mailbox/advance", {
    method: "POST",
    body: new TextEncoder().encode(body),
    headers: type === undefined ? {} : { "content-type": type },
  });

async function clock(): Promise<number> {
  const [row] = await service.rows<{ skipped_ms: number }>("select skipped_ms from mailbox_clock");
  return row?.skipped_ms ?? 0;
}

test.each([
  ['{"weeks":0}', "application/JSON", 422],
  ['{"weeks":61}', "application/json", 422],
  ['{"weeks":1,"more":2}', "application/json", 422],
  ['{"to":"tomorrow"}', "application/json", 422],
  ['{"to":"2150-01-01T00:00:00Z"}', "application/json", 422],
  ["nonsense", "application/json", 422],
  ['{"weeks":1}', "text/plain", 415],
  ['{"weeks":1}', undefined, 415],
  ["skip=week", "application/x-www-form-urlencoded", 403],
])("a wrong request to skip ahead (%s, %s) is refused and moves no clock", async (body, type, status) => {
  const answer = await post(body, type);
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(await clock()).toBe(0);
});

test("skipping ahead runs the ticks on the way, each letter at its own slot, and tells the time and the letters", async () => {
  await service.request("/api/v1/subscriptions", {
    method: "POST",
    headers: { "content-type": "application/json", origin: "http://localhost:8787" },
    body: JSON.stringify(await service.stamped({ email: "ada@example.com", time_zone: "Asia/Kolkata" })),
  });
  expect(await (await post('{"to":"2026-11-23T13:00:00Z"}', "application/json")).json()).toMatchObject({
    accepted: 1,
  });
  const messages = async () => {
    const answer = await service.request("/mailbox/messages.json?to=ADA@example.com");
    return answer.json<Record<string, unknown>[]>();
  };
  const [confirmation] = await messages();
  expect(Object.keys(confirmation ?? {}).sort()).toEqual(
    ["from", "headers", "html", "id", "reply_to", "sent_at", "subject", "tags", "text", "to"].sort(),
  );
  const path = /http:\/\/localhost:8787(\/confirm\/[\w-]+)/.exec(String(confirmation?.html))?.[1] ?? "";
  await service.request(path, { method: "POST" });
  const answer = await post('{"weeks":3}', "application/json");
  const { now, accepted } = await answer.json<{ now: string; accepted: number }>();
  expect(accepted).toBe(3);
  expect(Date.parse(now) - (service.clock.now + HOUR)).toBe(3 * WEEK);
  const sent = (await messages()).map((message) => [message.subject, message.sent_at]);
  expect(sent.slice(0, 2)).toEqual([
    ["A letter on theme-2", "2026-12-01T03:30:00.000Z"],
    ["A letter on theme-1", "2026-11-24T03:30:00.000Z"],
  ]);
});

test("a letter is shown in a frame that runs no script, and a GET there changes nothing", async () => {
  const page = await service.request("/mailbox/messages/1/letter?scheme=dark");
  expect(page.headers.get("content-security-policy")).toContain("sandbox");
  expect(page.headers.get("content-security-policy")).not.toContain("script-src");
  expect(page.headers.get("x-frame-options")).toBe("SAMEORIGIN");
  expect(await page.text()).toContain("@media all");
});

test("a search finds any part of an address or a subject, in either case, and nothing else", async () => {
  const found = async (q: string) => {
    const page = await (await service.request(`/mailbox?q=${encodeURIComponent(q)}`)).text();
    return [...page.matchAll(/<li><a [^>]*><strong>(.*?)<\/strong>/g)].map(([, subject]) => subject);
  };
  expect(await found("THEME-2")).toEqual(["A letter on theme-2"]);
  expect((await found("da@exam")).length).toBeGreaterThan(3);
  expect(await found("nobody@")).toEqual([]);
  expect(await found("%")).toEqual([]);
});

test("starting over is asked for on a page of its own, by a press on it alone; the Worker itself removes nothing", async () => {
  const before = await service.rows("select id from mailbox_messages");
  expect(await (await service.request("/mailbox/start-over")).text()).toContain(
    "Remove it all and start over",
  );
  const form = { method: "POST", body: new URLSearchParams({ over: "yes" }) };
  const foreign = await service.request("/mailbox/start-over", {
    ...form,
    headers: { origin: "https://elsewhere.example" },
  });
  expect(foreign.status).toBe(403);
  const own = await service.request("/mailbox/start-over", {
    ...form,
    headers: { origin: "http://localhost:8787" },
  });
  expect(await own.text()).toContain("Starting over");
  expect(await service.rows("select id from mailbox_messages")).toEqual(before);
});
