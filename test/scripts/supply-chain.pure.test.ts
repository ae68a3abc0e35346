import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const committed = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" }).trim().split("\n");

test("no file of secrets is committed, and git is told to leave them out", () => {
  const secrets = [
    ...[".dev.vars", "production.vars", "staging.vars", "production.vars.new"],
    "wrangler.deploy.themepost-main.json",
  ];
  const left = execFileSync("git", ["check-ignore", "--no-index", ...secrets], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect(left.trim().split("\n")).toEqual(secrets);
  expect(committed.filter((path) => /\.vars(\.new)?$|^wrangler\.deploy/.test(path))).toEqual([]);
});

test("no committed file holds what looks like a key of ours or of the services we use", () => {
  const keys =
    /\bre_[A-Za-z0-9]{8,}_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9+/]{32,}|-----BEGIN [A-Z ]*PRIVATE KEY-----/;
  const texts = committed.filter((path) => /\.(?:tsx?|mjs|json|toml|ya?ml|md|sh|vars|example)$/.test(path));
  const found = texts.filter((path) => !path.startsWith("test/") && keys.test(read(path)));
  expect(found).toEqual([]);
});

test("every dependency is pinned to one version, and the lock file has the hash of what's installed", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<
    string,
    Record<string, string>
  >;
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+[\w.-]*$/.test(version),
  );
  expect(loose).toEqual([]);
  const { packages } = JSON.parse(read("package-lock.json")) as {
    packages: Record<string, { integrity?: string; link?: boolean; inBundle?: boolean }>;
  };
  const unproven = Object.entries(packages).filter(
    ([path, { integrity, link, inBundle }]) =>
      path !== "" && link !== true && inBundle !== true && !/^sha512-/.test(integrity ?? ""),
  );
  expect(unproven.map(([path]) => path)).toEqual([]);
});
