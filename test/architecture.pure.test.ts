import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

// Each folder may import what stands below its line, itself, and what `beside` names.
const LEVELS = [
  ["index"],
  ["app"],
  ["signup", "partners", "preferences", "archive", "mailbox"],
  ["feedback", "retention"],
  ["delivery"],
  ["sequences"],
  ["subscribers", "providers", "guard"],
  ["links", "calendar", "web", "db", "config"],
  ["words", "config-schema"],
];
const BESIDE = new Set([
  "signup>partners",
  "preferences>signup",
  "config>calendar",
  "config-schema>calendar",
  "web>config",
  "web>db",
  "links>config",
  "web>guard",
  "subscribers>guard",
]);

const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /^(src|emails)\/.*\.tsx?$/.test(path))
  .map((path) => ({ path, source: readFileSync(join(ROOT, path), "utf8") }));

const imports = files.flatMap(({ path, source }) =>
  [...source.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((match) => ({
    from: path,
    to: relative(ROOT, join(ROOT, dirname(path), match[1] ?? "")).replaceAll("\\", "/"),
  })),
);

const areaOf = (path: string) =>
  path.startsWith("emails/") ? "emails" : (path.split("/")[1] ?? "").replace(/\.tsx?$/, "");
const levelOf = (area: string) => LEVELS.findIndex((level) => level.includes(area));

test("imports run one way, from the top of the layout to its bottom", () => {
  const wrong = imports.filter(({ from, to }) => {
    const [a, b] = [areaOf(from), areaOf(to)];
    if (a === b) return false;
    if (b === "emails") return !from.startsWith("src/sequences/publish/");
    if (a === "emails") return true;
    return levelOf(a) < 0 || levelOf(b) < 0 || (levelOf(a) >= levelOf(b) && !BESIDE.has(`${a}>${b}`));
  });
  expect(wrong).toEqual([]);
});

test("SQL stands in queries and in the schema only", () => {
  const wrong = files
    .filter(
      ({ path, source }) =>
        /from "drizzle-orm/.test(source) && !/queries(\/|\.ts)/.test(path) && !path.startsWith("src/db/"),
    )
    .map(({ path }) => path);
  expect(wrong).toEqual([]);
});

test("the clock and chance are read in the Worker's entry only", () => {
  const wrong = files
    .filter(
      ({ path, source }) =>
        /Date\.now\(|new Date\(\)|Math\.random|randomUUID|getRandomValues/.test(source) &&
        path !== "src/index.ts",
    )
    .map(({ path }) => path);
  expect(wrong).toEqual([]);
});

test("no file is longer than 250 lines, and none is called by what it is not", () => {
  expect(files.filter(({ source }) => source.split("\n").length > 251).map(({ path }) => path)).toEqual([]);
  expect(
    files
      .filter(({ path }) => /(utils|helpers|types|common|service)\.tsx?$/.test(path))
      .map(({ path }) => path),
  ).toEqual([]);
});
