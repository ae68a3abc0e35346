import fc from "fast-check";
import { expect, test } from "vitest";
import { type Purpose, readLink, signLink } from "../../src/platform/links/token.ts";

const SECRET = "a".repeat(32);
const NOW = Date.UTC(2026, 10, 23);
const purposes: Purpose[] = ["confirm", "unsubscribe", "preferences"];

test("a link reads back for its own purpose only, and is short enough for one header line", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...purposes),
      fc.integer({ min: 1, max: 2 ** 47 }),
      async (purpose, id) => {
        const token = await signLink(SECRET, { purpose, id, expiresAt: null });
        expect(token).toHaveLength(58);
        for (const asked of purposes) {
          const reading = await readLink([SECRET], asked, token, NOW);
          expect(reading).toEqual(asked === purpose ? { kind: "valid", id } : { kind: "invalid" });
        }
      },
    ),
    { numRuns: 50 },
  );
});

test("no single changed character is accepted", async () => {
  const token = await signLink(SECRET, { purpose: "unsubscribe", id: 7, expiresAt: null });
  for (let at = 0; at < token.length; at += 1) {
    for (const char of "AQgw_-9z") {
      if (token[at] === char) continue;
      const altered = token.slice(0, at) + char + token.slice(at + 1);
      expect(await readLink([SECRET], "unsubscribe", altered, NOW)).toEqual({ kind: "invalid" });
    }
  }
});

test("an opt-out link works for ever, also after the secret has changed", async () => {
  const token = await signLink(SECRET, { purpose: "unsubscribe", id: 7, expiresAt: null });
  const years = NOW + 20 * 365 * 24 * 3_600_000;
  expect(await readLink(["b".repeat(32), SECRET], "unsubscribe", token, years)).toEqual({
    kind: "valid",
    id: 7,
  });
  expect(await readLink(["b".repeat(32)], "unsubscribe", token, NOW)).toEqual({ kind: "invalid" });
});

test("a confirmation link is expired from its last second on, and still known as ours", async () => {
  const token = await signLink(SECRET, { purpose: "confirm", id: 7, expiresAt: NOW });
  expect(await readLink([SECRET], "confirm", token, NOW - 1)).toEqual({ kind: "valid", id: 7 });
  expect(await readLink([SECRET], "confirm", token, NOW)).toEqual({ kind: "expired", id: 7 });
});
