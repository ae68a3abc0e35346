import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { ADMIN_TOKEN, type Service, sequenceOf, startService } from "../support/service.ts";

const TRIAL = "http://localhost:8787";
let service: Service;
beforeEach(async () => {
  service = startService();
  await emptyTables(service);
});

/** A request as it comes in, with these variables. */
async function ask(vars: Record<string, string>, url: string, init: RequestInit = {}): Promise<Response> {
  const { bindings } = service;
  const random = () => crypto.randomUUID().replaceAll("-", "");
  const app = createApp({ wallNow: () => service.clock.now, random, wait: async () => undefined });
  const ctx = createExecutionContext();
  const answer = await app.request(url, init, { ...bindings, ...vars }, ctx);
  await waitOnExecutionContext(ctx);
  return answer;
}
const trial = { PUBLIC_URL: TRIAL, MAIL_PROVIDER: "mailbox" };

test("what comes over plain http is led to https, and nothing that it would change is read", async () => {
  for (const method of ["GET", "HEAD"]) {
    const answer = await ask({}, "http://letters.themepost.dev/privacy?a=b", { method });
    expect([answer.status, answer.headers.get("location")]).toEqual([
      308,
      "https://letters.themepost.dev/privacy?a=b",
    ]);
  }
  const authorization = `Bearer ${ADMIN_TOKEN}`;
  const stop = "http://letters.themepost.dev/api/v1/admin/sending/stop";
  const answer = await ask({}, stop, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: '{"reason":"x"}',
  });
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([403, "insecure"]);
  expect(await (await service.admin("GET", "/sending")).json()).toMatchObject({ sending: "on" });
});

test("a trial answers to this machine's own names only, so no page that leads its name here reads the mailbox", async () => {
  for (const url of ["http://evil.dev:8787/mailbox", "http://localhost.evil.dev:8787/api/v1/admin/sending"]) {
    const answer = await ask(trial, url);
    expect([url, answer.status]).toEqual([url, 421]);
  }
  expect((await ask(trial, `${TRIAL}/mailbox`)).status).toBe(200);
  expect((await ask(trial, "http://127.0.0.1:8787/healthz")).status).toBe(200);
  const opened = await ask(trial, "http://127.0.0.1:8787/privacy", {
    headers: { "sec-fetch-mode": "navigate" },
  });
  expect([opened.status, opened.headers.get("location")]).toEqual([307, `${TRIAL}/privacy`]);
});

test("no web page can move the trial's clock, whatever it posts", async () => {
  await service.publish(sequenceOf(2));
  const skipped = async () => service.rows("select * from mailbox_clock");
  const before = await skipped();
  const types = [
    "application/x-www-form-urlencoded",
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/json",
    "",
  ];
  for (const type of types) {
    for (const origin of ["https://evil.dev", "http://localhost:8788", "null", ""]) {
      for (const body of ["weeks=1", '{"weeks":1}']) {
        const headers: Record<string, string> = {
          ...(type === "" ? {} : { "content-type": type }),
          ...(origin === ""
            ? { "sec-fetch-site": "cross-site" }
            : { origin, "sec-fetch-site": "cross-site" }),
        };
        await ask(trial, `${TRIAL}/mailbox/advance`, { method: "POST", headers, body });
      }
    }
  }
  for (const path of ["/mailbox/advance", "/mailbox/advance?weeks=1"]) await ask(trial, `${TRIAL}${path}`);
  expect(await skipped()).toEqual(before);
});

test("our forms are ours by PUBLIC_URL alone, whatever address a request came to", async () => {
  await service.publish(sequenceOf(2));
  const answer = await ask(trial, "http://127.0.0.1:8787/api/v1/form-stamp", {
    headers: { origin: "http://127.0.0.1:8787" },
  });
  expect(((await answer.json()) as { code: string }).code).toBe("foreign_origin");
  expect((await ask(trial, `${TRIAL}/api/v1/form-stamp`, { headers: { origin: TRIAL } })).status).toBe(200);
});

test("every page says what it may use of the browser, and where holes are told", async () => {
  const page = await service.request("/privacy");
  expect(page.headers.get("permissions-policy")).toMatch(/camera=\(\).*geolocation=\(\)/);
  const text = await (await service.request("/.well-known/security.txt")).text();
  expect(text).toMatch(/^Contact: mailto:\S+@\S+$/m);
  const [, expires = ""] = /^Expires: (.*)$/m.exec(text) ?? [];
  expect(Date.parse(expires)).toBeGreaterThan(service.clock.now);
});
