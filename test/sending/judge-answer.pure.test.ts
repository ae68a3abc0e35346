import { expect, test } from "vitest";
import { judgeAnswer, type Verdict } from "../../src/domain/sending/judge-answer.ts";
import { ERRORS, type ErrorName } from "../support/resend-emulator/errors.ts";

const clean = { members: [1, 2], earlier: ["refused:rate"] };
const open = { members: [1, 2], earlier: ["unanswered:timeout"] };
const alone = { members: [1], earlier: [] };
const refused = (name: string, status: number, retryAfterSeconds: number | null = null) =>
  ({ kind: "refused", name, status, retryAfterSeconds, limitPerSecond: null }) as const;

/** What each documented error means: for a batch whose attempts were all refused, and for one with an unknown outcome. */
const TABLE: Readonly<Record<ErrorName, readonly [Verdict["kind"], Verdict["kind"]]>> = {
  invalid_idempotency_key: ["configuration", "configuration"],
  validation_error: ["halve", "unknown"],
  missing_api_key: ["configuration", "configuration"],
  restricted_api_key: ["configuration", "configuration"],
  invalid_api_key: ["configuration", "configuration"],
  not_found: ["configuration", "configuration"],
  method_not_allowed: ["configuration", "configuration"],
  invalid_idempotent_request: ["spent", "spent"],
  concurrent_idempotent_requests: ["unknown", "unknown"],
  invalid_attachment: ["halve", "unknown"],
  invalid_from_address: ["configuration", "configuration"],
  invalid_access: ["configuration", "configuration"],
  invalid_parameter: ["halve", "unknown"],
  invalid_region: ["configuration", "configuration"],
  missing_required_field: ["halve", "unknown"],
  rate_limit_exceeded: ["rate", "rate"],
  daily_quota_exceeded: ["quota", "quota"],
  monthly_quota_exceeded: ["quota", "quota"],
  security_error: ["configuration", "configuration"],
  application_error: ["unknown", "unknown"],
  internal_server_error: ["unknown", "unknown"],
};

test.each(Object.entries(TABLE))("%s means %s", (name, [afterRefusals, afterSilence]) => {
  const status = ERRORS[name as ErrorName];
  expect(judgeAnswer(clean, refused(name, status)).kind).toBe(afterRefusals);
  expect(judgeAnswer(open, refused(name, status)).kind).toBe(afterSilence);
});

test.each([400, 413, 422, 499])(
  "an unknown refusal with status %i halves the batch, and fails a letter alone",
  (status) => {
    expect(judgeAnswer(clean, refused("new_error", status))).toEqual({ kind: "halve", name: "new_error" });
    expect(judgeAnswer(alone, refused("new_error", status))).toEqual({
      kind: "refused_letter",
      id: 1,
      reason: "refused: new_error",
    });
    expect(judgeAnswer({ ...alone, earlier: [null] }, refused("new_error", status)).kind).toBe("unknown");
  },
);

test.each([401, 402, 403, 404, 405, 451])("an unknown refusal with status %i fails no letter", (status) => {
  expect(judgeAnswer(alone, refused("validation_error", status)).kind).toBe("configuration");
});

test.each([
  ["as told", 7, 7000],
  ["a second where nothing is told", null, 1000],
])("a rate limit waits %s", (_, seconds, afterMs) => {
  expect(judgeAnswer(open, refused("rate_limit_exceeded", 429, seconds))).toEqual({ kind: "rate", afterMs });
});

test("an answer that does not fit its call is guessed at for nobody", () => {
  const answer = { kind: "accepted", ids: ["a"], rejected: [], limitPerSecond: null } as const;
  expect(judgeAnswer(clean, answer)).toEqual({ kind: "uncertain", reason: "answer_mismatch" });
});

test("no answer leaves the outcome open, whatever came before", () => {
  const answer = { kind: "unanswered", cause: "AbortError", limitPerSecond: null } as const;
  for (const call of [clean, open, alone])
    expect(judgeAnswer(call, answer)).toEqual({ kind: "unknown", cause: "AbortError" });
});
