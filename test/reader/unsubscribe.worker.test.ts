import { beforeAll, expect, test } from "vitest";
import { becomeReader, linkIn, type Service, sequenceOf, startService, WEEK } from "../support/service.ts";

const TUESDAY = Date.UTC(2026, 10, 24, 8);
let service: Service;

beforeAll(async () => {
  service = startService();
  await service.publish(sequenceOf(3));
  await service.publish(sequenceOf(3, "Other Letters"), "other-letters");
});

const stateOf = async (email: string) =>
  await service.rows(
    `select s.state as subscriber, e.state as enrollment, e.next_due_at from subscribers s
     left join enrollments e on e.subscriber_id = s.id where s.address_key = '${email}' order by e.id`,
  );

test("a scanner that opens or heads the link changes nothing", async () => {
  const email = "scanned@themepost.dev";
  await becomeReader(service, email);
  const path = linkIn((await service.accepted(email))[1], "unsubscribe");
  const before = await stateOf(email);
  for (const method of ["GET", "HEAD", "OPTIONS", "GET"]) await service.request(path, { method });
  expect(await stateOf(email)).toEqual(before);
  expect(await (await service.request(path)).text()).toContain(
    '<button type="submit" name="scope" value="sequence">',
  );
});

test.each([
  ["form-encoded", { body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) }],
  ["multipart", { body: oneClickForm() }],
  ["an empty body", {}],
  ["a strange type", { body: "{}", headers: { "content-type": "application/json" } }],
])(
  "one click (%s) stops the letters: no cookie, no Origin, 200, no redirect, and the same when repeated",
  async (name, init) => {
    const email = `${name.replaceAll(" ", "-")}@themepost.dev`;
    await becomeReader(service, email);
    const welcome = (await service.accepted(email))[1];
    const url =
      /^<https:\/\/letters\.themepost\.dev(\/.+)>$/.exec(welcome?.headers["List-Unsubscribe"] ?? "")?.[1] ??
      "";
    for (let press = 0; press < 2; press += 1) {
      const answer = await service.request(url, { method: "POST", ...init });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("location")).toBeNull();
      expect(answer.headers.get("set-cookie")).toBeNull();
    }
    expect(await stateOf(email)).toEqual([
      { subscriber: "unsubscribed", enrollment: "stopped", next_due_at: null },
    ]);
    service.moveTo(TUESDAY);
    await service.tick();
    await service.drain();
    expect(await service.accepted(email)).toHaveLength(2);
    service.moveTo(TUESDAY - 24 * 3_600_000);
  },
);

test("a letter's link stops its own sequence, then the page offers everything", async () => {
  const email = "two@themepost.dev";
  await becomeReader(service, email);
  await service.rows(
    `insert into enrollments (subscriber_id, sequence_id, state, weekday, hour, time_zone, next_due_at, enrolled_at)
     select s.id, q.id, 'active', 2, 9, 'Europe/Berlin', ${TUESDAY + WEEK}, 0 from subscribers s, sequences q
     where s.address_key = '${email}' and q.slug = 'other-letters'`,
  );
  const path = linkIn((await service.accepted(email))[1], "unsubscribe");
  const page = await (await service.form(path, { scope: "sequence" })).text();
  expect(page).toContain("You still get: Other Letters.");
  expect(await stateOf(email)).toMatchObject([
    { subscriber: "active", enrollment: "stopped" },
    { subscriber: "active", enrollment: "active" },
  ]);
  const after = await (await service.form(path, { scope: "everything" })).text();
  expect(after).toContain("We won’t send any more letters to t•••@themepost.dev");
  expect(await stateOf(email)).toMatchObject([
    { subscriber: "unsubscribed", enrollment: "stopped" },
    { subscriber: "unsubscribed", enrollment: "stopped" },
  ]);
});

test("after leaving everything at once, the way back names the one sequence that it brings back", async () => {
  const email = "all@themepost.dev";
  await becomeReader(service, email);
  await service.rows(
    `insert into enrollments (subscriber_id, sequence_id, state, weekday, hour, time_zone, next_due_at, enrolled_at)
     select s.id, q.id, 'active', 2, 9, 'Europe/Berlin', ${TUESDAY + WEEK}, 0 from subscribers s, sequences q
     where s.address_key = '${email}' and q.slug = 'other-letters'`,
  );
  const path = linkIn((await service.accepted(email))[1], "unsubscribe");
  const page = await (await service.form(path, { scope: "everything" })).text();
  expect(page).toMatch(/Get “[^”]+” again/);
  expect(page).not.toContain(">Undo<");
});

test("a forged link is answered like any unknown one and stops nobody", async () => {
  for (const token of ["AgAAAAAAAgAAAAC", "x".repeat(58), "A".repeat(58), "../preferences"]) {
    const answer = await service.request(`/unsubscribe/${token}`, { method: "POST" });
    expect(answer.status).toBe(404);
  }
});

function oneClickForm() {
  const form = new FormData();
  form.set("List-Unsubscribe", "One-Click");
  return form;
}
