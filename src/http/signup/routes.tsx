import { type Context, Hono, type MiddlewareHandler } from "hono";
import {
  NO_FIELDS,
  type SignUpFields,
  saidLanguage,
  signUpFields,
} from "../../domain/signup/form-reading.ts";
import type { Outcome } from "../../domain/signup/judge-post.ts";
import type { Partner } from "../../domain/signup/partners/partner.ts";
import { showForm, showHome, TELLS_ITSELF } from "../site/show-home.tsx";
import type { AppEnv } from "../ui/app-env.ts";
import { pagePolicy } from "../ui/page-policy.ts";
import { readForm } from "../ui/read-form.ts";
import { showPage } from "../ui/show-page.ts";
import { freshStamp } from "../ui/visitor.ts";
import { ClosedPage, DisconnectedFormPage, FrozenPage } from "./confirm-pages.tsx";
import { inboxPath, showInbox } from "./inbox.tsx";
import { PressPage } from "./press-page.tsx";
import { ASKS_TOO_OFTEN, showStopped, toldOf } from "./show-stopped.tsx";
import { asksTooOften, subscribe } from "./subscribe.ts";

type Ctx = Context<AppEnv>;

const TURNSTILE_ORIGIN = "https://challenges.cloudflare.com";

/** Browsers show no page with an opener policy in a window that a sandboxed frame opened, as site builders' frames are. */
const fromAnyFrame: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  c.set("ownHeaders", { ...c.var.ownHeaders, "cross-origin-opener-policy": "unsafe-none" });
};

/** Sign-up by form. */
export function signupRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .use("/subscribe", fromAnyFrame)
    .use("/check-your-inbox", fromAnyFrame)
    .get("/check-your-inbox", (c) => showInbox(c))
    .get("/subscribe", (c) => c.redirect("/", 303))
    .post("/subscribe", (c) => post(c));
}

async function post(c: Ctx): Promise<Response> {
  const fields = signUpFields.safeParse(await readForm(c)).data ?? NO_FIELDS;
  if (await asksTooOften(c)) return showStopped(c, ASKS_TOO_OFTEN, saidLanguage(fields) ?? "en");
  const outcome = await subscribe(c, fields);
  const { language } = outcome;
  c.set("language", language);
  switch (outcome.kind) {
    case "taken":
      return afterwards(c, fields, outcome);
    case "unknown_key":
    case "foreign":
      return showPage(c, <DisconnectedFormPage />, { status: 403 });
    case "frozen":
      return showPage(c, <FrozenPage />, { status: 403 });
    case "stopped":
      return showStopped(c, await toldOf(c, outcome), language);
    case "closed":
      return showPage(c, <ClosedPage />, { status: 503 });
    case "no_sequence":
      return showHome(c);
    case "press": {
      const ownForm = outcome.partner === null && fields.from === "" && outcome.why === "faulty";
      return ownForm ? showForm(c, fields, outcome.faults) : pressPage(c, fields, outcome);
    }
  }
}

/** Where a visitor is led after a sign-up: an address of the partner's list, by its id and nothing else, or our own page. */
async function afterwards(c: Ctx, fields: SignUpFields, outcome: Outcome): Promise<Response> {
  const returnUrl = returnUrlOf(outcome.partner, fields.return);
  return c.redirect(returnUrl ?? (await inboxPath(c, fields.email, outcome)), 303);
}

function returnUrlOf(partner: Partner | null, id: string): string | null {
  return partner !== null && Object.hasOwn(partner.returnUrls, id) ? (partner.returnUrls[id] ?? null) : null;
}

async function pressPage(
  c: Ctx,
  fields: SignUpFields,
  outcome: Extract<Outcome, { readonly kind: "press" }>,
): Promise<Response> {
  const { config } = c.var;
  const { partner, wording, sequence, from, why, faults } = outcome;
  const formKey = partner === null ? "" : fields.partner;
  const asked = why === "challenge" || fields.challenge !== "";
  const challenge = asked ? (config.turnstile?.siteKey ?? null) : null;
  const returnUrl = returnUrlOf(partner, fields.return);
  c.set("ownHeaders", {
    "content-security-policy": pagePolicy({
      formAction: returnUrl === null ? [] : [new URL(returnUrl).origin],
      ...(challenge === null ? {} : { script: [TURNSTILE_ORIGIN], frame: [TURNSTILE_ORIGIN] }),
    }),
    ...TELLS_ITSELF,
  });
  const carried = {
    partner: formKey,
    wording: wording.version,
    sequence: fields.sequence,
    return: returnUrl === null ? "" : fields.return,
    time_zone: fields.time_zone,
    page: fields.page,
    from,
    keep_domain: why === "suggestion" ? "" : fields.keep_domain,
    stamp: await freshStamp(c, { formKey, from }),
  };
  const page = (
    <PressPage
      why={why}
      typed={fields}
      faults={faults}
      wording={wording}
      question={sequence?.settings.question ?? null}
      hidden={Object.fromEntries(
        // The page's script fills in a time zone that the form had no word of.
        Object.entries(carried).filter(([name, value]) => name === "time_zone" || value !== ""),
      )}
      challenge={challenge}
    />
  );
  return showPage(c, page, { status: faults.some((fault) => fault.suggestion === undefined) ? 422 : 200 });
}
