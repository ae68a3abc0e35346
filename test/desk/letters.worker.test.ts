import { beforeEach, expect, test } from "vitest";
import { readDraft, saveLetter } from "../../src/domain/letters/drafting.ts";
import { publishDraft } from "../../src/domain/letters/publish-draft.ts";
import { readSite } from "../../src/domain/site/site.ts";
import { openDb } from "../../src/platform/db/client.ts";
import { addToDesk, atDesk, textOf } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import {
  becomeReader,
  DAY,
  HOUR,
  linkIn,
  runUntil,
  sequenceOf,
  startService,
  WEEK,
} from "../support/service.ts";

const service = startService({ ownGuard: true });
const OWNER = "rosa@lindner.at";
const SEQUENCE = "/desk/letters/strengthening-bonds";
let rosa: Awaited<ReturnType<typeof atDesk>>;

beforeEach(async () => {
  await emptyTables(service);
  await service.publish(sequenceOf(3));
  await addToDesk(service, OWNER, "editor");
  rosa = await atDesk(service, OWNER);
});

const field = (html: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? "";
const LETTER = {
  subject: "A walk in the rain",
  preheader: "No umbrella needed",
  markdown: "# A walk in the rain\n\nGo out together when it rains.\n\n## Try this\n\nJump into a puddle.",
  ornament: "",
};
/** Saves a letter over what its page shows. */
async function save(letter: string, fields: Record<string, string>) {
  const path = `${SEQUENCE}/letters/${letter}`;
  const revision = field(await rosa.see(path), "revision");
  return rosa.post(path, { ...LETTER, ...fields, revision });
}
/** The letters of the draft in order, with what's said of each. */
async function listed() {
  const html = await rosa.see(SEQUENCE);
  const list = html.slice(html.indexOf("<ol"), html.indexOf("</ol>"));
  return [...list.matchAll(/letters\/([a-z0-9-]+)">[\s\S]*?<span class="soft">([^<]*)/g)].map(
    ([, slug, says]) => `${slug} ${says?.replace("Welcome letter,", "").trim()}`,
  );
}
async function move(letter: string, to: string) {
  const seen = field(await rosa.see(SEQUENCE), "seen");
  return (await rosa.post(`${SEQUENCE}/move`, { letter, move: to, seen })).headers.get("location");
}
const published = async () =>
  (
    await service.rows<{ slug: string }>("select slug from steps where archived_at is null order by position")
  ).map(({ slug }) => slug);
async function publish(query = "", fields: Record<string, string> = {}) {
  const html = await rosa.see(`${SEQUENCE}/publish${query}`);
  const form = {
    newest: field(html, "newest"),
    left_out: field(html, "left_out"),
    resume: field(html, "resume"),
  };
  return rosa.post(`${SEQUENCE}/publish`, { ...form, ...fields });
}

test("an owner writes a letter, puts it in its place and publishes it; until then readers get what was published", async () => {
  await becomeReader(service, "ada@l1-themepost.dev");
  const added = await rosa.post(`${SEQUENCE}/letters`, { subject: "A walk in the rain" });
  expect(added.headers.get("location")).toBe(`${SEQUENCE}/letters/a-walk-in-the-rain`);
  expect((await save("a-walk-in-the-rain", {})).headers.get("location")).toContain("done=saved");
  expect(await move("a-walk-in-the-rain", "publish")).toContain("done=publish");
  await move("a-walk-in-the-rain", "up");
  await move("a-walk-in-the-rain", "up");
  expect(await listed()).toEqual([
    expect.stringContaining("published"),
    "theme-1 published",
    "a-walk-in-the-rain new",
    "theme-2 published",
    "theme-3 published",
  ]);
  expect(await published()).toEqual(["theme-1", "theme-2", "theme-3"]);
  const meaning = textOf(await rosa.see(`${SEQUENCE}/publish`));
  expect(meaning).toMatch(
    /One reader is in this sequence\. One letter changes\..*A walk in the rain New 0 1 0/,
  );
  expect((await publish()).headers.get("location")).toBe(`${SEQUENCE}?done=published`);
  expect(await published()).toEqual(["theme-1", "a-walk-in-the-rain", "theme-2", "theme-3"]);
  expect(textOf(await rosa.see(SEQUENCE))).toContain("Published as it stands here.");
  service.moveTo(service.clock.now + 2 * WEEK);
  for (const _ of [1, 2]) {
    await service.tick();
    await service.drain();
    service.moveTo(service.clock.now + WEEK);
  }
});

test("a letter that's only begun stays to be written on, and keeps nothing else from being published", async () => {
  await rosa.post(`${SEQUENCE}/letters`, { subject: "For later" });
  expect((await listed()).at(-1)).toContain("for-later begun");
  await move("for-later", "up");
  expect(textOf(await rosa.see(SEQUENCE))).toContain("Published as it stands here.");
  await save("theme-1", {});
  expect((await publish()).headers.get("location")).toContain("done=published");
  expect(await published()).toEqual(["theme-1", "theme-2", "theme-3"]);
  expect((await listed()).slice(-2)).toEqual([
    expect.stringContaining("for-later begun"),
    "theme-3 published",
  ]);
  expect(await rosa.see(`${SEQUENCE}/letters/for-later`)).toContain('value="For later"');
});

test("a draft that readers who come to it wait for is named on Today", async () => {
  expect(textOf(await rosa.see("/desk"))).not.toContain("Drafts that readers wait for");
  await move("theme-3", "draft");
  expect(textOf(await rosa.see("/desk"))).not.toContain("Drafts that readers wait for");
  await publish();
  expect(textOf(await rosa.see("/desk"))).toContain(
    "Drafts that readers wait for A letter on theme-3 (Strengthening Bonds)",
  );
});

test("a letter says how many get it next, had it, and left within six days of it", async () => {
  await becomeReader(service, "ada@web.de");
  await becomeReader(service, "bea@web.de");
  const numbers = async () =>
    [...(await rosa.see(SEQUENCE)).matchAll(/<p class="soft">([^<]*it next[^<]*)/g)].map(([, says]) => says);
  expect(await numbers()).toEqual([
    "2 readers get it next. Nobody had it yet.",
    "Nobody gets it next. Nobody had it yet.",
    "Nobody gets it next. Nobody had it yet.",
  ]);
  await runUntil(service, service.clock.now + 2 * WEEK - DAY, 4 * HOUR);
  await service.request(linkIn((await service.accepted("ada@web.de")).at(-1), "unsubscribe"), {
    method: "POST",
  });
  rosa = await atDesk(service, OWNER);
  expect(await numbers()).toEqual([
    "Nobody gets it next. 2 had it. Nobody left within six days of it.",
    "Nobody gets it next. 2 had it. One left within six days of it.",
    "One reader gets it next. Nobody had it yet.",
  ]);
});

test("a long letter is kept to its last word, and one that's too long is refused, with everything that was typed", async () => {
  const long = `${LETTER.markdown}\n\n${"Wörter ".repeat(8400)}Ende.`;
  expect((await save("theme-2", { markdown: long })).status).toBe(303);
  const kept = (await readDraft(service.db, "strengthening-bonds"))?.steps.find(
    ({ slug }) => slug === "theme-2",
  );
  expect(kept?.markdown).toBe(long);
  const tooLong = await save("theme-2", { markdown: `${long}${"x".repeat(4000)}Schluss.` });
  expect(tooLong.status).toBe(422);
  expect(await tooLong.text()).toContain("xxxSchluss.");
});

test("a letter that begins with an empty line stays as it is when it's opened and saved", async () => {
  await save("theme-2", { markdown: `\n${LETTER.markdown}` });
  const html = await rosa.see(`${SEQUENCE}/letters/theme-2`);
  // What browsers make of a text area: they drop one line break behind the tag (HTML standard, 13.2.6.4.7).
  const opened = /<textarea[^>]*name="markdown"[^>]*>\n?([^<]*)</.exec(html)?.[1] ?? "";
  expect(opened).toBe(`\n${LETTER.markdown}`);
});

test("a sequence is closed to new readers and opened again, and what's being written of it stays", async () => {
  await becomeReader(service, "cleo@web.de");
  await move("theme-3", "up");
  const order = await listed();
  const close = async (closes: string) =>
    (await rosa.post(`${SEQUENCE}/close`, { close: closes })).headers.get("location");
  expect(await close("1")).toContain("done=closed");
  expect(await close("1")).toContain("done=closed");
  expect(textOf(await (await service.request("/")).text())).not.toContain("Start your letters");
  expect(await listed()).toEqual(order);
  expect((await publish()).headers.get("location")).toContain("done=published");
  expect(await published()).toEqual(["theme-1", "theme-3", "theme-2"]);
  await runUntil(service, service.clock.now + 2 * DAY, 4 * HOUR);
  expect((await service.accepted("cleo@web.de")).at(-1)?.subject).toContain("theme-1");
  rosa = await atDesk(service, OWNER);
  expect(await close("")).toContain("done=opened");
  expect(textOf(await (await service.request("/")).text())).toContain("Start your letters");
});

test("everything that's published is downloaded as one folder, and drafts stay at the desk", async () => {
  await save("theme-2", { markdown: "# Only a draft" });
  const answer = await rosa.get("/desk/letters.zip");
  expect(answer.headers.get("content-type")).toBe("application/zip");
  const zip = new TextDecoder("latin1").decode(await answer.arrayBuffer());
  expect(zip.startsWith("PK")).toBe(true);
  const names = [...zip.matchAll(/newsletter\/[a-z0-9./-]+?\.(?:yaml|md)/g)].map(([name]) => name);
  expect([...new Set(names)]).toEqual([
    "newsletter/site.yaml",
    ...["sequence.yaml", "welcome.md", "1-theme-1.md", "2-theme-2.md", "3-theme-3.md"].map(
      (name) => `newsletter/sequences/strengthening-bonds/${name}`,
    ),
  ]);
  expect(zip).toContain("A letter on theme-2");
  expect(zip).not.toContain("Only a draft");
});

test("a letter is shown as readers will see it, with its faults at their lines, and what can't be read yet says why", async () => {
  const path = `${SEQUENCE}/letters/theme-1`;
  await save("theme-1", {});
  const page = await rosa.see(path);
  expect(page).toContain(`src="${path}/frame?scheme=dark"`);
  const frame = await rosa.get(`${path}/frame?scheme=light`);
  const html = await frame.text();
  expect(frame.headers.get("content-security-policy")).toMatch(/default-src 'none'.*sandbox/);
  expect(html).toContain("Jump into a puddle.");
  expect(html).not.toMatch(/\{\{\w+\}\}/);
  await save("theme-1", { markdown: "# Title\n\nText.\n\n<b>raw</b>\n" });
  const faulty = textOf(await rosa.see(path));
  expect(faulty).toMatch(/Line 5\. To fix before it’s published:/);
  expect(textOf(await rosa.see(`${SEQUENCE}/publish`))).toContain("must be fixed before it can be published");
  expect((await publish("", { newest: "1" })).status).toBe(200);
  expect(await published()).toEqual(["theme-1", "theme-2", "theme-3"]);
});

test("two who write one letter at once lose nothing: the later one sees both, and what was saved before comes back", async () => {
  const path = `${SEQUENCE}/letters/theme-2`;
  const revision = field(await rosa.see(path), "revision");
  await rosa.post(path, { ...LETTER, markdown: "# Hers\n\nHer words.", revision });
  const late = await rosa.post(path, { ...LETTER, markdown: "# His\n\nHis words.", revision });
  const html = await late.text();
  expect(late.status).toBe(409);
  expect(html).toContain("Her words.");
  expect(html).toContain("His words.");
  await rosa.post(path, { ...LETTER, markdown: "# His\n\nHis words.", revision: field(html, "revision") });
  const saves = await rosa.see(`${path}/saves`);
  expect(textOf(saves)).toContain("2 saves, newest first.");
  const [, older] = [...saves.matchAll(/name="save" value="(\d+)"/g)].map(([, id]) => id ?? "");
  const first = /name="save" value="(\d+)"/.exec(saves)?.[1] ?? older ?? "";
  const back = await rosa.post(`${path}/restore`, { save: first, revision: field(saves, "revision") });
  expect(back.headers.get("location")).toBe(`${path}?done=restored`);
  expect(await rosa.see(path)).toContain("Her words.");
  expect(textOf(await rosa.see(`${path}/saves`))).toContain("3 saves");
  await rosa.post(`${SEQUENCE}/discard`);
  expect(textOf(await rosa.see(SEQUENCE))).toContain("Published as it stands here.");
  expect(textOf(await rosa.see(`${path}/saves`))).toContain("3 saves");
});

test("the editor saves by itself, hears what's wrong with the letter, and that someone else was faster", async () => {
  const path = `${SEQUENCE}/letters/theme-2`;
  const revision = field(await rosa.see(path), "revision");
  const keep = (fields: Record<string, string>) =>
    rosa.post(path, { ...LETTER, revision, ...fields }, { accept: "application/json" });
  const kept = await keep({ markdown: "# Title\n\n<b>raw</b>" });
  const said = (await kept.json()) as { revision: number; faults: object[] };
  expect([kept.status, said.faults[0]]).toMatchObject([200, { line: 3, severity: "refuse" }]);
  expect((await keep({})).status).toBe(409);
  // Its answer may have been lost: sent once more, it's what stands already.
  const again = await keep({ markdown: "# Title\n\n<b>raw</b>" });
  expect([again.status, ((await again.json()) as { revision: number }).revision]).toEqual([
    200,
    said.revision,
  ]);
  const next = await keep({ revision: String(said.revision) });
  expect(await next.json()).toMatchObject({ text: expect.stringContaining("Jump into a puddle.") });
  expect((await keep({ subject: "x".repeat(300) })).status).toBe(422);
  expect(textOf(await rosa.see(`${path}/saves`))).toContain("2 saves");
});

test("a save that another one stands over is kept for 90 days; the one that stands, for ever", async () => {
  await save("theme-1", { subject: "The first" });
  await save("theme-1", { subject: "The second" });
  service.moveTo(service.clock.now + 91 * DAY);
  rosa = await atDesk(service, OWNER);
  expect(textOf(await rosa.see(`${SEQUENCE}/letters/theme-1/saves`))).toContain("2 saves");
  await save("theme-1", { subject: "The third" });
  const saves = textOf(await rosa.see(`${SEQUENCE}/letters/theme-1/saves`));
  expect(saves).toContain("One save.");
  expect(saves).toContain("The third");
  await rosa.post(`${SEQUENCE}/letters/theme-1`, { ...LETTER, revision: "1" });
  expect(textOf(await rosa.see(`${SEQUENCE}/letters/theme-1/saves`))).toContain("One save.");
});

test("a publication is undone, and the undoing too; each is an act of the person who did it", async () => {
  await save("theme-1", {});
  await move("theme-3", "archive");
  await publish();
  expect(await published()).toEqual(["theme-1", "theme-2"]);
  const undo = async () =>
    rosa.post(`${SEQUENCE}/undo`, { edition: field(await rosa.see(SEQUENCE), "edition") });
  expect((await undo()).headers.get("location")).toContain("done=undone");
  expect(await published()).toEqual(["theme-1", "theme-2", "theme-3"]);
  expect(await service.rows("select subject from steps where slug = 'theme-1'")).toEqual([
    { subject: sequenceOf(1).steps[0]?.subject },
  ]);
  await undo();
  expect(await published()).toEqual(["theme-1", "theme-2"]);
  const twice = await rosa.post(`${SEQUENCE}/undo`, { edition: "1" });
  expect(twice.headers.get("location")).toContain("done=not_undone");
  const acts = await service.rows<{ actor: string }>(
    "select actor from acts where verb = 'publish_sequence' and actor like 'desk:%'",
  );
  expect(acts).toHaveLength(3);
});

test("what's being written outlives the undoing of a publication", async () => {
  await save("theme-1", {});
  await publish();
  await save("theme-2", { subject: "Begun since" });
  await rosa.post(`${SEQUENCE}/letters`, { subject: "For later" });
  await rosa.post(`${SEQUENCE}/undo`, { edition: field(await rosa.see(SEQUENCE), "edition") });
  const html = await rosa.see(SEQUENCE);
  expect(textOf(html)).toContain("Begun since changed");
  expect(textOf(html)).toContain("For later");
});

test("a letter that's saved in the very moment of a publication isn't left behind by it", async () => {
  await save("theme-1", {});
  const deps = service.deps();
  const slug = "strengthening-bonds";
  const newest = (await readDraft(deps.db, slug))?.newest ?? 0;
  const content = { ...LETTER, subject: "Just now", ornament: null };
  let saved = false;
  const racing = new Proxy(service.bindings.DB, {
    get: (inner, name) => {
      const own: unknown = Reflect.get(inner, name);
      if (typeof own !== "function") return own;
      if (name !== "batch") return own.bind(inner);
      return async (statements: D1PreparedStatement[]) => {
        // Only the publication has so many.
        if (statements.length > 8 && !saved) {
          saved = true;
          await saveLetter(deps, { slug, letter: "theme-2", content, seen: 0 });
        }
        return inner.batch(statements);
      };
    },
  });
  const { publicUrl } = deps.config;
  const site = await readSite(deps.db, publicUrl);
  const choices = { newest, leftOut: [], resume: false };
  const result = await publishDraft({ ...deps, db: openDb(racing), publicUrl, site }, slug, choices);
  expect([saved, result.kind]).toEqual([true, "stale"]);
  expect(textOf(await rosa.see(SEQUENCE))).toContain("Just now changed");
  expect(await service.rows("select subject from steps where slug = 'theme-1'")).toEqual([
    { subject: sequenceOf(1).steps[0]?.subject },
  ]);
});

test("what was decided on is what's published: a save in between shows how it stands now", async () => {
  await save("theme-1", {});
  const html = await rosa.see(`${SEQUENCE}/publish`);
  await save("theme-2", { subject: "Another one" });
  const stale = await rosa.post(`${SEQUENCE}/publish`, { newest: field(html, "newest") });
  expect([stale.status, textOf(await stale.text())]).toEqual([
    409,
    expect.stringContaining("nothing was published"),
  ]);
  expect(await service.rows("select subject from steps where slug = 'theme-1'")).toEqual([
    { subject: sequenceOf(1).steps[0]?.subject },
  ]);
});

test("two who publish at once publish once, and the other is told", async () => {
  await save("theme-2", {});
  const html = await rosa.see(`${SEQUENCE}/publish`);
  const form = { newest: field(html, "newest"), left_out: "", resume: "" };
  const both = await Promise.all([
    rosa.post(`${SEQUENCE}/publish`, form),
    rosa.post(`${SEQUENCE}/publish`, form),
  ]);
  const versions = await service.rows<{ version: number }>("select version from sequences");
  expect(versions).toEqual([{ version: 2 }]);
  const acts = await service.rows(
    "select id from acts where verb = 'publish_sequence' and actor like 'desk:%'",
  );
  expect(acts).toHaveLength(1);
  expect(both.map(({ status }) => status).toSorted()).toEqual([303, 409]);
});

test("a letter that's published during a run leaves those that are planned as they are, and comes to the next ones", async () => {
  for (const email of ["run-1@web.de", "run-2@web.de"]) await becomeReader(service, email);
  await service.rows(
    "update enrollments set next_due_at = next_due_at + ? where id = (select max(id) from enrollments)",
    WEEK,
  );
  service.moveTo(service.clock.now + WEEK);
  await service.rows(
    "update enrollments set next_due_at = ? where id = (select min(id) from enrollments)",
    service.clock.now,
  );
  await service.tick();
  rosa = await atDesk(service, OWNER);
  await save("theme-1", {});
  expect((await publish()).headers.get("location")).toContain("done=published");
  await service.drain();
  await runUntil(service, service.clock.now + WEEK, 4 * HOUR);
  const first = async (email: string) =>
    (await service.accepted(email))
      .map(({ subject }) => subject)
      .filter((subject) => !/confirm|welcome/i.test(subject));
  expect((await first("run-1@web.de"))[0]).toBe("A letter on theme-1");
  expect((await first("run-2@web.de"))[0]).toBe(LETTER.subject);
  for (const email of ["run-1@web.de", "run-2@web.de"])
    expect(new Set(await first(email)).size).toBe((await first(email)).length);
});

test("files published meanwhile don't take away what was written; only the order is theirs", async () => {
  await save("theme-1", {});
  await move("theme-3", "up");
  await service.publish(sequenceOf(4));
  expect(await listed()).toEqual([
    expect.any(String),
    "theme-1 changed",
    "theme-2 published",
    "theme-3 published",
    "theme-4 published",
  ]);
  expect(textOf(await rosa.see(SEQUENCE))).toContain("It was published from somewhere else in the meantime.");
});

test("a new sequence is begun, written and published; nobody sees it before", async () => {
  const begun = await rosa.post("/desk/letters", { title: "Garten & Jahr", language: "de" });
  expect(begun.headers.get("location")).toBe("/desk/letters/garten-jahr?done=begun");
  expect(textOf(await rosa.see("/desk/letters"))).toContain("Garten &amp; Jahr Not published yet");
  const base = "/desk/letters/garten-jahr";
  await rosa.post(`${base}/letters`, { subject: "Januar" });
  const write = async (letter: string, fields: Record<string, string>) => {
    const revision = field(await rosa.see(`${base}/letters/${letter}`), "revision");
    await rosa.post(`${base}/letters/${letter}`, { ...LETTER, ...fields, revision });
  };
  await write("januar", { subject: "Januar" });
  await write("greeting", {
    subject: "Willkommen",
    markdown: "# Willkommen\n\nSchön, dass Sie da sind. Der erste Brief kommt am {{first_theme_date}}.",
  });
  const seen = field(await rosa.see(base), "seen");
  await rosa.post(`${base}/move`, { letter: "januar", move: "publish", seen });
  expect((await service.request("/s/garten-jahr")).status).toBe(404);
  const html = await rosa.see(`${base}/publish`);
  const answer = await rosa.post(`${base}/publish`, { newest: field(html, "newest") });
  expect(answer.headers.get("location")).toBe(`${base}?done=published`);
  expect((await service.request("/s/garten-jahr")).status).toBe(200);
  expect(await (await service.admin("GET", "/sequences/garten-jahr")).json()).toMatchObject({
    language: "de",
    origin: "desk",
    steps: [{ slug: "januar", subject: "Januar" }],
  });
  expect(service.clock.now % DAY).toBeGreaterThanOrEqual(0);
});
