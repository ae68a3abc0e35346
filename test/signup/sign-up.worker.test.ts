import { afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  becomeReader,
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

beforeAll(async () => {
  service = startService();
  await service.publish(sequenceOf(2));
});

async function postJson(body: Record<string, unknown> | string) {
  return service.request("/api/v1/subscriptions", {
    method: "POST",
    headers: { "content-type": "application/json", origin: OWN_ORIGIN },
    body: typeof body === "string" ? body : JSON.stringify({ ...(await service.stamped({})), ...body }),
  });
}

test("the answer is the same for a new, pending, active, paused and unsubscribed address, by form and by JSON", async () => {
  await service.signUp({ email: "pending@themepost.dev" });
  await becomeReader(service, "active@themepost.dev");
  await becomeReader(service, "gone@themepost.dev");
  const welcome = (await service.accepted("gone@themepost.dev"))[1];
  await service.form(linkIn(welcome, "unsubscribe"), {});
  service.moveTo(START + 2 * DAY);
  const seen = new Set<string>();
  for (const email of ["new", "pending", "active", "gone"].map((name) => `${name}@themepost.dev`)) {
    const byForm = await service.signUp({ email });
    const byJson = await postJson({ email });
    const headers = [...byForm.headers, ...byJson.headers]
      .filter(([name]) => name !== "request-id")
      // What was typed stands sealed in it.
      .map(([name, value]) => `${name}: ${value.replace(/to=[\w-]+/, "to=")}`);
    seen.add(
      JSON.stringify([byForm.status, await byForm.text(), byJson.status, await byJson.text(), headers]),
    );
  }
  expect(seen.size).toBe(1);
  expect([...seen][0]).toContain("pending_confirmation");
  service.moveTo(START);
});

test("signing up again while pending sends the confirmation at most once in 24 hours", async () => {
  const email = "again@themepost.dev";
  for (const at of [0, 1, HOUR, 24 * HOUR - 1]) {
    service.moveTo(START + at);
    await service.signUp({ email });
    await postJson({ email });
    await service.drain();
  }
  expect(await service.accepted(email)).toHaveLength(1);
  service.moveTo(START + 24 * HOUR);
  await Promise.all([service.signUp({ email }), service.signUp({ email: "AGAIN@ThemePost.dev" })]);
  await service.drain();
  expect(await service.accepted(email)).toHaveLength(2);
  service.moveTo(START);
});

test("signing up while active changes nothing and mails nothing, whatever the form says", async () => {
  const email = "steady@themepost.dev";
  await becomeReader(service, email, { first_name: "Ada", time_zone: "Europe/Paris" });
  const look = () =>
    service.rows(
      `select s.*, e.* from subscribers s join enrollments e on e.subscriber_id = s.id where s.address_key = '${email}'`,
    );
  const before = await look();
  service.moveTo(START + 3 * DAY);
  await service.signUp({ email, first_name: "Mallory", time_zone: "Asia/Tokyo" });
  await service.drain();
  expect(await look()).toEqual(before);
  expect(await service.accepted(email)).toHaveLength(2);
  service.moveTo(START);
});

test("someone who unsubscribed and confirms again goes on with the themes they lack and is told when, without a second welcome", async () => {
  const email = "back@themepost.dev";
  await becomeReader(service, email);
  service.moveTo(Date.UTC(2026, 10, 24, 8, 0));
  await service.tick();
  await service.drain();
  const theme = (await service.accepted(email))[2];
  expect(theme?.subject).toBe("A letter on theme-1");
  await service.form(linkIn(theme, "unsubscribe"), {});
  service.moveTo(START + 2 * DAY);
  await service.signUp({ email });
  await service.drain();
  await service.request(linkIn((await service.accepted(email))[3], "confirm"), { method: "POST" });
  await service.drain();
  service.moveTo(Date.UTC(2026, 11, 1, 8, 0));
  await service.tick();
  await service.drain();
  const subjects = (await service.accepted(email)).map((message) => message.subject);
  expect(subjects.slice(3)).toEqual([
    "Please confirm: Strengthening Bonds",
    "Welcome back to Strengthening Bonds",
    "A letter on theme-2",
  ]);
  expect((await service.accepted(email))[4]?.text).toContain("Tue 1 Dec at 9:00");
  service.moveTo(START);
});

describe("a return", () => {
  const subjects = async (email: string) => (await service.accepted(email)).map((message) => message.subject);

  /** Leaves by the last letter's link and confirms anew, days later. */
  const leaveAndReturn = async (email: string, days: number) => {
    await service.form(linkIn((await service.accepted(email)).at(-1), "unsubscribe"), {});
    service.moveTo(service.clock.now + days * DAY);
    await service.signUp({ email });
    await service.drain();
    await service.request(linkIn((await service.accepted(email)).at(-1), "confirm"), { method: "POST" });
    await service.drain();
  };

  afterEach(() => service.moveTo(START));

  test("each return is welcomed back once, the second as well", async () => {
    const email = "twice@themepost.dev";
    await becomeReader(service, email);
    await leaveAndReturn(email, 2);
    await leaveAndReturn(email, 2);
    const back = "Welcome back to Strengthening Bonds";
    const confirm = "Please confirm: Strengthening Bonds";
    expect((await subjects(email)).slice(2)).toEqual([confirm, back, confirm, back]);
  });

  test("whoever has had every theme is told of no next letter", async () => {
    const email = "everything@themepost.dev";
    await becomeReader(service, email);
    const [{ n: themes } = { n: 0 }] = await service.rows<{ n: number }>(
      "select count(*) as n from steps where archived_at is null",
    );
    for (let week = 0; week < themes; week += 1) {
      service.moveTo(Date.UTC(2026, 10, 24, 8) + week * 7 * DAY);
      await service.tick();
      await service.drain();
    }
    expect(await subjects(email)).toHaveLength(2 + themes);
    await leaveAndReturn(email, 2);
    expect((await subjects(email)).slice(2 + themes)).toEqual(["Please confirm: Strengthening Bonds"]);
  });
});

test("what is wrong with a form is said beside the field, and what was typed is kept", async () => {
  const answer = await service.signUp({ email: 'ada"><script>', first_name: "x".repeat(61) });
  expect(answer.status).toBe(422);
  const page = await answer.text();
  expect(page).toContain("doesn’t look like an email address");
  expect(page).toContain("longer than 40 characters");
  expect(page).toContain("ada&quot;&gt;&lt;script&gt;");
  expect(page).toContain('aria-invalid="true"');
});

test.each([
  ["not json", 400],
  ["null", 422],
  ["[]", 422],
  ['{"email": 5}', 422],
  ["{}", 422],
  ['{"email": "a@b"}', 422],
  ['{"email": "ada@example.com"}', 422],
  ['{"email": "ädä@themepost.dev"}', 422],
])("a wrong JSON sign-up %s is answered %i with a problem that says what to do", async (body, status) => {
  const answer = await postJson(body);
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect((await answer.json<{ detail: string }>()).detail.length).toBeGreaterThan(20);
});

test("a body that is too large, a file or a broken encoding never breaks the form", async () => {
  expect((await service.signUp({ email: "x".repeat(70_000) })).status).toBe(413);
  const file = new FormData();
  file.set("email", new File(["x"], "x.txt"));
  expect((await service.request("/subscribe", { method: "POST", body: file })).status).toBe(422);
  const broken = {
    method: "POST",
    body: "--x\r\nbroken",
    headers: { "content-type": "multipart/form-data; boundary=x" },
  };
  expect((await service.request("/subscribe", broken)).status).toBe(422);
  expect((await service.request("/subscribe", { method: "POST" })).status).toBe(422);
});

test("an international domain is kept as it can be mailed, and a time zone that does not exist becomes the default", async () => {
  await service.signUp({ email: "ada@bücher.de", time_zone: "Mars/Olympus" });
  const [row] = await service.rows<Record<string, unknown>>(
    "select s.address, c.time_zone from subscribers s join consents c on c.subscriber_id = s.id where s.address_key = 'ada@xn--bcher-kva.de'",
  );
  expect(row).toEqual({ address: "ada@xn--bcher-kva.de", time_zone: "Europe/Berlin" });
});

test("an address gets three confirmations in thirty days at most", async () => {
  const email = "bombed@themepost.dev";
  for (let day = 0; day < 29; day += 1) {
    service.moveTo(START + day * DAY + day);
    await service.signUp({ email });
    await service.drain();
  }
  expect(await service.accepted(email)).toHaveLength(3);
  service.moveTo(START);
});

test("a zone that the calendar cannot reckon in is taken as none, so that confirming works", async () => {
  await service.signUp({ email: "ist@themepost.dev", time_zone: "IST" });
  await service.drain();
  const path = linkIn((await service.accepted("ist@themepost.dev"))[0], "confirm");
  expect((await service.request(path, { method: "POST" })).status).toBe(200);
});
