import { beforeEach, expect, test } from "vitest";
import { enrolledOnConfirming, readPosition } from "../../src/domain/signup/confirm.ts";
import { confirmConsent, readConsent } from "../../src/domain/signup/queries/confirm-consent.ts";
import { readSite } from "../../src/domain/site/site.ts";
import { emptyTables } from "../support/empty-tables.ts";
import {
  becomeReader,
  DAY,
  HOUR,
  linkIn,
  runUntil,
  START,
  sequenceOf,
  startService,
  WEEK,
} from "../support/service.ts";

const service = startService();
let people = 0;
let email = "";

const course = (count: number, more: Readonly<Record<string, unknown>> = {}) => ({
  ...sequenceOf(count),
  first_letter: "at_once",
  ...more,
});

beforeEach(async () => {
  await emptyTables(service);
  people += 1;
  email = `first-${people}@web.de`;
  service.moveTo(START);
});

const kindOf = ({ tags }: { readonly tags: readonly { readonly name: string; readonly value: string }[] }) =>
  tags.find(({ name }) => name === "kind")?.value;
const themes = async () => (await service.accepted(email)).filter((message) => kindOf(message) === "theme");
const subjects = async () => (await themes()).map(({ subject }) => subject.replace("A letter on ", ""));
const nextDueAt = async () =>
  (await service.rows<{ at: number | null }>("select next_due_at as at from enrollments"))[0]?.at ?? 0;
const textOf = async (path: string, init?: RequestInit) => (await service.request(path, init)).text();

/** Asks for the letters once more, and gives the link that confirms it. */
async function askAgain(): Promise<string> {
  await service.signUp({ email });
  await service.drain();
  return linkIn((await service.accepted(email)).at(-1), "confirm");
}

async function leave(): Promise<void> {
  await service.form(linkIn((await service.accepted(email)).at(-1), "unsubscribe"), { scope: "everything" });
}

test("confirming sends the welcome and the first theme; the next comes at the first slot six days later, as page and welcome say", async () => {
  await service.publish(
    course(3, {
      welcome: {
        ...sequenceOf(1).welcome,
        markdown: "# Welcome\n\nThe next one comes on {{next_theme_date}}.",
      },
    }),
  );
  const path = await askAgain();
  const date = "Tue 1 Dec";
  expect(await textOf(path)).toContain(
    `your first letter comes right away. The next one follows on ${date}.`,
  );
  expect(await textOf(path, { method: "POST" })).toContain(
    `Your letter is on its way. The next one comes on ${date} at 9:00`,
  );
  await service.drain();
  expect((await service.accepted(email)).map(kindOf)).toEqual(["confirmation", "welcome", "theme"]);
  expect((await service.accepted(email))[1]?.text).toContain(date);
  // The slot of the next day is less than six days away.
  expect(await nextDueAt()).toBe(Date.UTC(2026, 11, 1, 8));
  await runUntil(service, Date.UTC(2026, 11, 1, 8), HOUR);
  expect(await subjects()).toEqual(["theme-1", "theme-2"]);
});

test("of two presses at once, and one later, each letter goes out once", async () => {
  await service.publish(course(3));
  const path = await askAgain();
  const press = () => service.request(path, { method: "POST" });
  await Promise.all([press(), press()]);
  await Promise.all([service.drain(), service.drain()]);
  await press();
  await service.drain();
  expect((await service.accepted(email)).map(kindOf)).toEqual(["confirmation", "welcome", "theme"]);
});

test("a reader who comes back within six days of a theme waits for the gap, and one who comes back later gets the next at once", async () => {
  await service.publish(course(4));
  await becomeReader(service, email);
  await leave();
  service.moveTo(START + 2 * DAY);
  await service.request(await askAgain(), { method: "POST" });
  await service.drain();
  expect(await subjects()).toEqual(["theme-1"]);
  expect(await nextDueAt()).toBe(Date.UTC(2026, 11, 1, 8));
  await leave();
  service.moveTo(START + 2 * WEEK);
  await service.request(await askAgain(), { method: "POST" });
  await service.drain();
  expect(await subjects()).toEqual(["theme-1", "theme-2"]);
  expect((await nextDueAt()) - service.clock.now).toBeGreaterThanOrEqual(6 * DAY);
});

test("where the first letter is a draft, none comes at once, and the page promises none", async () => {
  const { steps, ...body } = course(2);
  await service.publish({
    ...body,
    steps: steps.map((step, place) => (place === 0 ? { ...step, status: "draft" } : step)),
  });
  const path = await askAgain();
  expect(await textOf(path)).not.toContain("right away");
  await service.request(path, { method: "POST" });
  await service.drain();
  expect((await service.accepted(email)).map(kindOf)).toEqual(["confirmation", "welcome"]);
  expect(await nextDueAt()).toBe(Date.UTC(2026, 10, 24, 8));
});

test("an edit between the decision and its writing sends nothing that was decided before: the theme comes in the slot", async () => {
  await service.publish(course(2));
  await askAgain();
  const [row] = await service.rows<{ id: number }>("select id from consents");
  const consent = await readConsent(service.db, row?.id ?? 0);
  if (consent === null) throw new Error("no consent");
  const site = await readSite(service.db, service.config.publicUrl);
  const now = service.clock.now;
  const enrolled = enrolledOnConfirming(consent, site, await readPosition(service.db, consent), now);
  expect(enrolled.atOnce).not.toBeNull();
  const { steps, ...body } = course(2);
  await service.publish({ ...body, steps: steps.toReversed() });
  const written = await confirmConsent(service.db, {
    consentId: row?.id ?? 0,
    growth: 0,
    confirmationId: "edited",
    enrolled,
    goesOn: false,
    windows: [],
    now,
  });
  expect(written).toEqual({ welcomed: true, begun: false });
  expect(await nextDueAt()).toBe(Date.UTC(2026, 10, 24, 8));
  await runUntil(service, await nextDueAt(), HOUR);
  expect(await subjects()).toEqual(["theme-2"]);
});

test("the answer of the form chooses the block of the first letter", async () => {
  const { steps, ...body } = course(2);
  const markdown = `${steps[0]?.markdown}\n\n:::teenager\nOnly for those with a teenager.\n\nAnd this in full.\n:::`;
  await service.publish({ ...body, steps: [{ ...steps[0], markdown }, steps[1]] });
  await becomeReader(service, email, { answer: "teenager" });
  expect((await themes())[0]?.text).toContain("And this in full.");
});

test("a sequence every two weeks keeps its own gap after the first letter, and one that starts in the slot sends none at once", async () => {
  await service.publish(course(3, { every_weeks: 2 }));
  await becomeReader(service, email);
  expect(await subjects()).toEqual(["theme-1"]);
  expect((await nextDueAt()) - START).toBeGreaterThanOrEqual(13 * DAY);
  await emptyTables(service);
  email = `slot-${email}`;
  await service.publish(sequenceOf(3));
  await becomeReader(service, email);
  expect(await subjects()).toEqual([]);
});
