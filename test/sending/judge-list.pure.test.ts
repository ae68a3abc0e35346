import { expect, test } from "vitest";
import { judgeList, type Sought, type Walked } from "../../src/domain/sending/judge-list.ts";
import { Chance } from "../simulation/seeded.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 25, 12);
const at = (hours: number) => NOW - hours * HOUR;

const lost: Sought = {
  id: 1,
  address: "ada@themepost.dev",
  subject: "A letter",
  foundBySubject: true,
  from: at(26),
  until: at(3),
  isTraced: true,
};
const email = (id: string, hours: number, to = `${id}@themepost.dev`, subject = "A letter") => ({
  id,
  to: [to],
  subject,
  at: at(hours),
});
const whole: Walked = { emails: [email("after", 2), email("before", 26.5)], reachedAt: at(27) };
const judge = (letter: Partial<Sought> = {}, walked: Partial<Walked> = {}, known = ["before", "after"]) =>
  judgeList({ letters: [{ ...lost, ...letter }], known: new Set(known) }, { ...whole, ...walked });

test("a letter is proven unsent by a list that has its neighbours, goes back far enough and shows nothing to its address", () => {
  expect(judge()).toEqual({ found: [], unsent: [1] });
});

test.each<[string, () => ReturnType<typeof judge>]>([
  [
    "the walk ended within five minutes of its first attempt",
    () => judge({}, { reachedAt: at(26) - 4 * MINUTE }),
  ],
  ["the list lacks a letter of ours", () => judge({}, {}, ["before", "between", "after"])],
  ["none of ours from before it is known", () => judge({}, { emails: [email("after", 2)] }, ["after"])],
  ["none of ours from after it is known", () => judge({}, { emails: [email("before", 26.5)] }, ["before"])],
  [
    "something else went to its address",
    () => judge({}, { emails: [...whole.emails, email("x", 20, "Ada@Themepost.dev", "Another")] }),
  ],
  ["its attempts aren't all known", () => judge({ isTraced: false })],
])("it stays uncertain where %s", (_, judged) => {
  expect(judged()).toEqual({ found: [], unsent: [] });
});

test("one that the list has is found by address, subject and time, whatever else the list lacks", () => {
  const emails = [email("its", 25.9, "ADA@themepost.dev")];
  expect(judge({}, { emails }, ["before", "after"])).toEqual({
    found: [{ id: 1, providerId: "its" }],
    unsent: [],
  });
  expect(judge({}, { emails: [email("its", 30, lost.address)] }).found).toEqual([]);
  expect(judge({ foundBySubject: false }, { emails }).found).toEqual([]);
});

test("a letter of ours that is known to be another one is neither found nor in the way", () => {
  const emails = [...whole.emails, email("another", 10, lost.address)];
  expect(judge({}, { emails }, ["before", "after", "another"])).toEqual({ found: [], unsent: [1] });
});

/**
 * A provider that takes calls at random over two days, answers some, and shows a list with something wrong. The answered ones are known to us.
 * Returns the letters of the calls that weren't answered, with whether they were taken.
 */
function history(seed: number) {
  const chance = new Chance(seed);
  const calls = Array.from({ length: 12 }, (_, n) => {
    // Some at once, as in a run; some in the last hours, when the list may not be complete.
    const began = at(chance.pick([48 * chance.next(), 2 * chance.next(), 12 + chance.next() / 60]));
    // A call may be taken some time after its attempt was stored.
    // Their clocks needn't be ours, nor the same.
    const takenAt = began + chance.below(60) * 1000 - (chance.happens(0.2) ? chance.below(4) * MINUTE : 0);
    const outcome = chance.pick(["answered", "answered", "taken", "lost"] as const);
    return { id: `call-${n}`, address: `${n}@themepost.dev`, began, takenAt, outcome };
  });
  const lateMs = chance.pick([0, 0, 30 * MINUTE, 59 * MINUTE]);
  const taken = calls.filter(({ outcome }) => outcome !== "lost").sort((a, b) => b.takenAt - a.takenAt);
  const listed = taken.filter(({ outcome, takenAt }) => outcome === "answered" || takenAt <= NOW - lateMs);
  // The list ends somewhere, or a page is missing of which at least one entry was answered.
  const kept = chance.happens(0.5) ? listed.slice(0, chance.below(listed.length + 1)) : listed;
  const place = chance.below(kept.length + 1);
  const page = chance.happens(0.3) ? kept.slice(place, place + 3) : [];
  const shown = page.some(({ outcome }) => outcome === "answered")
    ? kept.filter((call) => !page.includes(call))
    : kept;
  const letters = calls.flatMap((call, id): (Sought & { wasTaken: boolean })[] =>
    call.outcome === "answered"
      ? []
      : [
          {
            ...lost,
            id,
            address: call.address,
            foundBySubject: chance.happens(0.5),
            from: call.began,
            until: call.began,
            wasTaken: call.outcome === "taken",
          },
        ],
  );
  const first = Math.min(...letters.map(({ from }) => from));
  const answered = calls.filter(({ outcome }) => outcome === "answered");
  const before =
    Math.max(...answered.map(({ began }) => began).filter((began) => began < first), 0) - 5 * MINUTE;
  const known = new Set(
    answered.filter(({ began }) => began >= before && began <= NOW - HOUR).map(({ id }) => id),
  );
  const emails = shown.map(({ id, address, takenAt }) => ({
    id,
    to: [address],
    subject: "A letter",
    at: takenAt,
  }));
  const walked = { emails, reachedAt: Math.min(...emails.map((entry) => entry.at)) };
  return { letters, known, walked };
}

test("whatever is wrong with the list, over 20,000 histories no letter that was taken is called unsent, and many that weren't are", () => {
  let freed = 0;
  for (let seed = 1; seed <= 20_000; seed += 1) {
    const { letters, known, walked } = history(seed);
    const { unsent } = judgeList({ letters, known }, walked);
    const wrong = letters.filter(({ id, wasTaken }) => wasTaken && unsent.includes(id));
    expect(wrong, `seed ${seed}`).toEqual([]);
    freed += unsent.length;
  }
  expect(freed).toBeGreaterThan(1000);
});
