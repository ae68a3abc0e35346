import { expect, test } from "vitest";
import { readDraft } from "../../src/domain/letters/drafting.ts";
import { Chance } from "../simulation/seeded.ts";
import { restoreSnapshot, takeSnapshot } from "../simulation/snapshot.ts";
import { World } from "../simulation/world.ts";
import { addToDesk, atDesk, fieldsIn, tokenIn } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { becomeReader, OWN_ORIGIN, type Service, sequenceOf, startService } from "../support/service.ts";

const SEQUENCE = "/desk/letters/strengthening-bonds";
const LETTERS = 200;
const OPERATIONS_MAX = 60;

/** Two hundred letters written at the desk, the first three of which are published. */
async function write(service: Service) {
  const slugs = Array.from({ length: LETTERS }, (_, n) => `theme-${n + 1}`);
  const rows = slugs.map((slug, n) => ({
    slug,
    content: {
      subject: `Letter ${n + 1}`,
      preheader: `What letter ${n + 1} says`,
      markdown: `# Letter ${n + 1}\n\nSome words.\n\n## This week\n\n1. Walk ${n + 1} steps`,
      ornament: null,
    },
  }));
  await service.rows(
    `insert into drafts (sequence_slug, letter_slug, kind, content, at, actor)
      select 'strengthening-bonds', value ->> 'slug', 'letter', value ->> 'content', 0, 'desk:1' from json_each(?)`,
    JSON.stringify(rows.map(({ slug, content }) => ({ slug, content: JSON.stringify(content) }))),
  );
  const draft = await readDraft(service.db, "strengthening-bonds");
  const outline = {
    ...{ base: draft?.seen, title: draft?.title, language: draft?.language },
    steps: slugs.map((slug) => ({ slug, status: "published", backfill: true })),
  };
  await service.rows(
    `insert into drafts (sequence_slug, letter_slug, kind, content, at, actor)
      values ('strengthening-bonds', '', 'outline', ?, 0, 'desk:1')`,
    JSON.stringify(outline),
  );
}

test("a publication of two hundred letters that crashes anywhere has published all of them or none, and pressed again publishes them once", async () => {
  const service = startService({ ownGuard: true });
  await emptyTables(service);
  await service.publish(sequenceOf(3));
  await becomeReader(service, "ada@web.de");
  await addToDesk(service, "rosa@lindner.at", "owner");
  await write(service);
  const rosa = await atDesk(service, "rosa@lindner.at");
  const page = await rosa.see(`${SEQUENCE}/publish`);
  const fields = { desk: tokenIn(page), newest: fieldsIn(page).newest ?? "", left_out: "", resume: "" };
  const init = {
    method: "POST",
    headers: {
      ...{ cookie: rosa.cookie, origin: OWN_ORIGIN },
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams(fields).toString(),
  };
  const published = async () => {
    const [steps] = await service.rows<{ n: number }>(
      "select count(*) as n from steps where archived_at is null and subject like 'Letter %'",
    );
    const acts = await service.rows(
      "select id from acts where verb = 'publish_sequence' and actor like 'desk:%'",
    );
    return [steps?.n ?? 0, acts.length];
  };
  const before = await takeSnapshot(service.bindings.DB);
  /** Presses the button, and gives the isolate up at one of its operations; returns how many it came to before. */
  const press = async (place: number, fate: "crash_before" | "crash_after") => {
    await restoreSnapshot(service.bindings.DB, before);
    const invocation = new World(service, new Chance(place)).request("publish", `${SEQUENCE}/publish`, init);
    await invocation.standing();
    let step = 0;
    for (; step < place && !invocation.finished; step += 1) await invocation.step("go");
    if (!invocation.finished) await invocation.step(fate);
    while (!invocation.finished) await invocation.step("crash_before");
    return step;
  };
  const operations = await press(OPERATIONS_MAX, "crash_before");
  expect(await published()).toEqual([LETTERS, 1]);
  const seen = new Set<string>();
  // Its reads come first; the last operations are the writing.
  for (const place of [1, operations - 3, operations - 2, operations - 1]) {
    for (const fate of ["crash_before", "crash_after"] as const) {
      await press(place, fate);
      const left = (await published()).join();
      expect([fate, place, left]).toEqual([fate, place, left === "0,0" ? left : `${LETTERS},1`]);
      seen.add(left);
    }
  }
  expect([...seen].toSorted()).toEqual(["0,0", `${LETTERS},1`]);
  await press(operations - 3, "crash_before");
  expect(await published()).toEqual([0, 0]);
  expect((await service.request(`${SEQUENCE}/publish`, init)).status).toBe(303);
  expect(await published()).toEqual([LETTERS, 1]);
});
