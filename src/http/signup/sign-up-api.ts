import { type Context, Hono } from "hono";
import { findForm } from "../../domain/signup/find-form.ts";
import { NO_FIELDS, signUpFields } from "../../domain/signup/form-reading.ts";
import type { OriginVerdict } from "../../domain/signup/gate/judge-origin.ts";
import { STAMP_MAX_MS } from "../../domain/signup/gate/stamp.ts";
import type { Outcome, PressWhy } from "../../domain/signup/judge-post.ts";
import { isPartnerOrigin } from "../../domain/signup/partners/queries/partners.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { problem } from "../ui/problem.ts";
import { readForm } from "../ui/read-form.ts";
import { freshStamp, placeOf } from "../ui/visitor.ts";
import { asksTooOften, subscribe } from "./subscribe.ts";

type Ctx = Context<AppEnv>;

const PREFLIGHT_SECONDS = 600;

/** Sign-up by program, and the stamp that every form needs; the embedded form's script uses both. */
export function signUpApi(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/form-stamp", (c) => giveStamp(c))
    .options("/form-stamp", (c) => preflight(c, "GET"))
    .post("/subscriptions", (c) => post(c))
    .options("/subscriptions", (c) => preflight(c, "POST"));
}

async function giveStamp(c: Ctx): Promise<Response> {
  if (await asksTooOften(c)) {
    const answer = refused(429, "Too many requests", "Wait a minute and try again.", "rate");
    answer.headers.set("retry-after", "60");
    return answer;
  }
  const formKey = c.req.query("partner") ?? "";
  const { db, config } = c.var;
  const place = { ...placeOf(c), formKey, wordingVersion: "" };
  const { known, partner, verdict, wording } = await findForm({ db, config, now: await c.var.now() }, place);
  if (!known) {
    return allow(c, verdict, unknownKey());
  }
  if (verdict.kind === "foreign") {
    return allow(c, verdict, foreign());
  }
  if (partner?.frozen === true) {
    return allow(c, verdict, frozen());
  }
  const stamp = await freshStamp(c, { formKey, from: "" });
  const { version, text, locale } = wording;
  const answer = c.json(
    { stamp, valid_for_seconds: STAMP_MAX_MS / 1000, wording: { version, text, locale } },
    200,
    { "cache-control": "no-store" },
  );
  return allow(c, verdict, answer);
}

async function post(c: Ctx): Promise<Response> {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  const isForm = type === "application/x-www-form-urlencoded" || type === "multipart/form-data";
  if (!isForm && type !== "application/json") {
    return problem(415, "Not understood", "Send JSON (content-type: application/json) or form fields.");
  }
  const body: unknown = isForm ? await readForm(c) : await c.req.json().catch(() => null);
  const fields = signUpFields.safeParse(body);
  if (!fields.success) {
    const faults = fields.error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
    const detail = 'Send a JSON object such as {"email": "ada@gmail.com", "stamp": "…", "wording": "…"}.';
    return problem(400, "Not a sign-up", detail, faults);
  }
  if (await asksTooOften(c)) return pending(c);
  const outcome = await subscribe(c, fields.data ?? NO_FIELDS);
  return allow(c, outcome.verdict, answerOf(c, outcome));
}

function answerOf(c: Ctx, outcome: Outcome): Response {
  switch (outcome.kind) {
    case "taken":
      return pending(c);
    case "unknown_key":
      return unknownKey();
    case "foreign":
      return foreign();
    case "frozen":
      return frozen();
    case "closed":
      return refused(
        503,
        "Closed for the moment",
        "Sign-ups are taken again soon. Please try again later.",
        "closed",
      );
    case "no_sequence":
      return refused(
        503,
        "Not open yet",
        "The letters are not published yet. Please try again later.",
        "not_open",
      );
    case "press":
      if (outcome.faults.length > 0) {
        const detail = "Mend the fields named below and send it again.";
        return problem(422, "Faulty sign-up", detail, outcome.faults);
      }
      return refused(403, "Not proven", NOT_PROVEN[outcome.why], `press:${outcome.why}`);
  }
}

const ASK_FOR_A_STAMP =
  "Ask GET /api/v1/form-stamp for a stamp and the wording, and send both along from one of the form's origins.";

const NOT_PROVEN: Readonly<Record<PressWhy, string>> = {
  origin: ASK_FOR_A_STAMP,
  stamp: ASK_FOR_A_STAMP,
  wording: "This form has never shown that wording. GET /api/v1/form-stamp tells the one to show.",
  challenge:
    "Many sign-ups come in at the moment: a person has to go on at the form's own page, POST /subscribe.",
  faulty: ASK_FOR_A_STAMP,
  suggestion: ASK_FOR_A_STAMP,
};

function pending(c: Ctx): Response {
  return c.json({ status: "pending_confirmation" }, 202, { "cache-control": "no-store" });
}

function refused(status: 403 | 429 | 503, title: string, detail: string, code: string): Response {
  return problem(status, title, detail, undefined, code);
}

function unknownKey(): Response {
  return refused(403, "Unknown form", "No form has this key (any more).", "unknown_key");
}

function foreign(): Response {
  return refused(403, "Not from here", "This form may not be used on that site.", "foreign_origin");
}

function frozen(): Response {
  return refused(403, "Closed", "This form takes no sign-ups at the moment.", "frozen");
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
async function preflight(c: Ctx, method: "GET" | "POST"): Promise<Response> {
  const origin = c.req.header("origin") ?? "";
  const known = origin !== "" && origin.length < 300 && (await isPartnerOrigin(c.var.db, origin));
  return c.body(null, 204, {
    vary: "Origin",
    allow: `${method}, OPTIONS`,
    ...(known
      ? {
          "access-control-allow-origin": origin,
          "access-control-allow-methods": method,
          "access-control-allow-headers": "content-type",
          "access-control-max-age": String(PREFLIGHT_SECONDS),
        }
      : {}),
  });
}
