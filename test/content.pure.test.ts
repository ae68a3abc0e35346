import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

const filesIn = (folder: string, ending: RegExp) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => ending.test(path))
    .map((path) => ({ path, text: readFileSync(join(ROOT, folder, path), "utf8") }));

/** Everything of the service, but for catalogues in languages in which "son" is another word. */
const sources = filesIn("src", /\.(tsx?|json|css)$/).filter(
  ({ path }) => !/texts\/(de|fr|es|pt|ar)\//.test(path),
);

test("the service knows nothing of the built-in newsletter: neither its subject nor a line of it", () => {
  expect(sources.length).toBeGreaterThan(300);
  const subject = /\b(sons?|mothers?|nine)\b/i;
  expect(sources.filter(({ text }) => subject.test(text)).map(({ path }) => path)).toEqual([]);
  const lines = filesIn("emails", /\.(md|yaml)$/).flatMap(({ text }) =>
    text
      .split(/\n|(?<=[.?!:]) /)
      .map((line) => line.replaceAll(/^[\s>\d.*#-]+|["”]$/g, ""))
      .filter((line) => line.length >= 25),
  );
  expect(lines.length).toBeGreaterThan(200);
  const all = sources.map(({ text }) => text).join("\n");
  expect(lines.filter((line) => all.includes(line))).toEqual([]);
});
