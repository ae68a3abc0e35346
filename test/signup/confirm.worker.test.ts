import { beforeAll, expect, test } from "vitest";
import {
  becomeReader,
  DAY,
  HOUR,
  linkIn,
  type Service,
  START,
  sequenceOf,
  startService,
} from "../support/service.ts";

let service: Service;

beforeAll(async () => {
  service = startService();
  expect((await service.publish(sequenceOf(3))).status).toBe(200);
});

async function requested(email: string): Promise<string> {
  await service.signUp({ email, first_name: "Ada", time_zone: "America/New_York" });
  await service.drain();
  return linkIn((await service.accepted(email)).at(-1), "confirm");
}

test("opening the confirmation link changes nothing, pressing the button confirms, twice is success", async () => {
  const path = await requested("ada@themepost.dev");
  const before = await service.rows("select * from subscribers, consents");
  for (const method of ["GET", "HEAD", "GET"]) {
    expect((await service.request(path, { method })).status).toBe(200);
  }
  expect(await service.rows("select * from subscribers, consents")).toEqual(before);

  expect((await service.request(path, { method: "POST" })).status).toBe(200);
  const after = await service.rows(
    "select * from subscribers join consents join enrollments join deliveries",
  );
  const again = await service.request(path, { method: "POST" });
  expect(again.status).toBe(200);
  expect(await again.text()).toContain("You’re in");
  expect(
    await service.rows("select * from subscribers join consents join enrollments join deliveries"),
  ).toEqual(after);
});

test("confirming enrolls into the default slot of the reader's own zone, and the welcome says the first date", async () => {
  await becomeReader(service, "bea@themepost.dev", { first_name: "Bea", time_zone: "Asia/Tokyo" });
  const [row] = await service.rows<Record<string, unknown>>(
    "select e.* from enrollments e join subscribers s on s.id = e.subscriber_id where s.address_key = 'bea@themepost.dev'",
  );
  expect(row).toMatchObject({ weekday: 2, hour: 9, time_zone: "Asia/Tokyo", state: "active", round: 1 });
  expect(row?.next_due_at).toBe(Date.UTC(2026, 10, 24, 0));
  const welcome = (await service.accepted("bea@themepost.dev"))[1];
  expect(welcome?.text).toContain("Tue 24 Nov at 9:00");
  expect(welcome?.text).toContain("Dear Bea,");
});

test("the first theme is at least twelve hours away", async () => {
  service.moveTo(Date.UTC(2026, 10, 23, 12, 1));
  await becomeReader(service, "cleo@themepost.dev", { time_zone: "Asia/Tokyo" });
  const [row] = await service.rows<{ next_due_at: number }>(
    "select e.next_due_at from enrollments e join subscribers s on s.id = e.subscriber_id where s.address_key = 'cleo@themepost.dev'",
  );
  expect(row?.next_due_at).toBe(Date.UTC(2026, 11, 1, 0));
  service.moveTo(START);
});

test("two presses at the same moment make one enrollment and one welcome", async () => {
  const path = await requested("dora@themepost.dev");
  await Promise.all([1, 2, 3].map(() => service.request(path, { method: "POST" })));
  await service.drain();
  const messages = await service.accepted("dora@themepost.dev");
  expect(messages.map((message) => message.tags.find((tag) => tag.name === "kind")?.value)).toEqual([
    "confirmation",
    "welcome",
  ]);
});

test("the consent record keeps the wording, its version, the page and both times", async () => {
  const path = await requested("eve@themepost.dev");
  service.moveTo(START + HOUR);
  await service.request(path, { method: "POST" });
  const [record] = await service.rows<Record<string, unknown>>(
    `select c.*, w.text from consents c join wordings w on w.version = c.wording_version
     join subscribers s on s.id = c.subscriber_id where s.address_key = 'eve@themepost.dev'`,
  );
  expect(record).toMatchObject({ page: "/", locale: "en", requested_at: START, confirmed_at: START + HOUR });
  expect(record?.text).toContain("one letter a week");
  service.moveTo(START);
});

test("after seven days the link offers a new one, and the new one works", async () => {
  const path = await requested("fay@themepost.dev");
  service.moveTo(START + 7 * DAY);
  const page = await service.request(path);
  expect(page.status).toBe(410);
  expect(await page.text()).toContain("Send me a new link");
  expect((await service.request(path, { method: "POST" })).status).toBe(200);
  expect(
    await service.rows(
      "select * from enrollments e join subscribers s on s.id = e.subscriber_id where s.address_key = 'fay@themepost.dev'",
    ),
  ).toEqual([]);
  await service.drain();
  const messages = await service.accepted("fay@themepost.dev");
  expect(messages).toHaveLength(2);
  expect((await service.request(linkIn(messages[1], "confirm"), { method: "POST" })).status).toBe(200);
  service.moveTo(START);
});

test("a link that is cut, altered or made for another purpose does nothing", async () => {
  await becomeReader(service, "gwen@themepost.dev");
  const welcome = (await service.accepted("gwen@themepost.dev"))[1];
  const unsubscribe = linkIn(welcome, "unsubscribe").split("/")[2];
  const before = await service.rows("select * from subscribers join enrollments");
  for (const token of [
    "",
    "x",
    unsubscribe,
    `${unsubscribe}A`,
    unsubscribe?.slice(0, -1),
    "%00",
    "a".repeat(2000),
  ]) {
    const answer = await service.request(`/confirm/${token}`, { method: "POST" });
    expect(answer.status).toBe(404);
  }
  expect(await service.rows("select * from subscribers join enrollments")).toEqual(before);
});

test("the confirmation mail carries nothing that was typed and no unsubscribe header", async () => {
  await requested("hana@themepost.dev");
  const [mail] = await service.accepted("hana@themepost.dev");
  expect(`${mail?.html}${mail?.text}${mail?.subject}`).not.toContain("Ada");
  expect(Object.keys(mail?.headers ?? {})).not.toContain("List-Unsubscribe");
});

test("an older confirmation link cannot bring back someone who has unsubscribed since", async () => {
  const email = "twice@themepost.dev";
  const older = await requested(email);
  service.moveTo(START + DAY);
  const newer = await requested(email);
  await service.request(newer, { method: "POST" });
  await service.drain();
  service.moveTo(START + 2 * DAY);
  await service.form(linkIn((await service.accepted(email))[2], "unsubscribe"), {});
  expect(await (await service.request(older)).text()).toContain("You’ve unsubscribed since");
  await service.request(older, { method: "POST" });
  const [row] = await service.rows(
    `select s.state as subscriber, e.state as enrollment from subscribers s
     join enrollments e on e.subscriber_id = s.id where s.address_key = '${email}'`,
  );
  expect(row).toEqual({ subscriber: "unsubscribed", enrollment: "stopped" });
  service.moveTo(START);
});
