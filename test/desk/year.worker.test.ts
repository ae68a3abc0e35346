import { beforeEach, expect, test } from "vitest";
import { addToDesk, atDesk, textOf } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import {
  becomeReader,
  DAY,
  HOUR,
  runUntil,
  type Service,
  sequenceOf,
  startService,
} from "../support/service.ts";

let service: Service;
const OWNER = "rosa@lindner.at";
const SEQUENCE = "/desk/letters/strengthening-bonds";
let rosa: Awaited<ReturnType<typeof atDesk>>;

beforeEach(async () => {
  service = startService({ ownGuard: true });
  await emptyTables(service);
  await service.publish({ ...sequenceOf(4), first_letter: "at_once" });
  await addToDesk(service, OWNER, "owner");
  rosa = await atDesk(service, OWNER);
});

/** The letters that a page of a year promises: when (epoch ms), and which. */
async function promised(query = "") {
  const html = await rosa.see(`${SEQUENCE}/year${query}`);
  return [...html.matchAll(/datetime="([^"]+)"[\s\S]*?letters\/(theme-\d)"/g)].map(
    ([, at = "", slug]) => [Date.parse(at), slug] as const,
  );
}

/** The themes that someone got so far: their slots, and which. */
async function got() {
  const rows = await service.rows<{ at: number; slug: string }>(
    `select slot_at as at, steps.slug as slug from deliveries join steps on steps.id = deliveries.item
     where kind = 'theme' and deliveries.state = 'accepted' order by slot_at`,
  );
  return rows.map(({ at, slug }) => [at, slug] as const);
}

test("what a year promises to someone who joins, and to a reader at their place, is what then comes", async () => {
  const joining = await promised();
  expect(joining.map(([, slug]) => slug)).toEqual(["theme-1", "theme-2", "theme-3", "theme-4"]);
  await becomeReader(service, "ada@web.de");
  await runUntil(service, service.clock.now + 9 * DAY, 4 * HOUR);
  const [ada] = await service.rows<{ id: number }>("select id from subscribers");
  rosa = await atDesk(service, OWNER);
  const ahead = await promised(`?reader=${ada?.id}`);
  await runUntil(service, service.clock.now + 30 * DAY, 4 * HOUR);
  expect([...(await got())]).toEqual(joining);
  expect((await got()).slice(-ahead.length)).toEqual(ahead);
  rosa = await atDesk(service, OWNER);
  expect(textOf(await rosa.see(`${SEQUENCE}/year?reader=${ada?.id}`))).toContain("has had every letter");
});

test("a year shows what's written and not published yet, and where a draft keeps the rest back", async () => {
  const seen = /name="seen" value="(\d+)"/.exec(await rosa.see(SEQUENCE))?.[1] ?? "";
  await rosa.post(`${SEQUENCE}/move`, { letter: "theme-4", move: "up", seen });
  expect((await promised()).map(([, slug]) => slug)).toEqual(["theme-1", "theme-2", "theme-4", "theme-3"]);
  const now = /name="seen" value="(\d+)"/.exec(await rosa.see(SEQUENCE))?.[1] ?? "";
  await rosa.post(`${SEQUENCE}/move`, { letter: "theme-4", move: "draft", seen: now });
  const page = await rosa.see(`${SEQUENCE}/year`);
  expect(textOf(page)).toMatch(/From .* on they’d wait for a draft: A letter on theme-4/);
  expect((await promised()).map(([, slug]) => slug)).toEqual(["theme-1", "theme-2"]);
});

test("a reader's year is for those who may see a person, and the look is kept", async () => {
  await becomeReader(service, "ada@web.de");
  const [ada] = await service.rows<{ id: number }>("select id from subscribers");
  await addToDesk(service, "edit@web.de", "editor");
  const editor = await atDesk(service, "edit@web.de");
  expect((await editor.get(`${SEQUENCE}/year`)).status).toBe(200);
  expect((await editor.get(`${SEQUENCE}/year?reader=${ada?.id}`)).status).toBe(404);
  expect(await service.rows("select * from desk_looks")).toEqual([]);
  expect((await rosa.get(`${SEQUENCE}/year?reader=${ada?.id}`)).status).toBe(200);
  expect(await service.rows("select subscriber_id from desk_looks")).toEqual([{ subscriber_id: ada?.id }]);
  for (const reader of ["0", "x", "99999", ""])
    expect((await rosa.get(`${SEQUENCE}/year?reader=${reader}`)).status).toBe(404);
});
