import { beforeEach, expect, test } from "vitest";
import { type LetterFault, refuses } from "../../src/domain/letters/letter-rules.ts";
import { cleanUp } from "../../src/domain/privacy/clean-up.ts";
import { addPicture } from "../../src/domain/site/add-picture.ts";
import { addToDesk, atDesk, fieldsIn } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { exif, gifOf, jpegOf, pngOf } from "../support/picture-files.ts";
import { DAY, OWN_ORIGIN, type Service, sequenceOf, startService } from "../support/service.ts";

let service: Service;

beforeEach(async () => {
  service = startService();
  await emptyTables(service);
});

const base64 = (file: Uint8Array) => btoa(Array.from(file, (byte) => String.fromCharCode(byte)).join(""));
const add = (file: Uint8Array) => service.admin("POST", "/pictures", { data: base64(file), use: "letter" });

/** Publishes a letter with this body; its HTML, page and text, or what's told of it. */
async function published(body: string) {
  const sequence = sequenceOf(1);
  const [step] = sequence.steps;
  const answer = await service.publish({
    ...sequence,
    steps: [{ ...step, markdown: `# Theme\n\n${body}` }],
  } as typeof sequence);
  if (answer.status !== 200) return (await answer.json<{ faults: LetterFault[] }>()).faults.filter(refuses);
  const [row] = await service.rows<{ html: string; page: string; text: string }>(
    "select html, page, text from renditions r join steps t on t.rendition_id = r.id",
  );
  return row;
}

test("a photo added for letters is served without its place, for good, and shown at half its width with its words", async () => {
  const answer = await add(jpegOf(1000, 600, exif(1)));
  const { name, width, height } = await answer.json<{ name: string; width: number; height: number }>();
  expect([name, width, height]).toEqual([expect.stringMatching(/^[0-9a-f]{32}-1000x600\.jpg$/), 1000, 600]);
  expect((await (await add(jpegOf(1000, 600))).json<{ name: string }>()).name).toBe(name);
  const file = await service.request(`/pictures/${name}`);
  expect([file.status, file.headers.get("content-type"), file.headers.get("cache-control")]).toEqual([
    ...[200, "image/jpeg", "public, max-age=31536000, immutable"],
  ]);
  expect(new Uint8Array(await file.arrayBuffer())).toEqual(jpegOf(1000, 600));
  const letter = await published(`![The gate, half open](pictures/${name})\n*In May*`);
  if (letter === undefined || Array.isArray(letter)) throw new Error(JSON.stringify(letter));
  const src = `${service.config.publicUrl}/pictures/${name}`;
  for (const html of [letter.html, letter.page]) {
    expect(html).toContain(`src="${src}"`);
    expect(html).toMatch(/alt="The gate, half open" width="526" height="316"/);
  }
  expect(letter.text).toContain("[The gate, half open] In May");
});

test("the same picture again is one picture and one act, and nothing is left that was only intended", async () => {
  for (let times = 0; times < 3; times += 1) expect((await add(gifOf(60))).status).toBe(200);
  const acts = await service.rows<{ stage: string }>(
    "select stage from acts where verb = 'add_picture' order by id",
  );
  expect(acts.map(({ stage }) => stage)).toEqual(["intent", "settled"]);
});

test("a file that's far too large is told so by its own limit", async () => {
  const answer = await add(
    Uint8Array.from([...jpegOf(1000, 600).slice(0, -2), ...new Uint8Array(3_000_000)]),
  );
  expect([answer.status, (await answer.json<{ faults: unknown[] }>()).faults]).toEqual([
    422,
    [expect.anything()],
  ]);
});

test("a letter whose picture isn't here isn't published, and says which line", async () => {
  const name = `${"0".repeat(32)}-10x10.png`;
  expect(await published(`One\n\n![A gate](pictures/${name})\n\n![Another](photos/gate.jpg)`)).toEqual([
    expect.objectContaining({ rule: "picture-missing", line: 7 }),
    expect.objectContaining({ rule: "picture-missing", line: 5 }),
  ]);
});

test("without R2 pictures of other sites are shown, and a file isn't kept", async () => {
  const deps = { ...service.deps(), bucket: null };
  expect(await addPicture(deps, pngOf(20), "letter")).toEqual({ kind: "no_bucket" });
  const letter = await published("![A gate](https://example.org/a gate.png)\n\nText");
  expect(letter).toMatchObject({
    html: expect.stringMatching(/src="https:\/\/example.org\/a%20gate.png" alt="A gate" width="526" class/),
    page: expect.stringContaining('src="https://example.org/a%20gate.png"'),
  });
  const [{ slug = "" } = {}] = await service.rows<{ slug: string }>("select slug from sequences");
  const online = await service.request(`/letters/${slug}/theme-1`);
  expect(online.headers.get("content-security-policy")).toContain("img-src 'self' https:;");
});

test("at the desk a picture is added at the end of the letter, and one that can't be is told why", async () => {
  await service.publish(sequenceOf(1));
  await addToDesk(service, "rosa@lindner.at", "owner");
  const rosa = await atDesk(service, "rosa@lindner.at");
  const [{ slug = "" } = {}] = await service.rows<{ slug: string }>("select slug from sequences");
  const page = `/desk/letters/${slug}/letters/theme-1`;
  const form = async (file: Uint8Array) => {
    const html = await rosa.see(page);
    const own = html.slice(html.indexOf(`action="${page}/picture"`));
    const body = new FormData();
    for (const [field, value] of Object.entries(fieldsIn(own.slice(0, own.indexOf("</form>")))))
      body.set(field, value);
    body.set("alt", "A [half open] gate");
    body.set("picture_file", new File([file], "gate.gif"));
    return service.request(`${page}/picture`, {
      method: "POST",
      headers: { cookie: rosa.cookie, origin: OWN_ORIGIN },
      body,
    });
  };
  const refused = await form(new TextEncoder().encode("<svg/>"));
  expect([refused.status, await refused.text()]).toEqual([
    422,
    expect.stringContaining("SVG, which Outlook"),
  ]);
  // The editor's script saves by itself while the page stands open.
  const opened = await rosa.see(page);
  const [step] = sequenceOf(1).steps;
  const words = {
    subject: "Changed since",
    preheader: step?.preheader ?? "",
    markdown: "# Theme 1\n\nWords.",
    ornament: "",
  };
  await rosa.post(page, { ...words, revision: fieldsIn(opened).revision ?? "" });
  expect((await form(gifOf(40))).headers.get("location")).toBe(`${page}?done=picture`);
  expect(await rosa.see(page)).toContain("Changed since");
  expect(await rosa.see(page)).toMatch(/!\[A half open gate\]\(pictures\/[0-9a-f]{32}-40x40\.gif\)/);
});

test("a picture that no letter names goes after 90 days; one that a letter was ever rendered with stays", async () => {
  const names: string[] = [];
  for (const width of [30, 40, 50])
    names.push((await (await add(pngOf(width))).json<{ name: string }>()).name);
  const [mailed = "", drafted = "", unused = ""] = names;
  await published(`![A gate](pictures/${mailed})\n\nText`);
  await published("Other words.");
  await service.rows(
    "insert into drafts (sequence_slug, letter_slug, kind, content, at, actor) values ('', 'b1', 'letter', ?, 0, 'x')",
    JSON.stringify({ markdown: `![](pictures/${drafted})` }),
  );
  const kept = async () => {
    for (let times = 0; times < 4; times += 1) await cleanUp(service.deps(), service.clock.now);
    const there = [];
    for (const name of names) there.push((await service.request(`/pictures/${name}`)).status === 200);
    return there;
  };
  service.moveTo(service.clock.wall + 89 * DAY);
  expect(await kept()).toEqual([true, true, true]);
  service.moveTo(service.clock.wall + 2 * DAY);
  expect(await kept()).toEqual([true, true, false]);
  expect((await service.bindings.PICTURES?.list())?.objects.some(({ key }) => key === unused)).toBe(false);
  service.moveTo(service.clock.wall + 400 * DAY);
  expect(await kept()).toEqual([true, true, false]);
});
