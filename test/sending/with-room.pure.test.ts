import { expect, test } from "vitest";
import { hasRoom, withRoom } from "../../src/domain/sending/with-room.ts";

const MB = 1_000_000;

test.each([
  [[], 200, true],
  [[10, 10], 20, true],
  [[10, 10, 20], 20, false],
  [[30], 30, false],
])("with calls of %j MB out, there's room for one of %d MB: %s", (out, mb, room) => {
  const others = out.map((each) => ({ bytes: each * MB, at: 1000 }));
  expect(hasRoom(mb * MB, others, 1500)).toBe(room);
});

test("what an invocation that was cut off had taken is free again after two minutes", () => {
  const cutOff = [{ bytes: 40 * MB, at: 0 }];
  expect(hasRoom(30 * MB, cutOff, 119_999)).toBe(false);
  expect(hasRoom(30 * MB, cutOff, 120_000)).toBe(true);
});

test("large calls leave one after the other, small ones at once, and one that fails gives its room back", async () => {
  let wall = 0;
  const deps = {
    wallNow: () => wall,
    wait: async (ms: number) => {
      wall += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  let out = 0;
  let most = 0;
  const call = async () => {
    out += 1;
    most = Math.max(most, out);
    await deps.wait(100);
    out -= 1;
    if (wall < 500) throw new Error("a call that fails");
  };
  let told = 0;
  const waits = async () => {
    told += 1;
  };
  const all = (mb: number) =>
    Promise.allSettled(Array.from({ length: 4 }, () => withRoom(deps, { bytes: mb * MB, waits }, call)));
  await all(30);
  expect(most).toBe(1);
  expect(told).toBeGreaterThan(0);
  const before = told;
  await all(10);
  expect(most).toBe(4);
  expect(told).toBe(before);
});
