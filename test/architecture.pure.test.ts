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
  ["http/api"],
  ["http/ui"],

  ["domain/kinds", "domain/privacy"],
  ["domain/feedback"],
  ["domain/sending"],
  ["domain/broadcasts"],
  ["domain/jobs"],
  ["domain/signup", "domain/letters", "domain/segments"],
  ["domain/restore"],
  ["domain/sequences"],
  ["domain/people"],
  ["domain/services"],
  ["domain/ledger"],
  ["domain/site", "domain/desk", "domain/counts"],
  ["domain/acts"],

  ["platform/guard", "platform/providers", "platform/log"],
  ["platform/db", "platform/config"],
  ["platform/config-schema"],
  ["platform/links", "platform/calendar", "platform/texts", "platform/look", "platform/read-mailbox"],
];

const files = ["src", "emails"]
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`),
  )
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /\.tsx?$/.test(path))
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
    if (a === "emails") return b !== "platform/texts" && b !== "platform/look";
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

test("SQL stands in queries, in the rows of the registry of kinds, and in platform/db", () => {
  const wrong = files
    .filter(
      ({ path, source }) =>
        /from "drizzle-orm/.test(source) &&
        !/queries(\/|\.ts)|[-/]kind\.ts$/.test(path) &&
        !/^src\/platform\/(db\/|guard\/schema\.ts)/.test(path),
    )
    .map(({ path }) => path);
  expect(wrong).toEqual([]);
});

// Who writes a table: the folder in which alone it is inserted into, updated and deleted from.
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  "domain/ledger": ["deliveries", "batches", "attempts", "runs"],
  "domain/people": [
    "subscribers",
    "consents",
    "suppressions",
    "optOuts",
    "readerChanges",
    "erasures",
    "tags",
    "readerTags",
  ],
  "domain/jobs": ["jobs", "importLines"],
  "domain/broadcasts": ["broadcasts"],
  "domain/segments": ["segments"],
  "domain/sequences": ["sequences", "steps", "stepVariants", "enrollments"],
  "domain/letters": ["renditions", "systemMails", "nextRenditions", "drafts"],
  "domain/site": ["site", "pictures"],
  "domain/desk": ["deskPeople", "deskSessions", "deskLinks", "deskLooks"],
  "domain/signup": [
    "wordings",
    "partners",
    "partnerOrigins",
    "formKeys",
    "partnerLinks",
    "gateCounts",
    "refusals",
    "lapsedSignUps",
  ],
  "domain/acts": ["acts", "keptAnswers"],
  "domain/counts": ["dayCounts"],
  "domain/feedback": ["feedbackEvents", "bounceDays", "unreadEvents"],
  "platform/db": ["facts"],
  "platform/log": ["alerts"],
  "platform/providers": ["mailboxMessages", "mailboxClock"],
};

/** Places where SQL, raw or built, writes to a table, by its schema object. */
const writes = files.flatMap(({ path, source }) =>
  [
    ...source.matchAll(
      /(?:insert into|update|delete from) \$\{(\w+)\}|\.(?:insert|update|delete)\((\w+)\)|insertFrom\(\s*(\w+)/g,
    ),
  ].map((match) => ({ path, table: match[1] ?? match[2] ?? match[3] ?? "" })),
);

test("every table has one owner, and is written in its folder only", () => {
  const owned = Object.values(OWNERS).flat();
  const tables = files
    .filter(({ path }) => path.startsWith("src/platform/db/schema/"))
    .flatMap(({ source }) =>
      [...source.matchAll(/export const (\w+) = sqliteTable/g)].map((match) => match[1]),
    );
  expect(owned.toSorted()).toEqual(tables.toSorted());
  const ownerOf = (table: string) => Object.entries(OWNERS).find(([, its]) => its.includes(table))?.[0];
  const known = writes.filter(({ table }) => ownerOf(table) !== undefined);
  expect(known.length).toBeGreaterThan(60);
  expect(known.filter(({ path, table }) => areaOf(path) !== ownerOf(table))).toEqual([]);
});

test("statements that other functions give are joined by together(), which refuses two of one name", () => {
  const spread = files.filter(({ source }) =>
    /\.\.\.(?:\w+|\([^{\n]*[:?] \w+)\((?:deps\.)?db, /.test(withoutComments(source)),
  );
  expect(spread.map(({ path }) => path)).toEqual([]);
});

test("no table's name stands in a string outside the schema", () => {
  const names = files
    .filter(({ path }) => path.startsWith("src/platform/db/schema/"))
    .flatMap(({ source }) => [...source.matchAll(/sqliteTable\(\s*"(\w+)"/g)].map((match) => match[1] ?? ""));
  expect(names.length).toBeGreaterThan(25);
  const named = new RegExp(`\\b(?:from|join|into|update|table) (?:${names.join("|")})\\b`);
  const wrong = files.filter(
    ({ path, source }) => !path.startsWith("src/platform/db/schema/") && named.test(withoutComments(source)),
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test("a kind's name is written where the kind is defined, and compared nowhere", () => {
  const kinds = files.filter(
    ({ source }) => /defineKind[<(]/.test(source) && !source.includes("function defineKind"),
  );
  const names = kinds.map(({ source }) => /const NAME = "(\w+)"/.exec(source)?.[1] ?? "?");
  expect(names.toSorted()).toEqual([
    "access",
    "broadcast",
    "confirmation",
    "notice",
    "owner_alert",
    "test",
    "theme",
    "welcome",
  ]);
  const compared = new RegExp(
    `(?:[!=]==? |case |<> |(?<![=!<>])= |in \\()["'](?:${names.join("|")}|repeat)["']`,
  );
  const wrong = files.filter(({ source }) =>
    withoutComments(source)
      .split("\n")
      .some((line) => compared.test(line) && !/const NAME = /.test(line)),
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");
}

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
