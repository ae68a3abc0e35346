import { expect, test } from "vitest";
import {
  type Purpose,
  readLink,
  type SigningSecrets,
  signLink,
  tokenIn,
} from "../../src/platform/links/token.ts";

const SECRET = "a".repeat(32);
const OTHER = "b".repeat(32);
const NOW = Date.UTC(2026, 10, 23);
const PURPOSES: readonly Purpose[] = [
  "confirm",
  "unsubscribe",
  "preferences",
  "partner",
  "read",
  "erase",
  "data",
  "back",
];
const only = (...signingSecrets: [string, ...string[]]): SigningSecrets => ({
  signingSecrets,
  optOutSecrets: [],
});
const sign = (purpose: Purpose, id: number, expiresAt: number | null = null, generation = 0) =>
  signLink(SECRET, { purpose, id, expiresAt, generation });

test("a token holds for its own purpose, id and generation, and for no other purpose", async () => {
  for (const purpose of PURPOSES) {
    for (const id of [1, 255, 2 ** 32 - 1, 2 ** 32, 2 ** 40 - 1]) {
      for (const generation of [0, 1, 255]) {
        const token = await sign(purpose, id, null, generation);
        expect(token).toMatch(/^[A-Za-z0-9_-]{58}$/);
        for (const asked of PURPOSES) {
          const reading = await readLink(only(SECRET), asked, token, NOW);
          expect(reading).toMatchObject(
            asked === purpose ? { kind: "valid", id, generation } : { kind: "invalid" },
          );
        }
      }
    }
  }
});

test("every single altered character makes a token invalid", async () => {
  const token = await sign("unsubscribe", 7);
  for (let at = 0; at < token.length; at += 1) {
    for (const char of ["A", "b", "_"]) {
      if (token[at] === char) continue;
      const altered = token.slice(0, at) + char + token.slice(at + 1);
      expect(await readLink(only(SECRET), "unsubscribe", altered, NOW)).toEqual({ kind: "invalid" });
    }
  }
});

test("a link without an end works for years, also after the signing secret was changed", async () => {
  const token = await sign("unsubscribe", 7);
  const years = NOW + 20 * 365 * 86_400_000;
  expect(await readLink(only(OTHER, SECRET), "unsubscribe", token, years)).toMatchObject({
    kind: "valid",
    id: 7,
  });
  expect(await readLink(only(OTHER), "unsubscribe", token, NOW)).toEqual({ kind: "invalid" });
});

test("a retired secret opens opt-outs and nothing else", async () => {
  const secrets: SigningSecrets = { signingSecrets: [OTHER], optOutSecrets: [SECRET] };
  for (const purpose of PURPOSES) {
    const { kind } = await readLink(secrets, purpose, await sign(purpose, 7), NOW);
    expect([purpose, kind]).toEqual([purpose, purpose === "unsubscribe" ? "valid" : "invalid"]);
  }
});

test("a link with an end is expired from that second on", async () => {
  const token = await sign("confirm", 7, NOW);
  expect(await readLink(only(SECRET), "confirm", token, NOW - 1)).toMatchObject({ kind: "valid", id: 7 });
  expect(await readLink(only(SECRET), "confirm", token, NOW)).toMatchObject({ kind: "expired", id: 7 });
});

test.each([
  ["TOKEN", "a whole one"],
  ["TOKEN.", "a full stop"],
  ["TOKEN)", "a bracket"],
  ["TOKEN,", "a comma"],
  ["TOKEN>", "the end of <…>"],
  ["<TOKEN>", "the whole of <…>"],
  ["“TOKEN”", "quotes"],
  ["TOKEN ", "a blank"],
  ["TOKEN\r\n", "a line break"],
  ["TOKEN\u200b", "a zero-width space"],
  ["TOKEN\u00a0", "a no-break space"],
  ["TOKEN&utm_source=mail", "a parameter"],
  ["TOKEN&amp;utm_source=mail", "a parameter that was escaped"],
  ["TO\nKEN", "a line break inside"],
  ["TO=\r\nKEN", "what quoted-printable left"],
  ["TO=KEN", "half of what quoted-printable left"],
  ["TO\u00adKEN", "a soft hyphen"],
])("%j is read as the token in it (%s)", async (came) => {
  const token = await sign("unsubscribe", 7);
  const [head, tail] = [token.slice(0, 20), token.slice(20)];
  const text = came.replace("TOKEN", token).replace("TO", head).replace("KEN", tail);
  expect(tokenIn(text)).toBe(token);
});

test("a token that lacks a character stays invalid, and no text is read beyond a few hundred", async () => {
  const token = await sign("unsubscribe", 7);
  for (const cut of [token.slice(1), token.slice(0, -1), "", "x".repeat(58)])
    expect(await readLink(only(SECRET), "unsubscribe", tokenIn(cut), NOW)).toEqual({ kind: "invalid" });
  expect(tokenIn(`${"\u0301".repeat(10_000)}${token}`)).toBe("");
});
