import type { Context } from "hono";
import * as z from "zod";
import { findForm } from "../../domain/signup/find-form.ts";
import { NO_FIELDS, saidLanguage, signUpFields } from "../../domain/signup/form-reading.ts";
import type { OriginVerdict } from "../../domain/signup/gate/judge-origin.ts";
import { STAMP_MAX_MS } from "../../domain/signup/gate/stamp.ts";
import type { Outcome, PressWhy } from "../../domain/signup/judge-post.ts";
import { isPartnerOrigin } from "../../domain/signup/partners/queries/partners.ts";
import { type Language, languageOf } from "../../platform/texts/languages.ts";
import { endpoint } from "../api/endpoint.ts";
import { readValue } from "../api/faults.ts";
import { languageTag } from "../api/fields.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { type ProblemCode, problem } from "../ui/problem.ts";
import { readForm } from "../ui/read-form.ts";
import { freshStamp, placeOf } from "../ui/visitor.ts";
import { stoppedText, type Told } from "./confirm-pages.tsx";
import { ASKS_TOO_OFTEN, retryAfterOf, toldOf } from "./show-stopped.tsx";
import { formStamp, signUpFault } from "./sign-up-schemas.ts";
import { asksTooOften, subscribe } from "./subscribe.ts";

type Ctx = Context<AppEnv>;

const PREFLIGHT_SECONDS = 600;

const STRICT = z.strictObject(signUpFields.shape);

const FORM_CLOSED = {
  unknown_key: "No form has this key (any more)",
  foreign_origin: "The form may not be used on that site",
  frozen: "The form takes no sign-ups at the moment",
} as const;

/** Sign-up by program, and the stamp that every form needs; the embedded form's script uses both. */
export const SIGN_UP = [
  endpoint({
    method: "get",
    path: "/api/v1/form-stamp",
    name: "formStamp",
    tag: "Sign-up",
    summary: "What a form needs before it posts, a stamp and the wording to show",
    description:
      "The stamp holds for this form and the asking network, for a day and four posts. A partner's own pages may read the answer, no other site's.",
    open: true,
    query: z.strictObject({
      partner: z
        .string()
        .max(4000)
        .optional()
        .meta({ description: "The form key; without it the form of our own page" }),
      sequence: z.string().max(60).optional().meta({
        description: "Of our own page, the sequence by its slug; needed where there are several",
      }),
      language: languageTag.optional().meta({ description: "The form's language" }),
    }),
    answers: {
      200: { description: "The stamp, and what the form's visitors agree to now", schema: formStamp },
    },
    problems: { ...FORM_CLOSED, rate: "The network asks too often; a minute's rest helps" },
    preflight: (c) => preflight(c, "GET"),
    run: async (c, { query: { partner = "", sequence = "", language } }) => {
      const said = language === undefined ? null : languageOf(language);
      return { response: await giveStamp(c, partner, { sequence, language: said }) };
    },
  }),
  endpoint({
    method: "post",
    path: "/api/v1/subscriptions",
    name: "subscribe",
    tag: "Sign-up",
    summary: "Sign an address up; the same answer for every state of the address",
    description:
      "Takes a stamp of /api/v1/form-stamp and the version of the wording that the visitor saw. A stamp younger than two seconds is waited for. An address or domain that too many confirmations were asked for gets the same 202, and no mail. A partner's own pages may read the answer, no other site's. Unknown fields of a form are ignored, those of JSON are refused; a field of ours that is longer than 3000 characters counts as not sent.",
    open: true,
    body: STRICT.meta({ id: "SignUp" }),
    form: signUpFields.meta({ id: "SignUpForm" }),
    readsItsBody: true,
    answers: {
      202: {
        description: "A confirmation is on its way where there is anything to confirm",
        schema: z.object({ status: z.literal("pending_confirmation") }),
      },
    },
    problems: {
      ...FORM_CLOSED,
      "press:origin": "What was sent doesn't prove a visitor of the form: there is no Origin",
      "press:stamp": "The stamp is missing, too old, or another form's or network's",
      "press:wording": "The wording isn't one of the form's",
      "press:challenge": "A challenge must be passed, which our own page shows",
      faulty: "The visitor should look again at what they typed, or the request isn't a sign-up",
      "stopped:network":
        "Very many sign-ups came from that network; `Retry-After` says when to try again, and `detail` in the visitor's language",
      "stopped:form": "The same, through this form",
      "stopped:service": "The same, of all forms together",
      closed: "No sign-ups are taken for the moment",
      not_open: "No letters are published yet, or the sequence is archived",
    },
    faults: signUpFault,
    act: null,
    preflight: (c) => preflight(c, "POST"),
    run: async (c) => ({ response: await post(c) }),
  }),
];

async function giveStamp(
  c: Ctx,
  formKey: string,
  about: { readonly sequence: string; readonly language: Language | null },
): Promise<Response> {
  if (await asksTooOften(c)) {
    return problem({
      code: "rate",
      detail: "Wait a minute and try again.",
      headers: { "retry-after": "60" },
    });
  }
  const { db, config } = c.var;
  const { sequence, language } = about;
  const place = { ...placeOf(c), formKey, wordingVersion: "", sequence, language };
  const { known, partner, verdict, wording } = await findForm({ db, config, now: await c.var.now() }, place);
  if (!known) return allow(c, verdict, refused("unknown_key"));
  if (verdict.kind === "foreign") return allow(c, verdict, refused("foreign_origin"));
  if (partner?.frozen === true) return allow(c, verdict, refused("frozen"));
  const stamp = await freshStamp(c, { formKey, from: "" });
  const { version, text, locale } = wording;
  const answer = c.json(
    formStamp.parse({ stamp, valid_for_seconds: STAMP_MAX_MS / 1000, wording: { version, text, locale } }),
    200,
    { "cache-control": "no-store" },
  );
  return allow(c, verdict, answer);
}

async function post(c: Ctx): Promise<Response> {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  const isForm = type === "application/x-www-form-urlencoded" || type === "multipart/form-data";
  if (!isForm && type !== "application/json") {
    return problem({
      code: "wrong_type",
      detail: "Send JSON (content-type: application/json) or form fields.",
    });
  }
  const body: unknown = isForm ? await readForm(c) : await c.req.json().catch(() => undefined);
  if (body === undefined) {
    return problem({
      code: "not_json",
      detail: 'Send a JSON object such as {"email": "ada@gmail.com", "stamp": "…", "wording": "…"}.',
    });
  }
  const fields = readValue(isForm ? signUpFields : STRICT, body);
  if (fields.kind === "faulty") {
    return problem({ code: "faulty", detail: FIX, faults: fields.faults });
  }
  const said = saidLanguage(fields.value ?? NO_FIELDS);
  if (await asksTooOften(c)) return tooMany(ASKS_TOO_OFTEN, said ?? "en");
  const outcome = await subscribe(c, fields.value ?? NO_FIELDS);
  if (outcome.kind === "stopped")
    return allow(c, outcome.verdict, tooMany(await toldOf(c, outcome), outcome.language));
  return allow(c, outcome.verdict, answerOf(c, outcome));
}

const FIX = "Fix the fields named below and send it again.";

function answerOf(c: Ctx, outcome: Exclude<Outcome, { readonly kind: "stopped" }>): Response {
  switch (outcome.kind) {
    case "taken":
      return pending(c);
    case "unknown_key":
      return refused("unknown_key");
    case "foreign":
      return refused("foreign_origin");
    case "frozen":
      return refused("frozen");
    case "closed":
      return refused("closed");
    case "no_sequence":
      return refused("not_open");
    case "press":
      if (outcome.faults.length > 0) return problem({ code: "faulty", detail: FIX, faults: outcome.faults });
      return refused(PRESS[outcome.why]);
  }
}

/** "faulty" and "suggestion" come with faults. */
const PRESS = {
  origin: "press:origin",
  stamp: "press:stamp",
  wording: "press:wording",
  challenge: "press:challenge",
  faulty: "press:stamp",
  suggestion: "press:stamp",
} as const satisfies Readonly<Record<PressWhy, ProblemCode>>;

const ASK_FOR_A_STAMP =
  "Ask GET /api/v1/form-stamp for a stamp and the wording, and send both along from one of the form's origins.";

const DETAILS = {
  unknown_key: "No form has this key (any more).",
  foreign_origin: "This form may not be used on that site.",
  frozen: "This form takes no sign-ups at the moment.",
  closed: "Sign-ups are taken again soon. Please try again later.",
  not_open: "The letters are not published yet. Please try again later.",
  "press:origin": ASK_FOR_A_STAMP,
  "press:stamp": ASK_FOR_A_STAMP,
  "press:wording": "This form has never shown that wording. GET /api/v1/form-stamp tells the one to show.",
  "press:challenge":
    "Many sign-ups come in at the moment: a person has to go on at the form's own page, POST /subscribe.",
} as const satisfies Partial<Record<ProblemCode, string>>;

function refused(code: keyof typeof DETAILS): Response {
  return problem({ code, detail: DETAILS[code] });
}

/** `detail` is for the visitor, in the language of the form. */
function tooMany(stop: Told, language: Language): Response {
  return problem({
    code: `stopped:${stop.by}`,
    detail: stoppedText(stop, language),
    headers: { "retry-after": retryAfterOf(stop) },
  });
}

function pending(c: Ctx): Response {
  return c.json({ status: "pending_confirmation" }, 202, { "cache-control": "no-store" });
}

/** Lets the partner's page read the answer, and nobody else's; never with credentials. */
function allow(c: Ctx, verdict: OriginVerdict, answer: Response): Response {
  answer.headers.set("vary", "Origin");
  if (verdict.kind === "partner") {
    answer.headers.set("access-control-allow-origin", verdict.origin);
    c.set("ownHeaders", { "cross-origin-resource-policy": "cross-origin" });
  }
  return answer;
}

/** A preflight names no form: an origin of any partner may ask; the request itself is held against its form. */
async function preflight(c: Ctx, method: "GET" | "POST"): Promise<Readonly<Record<string, string>>> {
  const origin = c.req.header("origin") ?? "";
  const known = origin !== "" && origin.length < 300 && (await isPartnerOrigin(c.var.db, origin));
  const vary = { vary: "Origin" };
  if (!known) return vary;
  return {
    ...vary,
    "access-control-allow-origin": origin,
    "access-control-allow-methods": method,
    "access-control-allow-headers": "content-type",
    "access-control-max-age": String(PREFLIGHT_SECONDS),
  };
}
