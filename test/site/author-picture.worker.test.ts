import { beforeEach, expect, test } from "vitest";
import { emptyTables } from "../support/empty-tables.ts";
import { comment, exif, jpegOf, pngOf } from "../support/picture-files.ts";
import { inThisDatabase } from "../support/rows.ts";
import { becomeReader, sequenceOf, startService } from "../support/service.ts";
import { TEST_SITE } from "../support/site.ts";

const service = startService();
const AUTHOR = { name: "Rosa Lindner", line: "Gardens on clay.", sign_off: "Yours," };

beforeEach(async () => {
  await emptyTables(service);
  const { DB } = service.bindings;
  await DB.batch([
    DB.prepare(inThisDatabase("delete from next_renditions")),
    DB.prepare(inThisDatabase("delete from site")),
    DB.prepare(
      inThisDatabase(
        "insert into site (id, version, published_at, origin, content) values (1, 1, 0, 'files', ?)",
      ),
    ).bind(JSON.stringify(TEST_SITE)),
  ]);
});

type Added = { readonly name: string; readonly width: number; readonly height: number };

const send = (file: Uint8Array) =>
  service.admin("POST", "/pictures", { data: btoa(String.fromCharCode(...file)) });
const add = async (file: Uint8Array) => (await (await send(file)).json()) as Added;

async function signWith(picture: string | undefined): Promise<Response> {
  const { version, published_at, rendering, ...site } = (await (
    await service.admin("GET", "/site")
  ).json()) as Record<string, unknown>;
  return service.admin("PUT", "/site", { ...site, author: { ...AUTHOR, ...(picture ? { picture } : {}) } });
}

test("the author's picture stands on the home page and by the sign-off of letters; taken back, it's on neither", async () => {
  await service.publish(sequenceOf(2));
  const { name, width, height } = await add(pngOf(120, 150));
  expect([width, height]).toEqual([120, 150]);
  expect((await signWith(name)).status).toBe(200);
  expect(await (await service.admin("GET", "/site")).json()).toMatchObject({
    author: { ...AUTHOR, picture: name },
  });
  expect(await (await service.request("/")).text()).toContain(`<img src="/pictures/${name}" alt=""`);
  await becomeReader(service, "ada@web.de");
  const html = (await service.accepted("ada@web.de")).map((mail) => String(mail.html)).join("");
  expect(html).toContain(`src="https://letters.themepost.dev/pictures/${name}"`);
  const [tag = ""] = new RegExp(`<img[^>]*${name}[^>]*>`).exec(html) ?? [];
  expect([tag.includes('alt=""'), tag.includes('width="56"'), tag.includes('height="70"')]).toEqual([
    true,
    true,
    true,
  ]);
  expect((await signWith(undefined)).status).toBe(200);
  expect(await (await service.request("/")).text()).not.toContain(name);
  // Letters in inboxes still show it.
  expect((await service.request(`/pictures/${name}`)).status).toBe(200);
});

test("a picture is given as its type and for long, to other sites' readers, too, without what a camera wrote", async () => {
  const photo = jpegOf(300, 300, exif(1), comment("by Rosa"));
  const { name } = await add(photo);
  expect(name).toMatch(/^[0-9a-f]{32}\.jpg$/);
  const answer = await service.request(`/pictures/${name}`);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "image/jpeg",
    "cache-control": "public, max-age=31536000, immutable",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
  });
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(jpegOf(300, 300));
  const missing = `/pictures/${"0".repeat(32)}.jpg`;
  expect((await service.request(missing)).status).toBe(404);
});

test("the same picture again is the same name, one row and one act", async () => {
  const first = await add(jpegOf(200, 200, comment("one")));
  const second = await add(jpegOf(200, 200, comment("two")));
  expect(second).toEqual(first);
  expect(await service.rows("select count(*) as n from pictures")).toEqual([{ n: 1 }]);
  expect(await service.rows("select object from acts where verb = 'add_picture'")).toEqual([
    { object: `picture:${first.name}` },
  ]);
});

test("what's no picture is refused with what to do, and so is a site with one that isn't there; nothing is kept", async () => {
  const svg = new TextEncoder().encode(
    "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
  );
  const answer = await send(svg);
  expect([answer.status, await answer.json()]).toMatchObject([
    422,
    { faults: [{ field: "data", rule: "picture", fix: expect.stringContaining("PNG or JPEG") }] },
  ]);
  expect((await service.admin("POST", "/pictures", { data: "not base64!" })).status).toBe(422);
  const site = await signWith(`${"0".repeat(32)}.png`);
  expect([site.status, await site.json()]).toMatchObject([422, { faults: [{ field: "author.picture" }] }]);
  expect(await service.rows("select version from site")).toEqual([{ version: 1 }]);
  expect(await service.rows("select count(*) as n from pictures")).toEqual([{ n: 0 }]);
});
