import { beforeEach, expect, test } from "vitest";
import { changeBroadcast } from "../../src/domain/broadcasts/queries/broadcasts.ts";
import { draftBroadcast, schedule, theBroadcast, tickAt } from "../support/broadcast.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { enroll } from "../support/enroll.ts";
import { DAY, HOUR, type Service, START, sequenceOf, startService } from "../support/service.ts";

let service: Service;

beforeEach(async () => {
  service = startService({ ownGuard: true });
  await emptyTables(service);
  await service.publish(sequenceOf(2));
  await enroll(service, 3, START + 30 * DAY);
  await service.rows("update subscribers set broadcasts = 1");
});

const status = async (path: string) => (await service.request(path)).status;
const textAt = async (path: string) => (await service.request(path)).text();

test("a public broadcast can be read on the site, in the list, the feed and the map, from when it leaves and not before", async () => {
  const id = await draftBroadcast(service, { isPublic: true });
  const hidden = await draftBroadcast(service);
  const paths = ["/news", `/news/${id}`, "/news/feed.xml"];
  for (const path of paths) expect([path, await status(path)]).toEqual([path, 404]);
  await schedule(service, id);
  await schedule(service, hidden);
  for (const path of paths) expect([path, await status(path)]).toEqual([path, 404]);
  await tickAt(service, START + HOUR);
  for (const path of paths) expect([path, await status(path)]).toEqual([path, 200]);
  expect(await status(`/news/${hidden}`)).toBe(404);
  expect(await textAt("/news")).toContain(`/news/${id}"`);
  expect(await textAt("/news")).not.toContain(`/news/${hidden}"`);
  expect(await textAt("/letters")).toContain('href="/news"');
  expect(await textAt("/sitemap.xml")).toContain(`/news/${id}<`);
  expect(await textAt("/news/feed.xml")).toContain(`/news/${id}</id>`);
});

test("the public copy carries nobody's name or links, and can be taken off the site again", async () => {
  const id = await draftBroadcast(service, { isPublic: true });
  await schedule(service, id);
  await tickAt(service, START + HOUR);
  const page = await textAt(`/news/${id}`);
  expect(page).toContain("<h1>");
  // It ends in the form; where there are several to choose from, in a way to them.
  expect(page.indexOf('action="/subscribe"')).toBeGreaterThan(page.indexOf("</article>"));
  expect(page).not.toMatch(/\{\{|\/(?:unsubscribe|preferences|read)\//);
  for (const { first_name: name } of await service.rows<{ first_name: string }>(
    "select first_name from subscribers where first_name <> ''",
  ))
    expect(page).not.toContain(name);
  // One that's stopped isn't shown any more.
  await service.rows("update broadcasts set state = 'stopped'");
  expect(await status(`/news/${id}`)).toBe(404);
  await service.rows("update broadcasts set state = 'done'");
  const { now, by } = service.deps();
  const seen = await theBroadcast(service, id);
  const change = { seen, become: { isPublic: false }, verb: "change_broadcast", now, by } as const;
  expect(await changeBroadcast(service.db, change)).toBe(true);
  for (const path of ["/news", `/news/${id}`, "/news/feed.xml"])
    expect([path, await status(path)]).toEqual([path, 404]);
});

test("on a page with several letters each one's notes lead to its own", async () => {
  const noted = (count: number) => {
    const sequence = sequenceOf(count);
    const steps = sequence.steps.map((step) => ({
      ...step,
      markdown: `${step.markdown}\n\nA claim.[^1]\n\n[^1]: On ${step.slug}.`,
    }));
    return { ...sequence, steps };
  };
  await service.publish(noted(2));
  const page = await textAt("/letters/strengthening-bonds");
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(ids).toContain("theme-1-note-1");
  expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([]);
  for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
});
