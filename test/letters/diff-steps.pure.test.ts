import fc from "fast-check";
import { expect, test } from "vitest";
import { diffSteps } from "../../src/domain/letters/diff-steps.ts";

const step = (slug: string, content = slug) => ({ slug, content });
const changes = (stored: string, wanted: string) =>
  diffSteps(
    [...stored].map((slug) => step(slug)),
    [...wanted].map((slug) => step(slug)),
  )
    .map(({ slug, change }) => `${slug}:${change}`)
    .join(" ");

test("only the step that left its place is called moved", () => {
  expect(changes("abcde", "eabcd")).toBe("e:moved a:unchanged b:unchanged c:unchanged d:unchanged");
  expect(changes("abc", "xabc")).toBe("x:new a:unchanged b:unchanged c:unchanged");
  expect(changes("abcd", "acd")).toBe("a:unchanged c:unchanged d:unchanged b:archived");
});

test("every step old or new is named exactly once, and the same list changes nothing", () => {
  const list = fc.uniqueArray(fc.constantFrom(..."abcdefghij"), { maxLength: 10 });
  fc.assert(
    fc.property(list, list, (stored, wanted) => {
      const result = diffSteps(
        stored.map((slug) => step(slug)),
        wanted.map((slug) => step(slug)),
      );
      expect(result.map((entry) => entry.slug).sort()).toEqual([...new Set([...stored, ...wanted])].sort());
      const same = diffSteps(
        wanted.map((slug) => step(slug)),
        wanted.map((slug) => step(slug)),
      );
      expect(same.every((entry) => entry.change === "unchanged")).toBe(true);
    }),
  );
});
