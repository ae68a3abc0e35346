import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { LETTER_RULES } from "../../src/domain/letters/letter-rules.ts";
import { signUpFields } from "../../src/domain/signup/form-reading.ts";
import type { GateReason } from "../../src/domain/signup/gate/refusals.ts";
import type { PressWhy } from "../../src/domain/signup/judge-post.ts";
import { limitsSchema } from "../../src/domain/signup/partners/limits.ts";
import { partnerSchema } from "../../src/domain/signup/partners/partner-schema.ts";
import type { RequestOutcome } from "../../src/domain/signup/queries/request-consent.ts";
import { EVENT_NAMES } from "../../src/platform/log/log-event.ts";
import { LABELS } from "../../src/platform/texts/labels.ts";

const docs = join(import.meta.dirname, "..", "..", "docs");

test("the description of the API is a valid OpenAPI 3.1 file", async () => {
  const result = await new Validator().validate(readFileSync(join(docs, "openapi.yaml"), "utf8"));
  expect(result).toMatchObject({ valid: true });
});

type Described = { readonly properties: Record<string, { readonly default?: unknown }> };

const { paths, components } = parse(readFileSync(join(docs, "openapi.yaml"), "utf8"));
const propertiesOf = (schema: string) => (components.schemas[schema] as Described).properties;
const sortedKeys = (fields: object) => Object.keys(fields).sort();

test("the fields of sign-ups and partners, and what they are by default, are those that the code takes", () => {
  expect(sortedKeys(propertiesOf("SignUp"))).toEqual(sortedKeys(signUpFields.shape));
  expect(sortedKeys(propertiesOf("PartnerFields"))).toEqual(sortedKeys(partnerSchema.shape));
  expect(sortedKeys(propertiesOf("PartnerLimits"))).toEqual(sortedKeys(limitsSchema.shape));
  const needed = {
    name: "Garden",
    origins: ["https://www.garden.themepost.dev"],
    consent_text: "Yes, one letter a week.",
  };
  const defaults = Object.entries(propertiesOf("PartnerFields")).flatMap(([name, property]) =>
    "default" in property ? [[name, property.default]] : [],
  );
  expect({ ...needed, ...Object.fromEntries(defaults) }).toEqual(partnerSchema.parse(needed));
});

// Records, so that the compiler misses a name that the code has and they have not.
const REASONS: Record<GateReason | Exclude<RequestOutcome, "taken"> | "denied", true> = {
  denied: true,
  denied_before: true,
  rate: true,
  unknown_key: true,
  foreign_origin: true,
  frozen: true,
  honeypot: true,
  stamp_forged: true,
  stamp_old: true,
  challenge_failed: true,
  faulty: true,
  stamp_used_up: true,
  network_budget: true,
  domain_budget: true,
  partner_budget: true,
  partner_breaker: true,
  service_breaker: true,
  no_sequence: true,
  in_sequence: true,
  suppressed: true,
  address_budget: true,
};
// "faulty" and "suggestion" are answered with 422 and the field.
const PRESSES: Record<Exclude<PressWhy, "faulty" | "suggestion">, true> = {
  origin: true,
  stamp: true,
  wording: true,
  challenge: true,
};

test("reasons of refusals, codes and languages are those of the code", () => {
  expect([...components.schemas.Refusal.properties.reason.enum].sort()).toEqual(sortedKeys(REASONS));
  expect([...components.schemas.Snippets.properties.lang.enum].sort()).toEqual(sortedKeys(LABELS));
  const [, { properties }] =
    paths["/api/v1/subscriptions"].post.responses["403"].content["application/problem+json"].schema.allOf;
  expect([...properties.code.enum].sort()).toEqual(
    ["unknown_key", "foreign_origin", "frozen", ...Object.keys(PRESSES).map((why) => `press:${why}`)].sort(),
  );
});

test("the owner finds every event of the log, every fault of health, every alert and every rule of letters in OPERATIONS", () => {
  const text = readFileSync(join(docs, "OPERATIONS.md"), "utf8");
  const names = [
    ...EVENT_NAMES,
    ...Object.keys(LETTER_RULES),
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
