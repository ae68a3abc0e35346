import { expect, test } from "vitest";
import { decodeNamedCharacterReference } from "../../src/domain/letters/named-character.ts";

const MODULES = new URL("../../node_modules/", import.meta.url);
const TABLE = new URL(`${"character-entities"}/index.js`, MODULES).href;

test("a letter's named characters are the ones that the Markdown parser's own table has, and no others", async () => {
  const { characterEntities } = (await import(TABLE)) as {
    readonly characterEntities: Readonly<Record<string, string>>;
  };
  const names = Object.entries(characterEntities);
  expect(names.length).toBeGreaterThan(2000);
  expect(names.filter(([name, is]) => decodeNamedCharacterReference(name) !== is)).toEqual([]);
  for (const name of ["nothing", "Copyright", "copyx", "am", "amp;", "", "constructor"])
    expect([name, decodeNamedCharacterReference(name)]).toEqual([
      name,
      Object.hasOwn(characterEntities, name) ? characterEntities[name] : false,
    ]);
});
