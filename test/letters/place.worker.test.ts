import { beforeEach, expect, test } from "vitest";
import { renderNext } from "../../src/domain/letters/render-next.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { type Service, sequenceOf, startService } from "../support/service.ts";

let service: Service;

beforeEach(async () => {
  service = startService();
  await emptyTables(service);
});

type Row = { readonly slug: string; readonly html: string; readonly text: string; readonly heading: string };
const letters = () =>
  service.rows<Row>(
    `select t.slug, r.html, r.text, r.heading from steps t join renditions r on r.id = t.rendition_id
     where t.archived_at is null order by t.position`,
  );
test("each letter says its number, what it's about and what comes next, and can be shared where anyone may read it", async () => {
  const site = await (await service.admin("GET", "/site")).json<Record<string, unknown>>();
  const { version: _, published_at: __, origin: ___, rendering: ____, ...written } = site;
  await service.admin("PUT", "/site", { ...written, archive: 2 });
  const sequence = sequenceOf(4);
  const [one, two, three, four] = sequence.steps;
  if (!one || !two || !three || !four) throw new Error("four steps");
  const answer = await service.publish({
    ...sequence,
    steps: [one, two, { ...three, status: "draft" }, four],
  });
  expect(answer.status).toBe(200);
  const [first, second, draft, last] = (await letters()).map((row) => row.text);
  const base = `${service.config.publicUrl}/letters/strengthening-bonds`;
  expect(first).toContain("Letter 1 of 3 · Theme 1");
  expect(first).toContain("A letter on theme-1\n---");
  expect(first).toContain("Next: Theme 2");
  expect(first).toContain(`Share this letter:\n${base}/theme-1\n`);
  expect(second).toContain("Next: Theme 4");
  expect(draft).not.toMatch(/Letter \d|Next:|Share/);
  expect(last).toContain("Letter 3 of 3 · Theme 4");
  expect(last).not.toMatch(/Next:|Share/);
  for (const text of [first, second, last]) expect(text).toContain("please don’t forward this email");
});

test("one letter more is one that's new: the others are numbered anew, as they are when the site changes", async () => {
  await service.publish(sequenceOf(2));
  const answer = await service.publish(sequenceOf(3));
  const { steps } = await answer.json<{ steps: ReadonlyArray<{ change: string }> }>();
  expect(steps.map(({ change }) => change)).toEqual(["unchanged", "unchanged", "new"]);
  const numbered = await letters();
  expect(numbered.map(({ text }) => /of (\d)/.exec(text)?.[1])).toEqual(["3", "3", "3"]);
  const site = await (await service.admin("GET", "/site")).json<Record<string, unknown>>();
  const { version: _, published_at: __, origin: ___, rendering: ____, ...written } = site;
  for (const accent of ["#2f6b45", written.accent]) {
    expect((await service.admin("PUT", "/site", { ...written, accent })).status).toBe(200);
    while ((await renderNext(service.deps())) === "more");
  }
  expect(await letters()).toEqual(numbered);
});

test("a letter that sets its headline shows that instead of its subject, which the inbox still shows", async () => {
  const sequence = sequenceOf(2);
  const [one, two] = sequence.steps;
  if (!one || !two) throw new Error("two steps");
  const markdown = one.markdown.replace(
    /^# .*\n/,
    (title) => `${title}\n:::headline\nBefore breakfast\n:::\n`,
  );
  expect((await service.publish({ ...sequence, steps: [{ ...one, markdown }, two] })).status).toBe(200);
  const [first] = await letters();
  expect(first?.text).toContain("Letter 1 of 2 · Theme 1\n\nBefore breakfast\n---");
  expect(first?.text).not.toContain("A letter on theme-1");
  expect(first?.heading).toBe("Theme 1");
  const late = await service.publish({
    ...sequence,
    steps: [{ ...one, markdown: `${one.markdown}\n\n:::headline\nToo late\n:::\n` }, two],
  });
  expect(await late.text()).toContain("the block :::headline stands once, right below the title");
});
