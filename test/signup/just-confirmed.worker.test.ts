import { beforeEach, expect, test } from "vitest";
import { fieldsIn } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { linkIn, type Service, sequenceOf, startService } from "../support/service.ts";

let service: Service;

beforeEach(async () => {
  service = startService();
  await emptyTables(service);
});

async function requested(email: string): Promise<string> {
  await service.signUp({ email, first_name: "Ada", time_zone: "America/New_York" });
  await service.drain();
  return linkIn((await service.accepted(email)).at(-1), "confirm");
}

test("who has just confirmed reads the first letter where it's public, and answers the question by one button", async () => {
  const site = await (await service.admin("GET", "/site")).json<Record<string, unknown>>();
  const { version: _, published_at: __, origin: ___, rendering: ____, ...written } = site;
  expect((await service.admin("PUT", "/site", { ...written, archive: 1 })).status).toBe(200);
  await service.drain();
  expect((await service.publish({ ...sequenceOf(3), first_letter: "at_once" })).status).toBe(200);
  const path = await requested("dora@themepost.dev");
  const page = await (await service.request(path, { method: "POST" })).text();
  expect(page).toContain('href="/letters/strengthening-bonds/theme-1"');
  const [, form = ""] = /<form[^>]*action="(\/data\/[^"]+)"/.exec(page) ?? [];
  const html = page.slice(page.indexOf(`action="${form}"`));
  const fields = fieldsIn(html.slice(0, html.indexOf("</form>")));
  const [, answer = ""] = /name="(answer_\d+)" value="teenager"/.exec(html) ?? [];
  const answered = await service.form(form, { ...fields, [answer]: "teenager" });
  expect([answered.status, answered.headers.get("location")]).toEqual([
    ...[303, expect.stringContaining(`${form}?changed=`)],
  ]);
  const [row] = await service.rows<{ answer: string; name: string }>(
    "select e.answer, s.first_name as name from enrollments e join subscribers s on s.id = e.subscriber_id where s.address_key = 'dora@themepost.dev'",
  );
  expect(row).toEqual({ answer: "teenager", name: "Ada" });
  service.moveTo(service.clock.wall + 60_000);
  // A repeat, and whoever opens the link later, gets neither.
  const again = await (await service.request(path, { method: "POST" })).text();
  expect(again).not.toContain("/data/");
});
