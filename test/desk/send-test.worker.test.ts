import { beforeEach, expect, test } from "vitest";
import { readDraft } from "../../src/domain/letters/drafting.ts";
import { common } from "../support/common-bytes.ts";
import { addToDesk, atDesk, textOf } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import {
  becomeReader,
  DAY,
  HOUR,
  linkIn,
  OWN_ORIGIN,
  runUntil,
  type Service,
  sequenceOf,
  startService,
} from "../support/service.ts";

let service: Service;
const ROSA = "rosa@lindner.at";
const LETTERS = "/desk/letters/strengthening-bonds/letters";
let rosa: Awaited<ReturnType<typeof atDesk>>;

beforeEach(async () => {
  service = startService({ ownGuard: true });
  await emptyTables(service);
  await service.publish(sequenceOf(3));
  await addToDesk(service, ROSA, "editor");
  rosa = await atDesk(service, ROSA);
});

/** Presses "Send it to yourself", with the letter as it is or as it's given. */
async function send(slug: string, fields: Record<string, string> = {}) {
  const draft = await readDraft(service.db, "strengthening-bonds");
  const letter = [draft?.welcome, ...(draft?.steps ?? [])].find((each) => each?.slug === slug);
  if (letter === undefined) throw new Error(`no letter ${slug}`);
  const { subject, preheader, markdown, revision } = letter;
  const answer = await rosa.post(`${LETTERS}/${slug}`, {
    ...{
      subject,
      preheader,
      markdown,
      ornament: letter.ornament ?? "",
      revision: String(revision),
      do: "send",
    },
    ...fields,
  });
  await service.drain();
  return answer.headers.get("location");
}

type Message = Awaited<ReturnType<Service["accepted"]>>[number];

test("a letter sent to oneself is, byte for byte, what a reader gets, but for the mark before its subject and where its links lead", async () => {
  await becomeReader(service, "ada@web.de");
  await runUntil(service, service.clock.now + 7 * DAY, 4 * HOUR);
  rosa = await atDesk(service, ROSA);
  const real = await service.accepted("ada@web.de");
  const welcome = (await readDraft(service.db, "strengthening-bonds"))?.welcome.slug ?? "";
  for (const [slug, mail] of [
    ["theme-1", real.at(-1)],
    [welcome, real[1]],
  ] as const) {
    expect(await send(slug)).toContain("done=sent");
    const tried = (await service.accepted(ROSA)).at(-1);
    expect(tried?.subject).toBe(`[Test] ${mail?.subject}`);
    expect(common(tried as Message)).toEqual(common(mail as Message));
  }
});

test("a draft goes to the person who tries it, and to nobody else; pressed twice, once; ten a day", async () => {
  await becomeReader(service, "ada@web.de");
  const before = (await service.accepted("ada@web.de")).length;
  const written = (n: number) => ({ markdown: `# A walk\n\nWalk ${n} steps.\n\n## This week\n\n1. Walk` });
  await send("theme-2", written(1));
  expect(await send("theme-2")).toContain("done=sent");
  const mails = await service.accepted(ROSA);
  expect(mails.map(({ text }) => text.includes("Walk 1 steps."))).toEqual([true]);
  for (let n = 2; n <= 10; n += 1) expect(await send("theme-2", written(n))).toContain("done=sent");
  expect(await send("theme-2", written(11))).toContain("done=too_many");
  expect(await service.accepted(ROSA)).toHaveLength(10);
  expect(textOf(await rosa.see(`${LETTERS}/theme-2`))).toContain("Walk 11 steps.");
  expect(await service.accepted("ada@web.de")).toHaveLength(before);
  const acts = await service.rows<{ actor: string }>("select actor from acts where verb = 'test_letter'");
  expect(new Set(acts.map(({ actor }) => actor)).size).toBe(1);
  expect(acts).toHaveLength(10);
  service.moveTo(service.clock.now + DAY + HOUR);
  rosa = await atDesk(service, ROSA);
  expect(await send("theme-2")).toContain("done=sent");
});

test("a letter that can't be shown yet is saved, and says that it wasn't sent", async () => {
  expect(await send("theme-2", { markdown: "" })).toContain("done=faulty");
  expect(await service.accepted(ROSA)).toEqual([]);
});

test("the links of a test letter change nothing, whoever opens or presses them", async () => {
  await becomeReader(service, "ada@web.de");
  await send("theme-1");
  const [mail] = await service.accepted(ROSA);
  const link = linkIn(mail, "test");
  const dump = async () => [
    await service.rows("select * from subscribers"),
    await service.rows("select * from enrollments"),
    await service.rows("select * from opt_outs"),
    await service.rows("select id, state from deliveries"),
    await service.rows("select * from desk_people"),
  ];
  const before = await dump();
  expect(mail?.headers["List-Unsubscribe"]).toBe(`<${OWN_ORIGIN}${link}>`);
  const opened = await service.request(link);
  expect([opened.status, textOf(await opened.text()).includes("changes nothing")]).toEqual([200, true]);
  const body = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
  expect((await service.request(link, { method: "POST", body })).status).toBe(200);
  expect((await service.request(link, { method: "POST" })).status).toBe(200);
  expect(await dump()).toEqual(before);
  expect((await service.request(link.replace(/.$/, (last) => (last === "A" ? "B" : "A")))).status).toBe(404);
});

test("someone who leaves the desk meanwhile gets no test letter", async () => {
  await addToDesk(service, "owner@web.de", "owner");
  const path = `${LETTERS}/theme-1`;
  const draft = await readDraft(service.db, "strengthening-bonds");
  const letter = draft?.steps[0];
  await rosa.post(path, {
    ...{
      subject: letter?.subject ?? "",
      preheader: letter?.preheader ?? "",
      markdown: letter?.markdown ?? "",
    },
    ...{ ornament: "", revision: "0", do: "send" },
  });
  await service.rows("update desk_people set removed_at = ? where address = ?", service.clock.now, ROSA);
  await service.drain();
  expect(await service.accepted(ROSA)).toEqual([]);
  expect(await service.rows("select state, reason from deliveries where kind = 'test'")).toEqual([
    { state: "skipped", reason: "not_at_the_desk" },
  ]);
});
