import { beforeEach, expect, test } from "vitest";
import { renderNext } from "../../src/domain/letters/render-next.ts";
import { addToDesk, atDesk, fieldsIn, textOf } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { type Service, sequenceOf, startService } from "../support/service.ts";

let service: Service;
const OWNER = "rosa@lindner.at";
let rosa: Awaited<ReturnType<typeof atDesk>>;

beforeEach(async () => {
  service = startService({ ownGuard: true });
  await emptyTables(service);
  await service.publish(sequenceOf(2));
  await addToDesk(service, OWNER, "owner");
  rosa = await atDesk(service, OWNER);
});

/** The fields of the form as the page shows them. */
const shown = async (html?: string) => fieldsIn(html ?? (await rosa.see("/desk/site")));
const save = async (changes: Record<string, string>) =>
  rosa.post("/desk/site", { ...(await shown()), ...changes });
const rendered = async () => {
  while ((await renderNext(service.deps())) === "more");
};
const home = async () => textOf(await (await service.request("/")).text());
const siteRow = async () =>
  (
    await service.rows<{ version: number; origin: string; content: string }>(
      "select * from site where id = 1",
    )
  )[0];

test("an owner saves their site at the desk: what they typed is what visitors see, and nothing else changes", async () => {
  const before = JSON.parse((await siteRow())?.content ?? "{}");
  expect((await save({})).headers.get("location")).toContain("done=saved");
  expect(JSON.parse((await siteRow())?.content ?? "{}")).toEqual(before);
  const answer = await save({
    ...{ name: "Rosa’s Garden", tagline: "Letters & seeds", hero_heading: "Grow <slowly>" },
    ...{ questions_0_question: "How often?", questions_0_answer: "Once a **week**." },
    ...{ slot_weekday: "friday", slot_hour: "7", time_zone: "Europe/Vienna", archive: "off" },
  });
  expect(answer.status).toBe(303);
  await rendered();
  const page = await (await service.request("/")).text();
  expect(page).toContain("Grow &lt;slowly&gt;");
  expect(page).toContain("Once a <strong>week</strong>.");
  const now = JSON.parse((await siteRow())?.content ?? "{}");
  expect(now).toMatchObject({
    ...{ name: "Rosa’s Garden", tagline: "Letters & seeds", timeZone: "Europe/Vienna" },
    ...{ slot: { weekday: 5, hour: 7 }, archiveInFull: null },
  });
  expect((await siteRow())?.origin).toBe("desk");
  const acts = await service.rows<{ actor: string }>(
    "select actor from acts where verb = 'publish_site' order by id desc",
  );
  expect(acts[0]?.actor).toMatch(/^desk:\d+$/);
});

test("what's wrong with a site stands at its field, nothing is saved, and everything that was typed is still there", async () => {
  const before = await siteRow();
  const answer = await save({
    ...{ name: "", accent: "#ffee88", time_zone: "Mars/Olympus", slot_hour: "25", owner_address: "" },
    ...{ hero_lead: "Typed, and not lost" },
  });
  expect(answer.status).toBe(422);
  const html = await answer.text();
  for (const [field, says] of [
    ["name", "This must not be empty."],
    ["accent", "the nearest colour that passes"],
    ["time_zone", "IANA time zone"],
    ["owner_address", "This must not be empty."],
  ] as const)
    expect(textOf(new RegExp(`id="${field}-fault"[^>]*>([^<]*)<`).exec(html)?.[1] ?? "")).toContain(says);
  expect((await shown(html)).hero_lead).toBe("Typed, and not lost");
  expect(await siteRow()).toEqual(before);
});

test("two who save the site at once lose nothing: the later one sees what the first one saved, and decides", async () => {
  const [mine, theirs] = [await shown(), await shown()];
  expect((await rosa.post("/desk/site", { ...theirs, tagline: "Theirs" })).status).toBe(303);
  await rendered();
  const answer = await rosa.post("/desk/site", { ...mine, tagline: "Mine" });
  expect(answer.status).toBe(409);
  const html = await answer.text();
  expect(textOf(html)).toContain("One field differs. They saved: One line below it: Theirs");
  expect((await shown(html)).tagline).toBe("Mine");
  expect((await rosa.post("/desk/site", await shown(html))).status).toBe(303);
  await rendered();
  expect(JSON.parse((await siteRow())?.content ?? "{}").tagline).toBe("Mine");
});

test("what an owner saved stays while its letters are still being made, whatever publishes the built-in site meanwhile", async () => {
  expect((await service.publish(sequenceOf(70), "many")).status).toBe(200);
  const built = await (await service.admin("GET", "/site")).json<Record<string, unknown>>();
  expect((await save({ name: "A Garden Renamed" })).headers.get("location")).toContain("done=rendering");
  expect((await shown()).name).toBe("A Garden Renamed");
  const { version: _, published_at: __, rendering: ___, ...site } = built;
  for (const origin of ["built_in", "files"]) {
    const etag = (await service.admin("GET", "/site")).headers.get("etag") ?? "";
    const put = await service.admin("PUT", "/site", { ...site, origin }, { "if-match": etag });
    expect([origin, put.status]).toEqual([origin, 409]);
  }
  const late = await shown();
  await save({ tagline: "And more" });
  expect((await rosa.post("/desk/site", { ...late, tagline: "Too late" })).status).toBe(409);
  await rendered();
  expect(JSON.parse((await siteRow())?.content ?? "{}")).toMatchObject({
    name: "A Garden Renamed",
    tagline: "And more",
  });
});

test("the last change of the site is undone by one button, and that again; not when someone saved since", async () => {
  await save({ tagline: "First", questions_0_question: "How often?", questions_0_answer: "Once." });
  const html = await rosa.see("/desk/site");
  const undo = (of: string) => {
    const form = /<form[^>]*action="\/desk\/site\/undo".*?<\/form>/s.exec(of)?.[0] ?? "";
    return rosa.post("/desk/site/undo", fieldsIn(form));
  };
  await save({ tagline: "Second" });
  expect((await undo(html)).headers.get("location")).toContain("done=not_undone");
  const tagline = async () => JSON.parse((await siteRow())?.content ?? "{}").tagline;
  expect(await tagline()).toBe("Second");
  expect((await undo(await rosa.see("/desk/site"))).headers.get("location")).toContain("done=undone");
  expect(await tagline()).toBe("First");
  expect((await undo(await rosa.see("/desk/site"))).headers.get("location")).toContain("done=undone");
  expect(await tagline()).toBe("Second");
});

test("looking at a site shows the page with what's typed, in a frame that runs and sends nothing, and saves nothing", async () => {
  const before = await siteRow();
  const looked = await rosa.post("/desk/site/look", {
    ...(await shown()),
    ...{ hero_heading: "Only looked at", accent: "#225588" },
  });
  const html = await looked.text();
  expect([looked.status, textOf(html).includes("Only looked at")]).toEqual([200, true]);
  expect(html).toContain("/look/225588.css");
  expect(html).not.toContain("<script");
  const policy = looked.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("frame-ancestors 'self'");
  expect(policy).toMatch(/; sandbox allow-same-origin$/);
  expect(await siteRow()).toEqual(before);
  expect(await home()).not.toContain("Only looked at");
  const faulty = await rosa.post("/desk/site/look", { ...(await shown()), name: "" });
  expect(textOf(await faulty.text())).toContain("nothing to show yet");
});

test("other words of consent are a new version, which says what it covers and which languages lack it", async () => {
  await save({ consent_texts_en: "Yes, write to me once a week.", consent_broadcasts: "" });
  await rendered();
  expect(await home()).toContain("Yes, write to me once a week.");
  await save({ language: "de" });
  await rendered();
  expect(textOf(await rosa.see("/desk/site"))).toContain("but not these words: the form shows ours");
});
