import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { EVENT_NAMES } from "../../src/delivery/log-event.ts";

const docs = join(import.meta.dirname, "..", "..", "docs");

test("the description of the API is a valid OpenAPI 3.1 file", async () => {
  const result = await new Validator().validate(readFileSync(join(docs, "openapi.yaml"), "utf8"));
  expect(result).toMatchObject({ valid: true });
});

test("the owner finds every event of the log, every fault of health and every alert in OPERATIONS", () => {
  const text = readFileSync(join(docs, "OPERATIONS.md"), "utf8");
  const names = [
    ...EVENT_NAMES,
    "late",
    "stuck_batch",
    "stopped",
    "disarmed",
    "no_webhook_secret",
    "wrong_suppression_key",
    "letters.uncertain",
    "plan.ceiling",
    "provider.quota",
    "feedback.failed",
  ];
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});
