import { beforeEach, expect, test } from "vitest";
import { readDraft } from "../../src/domain/letters/drafting.ts";
import { addToDesk, atDesk, fieldsIn, textOf } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { becomeReader, type Service, sequenceOf, startService } from "../support/service.ts";

let service: Service;
const OWNER = "rosa@lindner.at";
const SEQUENCE = "/desk/letters/strengthening-bonds";
const SETTINGS = `${SEQUENCE}/settings`;
let rosa: Awaited<ReturnType<typeof atDesk>>;

beforeEach(async () => {
  service = startService({ ownGuard: true });
  await emptyTables(service);
  await service.publish(sequenceOf(2));
  await addToDesk(service, OWNER, "editor");
  rosa = await atDesk(service, OWNER);
});

const save = async (changes: Record<string, string>) =>
  rosa.post(SETTINGS, { ...fieldsIn(await rosa.see(SETTINGS)), ...changes });
const published = async () => {
  const answer = await service.admin("GET", "/sequences/strengthening-bonds");
  return (await answer.json()) as Record<string, unknown>;
};
async function publish() {
  const page = fieldsIn(await rosa.see(`${SEQUENCE}/publish`));
  return rosa.post(`${SEQUENCE}/publish`, { newest: page.newest ?? "", left_out: "", resume: "" });
}

test("a sequence's settings are saved as a draft, and hold for readers once they're published; saving them as they are changes nothing", async () => {
  const before = await published();
  await save({});
  expect(textOf(await rosa.see(SEQUENCE))).not.toContain("There are changes");
  expect(
    (
      await save({
        ...{ title: "Slow Gardens", tagline: "One bed a week", description: "What grows, and when." },
        ...{ slot_weekday: "sunday", slot_hour: "18", every_weeks: "2", first_letter: "at_once" },
        ...{ sender_name: "Rosa", sender_reply_to: "rosa@lindner.at" },
      })
    ).status,
  ).toBe(303);
  expect(await published()).toEqual(before);
  expect(textOf(await rosa.see(SEQUENCE))).toContain("There are changes");
  expect((await publish()).headers.get("location")).toContain("done=published");
  expect(await published()).toMatchObject({
    ...{ title: "Slow Gardens", tagline: "One bed a week", description: "What grows, and when." },
    ...{ slot: { weekday: "sunday", hour: 18 }, every_weeks: 2, first_letter: "at_once" },
    sender: { name: "Rosa", reply_to: "rosa@lindner.at" },
  });
  await becomeReader(service, "ada@web.de");
  const [enrollment] = await service.rows("select weekday, hour, every_weeks from enrollments");
  expect(enrollment).toEqual({ weekday: 7, hour: 18, every_weeks: 2 });
});

test("a question to readers is written with its answers, says which letters have their blocks, and goes when it's emptied", async () => {
  const asked = {
    ...{ question_text: "How large is it?", question_name: "Size of the garden" },
    ...{ question_choices_0_label: "A balcony", question_choices_0_block: "balcony" },
    ...{ question_choices_0_heading: "On a balcony", question_choices_1_label: "A field" },
    ...{ question_choices_1_block: "field", question_choices_1_heading: "In a field" },
  };
  const gone = Object.fromEntries(
    Object.keys(fieldsIn(await rosa.see(SETTINGS)))
      .filter((name) => name.startsWith("question_"))
      .map((name) => [name, ""]),
  );
  await save({ ...gone, ...asked });
  const page = textOf(await rosa.see(SETTINGS));
  expect(page).toContain("In no letter yet.");
  const draft = await readDraft(service.db, "strengthening-bonds");
  expect(draft?.settings.question?.choices.map(({ block }) => block)).toEqual(["balcony", "field"]);
  await save({ ...gone, ...Object.fromEntries(Object.keys(asked).map((name) => [name, ""])) });
  expect((await readDraft(service.db, "strengthening-bonds"))?.settings.question).toBeUndefined();
});

test("an owner's own words stand above ours in the mail that asks to confirm, in the sequence's language alone", async () => {
  await save({
    words_confirmation: "Rosa here, from the garden.\n\nNice to {{meet}} you.",
    words_welcome_back: "Good to see you.",
  });
  const frame = async (mail: string, language: string) =>
    textOf(await (await rosa.get(`${SEQUENCE}/mails/${mail}/${language}`)).text());
  expect(await frame("confirmation", "en")).toContain("Rosa here, from the garden. Nice to meet you.");
  expect(await frame("welcome_back", "en")).toContain("Good to see you.");
  expect(await frame("confirmation", "de")).not.toContain("Rosa here");
  expect((await rosa.get(`${SEQUENCE}/mails/welcome/en`)).status).toBe(404);
  expect(textOf(await rosa.see(`${SEQUENCE}/mails?mail=erase&language=fr`))).not.toContain(
    "Add your own words",
  );
  const mailed = async (email: string, language: string) => {
    await service.signUp({ email, language });
    await service.drain();
    return (await service.accepted(email))[0]?.text ?? "";
  };
  expect(await mailed("before@web.de", "en")).not.toContain("Rosa here");
  expect((await publish()).headers.get("location")).toContain("done=published");
  expect(await mailed("after@web.de", "en")).toContain("Rosa here, from the garden.");
  expect(await published()).toMatchObject({ words: { welcome_back: "Good to see you." } });
});

test("a fault in the settings stands at its field, and nothing that was typed is lost; nor is what someone else saved meanwhile", async () => {
  const answer = await save({
    ...{ title: "", sender_reply_to: "nobody", tagline: "Kept as typed" },
    ...{ question_text: "Only one?", question_choices_0_label: "One", question_choices_0_block: "" },
  });
  expect(answer.status).toBe(422);
  const html = await answer.text();
  for (const field of ["title", "sender_reply_to", "question_choices_0_block"])
    expect(html).toContain(`id="${field}-fault"`);
  expect(fieldsIn(html).tagline).toBe("Kept as typed");
  const mine = fieldsIn(await rosa.see(SETTINGS));
  await save({ tagline: "Theirs" });
  const late = await rosa.post(SETTINGS, { ...mine, tagline: "Mine" });
  expect(late.status).toBe(409);
  expect(fieldsIn(await late.text()).tagline).toBe("Mine");
  expect((await readDraft(service.db, "strengthening-bonds"))?.settings.tagline).toBe("Theirs");
});
