import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

// A folder imports only what stands below its line, and itself. Between the lines: entry, faces, domain, platform.
const ORDER = [
  ["index"],
  ["app"],
  ["compose"],

  ["http/desk", "http/signup"],
  ["http/site", "http/reader", "http/partners", "http/mailbox", "http/webhooks"],
  ["http/ui"],

  ["domain/feedback"],
  ["domain/sending"],
  ["domain/signup", "domain/letters"],
  ["domain/sequences"],
  ["domain/restore"],
  ["domain/people"],
  ["domain/ledger"],

  ["platform/services"],
  ["platform/guard", "platform/providers", "platform/log"],
  ["platform/db", "platform/config"],
  ["platform/config-schema"],
  ["platform/links", "platform/calendar", "platform/texts"],
];

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
  /^src\/((?:http|domain|platform)\/)?[^/.]+/.exec(path)?.[0].slice("src/".length) ??
  path.split("/")[0] ??
  "";
const levelOf = (area: string) => ORDER.findIndex((level) => level.includes(area));

test("imports run down the storeys, and one way inside each", () => {
  const wrong = imports.filter(({ from, to }) => {
    const [a, b] = [areaOf(from), areaOf(to)];
    if (a === b) return false;
    if (b === "emails") return a !== "domain/letters";
    return levelOf(a) < 0 || levelOf(b) < 0 || levelOf(a) >= levelOf(b);
  });
  expect(wrong).toEqual([]);
});

test("no file imports one that leads back to it, types included", () => {
  const next = Map.groupBy(imports, ({ from }) => from);
  const state = new Map<string, "open" | "done">();
  const circles: string[][] = [];
  const visit = (path: string, way: readonly string[]): void => {
    if (state.get(path) === "open") circles.push([...way.slice(way.indexOf(path)), path]);
    if (state.has(path)) return;
    state.set(path, "open");
    for (const { to } of next.get(path) ?? []) visit(to, [...way, path]);
    state.set(path, "done");
  };
  for (const { path } of files) visit(path, []);
  expect(circles).toEqual([]);
});

test("verbs and rules know no web framework, and faces no SQL", () => {
  const uses = (storey: string, module: RegExp) =>
    files
      .filter(({ path, source }) => path.startsWith(storey) && module.test(source))
      .map(({ path }) => path);
  expect(uses("src/domain/", /from "hono"/)).toEqual([]);
  expect(uses("src/platform/", /from "hono"/)).toEqual([]);
  expect(uses("src/http/", /from "drizzle-orm|platform\/db\/(?!client)/)).toEqual([]);
});

test("SQL stands in queries and in the schema only", () => {
  const wrong = files
    .filter(
      ({ path, source }) =>
        /from "drizzle-orm/.test(source) &&
        !/queries(\/|\.ts)/.test(path) &&
        !path.startsWith("src/platform/db/"),
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
