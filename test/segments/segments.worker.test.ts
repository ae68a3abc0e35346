import { beforeAll, expect, test } from "vitest";
import { readAudience } from "../../src/domain/broadcasts/queries/lock.ts";
import { KINDS } from "../../src/domain/kinds.ts";
import { exportPage } from "../../src/domain/privacy/queries/export-people.ts";
import { forecast } from "../../src/domain/segments/forecast.ts";
import { listPeople } from "../../src/domain/segments/list-people.ts";
import { type Condition, type Segment, segmentSchema } from "../../src/domain/segments/segment.ts";
import { whoIsIn } from "../../src/domain/segments/who-is-in.ts";
import { Chance } from "../simulation/seeded.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { DAY, type Service, START, sequenceOf, startService } from "../support/service.ts";

const PEOPLE = 120;
const SEED = Number(process.env.SEGMENT_SEED ?? 20_261_127);
const LANGUAGES = ["en", "de", "ar"] as const;
const STATES = ["active", "pending", "unsubscribed"] as const;
const PLACES = ["active", "paused", "completed", "stopped"] as const;
const ZONES = ["Europe/Berlin", "Asia/Tokyo"] as const;
const SEQUENCE = "strengthening-bonds";

/** What's known of a person, as the test made them. */
type Person = {
  readonly id: number;
  readonly state: (typeof STATES)[number];
  readonly language: (typeof LANGUAGES)[number];
  readonly confirmedAt: number | null;
  readonly broadcasts: boolean;
  readonly suppressed: boolean;
  readonly tags: readonly string[];
  readonly enrollment: null | {
    readonly state: (typeof PLACES)[number];
    readonly answer: string;
    readonly weekday: number;
    readonly everyWeeks: 1 | 2 | 4;
    readonly timeZone: string;
    readonly had: readonly string[];
  };
  readonly leftDaysAgo: number | null;
  readonly softBounces: number;
  readonly hadBroadcast: boolean;
};

let service: Service;
let people: readonly Person[] = [];
const chance = new Chance(SEED);
const pick = <T>(list: readonly T[]): T => list[chance.below(list.length)] as T;

function personOf(id: number): Person {
  const state = chance.happens(0.8) ? "active" : pick(STATES);
  return {
    ...{
      id,
      state,
      language: pick(LANGUAGES),
      broadcasts: chance.happens(0.7),
      suppressed: chance.happens(0.1),
    },
    confirmedAt: state === "pending" ? null : START - chance.below(60) * DAY - 1,
    tags: ["red", "blue"].filter(() => chance.happens(0.4)),
    enrollment: chance.happens(0.2)
      ? null
      : {
          ...{
            state: pick(PLACES),
            answer: pick(["", "teenager", "grown-son"]),
            weekday: 1 + chance.below(7),
          },
          ...{ everyWeeks: pick([1, 2, 4] as const), timeZone: pick(ZONES) },
          had: ["theme-1", "theme-2"].filter(() => chance.happens(0.5)),
        },
    leftDaysAgo: chance.happens(0.3) ? chance.below(40) : null,
    softBounces: chance.below(3),
    hadBroadcast: chance.happens(0.3),
  };
}

beforeAll(async () => {
  service = startService({ ownGuard: true });
  await emptyTables(service);
  await service.publish(sequenceOf(2));
  people = Array.from({ length: PEOPLE }, (_, place) => personOf(place + 1));
  const steps = await service.rows<{ id: number; slug: string }>("select id, slug from steps order by id");
  const [{ id: sequenceId = 0 } = {}] = await service.rows<{ id: number }>("select id from sequences");
  await service.rows("insert into tags (id, name, created_at) values (901, 'red', 0), (902, 'blue', 0)");
  const delivered = (kind: string, anchor: number, item: number, recipient: number) =>
    service.rows(
      `insert into deliveries (kind, anchor, round, item, intended_item, recipient_id, rendition_id, slot_at, state, planned_at)
       values ('${kind}', ?, ${kind === "theme" ? 1 : 0}, ?, ?, ?, 1, 1, 'accepted', 1)`,
      ...[anchor, item, item, recipient],
    );
  for (const person of people) {
    const { id, enrollment } = person;
    await service.rows(
      `insert into subscribers (id, address, address_key, address_hash, state, language, broadcasts, created_at, confirmed_at)
       values (?, 'p' || ?, 'p' || ?, 'h${id}', ?, ?, ?, 0, ?)`,
      ...[id, id, id, person.state, person.language, person.broadcasts ? 1 : 0, person.confirmedAt],
    );
    if (person.suppressed)
      await service.rows(
        `insert into suppressions (address_hash, reason, at) values ('h${id}', 'bounce', 1)`,
      );
    for (const tag of person.tags)
      await service.rows(
        "insert into reader_tags (tag_id, subscriber_id, at) values (?, ?, 0)",
        ...[tag === "red" ? 901 : 902, id],
      );
    if (person.leftDaysAgo !== null)
      await service.rows(
        `insert into opt_outs (address_hash, kind, reason, at) values ('h${id}', 'broadcasts', 'one_click', ?)`,
        START - person.leftDaysAgo * DAY - 1,
      );
    for (let n = 0; n < person.softBounces; n += 1)
      await service.rows(
        `insert into feedback_events (svix_id, delivery_id, subscriber_id, kind, bounce_class, reason, provider_id, domain, at, received_at)
         values ('s${id}-${n}', 0, ?, 'bounced', 'soft', '', '', '', ?, 0)`,
        ...[id, START - DAY],
      );
    if (person.hadBroadcast) await delivered("broadcast", id, 77, id);
    if (enrollment === null) continue;
    const { state, answer, weekday, everyWeeks, timeZone, had } = enrollment;
    await service.rows(
      `insert into enrollments (id, subscriber_id, sequence_id, state, weekday, hour, time_zone, every_weeks, answer, enrolled_at)
       values (?, ?, ?, ?, ?, 9, ?, ?, ?, 0)`,
      ...[1000 + id, id, sequenceId, state, weekday, timeZone, everyWeeks, answer],
    );
    for (const slug of had)
      await delivered("theme", 1000 + id, steps.find((step) => step.slug === slug)?.id ?? 0, id);
  }
});

/** The rule of a segment once more, by what the test knows. */
function fits(condition: Condition, person: Person): boolean {
  const { enrollment } = person;
  const living = enrollment !== null && (enrollment.state === "active" || enrollment.state === "paused");
  const is = (): boolean => {
    switch (condition.field) {
      case "state":
        return condition.any_of.includes(person.state);
      case "joined_before":
        // The site's zone is Europe/Berlin, an hour before UTC in these days.
        return person.confirmedAt !== null && person.confirmedAt < Date.parse(condition.date) - 3_600_000;
      case "joined_within":
        return person.confirmedAt !== null && person.confirmedAt > START - condition.days * DAY;
      case "source":
        return false;
      case "tag":
        return condition.any_of.some((tag) => person.tags.includes(tag));
      case "answer":
        return enrollment !== null && condition.any_of.includes(enrollment.answer);
      case "sequence":
        return enrollment !== null && (condition.any_of?.includes(enrollment.state) ?? true);
      case "had_theme":
        return enrollment !== null && condition.any_of.some((slug) => enrollment.had.includes(slug));
      case "next_theme": {
        const next = ["theme-1", "theme-2"].find((slug) => enrollment?.had.includes(slug) === false);
        return living && next !== undefined && condition.any_of.includes(next);
      }
      case "had_broadcast":
        return condition.any_of.includes(77) && person.hadBroadcast;
      case "language":
        return condition.any_of.some((language) => language === person.language);
      case "time_zone":
        return living && condition.any_of.includes(enrollment.timeZone);
      case "weekday":
        return living && condition.any_of.includes(enrollment.weekday);
      case "every_weeks":
        return living && condition.any_of.includes(enrollment.everyWeeks);
      case "left_within":
        return person.leftDaysAgo !== null && person.leftDaysAgo < condition.days;
      case "soft_bounces":
        return person.softBounces >= condition.at_least;
    }
  };
  return is() !== (condition.not === true);
}

const CONDITIONS: ReadonlyArray<() => Omit<Condition, "not">> = [
  () => ({ field: "state", any_of: [pick(STATES)] }),
  () => ({ field: "joined_before", date: "2026-11-01" }),
  () => ({ field: "joined_within", days: 1 + chance.below(60) }),
  () => ({ field: "source", any_of: ["garden"] }),
  () => ({ field: "tag", any_of: [pick(["red", "blue", "green"])] }),
  () => ({ field: "answer", sequence: SEQUENCE, any_of: [pick(["teenager", "grown-son"])] }),
  () => ({ field: "sequence", sequence: SEQUENCE }),
  () => ({ field: "sequence", sequence: SEQUENCE, any_of: [pick(PLACES), pick(PLACES)] }),
  () => ({ field: "had_theme", sequence: SEQUENCE, any_of: [pick(["theme-1", "theme-2"])] }),
  () => ({ field: "next_theme", sequence: SEQUENCE, any_of: [pick(["theme-1", "theme-2"])] }),
  () => ({ field: "had_broadcast", any_of: [pick([77, 78])] }),
  () => ({ field: "language", any_of: [pick(LANGUAGES), pick(LANGUAGES)] }),
  () => ({ field: "time_zone", any_of: [pick(ZONES)] }),
  () => ({ field: "weekday", any_of: [1 + chance.below(7), 1 + chance.below(7)] }),
  () => ({ field: "every_weeks", any_of: [pick([1, 2, 4] as const)] }),
  () => ({ field: "left_within", days: 1 + chance.below(40) }),
  () => ({ field: "soft_bounces", at_least: 1 + chance.below(2), days: 7 }),
];

function randomSegment(): Segment {
  const some = (most: number) =>
    Array.from({ length: chance.below(most + 1) }, () => ({
      ...pick(CONDITIONS)(),
      ...(chance.happens(0.3) ? { not: true } : {}),
    }));
  const any = some(3);
  return segmentSchema.parse({ all: some(3), ...(any.length === 0 ? {} : { any }) });
}

/** Every page of something that goes on behind where it ended. */
async function allPages<Page extends { readonly next: number | null }>(
  first: number,
  read: (from: number) => Promise<Page>,
): Promise<Page[]> {
  const pages: Page[] = [];
  for (let from: number | null = first; from !== null; ) {
    const page: Page = await read(from);
    pages.push(page);
    from = page.next;
  }
  return pages;
}

test("whatever a segment asks, the forecast, the sample, the list, the export and the lock are of the same people, and of those whom it says", async () => {
  const { db } = service;
  const asked = { now: START, timeZone: "Europe/Berlin", kinds: KINDS };
  let some = 0;
  for (let round = 0; round < 150; round += 1) {
    const segment = randomSegment();
    const { all, any = [] } = segment;
    const matching = people.filter(
      (person) =>
        all.every((each) => fits(each, person)) &&
        (any.length === 0 || any.some((each) => fits(each, person))),
    );
    const active = matching.filter(({ state }) => state === "active");
    const getIt = active.filter(({ broadcasts, suppressed }) => broadcasts && !suppressed);
    const ids = getIt.map(({ id }) => id);
    const isIn = await whoIsIn(db, segment, asked, { after: 0, upTo: PEOPLE });
    const locked = await readAudience(db, isIn, { now: START, joinedAfter: 0 });
    const { sample, at, atLeast, ...count } = await forecast(
      db,
      { segment, language: "en", byZone: true },
      asked,
    );
    const listed = await allPages(PEOPLE + 1, (before) =>
      listPeople(db, segment, asked, { before, limit: 7 }),
    );
    const exported = await allPages(0, (after) => exportPage(db, segment, asked, { after, last: PEOPLE }));
    const sorted = (of: ReadonlyArray<{ readonly id: number }>) =>
      [...new Set(of.map(({ id }) => id))].toSorted((a, b) => a - b);
    const found = {
      locked: locked.map(({ id }) => id),
      sample: sorted(sample),
      listed: sorted(listed.flatMap(({ people: page }) => page)),
      exported: sorted(exported.flatMap(({ rows }) => rows)),
      ...{ count, at, atLeast },
    };
    expect([segment, found]).toEqual([
      segment,
      {
        ...{ locked: ids, sample: ids.slice(-10), at: START, atLeast: false },
        ...{ listed: sorted(matching), exported: sorted(matching) },
        count: {
          zones: Object.fromEntries(
            [...Map.groupBy(getIt, ({ enrollment }) => enrollment?.timeZone ?? "")].map(([zone, of]) => [
              zone,
              of.length,
            ]),
          ),
          matching: matching.length,
          people: ids.length,
          notAgreed: active.filter(({ broadcasts }) => !broadcasts).length,
          suppressed: active.filter(({ broadcasts, suppressed }) => broadcasts && suppressed).length,
          otherLanguage: getIt.filter(({ language }) => language !== "en").length,
        },
      },
    ]);
    if (ids.length > 0 && ids.length < PEOPLE) some += 1;
  }
  // Most of them are true of some and not of others, or nothing was shown.
  expect(some).toBeGreaterThan(50);
});

test("what isn't a condition of ours is refused: other fields, other keys, too many", () => {
  const tag = { field: "tag", any_of: ["red"] };
  for (const wrong of [
    { all: [{ field: "address", any_of: ["x"] }] },
    { all: [{ ...tag, sql: "1" }] },
    { all: [tag], everyone: true },
    { all: Array.from({ length: 13 }, () => tag) },
    { all: [{ field: "tag", any_of: [] }] },
    { all: [{ field: "joined_within", days: 0 }] },
    { any: [tag] },
    null,
  ])
    expect([wrong, segmentSchema.safeParse(wrong).success]).toEqual([wrong, false]);
});
