import { beforeEach, expect, test } from "vitest";
import { metered } from "../../scripts/bench/metered.ts";
import { raiseAlert } from "../../src/platform/log/queries.ts";
import { draftBroadcast } from "../support/broadcast.ts";
import { addToDesk, atDesk, textOf } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { becomeReader, sequenceOf, startService } from "../support/service.ts";

const service = startService({ ownGuard: true });
const OWNER = "rosa@lindner.at";

beforeEach(async () => {
  await emptyTables(service);
  await addToDesk(service, OWNER, "owner");
});

test("Today says in one sentence that all is well and when the next letter goes out, and what the last runs came to", async () => {
  const rosa = await atDesk(service, OWNER);
  expect(textOf(await rosa.see("/desk"))).toContain("No letter is due in the next 24 hours");
  await service.publish(sequenceOf(3));
  await becomeReader(service, "ada@web.de");
  const [due] = await service.rows<{ at: number }>("select min(next_due_at) as at from enrollments");
  const at = due?.at ?? 0;
  service.moveTo(at - 3 * 3_600_000);
  const later = await atDesk(service, OWNER);
  const before = textOf(await later.see("/desk"));
  expect(before).toMatch(/All is well\. The next letter goes out \w{3} \d+ \w{3}, 0?9:00/);
  expect(before).toContain("1 letter is due");
  service.moveTo(at);
  await service.tick();
  await service.drain();
  expect(textOf(await later.see("/desk"))).toContain("1 letter left.");
  service.moveTo(at + 7 * 86_400_000 + 46 * 60_000);
  const late = await atDesk(service, OWNER);
  expect(textOf(await late.see("/desk"))).toContain("Letters are late");
});

test("sending is stopped with a reason that everyone sees, resumed, and both are acts of the person who did it", async () => {
  const rosa = await atDesk(service, OWNER);
  const without = await rosa.post("/desk/sending/stop", { reason: "   " });
  expect([without.status, textOf(await without.text())]).toEqual([422, expect.stringContaining("Say why")]);
  const reason = 'a look at <script>alert("x")</script>';
  const stopped = await rosa.post("/desk/sending/stop", { reason });
  expect([stopped.status, stopped.headers.get("location")]).toEqual([303, "/desk?done=stopped"]);
  const html = await rosa.see("/desk?done=stopped");
  expect(html).not.toContain("<script>alert");
  expect(html).toContain("Sending is stopped: a look at &lt;script&gt;");
  expect(html).toContain("Stopped. No more letters leave.");
  expect((await rosa.post("/desk/sending/resume")).headers.get("location")).toBe("/desk?done=resumed");
  expect(textOf(await rosa.see("/desk"))).toContain("All is well");
  const [person] = await service.rows<{ id: number }>("select id from desk_people");
  expect(
    await service.rows(
      "select actor, verb from acts where verb like '%_sending' and stage = 'settled' order by id",
    ),
  ).toEqual([
    { actor: `desk:${person?.id}`, verb: "stop_sending" },
    { actor: `desk:${person?.id}`, verb: "resume_sending" },
  ]);
  expect(await rosa.see("/desk/settings/acts")).toContain(OWNER);
});

test("an alert says what to do, is cleared by its button, and shows nothing but text", async () => {
  const { now } = service.clock;
  await raiseAlert(service.db, { name: "provider.quota", detail: "<img src=x onerror=alert(1)>", now });
  await raiseAlert(service.db, { name: "something.new", detail: "12", now });
  await raiseAlert(service.db, { name: "sign_ups.partner_budget.7", detail: "40", now });
  const rosa = await atDesk(service, OWNER);
  const html = await rosa.see("/desk");
  expect(html).not.toContain("<img src=x");
  const text = textOf(html);
  for (const part of ["Your quota at the provider is used up", "Something needs a look", "limit for the day"])
    expect(text).toContain(part);
  expect((await rosa.post("/desk/alerts/clear", { name: "provider.quota" })).status).toBe(303);
  expect(await service.rows("select name from alerts order by name")).toEqual([
    { name: "sign_ups.partner_budget.7" },
    { name: "something.new" },
  ]);
});

test("what the address asks to be said is one of the page's own sentences, or nothing", async () => {
  const rosa = await atDesk(service, OWNER);
  for (const done of ["<b>x</b>", "__proto__", "constructor", "toString"])
    expect(await rosa.see(`/desk?done=${encodeURIComponent(done)}`)).not.toContain('class="said"');
});

test("a page asks the database six questions at most; the page of publishing thirteen, and that of a broadcast eight", async () => {
  const rosa = await atDesk(service, OWNER);
  await service.publish(sequenceOf(3));
  await becomeReader(service, "six@web.de");
  const [person] = await service.rows<{ id: number }>("select max(id) as id from subscribers");
  const draft = `/desk/broadcasts/${await draftBroadcast(service)}`;
  const pages = [
    "/desk/broadcasts",
    `${draft}/letter`,
    "/desk",
    "/desk/numbers",
    "/desk/readers",
    "/desk/readers?sequence=strengthening-bonds&tag=garden",
    `/desk/readers/${person?.id}`,
    "/desk/imports",
    "/desk/sites",
    "/desk/settings",
    "/desk/letters",
    "/desk/letters/strengthening-bonds",
    "/desk/letters/strengthening-bonds/letters/theme-1",
    "/desk/letters/strengthening-bonds/year",
    "/desk/letters/strengthening-bonds/settings",
    "/desk/letters/strengthening-bonds/mails?mail=access&language=ar",
    "/desk/site",
    "/desk/site/look",
    `/desk/letters/strengthening-bonds/year?reader=${person?.id}`,
    "/desk/letters/strengthening-bonds/letters/theme-1/saves",
    "/desk/settings/sending",
    "/desk/settings/acts",
  ];
  // Publishing compares everything that's published with what was written, and its readers with both.
  // Of a broadcast it counts who would get it.
  const most = new Map([
    ["/desk/letters/strengthening-bonds/publish", 13],
    [draft, 8],
  ]);
  const bindings = service.bindings as { DB: D1Database };
  const { DB } = bindings;
  for (const path of [...pages, ...most.keys()]) {
    const meter = { read: 0, written: 0, statements: 0, roundTrips: 0 };
    bindings.DB = metered(DB, meter);
    const { status } = await rosa.get(path);
    bindings.DB = DB;
    expect([path, status, meter.statements <= (most.get(path) ?? 6), meter.statements]).toEqual([
      path,
      200,
      true,
      meter.statements,
    ]);
  }
});
