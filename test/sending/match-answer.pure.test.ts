import fc from "fast-check";
import { expect, test } from "vitest";
import { matchAnswer } from "../../src/domain/sending/match-answer.ts";

test("ids go to the members by position, past the refused ones", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 100 }), (refused) => {
      const members = refused.map((_, index) => index + 1000);
      const ids = members.filter((_, index) => !refused[index]).map((id) => `p-${id}`);
      const rejected = refused.flatMap((is, index) => (is ? [{ index, message: "no" }] : []));
      const matched = matchAnswer(members, { kind: "accepted", ids, rejected, limitPerSecond: null });
      if (matched.kind !== "matched") throw new Error("matched");
      expect(matched.accepted).toEqual(
        members.filter((_, i) => !refused[i]).map((id) => ({ id, providerId: `p-${id}` })),
      );
      expect(matched.failed.map((entry) => entry.id)).toEqual(members.filter((_, i) => refused[i]));
    }),
  );
});

test.each([
  ["too few ids", ["a"], []],
  ["too many ids", ["a", "b", "c"], []],
  ["an index out of range", ["a"], [{ index: 2, message: "" }]],
  ["a negative index", ["a"], [{ index: -1, message: "" }]],
  [
    "the same index twice",
    [],
    [
      { index: 0, message: "" },
      { index: 0, message: "" },
    ],
  ],
])("an answer with %s is not guessed at", (_, ids, rejected) => {
  expect(matchAnswer([1, 2], { kind: "accepted", ids, rejected, limitPerSecond: null })).toEqual({
    kind: "mismatched",
  });
});
