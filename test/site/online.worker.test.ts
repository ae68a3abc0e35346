import { beforeAll, expect, test } from "vitest";
import {
  becomeReader,
  HOUR,
  linkIn,
  runUntil,
  type Service,
  START,
  sequenceOf,
  startService,
  WEEK,
} from "../support/service.ts";

const EMAIL = "ada@themepost.dev";
let service: Service;

const BODY = sequenceOf(3);
const [first] = BODY.steps;
if (first === undefined) throw new Error("no step");
first.markdown = `# Theme 1

It begins on a **Tuesday**.

## This week

1. Try it. See [your page]({{preferences_url}}) or [a book](https://books.themepost.dev/x).

:::young-boy
For small ones.

More for small ones.
:::

:::teenager
For big ones.
:::

:::keep
Keep this.
:::`;

beforeAll(async () => {
  service = startService();
  const answer = await service.publish(BODY);
  expect(answer.status).toBe(200);
  await becomeReader(service, EMAIL, { first_name: "Ada" });
  await becomeReader(service, "bea@themepost.dev");
  const path = await service.ownPage("bea@themepost.dev");
  await service.change(path, { action: "personal", first_name: "Bea", answer: "young-boy" });
  await runUntil(service, START + WEEK, HOUR);
});

const theme = async (email: string) =>
  (await service.accepted(email)).find(({ tags }) => tags.some((tag) => tag.value === "theme"));

test("the age of the son chooses the block; without one all stand in short", async () => {
  const [common, boy] = [await theme(EMAIL), await theme("bea@themepost.dev")];
  for (const part of [common?.html, common?.text]) {
    expect(part).toContain("For small ones.");
    expect(part).not.toContain("More for small ones.");
    expect(part).toContain("For big ones.");
  }
  for (const part of [boy?.html, boy?.text]) {
    expect(part).toContain("More for small ones.");
    expect(part).not.toContain("For big ones.");
  }
});

test("a variant is rendered when it is published: sending to another age only merges", async () => {
  const renditions = await service.rows<{ hash: string }>(
    `select r.hash from renditions r where r.id in (select rendition_id from step_variants)
     or r.id in (select rendition_id from steps)`,
  );
  expect(renditions).toHaveLength(5);
  expect(await (await service.publish(BODY)).json()).toMatchObject({
    steps: [{ change: "unchanged" }, { change: "unchanged" }, { change: "unchanged" }],
  });
});

test("the letter online is the same for all who got it, and has nothing of any of them", async () => {
  const letter = await theme(EMAIL);
  const path = linkIn(letter, "read");
  const answer = await service.request(path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("x-robots-tag")).toBe("noindex");
  expect(answer.headers.get("cache-control")).toBe("private, no-store");
  expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
  const page = await answer.text();
  expect(page).toContain("It begins on a <strong>Tuesday</strong>.");
  expect(page).toMatch(/Letter \d of \d/);
  expect(page).toContain('<a href="https://books.themepost.dev/x">a book</a>');
  for (const personal of ["Ada", EMAIL, "/preferences/", "/unsubscribe/", "{{", "Hello,", "Dear"]) {
    expect(page).not.toContain(personal);
  }
  expect(linkIn(await theme("bea@themepost.dev"), "read")).not.toBe(path);
});

test("an address of a letter cannot be guessed or made from another link", async () => {
  const letter = await theme(EMAIL);
  const read = linkIn(letter, "read");
  const unsubscribe = linkIn(letter, "unsubscribe");
  for (const path of [
    read.replace("/read/", "/unsubscribe/"),
    unsubscribe.replace("/unsubscribe/", "/read/"),
    `${read.slice(0, -3)}AAA`,
    "/read/1",
  ]) {
    expect((await service.request(path)).status).toBe(404);
  }
});

test("what a reader can read again is what they got, also after the letter was edited", async () => {
  const path = linkIn(await theme(EMAIL), "read");
  const edited = structuredClone(BODY);
  const [step] = edited.steps;
  if (step !== undefined) step.markdown = "# Another heading\n\nAnother text.";
  await service.publish(edited);
  expect(await (await service.request(path)).text()).toContain("It begins on a <strong>Tuesday</strong>.");
  await service.publish(BODY);
});

test("the archive shows the first letter in full and of the others how they begin, for search engines too", async () => {
  const answer = await service.request("/letters/strengthening-bonds");
  expect(answer.headers.get("x-robots-tag")).toBeNull();
  const page = await answer.text();
  expect(page).toContain("It begins on a <strong>Tuesday</strong>.");
  expect(page).toContain("<h3>This week</h3>");
  expect(page).toContain("What there is to say on theme-2");
  expect(page.match(/<h3>This week/g)).toHaveLength(1);
});

test.each([
  [0, 200, 0],
  [3, 200, 3],
  ["off", 404, 0],
])("with archive %s the archive answers %i and shows %i letters in full", async (archive, status, full) => {
  const {
    version: _,
    published_at: __,
    rendering: ___,
    ...site
  } = (await (await service.admin("GET", "/site")).json()) as Record<string, unknown>;
  expect((await service.admin("PUT", "/site", { ...site, archive })).status).toBe(200);
  const other = service;
  const answer = await other.request("/letters/strengthening-bonds");
  expect(answer.status).toBe(status);
  expect((await answer.text()).match(/<h3>This week/g) ?? []).toHaveLength(full);
  expect((await (await other.request("/")).text()).includes('href="/letters/strengthening-bonds"')).toBe(
    status === 200,
  );
});

test("a draft is in no archive", async () => {
  const edited = structuredClone(BODY);
  const [, second] = edited.steps;
  if (second !== undefined) Object.assign(second, { status: "draft" });
  await service.publish(edited);
  expect(await (await service.request("/letters/strengthening-bonds")).text()).not.toContain("Theme 2");
  await service.publish(BODY);
});
