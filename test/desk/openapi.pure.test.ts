import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { LETTER_RULES } from "../../src/domain/letters/letter-rules.ts";
import { HEALTH_FAULTS } from "../../src/domain/sending/health.ts";
import { EVENT_NAMES } from "../../src/platform/log/log-event.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

test("the description of the API is a valid OpenAPI 3.1 file, and the copy that is served says the same", async () => {
  const text = read("docs/openapi.yaml");
  expect(await new Validator().validate(text)).toMatchObject({ valid: true });
  expect(JSON.parse(read("public/api/v1/openapi.json"))).toEqual(parse(text));
});

type Operation = {
  readonly operationId: string;
  readonly summary?: string;
  readonly responses: Readonly<Record<string, unknown>>;
};

test("every operation has a name of its own and a summary, and says what it answers when it refuses", () => {
  const paths = parse(read("docs/openapi.yaml")).paths as Record<string, Record<string, Operation>>;
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  const names = operations.map(({ operationId }) => operationId);
  expect(names.length).toBeGreaterThan(40);
  expect(new Set(names).size).toBe(names.length);
  for (const { operationId, summary, responses } of operations) {
    expect([operationId, summary ?? ""]).toEqual([operationId, expect.stringMatching(/^\S.*[^.]$/)]);
    expect([operationId, Object.keys(responses)]).toEqual([operationId, expect.arrayContaining(["default"])]);
  }
});

test("the owner finds every event of the log, every fault of health, every alert and every rule of letters in OPERATIONS", () => {
  const pages = readdirSync(join(ROOT, "docs", "operations"));
  const text = pages.map((page) => read(`docs/operations/${page}`)).join("\n");
  const names = [
    ...EVENT_NAMES,
    ...Object.keys(LETTER_RULES),
    ...HEALTH_FAULTS,
    "letters.uncertain",
    "plan.ceiling",
    "provider.quota",
    "feedback.failed",
  ];
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});
