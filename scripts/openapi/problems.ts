import type { Description } from "../../src/http/api/endpoint.ts";
import { PROBLEMS, type ProblemCode } from "../../src/http/ui/problem.ts";

/** What every answer has. */
export const HEADERS = { "Request-Id": { $ref: "#/components/headers/RequestId" } } as const;

/** Headers that come with a problem of some statuses. */
const BESIDES: Readonly<Record<number, object>> = {
  401: { "WWW-Authenticate": { description: "How to authenticate", schema: { type: "string" } } },
  429: { "Retry-After": { description: "How many seconds to wait", schema: { type: "integer" } } },
};

const PROBLEM = { $ref: "#/components/schemas/Problem" };

/** Whether an endpoint changes anything on an owner's word. */
export function changes({ method, act }: Description): boolean {
  return method !== "get" && act !== null;
}

/** What every endpoint of its sort may answer, by code, and what it may answer besides. */
export function problemsOf(described: Description) {
  const {
    method,
    open,
    params,
    query,
    body,
    readsItsBody,
    form,
    ifMatch,
    whileDisarmed,
    problems = {},
  } = described;
  const changing = changes(described);
  const takesBody = body !== undefined && (readsItsBody !== true || form !== undefined);
  const all: Partial<Record<ProblemCode, string>> = {
    ...(open === true ? {} : { not_signed_in: "The owner's token is missing or wrong" }),
    ...(params !== undefined && method !== "put" ? { not_found: "There's nothing by that name" } : {}),
    ...(takesBody
      ? { not_json: "The body isn't JSON", wrong_type: "The body has another content type" }
      : {}),
    ...(body === undefined ? {} : { too_large: "The body is too large" }),
    faulty:
      query === undefined && body === undefined
        ? "An unknown field or parameter"
        : "`faults` says what's wrong",
    ...(ifMatch === true
      ? { revision_missing: "`If-Match` is missing", stale: "It has changed since it was read" }
      : {}),
    ...(changing && whileDisarmed !== true
      ? { not_re_armed: "The database was restored and isn't re-armed yet" }
      : {}),
    ...(changing && method === "post"
      ? {
          under_way: "The first request with this `Idempotency-Key` is still in progress",
          answer_lost: "The first request with this `Idempotency-Key` was done, but its answer was lost",
          key_reused: "The `Idempotency-Key` was already used for another request",
        }
      : {}),
    ...problems,
  };
  const byStatus = Map.groupBy(Object.entries(all), ([code]) => PROBLEMS[code as ProblemCode][0]);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => {
      const faults = ["Fault", described.faults?.meta()?.id ?? "Fault"].map((name) => ({
        $ref: `#/components/schemas/${name}`,
      }));
      const [fault, own] = faults;
      const properties = {
        code: { enum: codes.map(([code]) => code) },
        ...(status === 422
          ? { faults: { type: "array", items: fault?.$ref === own?.$ref ? fault : { anyOf: [own, fault] } } }
          : {}),
      };
      const schema = { allOf: [PROBLEM, { type: "object", properties }] };
      return [
        status,
        problemAnswer(
          codes.map(([code, means]) => `\`${code}\`: ${means}`),
          schema,
          status,
        ),
      ];
    }),
  );
}

function problemAnswer(means: readonly string[], schema: object, status = 0) {
  return {
    description: `${means.join(". ")}.`,
    headers: { ...HEADERS, ...BESIDES[status] },
    content: { "application/problem+json": { schema } },
  };
}

/** Any other problem. */
export const UNNAMED = problemAnswer(["Any other problem"], PROBLEM);
