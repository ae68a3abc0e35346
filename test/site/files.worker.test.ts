import { decode } from "fast-png";
import { beforeEach, expect, test } from "vitest";
import { emptyTables } from "../support/empty-tables.ts";
import { sequenceOf, startService } from "../support/service.ts";

const service = startService();
const ORIGIN = "https://letters.themepost.dev";

beforeEach(async () => {
  await emptyTables(service);
  await service.publish(sequenceOf(3));
});

const cached = (answer: Response) => answer.headers.get("cache-control");

test("the sitemap names every page that anyone may read, and robots.txt names the sitemap", async () => {
  const robots = await service.request("/robots.txt");
  expect(await robots.text()).toContain(`Sitemap: ${ORIGIN}/sitemap.xml`);
  const answer = await service.request("/sitemap.xml");
  expect(cached(answer)).toMatch(/^public/);
  const paths = [...(await answer.text()).matchAll(/<loc>(.+?)<\/loc>/g)].map(([, url]) =>
    url?.replace(ORIGIN, ""),
  );
  expect(paths.slice(0, 3)).toEqual(["/", "/s/strengthening-bonds", "/letters/strengthening-bonds"]);
  expect(paths.at(-1)).toBe("/privacy");
  // One letter is public, as the site says.
  expect(paths).toHaveLength(5);
  for (const path of paths) expect([path, (await service.request(path ?? "")).status]).toEqual([path, 200]);
});

test("the icon and the picture beside a link are in the site's colour, and may be cached", async () => {
  const icon = await service.request("/favicon.ico");
  expect(icon.headers.get("location")).toBe("/look/8a3b2a.svg");
  expect(await (await service.request("/look/8a3b2a.svg")).text()).toContain("#8a3b2a");
  const home = await (await service.request("/")).text();
  expect(home).toContain(`<meta property="og:image" content="${ORIGIN}/look/8a3b2a.png"`);
  expect(home).toContain('<meta property="og:site_name" content="Strengthening Bonds"');
  const picture = await service.request("/look/8a3b2a.png");
  expect(cached(picture)).toMatch(/^public/);
  const { width, height, data } = decode(await picture.arrayBuffer());
  expect([width, height, ...data.slice(0, 3)]).toEqual([600, 315, 0x8a, 0x3b, 0x2a]);
});

test("a colour that can't be read on the pages has no files, so nobody fills caches with made-up ones", async () => {
  for (const kind of ["css", "svg", "png"])
    expect((await service.request(`/look/f0f0a0.${kind}`)).status).toBe(404);
  expect((await service.request("/look/2f6b45.png")).status).toBe(404);
});

test("a page with a form is kept by nobody, because its stamp is for one visitor", async () => {
  for (const path of ["/", "/s/strengthening-bonds"])
    expect(cached(await service.request(path))).toBe("private, no-store");
});
