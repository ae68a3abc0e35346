import { beforeAll, expect, test } from "vitest";
import type { LetterFault } from "../../src/domain/letters/letter-rules.ts";
import { ADMIN_TOKEN, type Service, sequenceOf, startService } from "../support/service.ts";

let service: Service;

beforeAll(() => {
  service = startService();
});

const everything = () =>
  service.rows(
    "select * from sequences q join steps t on t.sequence_id = q.id join renditions r on r.id = t.rendition_id order by t.id",
  );

test("publishing tells what changed, and publishing the same again changes nothing", async () => {
  const first = await service.publish(sequenceOf(3));
  expect(await first.json()).toEqual({
    warnings: expect.any(Array),
    steps: [1, 2, 3].map((n) => ({ slug: `theme-${n}`, change: "new" })),
  });
  const before = await everything();
  const again = await service.publish(sequenceOf(3));
  expect(await again.json()).toEqual({
    warnings: expect.any(Array),
    steps: [1, 2, 3].map((n) => ({ slug: `theme-${n}`, change: "unchanged" })),
  });
  expect(await everything()).toEqual(before);
});

test("an edit keeps a step's identity, and a rendition once made is never changed", async () => {
  const before = await service.rows<{ id: number; hash: string }>(
    "select id, hash from renditions order by id",
  );
  const body = sequenceOf(4);
  const [one, two, three, four] = body.steps;
  if (!one || !two || !three || !four) throw new Error("four steps");
  body.steps = [two, { ...one, markdown: "# Theme 1\n\nOther words." }, four];
  const answer = await service.publish(body);
  expect(await answer.json()).toEqual({
    warnings: expect.any(Array),
    steps: [
      { slug: "theme-2", change: "unchanged" },
      { slug: "theme-1", change: "changed" },
      { slug: "theme-4", change: "new" },
      { slug: "theme-3", change: "archived" },
    ],
  });
  const after = await service.rows<{ id: number; hash: string }>(
    "select id, hash from renditions order by id",
  );
  expect(after.slice(0, before.length)).toEqual(before);
  const ids = await service.rows(
    "select id, slug, position, archived_at is null as live from steps order by id",
  );
  expect(ids).toMatchObject([
    { id: 1, slug: "theme-1", position: 1, live: 1 },
    { id: 2, slug: "theme-2", position: 0, live: 1 },
    { id: 3, slug: "theme-3", position: 2, live: 0 },
    { slug: "theme-4", position: 2, live: 1 },
  ]);
});

test("faults are told by letter and line, all together, and nothing is half published", async () => {
  const before = await everything();
  const body = sequenceOf(4);
  const markdowns = [
    "# One\n\n<b>raw</b>",
    "# Two\n\nDear {{first_nam}}\n\n[x](javascript:alert(1))",
    "Text\n\n##### Deep heading\n\n:::granny\nx\n:::",
  ];
  markdowns.forEach((markdown, index) => {
    const step = body.steps[index];
    if (step) step.markdown = markdown;
  });
  const last = body.steps[3];
  if (last) last.slug = "theme-1";
  const answer = await service.publish(body);
  expect(answer.status).toBe(422);
  const { faults } = await answer.json<{ faults: LetterFault[] }>();
  const refusing = faults.filter(({ severity }) => severity === "refuse");
  expect(refusing.map(({ letter, line, rule }) => [letter, line, rule])).toEqual([
    ["theme-1", 3, "raw-html"],
    ["theme-2", 3, "slot"],
    ["theme-2", 5, "link-target"],
    ["theme-3", 3, "heading-depth"],
    ["theme-3", 5, "unknown-block"],
    ["theme-1", null, "slug-twice"],
  ]);
  expect(await everything()).toEqual(before);
});

test.each([
  ["no steps", { ...sequenceOf(1), steps: [] }],
  ["an empty subject", { ...sequenceOf(1), steps: [{ ...sequenceOf(1).steps[0], subject: " " }] }],
  [
    "a preheader that repeats the subject",
    { ...sequenceOf(1), steps: [{ ...sequenceOf(1).steps[0], preheader: "A letter on THEME-1" }] },
  ],
  [
    "a subject of two lines",
    { ...sequenceOf(1), steps: [{ ...sequenceOf(1).steps[0], subject: "a\nBcc: x" }] },
  ],
  ["an unknown field", { ...sequenceOf(1), colour: "red" }],
  ["a draft welcome", { ...sequenceOf(1), welcome: { ...sequenceOf(1).welcome, status: "draft" } }],
  [
    "a letter that mailboxes would cut off",
    { ...sequenceOf(1), steps: [{ ...sequenceOf(1).steps[0], markdown: "word **bold** ".repeat(4200) }] },
  ],
])("%s is refused with its reason", async (_, body) => {
  const before = await everything();
  const answer = await service.publish(body);
  expect(answer.status).toBe(422);
  expect((await answer.json<{ faults: unknown[] }>()).faults).not.toHaveLength(0);
  expect(await everything()).toEqual(before);
});

test("only the owner publishes", async () => {
  const put = (headers: Record<string, string>) =>
    service.request("/api/v1/admin/sequences/strengthening-bonds", {
      method: "PUT",
      headers: { "content-type": "application/json", ...headers },
      body: "{}",
    });
  expect((await put({})).status).toBe(401);
  const basic = await put({ authorization: "Basic YTpi" });
  expect(basic.status).toBe(401);
  expect(basic.headers.get("content-type")).toBe("application/problem+json");
  expect((await put({ authorization: `Bearer ${ADMIN_TOKEN}x` })).status).toBe(401);
  expect((await put({ authorization: `Bearer ${ADMIN_TOKEN}` })).status).toBe(422);
});

test("the public page lists the published themes in order", async () => {
  const page = await (await service.request("/")).text();
  const titles = [...page.matchAll(/<h3>(Theme \d)<\/h3>/g)].map((match) => match[1]);
  expect(titles).toEqual(["Theme 2", "Theme 1", "Theme 4"]);
});

test("a slot that only comes together when the letter is rendered is found before anything is stored", async () => {
  const before = await everything();
  const body = sequenceOf(1);
  const [step] = body.steps;
  if (step) step.markdown = "# One\n\n{*{nonsense}*}";
  const answer = await service.publish(body);
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain("nonsense");
  expect(await everything()).toEqual(before);
});

test.each(["/assets/constructor", "/assets/__proto__", "/nothing-here", "/mailbox"])(
  "%s is answered like any unknown page",
  async (path) => {
    expect((await service.request(path)).status).toBe(404);
    const page = await service.request(path, { headers: { accept: "text/html" } });
    expect(page.headers.get("content-type")).toContain("text/html");
  },
);

test("blocks nested by the thousand and blank lines at the start are told as faults with their lines, never as a crash", async () => {
  const body = sequenceOf(3);
  const [one, two, three] = body.steps;
  if (one) one.markdown = `# T\n\n${"> ".repeat(3000)}x`;
  if (two) two.markdown = "\n\n# T\n\n<b>x</b>";
  if (three) three.markdown = `${"> ".repeat(25)}x`;
  const answer = await service.publish(body);
  expect(answer.status).toBe(422);
  const { faults } = await answer.json<{ faults: LetterFault[] }>();
  const refusing = faults.filter(({ severity }) => severity === "refuse");
  expect(refusing.map(({ letter, line, rule }) => [letter, line, rule])).toEqual([
    ["theme-1", null, "nesting"],
    ["theme-2", 5, "raw-html"],
    ["theme-3", null, "nesting"],
  ]);
});
