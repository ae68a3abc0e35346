import { beforeEach, expect, test } from "vitest";
import { renderNext } from "../../src/domain/letters/render-next.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { inThisDatabase } from "../support/rows.ts";
import { becomeReader, DAY, linkIn, sequenceOf, startService } from "../support/service.ts";
import { TEST_SITE } from "../support/site.ts";

const service = startService();
const OLD = "#8a3b2a";
const NEW = "#2f6b45";

beforeEach(async () => {
  await emptyTables(service);
  const { DB } = service.bindings;
  const content = JSON.stringify(TEST_SITE);
  await DB.batch([
    DB.prepare(inThisDatabase("delete from next_renditions")),
    DB.prepare(inThisDatabase("delete from site")),
    DB.prepare(
      inThisDatabase(
        "insert into site (id, version, published_at, origin, content) values (1, 1, 0, 'files', ?)",
      ),
    ).bind(content),
  ]);
});

type Written = Readonly<Record<string, unknown>>;
type Fault = {
  readonly field: string;
  readonly message: string;
  readonly rule?: string;
  readonly severity?: string;
  readonly fix?: string;
};

/** The site as it's published, without what only an answer has. */
async function written(): Promise<Written> {
  const { version, published_at, rendering, ...site } = (await (
    await service.admin("GET", "/site")
  ).json()) as Record<string, unknown>;
  return site;
}

const put = async (changes: Written) => service.admin("PUT", "/site", { ...(await written()), ...changes });
const faultsOf = async (answer: Response) => ((await answer.json()) as { faults: Fault[] }).faults;
const fieldsOf = (faults: readonly Fault[]) => faults.map(({ field }) => field).toSorted();
const home = async () => (await service.request("/")).text();

/** To the moment at which the next letter is due. */
async function moveToNext(): Promise<void> {
  const [due] = await service.rows<{ at: number }>("select min(next_due_at) as at from enrollments");
  service.moveTo(due?.at ?? 0);
}

test("a site is read back as it was written, and the same again changes nothing", async () => {
  const site = await written();
  const answer = await put({});
  expect([answer.status, await answer.json()]).toEqual([200, { letters: 0, rendering: false }]);
  expect(await written()).toEqual(site);
  expect(await service.rows("select version from site")).toEqual([{ version: 1 }]);
});

test("everything that's wrong with a site is told at once, with what to do, and nothing is published", async () => {
  const before = await home();
  const answer = await put({
    name: "N".repeat(81),
    accent: "#f0e060",
    language: "tlh",
    owner: { name: "Only a name" },
    archive: -1,
    hero: { heading: "H".repeat(121) },
    questions: [{ question: "No answer?" }],
    consent: { covers: ["broadcasts"] },
    colour: "green",
  });
  expect(answer.status).toBe(422);
  const faults = await faultsOf(answer);
  expect(fieldsOf(faults)).toEqual(
    [
      "accent",
      "archive",
      "colour",
      "consent.covers",
      "hero.heading",
      "language",
      "name",
      "owner.address",
      "questions.0.answer",
    ].toSorted(),
  );
  expect(faults.find(({ field }) => field === "accent")).toMatchObject({
    rule: "accent-contrast",
    fix: expect.stringMatching(/^Use #[0-9a-f]{6}, the nearest colour that passes/),
  });
  expect((await home()).replaceAll(/value="[\w-]{62}"/g, "")).toBe(
    before.replaceAll(/value="[\w-]{62}"/g, ""),
  );
});

test("everything that's wrong with a sequence is told at once, and nothing of it is published", async () => {
  const course = sequenceOf(2, "A course");
  const answer = await service.publish(
    {
      ...course,
      language: "tlh",
      every_weeks: 3,
      first_letter: "soon",
      question: { name: "Where", text: "Where?", choices: [] },
      sender: { reply_to: "nobody" },
      collour: 1,
    },
    "course",
  );
  expect(fieldsOf(await faultsOf(answer))).toEqual(
    ["collour", "every_weeks", "first_letter", "language", "question.choices", "sender.reply_to"].toSorted(),
  );
  const [first, second] = course.steps;
  const words = await service.publish(
    {
      ...course,
      next: "course",
      steps: [{ ...first, markdown: `${first?.markdown}\n\n:::balcony\nNo such choice.\n:::` }, second],
    },
    "course",
  );
  const rules = (await faultsOf(words)).map(({ rule }) => rule);
  expect(rules).toEqual(expect.arrayContaining(["offers-itself", "unknown-block"]));
  expect(await service.rows("select slug from sequences")).toEqual([]);
});

test("what was made at the desk isn't replaced from files unless that's said, and the refusal tells what differs", async () => {
  expect((await put({ tagline: "From the desk", origin: "desk" })).status).toBe(200);
  const refused = await put({ tagline: "From files", origin: "files" });
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
    409,
    "made_elsewhere",
  ]);
  expect(await written()).toMatchObject({ tagline: "From the desk" });
  expect((await put({ tagline: "From files", origin: "files", force: true })).status).toBe(200);
  expect(await written()).toMatchObject({ tagline: "From files" });

  const course = sequenceOf(2);
  await service.publish({ ...course, origin: "desk" });
  const again = await service.publish({ ...course, title: "Another title", origin: "files" });
  expect(((await again.json()) as { code: string }).code).toBe("made_elsewhere");
  expect(
    (await service.publish({ ...course, title: "Another title", origin: "files", force: true })).status,
  ).toBe(200);
});

test("a change of the look renders every letter anew, a batch begun keeps what it has, and pages switch with the letters", async () => {
  await service.publish(sequenceOf(3));
  await becomeReader(service, "ada@web.de");
  await becomeReader(service, "bea@web.de");
  await moveToNext();
  await service.tick();
  const answer = await put({ accent: NEW });
  expect(await answer.json()).toEqual({ letters: 4, rendering: false });
  expect(await home()).toContain(`/look/${NEW.slice(1)}.css`);
  await service.drain();
  const begun = (await service.accepted("ada@web.de")).at(-1);
  expect(begun?.html).toContain(OLD);
  await moveToNext();
  await service.tick();
  await service.drain();
  const later = (await service.accepted("ada@web.de")).at(-1);
  expect([later?.html.includes(NEW), later?.html.includes(OLD)]).toEqual([true, false]);
});

test("many letters are rendered in steps: a lost message and a crash between two cost nothing but time, and nothing shows half", async () => {
  await service.publish(sequenceOf(90));
  const editions = async () =>
    (
      await service.rows<{ n: number }>(
        "select count(*) as n from steps s join renditions r on r.id = s.rendition_id where r.html like '%2f6b45%'",
      )
    )[0]?.n;
  const answer = await put({ accent: NEW });
  expect(await answer.json()).toEqual({ letters: 91, rendering: true });
  expect(service.queued.map(({ message }) => message)).toContainEqual({ renderSite: true });
  expect(await written()).toMatchObject({ accent: OLD });
  expect(await editions()).toBe(0);
  // The message is lost, and a step that had begun runs twice at once.
  service.queued.length = 0;
  await Promise.all([renderNext(service.deps()), renderNext(service.deps())]);
  expect([await editions(), (await home()).includes(OLD.slice(1))]).toEqual([0, true]);
  await service.tick();
  expect(service.queued.map(({ message }) => message)).toContainEqual({ renderSite: true });
  for (let step = 0; step < 10 && (await renderNext(service.deps())) === "more"; step += 1);
  expect(await editions()).toBe(90);
  expect(await written()).toMatchObject({ accent: NEW });
  expect(await service.rows("select id from site")).toEqual([{ id: 1 }]);
});

test("the same edition sent again goes on with its letters, and what's published takes another one back", async () => {
  await service.publish(sequenceOf(90));
  expect(await (await put({ accent: NEW })).json()).toMatchObject({ rendering: true });
  // A request renders sixty letters, so only one that goes on comes to the end.
  expect(await (await put({ accent: NEW })).json()).toEqual({ letters: 91, rendering: false });
  expect(await (await put({ accent: OLD })).json()).toMatchObject({ rendering: true });
  expect((await put({ accent: NEW })).status).toBe(200);
  expect(await service.rows("select id from site")).toEqual([{ id: 1 }]);
  expect(await service.rows("select step_id from next_renditions")).toEqual([]);
  expect(await renderNext(service.deps())).toBe("done");
  expect(await written()).toMatchObject({ accent: NEW });
});

test("no sequence is published while letters are being rendered, and a site in another language signs its letters anew", async () => {
  await service.publish(sequenceOf(90));
  await put({ accent: NEW });
  const answer = await service.publish(sequenceOf(91));
  expect(((await answer.json()) as { code: string }).code).toBe("under_way");
  await put({ accent: OLD });
  const author = { name: "Rosa", sign_off: "Yours, from the garden," };
  const signed = async () =>
    (
      await service.rows<{ n: number }>(
        "select count(*) as n from steps s join renditions r on r.id = s.rendition_id where r.text like '%from the garden%'",
      )
    )[0]?.n;
  await put({ author });
  while ((await renderNext(service.deps())) === "more");
  expect(await signed()).toBe(90);
  await put({ language: "de" });
  while ((await renderNext(service.deps())) === "more");
  expect(await signed()).toBe(0);
});

test("a new wording is a new version: the form shows it, and who agreed before keeps what they saw", async () => {
  await service.publish(sequenceOf(2));
  await becomeReader(service, "cleo@web.de");
  await put({
    consent: { texts: { en: "Yes, letters and now and then one more." }, covers: ["sequence", "broadcasts"] },
  });
  expect(await home()).toContain("Yes, letters and now and then one more.");
  await becomeReader(service, "dora@web.de");
  const seen = await service.rows<{ email: string; text: string; covers: string }>(
    `select s.address_key as email, w.text, w.covers from consents c join subscribers s on s.first_consent_id = c.id
     join wordings w on w.version = c.wording_version order by s.id`,
  );
  expect(seen.map(({ text }) => text)).toEqual([
    "I want one letter a week by email.",
    "Yes, letters and now and then one more.",
  ]);
  expect(seen.map(({ covers }) => covers.includes("broadcasts"))).toEqual([false, true]);
});

test("where there are several sequences, each has its form, its page and its letters, and a reader's page shows all of theirs in the language of their last form", async () => {
  await service.publish(sequenceOf(3));
  await service.publish(
    { ...sequenceOf(2, "A second course"), language: "de", question: undefined },
    "second",
  );
  const page = await home();
  for (const slug of ["strengthening-bonds", "second"]) {
    expect(page).toContain(`name="sequence" value="${slug}"`);
    expect((await service.request(`/s/${slug}`)).status).toBe(200);
    expect((await service.request(`/letters/${slug}/theme-1`)).status).toBe(200);
    const feed = await service.request(`/letters/${slug}/feed.xml`);
    expect(feed.headers.get("content-type")).toContain("application/atom+xml");
    expect((await feed.text()).match(/<entry>/g)).toHaveLength(1);
  }
  expect((await service.request("/s/third")).status).toBe(404);
  await becomeReader(service, "emil@web.de");
  service.moveTo(service.clock.now + DAY);
  await service.signUp({ email: "emil@web.de", sequence: "second" });
  await service.drain();
  await service.request(linkIn((await service.accepted("emil@web.de")).at(-1), "confirm"), {
    method: "POST",
  });
  const own = await (await service.request(await service.ownPage("emil@web.de"))).text();
  expect(own).toContain("A second course: aktiv");
  expect(own).toContain("Strengthening Bonds: aktiv");
  expect(await service.rows("select count(*) as n from enrollments")).toEqual([{ n: 2 }]);
});
