/** Every problem that a program can be answered, by its stable code: the status and the title that go with it. */
export const PROBLEMS = {
  not_json: [400, "Not JSON"],
  not_signed_in: [401, "Not signed in"],
  not_signed: [401, "Not signed"],
  foreign: [403, "Not allowed from here"],
  unknown_key: [403, "Unknown form"],
  foreign_origin: [403, "Not allowed from here"],
  frozen: [403, "Closed"],
  "press:origin": [403, "Not proven"],
  "press:stamp": [403, "Not proven"],
  "press:wording": [403, "Not proven"],
  "press:challenge": [403, "Not proven"],
  not_found: [404, "Not found"],
  wrong_method: [405, "Wrong method"],
  not_re_armed: [409, "Not re-armed"],
  armed_already: [409, "Already armed"],
  under_way: [409, "Still in progress"],
  no_site: [409, "No site yet"],
  wrong_state: [409, "Not in this state"],
  made_elsewhere: [409, "Made elsewhere"],
  answer_lost: [409, "Done, but the answer was lost"],
  misdirected: [421, "Not this service's address"],
  insecure: [403, "Use https"],
  stale: [412, "Changed in the meantime"],
  too_large: [413, "Too large"],
  wrong_type: [415, "Wrong content type"],
  faulty: [422, "Not accepted"],
  key_reused: [422, "Key already used"],
  revision_missing: [428, "If-Match is missing"],
  rate: [429, "Too many requests"],
  "stopped:network": [429, "Too many sign-ups"],
  "stopped:form": [429, "Too many sign-ups"],
  "stopped:service": [429, "Too many sign-ups"],
  ours: [500, "Our fault"],
  not_set_up: [503, "Not set up"],
  closed: [503, "Closed for now"],
  not_open: [503, "Not open yet"],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

/** What a 401 says of how to sign (RFC 9110 section 11.6.1). The provider signs as Standard Webhooks says. */
const CHALLENGES = { not_signed_in: "Bearer", not_signed: "StandardWebhooks" } as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** A problem as a value. `detail` says what's wrong and what to do; `faults` lists single faults where there are several. */
export type Problem = {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly faults?: readonly unknown[];
  readonly headers?: Readonly<Record<string, string>>;
};

/** An RFC 9457 problem as an answer: `title`, `status`, `code`, `detail`, and `faults` where there are any. */
export function problem({ code, detail, faults, headers }: Problem): Response {
  const [status, title] = PROBLEMS[code];
  const body = { title, status, code, detail, ...(faults === undefined ? {} : { faults }) };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(code in CHALLENGES ? { "www-authenticate": CHALLENGES[code as keyof typeof CHALLENGES] } : {}),
      ...headers,
    },
  });
}
