import { beforeEach, expect, test } from "vitest";
import { emptyTables } from "../support/empty-tables.ts";
import {
  DAY,
  HOUR,
  linkIn,
  OWN_ORIGIN,
  type Service,
  START,
  sequenceOf,
  startService,
} from "../support/service.ts";

let service: Service;
beforeEach(async () => {
  service = startService();
  await emptyTables(service);
  await service.publish(sequenceOf(3));
});

const WITHOUT_ORIGIN = { "content-type": "application/x-www-form-urlencoded" };
const hiddenIn = (html: string) =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]),
  ) as Record<string, string>;
const post = (fields: Record<string, string>, headers: Record<string, string>) =>
  service.request("/subscribe", { method: "POST", headers, body: new URLSearchParams(fields).toString() });
const mails = async () => (await service.account()).accepted;

test("each of a class of thirty on one network gets a mail, or is told when to try again", async () => {
  // The rate of Cloudflare's binding is real time's, and the test files share it: this network is no other file's.
  const network = "203.0.113.30";
  let promised = 0;
  for (let n = 0; n < 30; n += 1) {
    const fields = await service.stamped({ email: `pupil${n}@class${n}-themepost.dev` }, network);
    const answer = await service.request("/api/v1/subscriptions", {
      method: "POST",
      headers: { origin: OWN_ORIGIN, "cf-connecting-ip": network },
      body: new URLSearchParams(fields),
    });
    if (answer.status === 202) promised += 1;
    else {
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(((await answer.json()) as { detail: string }).detail).toMatch(/try again/i);
    }
  }
  await service.drain();
  expect(await mails()).toHaveLength(promised);
  expect(promised).toBeGreaterThanOrEqual(20);
});

test("a browser that names no origin signs up with one more press", async () => {
  const email = "old-phone@themepost.dev";
  const network = { "cf-connecting-ip": "203.0.113.9" };
  const first = await post({ email }, { ...WITHOUT_ORIGIN, ...network });
  const fields: Record<string, string> = { ...hiddenIn(await first.text()), email };
  expect(fields.stamp).toMatch(/^[\w-]{62}$/);
  service.moveTo(START + 5000);
  const second = await post(fields, { ...WITHOUT_ORIGIN, ...network });
  expect([second.status, second.headers.get("location")]).toEqual([
    ...[303, expect.stringMatching(/^\/check-your-inbox\?to=[\w-]+$/)],
  ]);
  await service.drain();
  expect(await service.accepted(email)).toHaveLength(1);
  // The same stamp serves once, and nobody from elsewhere.
  const again = await post(
    { ...fields, email: "other@other-themepost.dev" },
    { ...WITHOUT_ORIGIN, ...network },
  );
  expect(await again.text()).toContain('name="stamp"');
  const fresh = hiddenIn(await (await post({ email }, { ...WITHOUT_ORIGIN, ...network })).text());
  service.moveTo(START + 10_000);
  const elsewhere = { ...WITHOUT_ORIGIN, "cf-connecting-ip": "198.51.100.9" };
  await post({ ...fresh, email: "third@third-themepost.dev" }, elsewhere);
  await service.drain();
  expect(await mails()).toHaveLength(1);
});

test("visitors of whom Cloudflare tells no network share one, and its budget", async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 30; n += 1) {
    const unknown = { "cf-connecting-ip": "" };
    const asked = await service.request("/api/v1/form-stamp", {
      headers: { origin: OWN_ORIGIN, ...unknown },
    });
    const { stamp, wording } = (await asked.json()) as { stamp?: string; wording?: { version: string } };
    const answer = await service.request("/api/v1/subscriptions", {
      method: "POST",
      headers: { origin: OWN_ORIGIN, ...unknown },
      body: new URLSearchParams({
        stamp: stamp ?? "",
        wording: wording?.version ?? "",
        email: `p${n}@n${n}-themepost.dev`,
      }),
    });
    statuses.push(answer.status);
  }
  expect(statuses.filter((status) => status === 202).length).toBeLessThanOrEqual(20);
  expect(statuses.at(-1)).toBe(429);
});

test("others who typed an address can't keep its owner out: an expired link is renewed all the same", async () => {
  const email = "ada@themepost.dev";
  for (let day = 0; day < 4; day += 1) {
    service.moveTo(START + day * DAY);
    await service.signUp({ email });
    await service.drain();
  }
  expect(await service.accepted(email)).toHaveLength(3);
  const [first] = await service.accepted(email);
  service.moveTo(START + 10 * DAY);
  const expired = linkIn(first, "confirm");
  expect(await (await service.form(expired, {})).text()).toContain("inbox");
  await service.drain();
  expect(await service.accepted(email)).toHaveLength(4);
  // One such mail a day, whoever presses.
  for (let n = 0; n < 3; n += 1) await service.form(expired, {});
  await service.drain();
  expect(await service.accepted(email)).toHaveLength(4);
  service.moveTo(START + 10 * DAY + HOUR);
  await service.form(linkIn((await service.accepted(email)).at(-1), "confirm"), {});
  expect(await service.rows("select state from subscribers")).toEqual([{ state: "active" }]);
});
