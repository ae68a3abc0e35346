import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

// Inside the project, so that the copy finds its dependencies.
const COPY = ".wrangler/renamed-properties";
const SCHEMA = "src/platform/db/schema";

test("whoever renames a column in the schema is shown every place that uses it by the compiler", () => {
  rmSync(COPY, { recursive: true, force: true });
  mkdirSync(COPY, { recursive: true });
  for (const name of ["src", "emails", "tsconfig.json"]) cpSync(name, join(COPY, name), { recursive: true });
  const columns = readdirSync(SCHEMA).flatMap((file) => renameIn(join(COPY, SCHEMA, file)));
  const uses = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !join("src", file).startsWith(SCHEMA))
    .flatMap((file) => usesIn(join("src", file), columns));
  expect(uses.length).toBeGreaterThan(1000);

  const tsc = spawnSync(
    process.execPath,
    ["node_modules/typescript/bin/tsc", "--pretty", "false", "-p", COPY],
    {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  const faulty = new Set(tsc.stdout.split("\n").map((line) => /(src\/.*?\(\d+),/.exec(line)?.[1]));
  expect(uses.filter((use) => !faulty.has(use))).toEqual([]);
});

/** Renames every column's property in a file of the schema; returns the columns as "table.property". */
function renameIn(path: string): string[] {
  const source = readFileSync(path, "utf8");
  writeFileSync(
    path,
    source
      .replace(/^(\s+)(\w+): (text|integer)\(/gm, "$1$2Renamed: $3(")
      .replace(/\b(table|\w+ =>|\(\) => \w+)\.(\w+)/g, "$1.$2Renamed"),
  );
  return source
    .split(/^export const /m)
    .flatMap((table) =>
      [...table.matchAll(/^\s+(\w+): (?:text|integer)\(/gm)].map(
        ([, property]) => `${/^\w+/.exec(table)?.[0]}.${property}`,
      ),
    );
}

/** Where a file names one of the columns, as the compiler writes a place: "path(line". */
function usesIn(path: string, columns: readonly string[]): string[] {
  const known = new Set(columns);
  const source = readFileSync(path, "utf8");
  if (!source.includes("db/schema/index.ts")) return [];
  return source
    .split("\n")
    .flatMap((line, index) =>
      [...line.matchAll(/\b(\w+)\.(\w+)\b/g)].some(([name]) => known.has(name)) &&
      !/^\s*(\*|\/\/|\/\*)/.test(line)
        ? [`${path}(${index + 1}`]
        : [],
    );
}
