import { type Context, Hono } from "hono";
import { hourName, weekdayName } from "../calendar/wording.ts";
import { readLink, signLink } from "../links/token.ts";
import { linkUrl } from "../links/urls.ts";
import { listThemes } from "../sequences/queries.ts";
import { readAddress } from "../subscribers/address.ts";
import type { AppEnv } from "../web/app-env.ts";
import { pageContext } from "../web/page-context.ts";
import { problem } from "../web/problem.ts";
import { readForm } from "../web/read-form.ts";
import { renderPage } from "../web/render-page.ts";
import { UnknownLinkPage } from "../web/unknown-link-page.tsx";
import { confirmSignUp, slotOnConfirming } from "./confirm.ts";
import {
  CheckYourInboxPage,
  ClosedPage,
  ConfirmedPage,
  ConfirmPage,
  ExpiredPage,
  NotConfirmedPage,
} from "./confirm-pages.tsx";
import {
  type FieldFault,
  readSignUp,
  type SignUpReading,
  signUpFields,
  type TypedSignUp,
} from "./form-reading.ts";
import { HomePage } from "./home-page.tsx";
import { PrivacyPage } from "./privacy-page.tsx";
import { type ConsentView, readConsent } from "./queries.ts";
import { signUp } from "./sign-up.ts";

/** The sequence that the public page offers. */
const SEQUENCE = "strengthening-bonds";

type Ctx = Context<AppEnv>;

/** Public page, sign-up by form and by JSON, confirmation. */
export function signupRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/", (c) => homePage(c, { email: "", firstName: "" }, []))
    .get("/privacy", (c) => {
      const { owner, mail, provider } = c.var.config;
      const page = (
        <PrivacyPage
          context={pageContext(c.var.config)}
          owner={owner}
          contact={mail.replyTo}
          provider={provider.kind}
        />
      );
      return renderPage(page, { publicPage: true });
    })
    .get("/check-your-inbox", (c) => {
      const context = pageContext(c.var.config, c.req.query("to") ?? null);
      return renderPage(<CheckYourInboxPage context={context} />);
    })
    .get("/subscribe", (c) => c.redirect("/", 303))
    .post("/subscribe", async (c) => {
      const reading = read(c, signUpFields.safeParse(await readForm(c)).data);
      if (reading.kind === "faulty") return homePage(c, reading.typed, reading.faults);
      const result = await takeSignUp(c, { ...reading, page: "/", sequenceSlug: SEQUENCE });
      if (result === "no_sequence") return homePage(c, { email: "", firstName: "" }, []);
      if (result === "closed") return closedPage(c);
      const trial = c.var.config.provider.kind === "mailbox";
      const query = trial ? `?to=${encodeURIComponent(reading.address.address)}` : "";
      return c.redirect(`/check-your-inbox${query}`, 303);
    })
    .post("/api/v1/subscriptions", async (c) => {
      const body: unknown = await c.req.json().catch(() => null);
      const fields = signUpFields.safeParse(body);
      if (!fields.success) {
        const faults = fields.error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
        const detail = 'Send a JSON object such as {"email": "ada@gmail.com"}.';
        return problem(400, "Not a sign-up", detail, faults);
      }
      const reading = read(c, fields.data);
      if (reading.kind === "faulty") {
        return problem(
          422,
          "Faulty sign-up",
          "Mend the fields named below and send it again.",
          reading.faults,
        );
      }
      const result = await takeSignUp(c, { ...reading, page: c.req.path, sequenceSlug: SEQUENCE });
      if (result === "closed") {
        return problem(
          503,
          "Closed for the moment",
          "Sign-ups are taken again soon. Please try again later.",
        );
      }
      if (result === "no_sequence") {
        return problem(503, "Not open yet", "The letters are not published yet. Please try again later.");
      }
      return c.json({ status: "pending_confirmation" }, 202);
    })
    .get("/confirm/:token", (c) => confirmPage(c))
    .post("/confirm/:token", (c) => pressConfirm(c));
}

function read(c: Ctx, fields: Parameters<typeof readSignUp>[0] | undefined): SignUpReading {
  const { provider, defaultSlot } = c.var.config;
  return readSignUp(fields ?? { email: "", first_name: "", time_zone: "" }, {
    reservedAllowed: provider.kind === "mailbox",
    defaultTimeZone: defaultSlot.timeZone,
  });
}

async function homePage(c: Ctx, typed: TypedSignUp, faults: readonly FieldFault[]): Promise<Response> {
  const { config, db } = c.var;
  const themes = await listThemes(db, SEQUENCE);
  const { weekday, hour } = config.defaultSlot;
  const page = (
    <HomePage
      context={pageContext(config)}
      themes={themes.slice(0, 9)}
      slotWording={`Letters come on ${weekdayName(weekday)}s at ${hourName(hour)}, your time.`}
      typed={typed}
      faults={faults}
    />
  );
  return renderPage(page, faults.length > 0 ? { status: 422 } : { publicPage: c.req.method !== "POST" });
}

/** Takes the sign-up and hands its mail, if there is one, to the queue after the answer. */
async function takeSignUp(
  c: Ctx,
  request: Parameters<typeof signUp>[1],
): Promise<"taken" | "no_sequence" | "closed"> {
  const result = await signUp({ ...c.var, now: await c.var.now() }, request);
  if (result.kind === "taken" && result.batchId !== null) {
    c.executionCtx.waitUntil(c.env.CONFIRMATIONS.send({ batchId: result.batchId }));
  }
  return result.kind;
}

async function linkedConsent(
  c: Ctx,
): Promise<{ readonly expired: boolean; readonly consent: ConsentView } | null> {
  const token = c.req.param("token") ?? "";
  const reading = await readLink(c.var.config.signingSecrets, "confirm", token, await c.var.now());
  if (reading.kind === "invalid") return null;
  const consent = await readConsent(c.var.db, reading.id);
  return consent === null ? null : { expired: reading.kind === "expired", consent };
}

async function confirmPage(c: Ctx): Promise<Response> {
  const link = await linkedConsent(c);
  if (link === null) return unknownLink(c);
  const { consent } = link;
  const context = pageContext(c.var.config, consent.address);
  if (consent.confirmedAt !== null) return confirmedPage(c, consent);
  if (link.expired) return renderPage(<ExpiredPage context={context} action={c.req.path} />, { status: 410 });
  const { slot, nextDueAt } = slotOnConfirming(consent, c.var.config.defaultSlot, await c.var.now());
  return renderPage(
    <ConfirmPage context={context} consent={consent} slot={slot} nextDueAt={nextDueAt} action={c.req.path} />,
  );
}

async function pressConfirm(c: Ctx): Promise<Response> {
  const link = await linkedConsent(c);
  if (link === null) return unknownLink(c);
  if (link.expired && link.consent.confirmedAt === null) return renewLink(c, link.consent);
  const confirmed = await confirmSignUp({ ...c.var, now: await c.var.now() }, link.consent.consentId);
  if (confirmed === null) return unknownLink(c);
  if (confirmed === "closed") return closedPage(c);
  if (confirmed.welcomeBatchId !== null) {
    c.executionCtx.waitUntil(c.env.CONFIRMATIONS.send({ batchId: confirmed.welcomeBatchId }));
  }
  if (confirmed.consent.confirmedAt === null) {
    const page = <NotConfirmedPage context={pageContext(c.var.config)} contact={c.var.config.mail.replyTo} />;
    return renderPage(page, { status: 409 });
  }
  return confirmedPage(c, confirmed.consent);
}

/** A new act of the same person with the same details; under the same limits as any sign-up. */
async function renewLink(c: Ctx, consent: ConsentView): Promise<Response> {
  const address = readAddress(consent.address, { reservedAllowed: true });
  if (address.kind === "valid") {
    const { firstName, timeZone, sequenceSlug, page } = consent;
    const request = { address: address.value, firstName, timeZone, sequenceSlug, page };
    if ((await takeSignUp(c, request)) === "closed") return closedPage(c);
  }
  return renderPage(<CheckYourInboxPage context={pageContext(c.var.config, consent.address)} />);
}

async function confirmedPage(c: Ctx, consent: ConsentView): Promise<Response> {
  const { config } = c.var;
  const token = await signLink(config.signingSecrets[0], {
    purpose: "preferences",
    id: consent.subscriberId,
    expiresAt: null,
  });
  const preferencesUrl = linkUrl(config.publicUrl, "preferences", token);
  const context = pageContext(config, consent.address);
  return renderPage(<ConfirmedPage context={context} consent={consent} preferencesUrl={preferencesUrl} />);
}

function closedPage(c: Ctx): Promise<Response> {
  return renderPage(<ClosedPage context={pageContext(c.var.config)} />, { status: 503 });
}

function unknownLink(c: Ctx): Promise<Response> {
  return renderPage(<UnknownLinkPage context={pageContext(c.var.config)} />, { status: 404 });
}
