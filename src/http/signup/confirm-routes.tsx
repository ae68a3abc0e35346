import { type Context, Hono } from "hono";
import { readAddress } from "../../domain/people/address.ts";
import { confirmSignUp, slotOnConfirming } from "../../domain/signup/confirm.ts";
import { denySignUp } from "../../domain/signup/deny.ts";
import { limitsOf } from "../../domain/signup/partners/limits.ts";
import { readPartnerById } from "../../domain/signup/partners/queries/partners.ts";
import { type ConsentView, readConsent } from "../../domain/signup/queries/confirm-consent.ts";
import { signUp } from "../../domain/signup/sign-up.ts";
import { readLink, signLink } from "../../platform/links/token.ts";
import { linkUrl } from "../../platform/links/urls.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { pageContext } from "../ui/page-context.ts";
import { renderPage } from "../ui/render-page.ts";
import { UnknownLinkPage } from "../ui/unknown-link-page.tsx";
import { visitorNetwork } from "../ui/visitor.ts";
import {
  CheckYourInboxPage,
  ClosedPage,
  ConfirmedPage,
  ConfirmPage,
  DeniedPage,
  ErasedConsentPage,
  ExpiredPage,
  FrozenPage,
  NotConfirmedPage,
} from "./confirm-pages.tsx";

type Ctx = Context<AppEnv>;

/** The page of a consent that was renewed by the button behind an expired link; its token is no page's name. */
const RENEWAL_PAGE = "/confirm";

/** The page behind the link of a confirmation, and its button. */
export function confirmRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/confirm/:token", (c) => confirmPage(c))
    .post("/confirm/:token", (c) => pressConfirm(c))
    .get("/confirm/:token/deny", (c) => c.redirect(linkPath(c), 302))
    .post("/confirm/:token/deny", (c) => pressDeny(c));
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
  if (isErased(consent)) return erasedPage(c);
  if (consent.confirmedAt !== null) return confirmedPage(c, consent);
  if (consent.deniedAt !== null) return deniedPage(c);
  if (link.expired)
    return renderPage(<ExpiredPage context={context} action={linkPath(c)} consent={consent} />, {
      status: 410,
    });
  const { slot, nextDueAt } = slotOnConfirming(consent, c.var.config.defaultSlot, await c.var.now());
  return renderPage(
    <ConfirmPage
      context={context}
      consent={consent}
      slot={slot}
      nextDueAt={nextDueAt}
      action={linkPath(c)}
    />,
  );
}

async function pressConfirm(c: Ctx): Promise<Response> {
  const link = await linkedConsent(c);
  if (link === null) return unknownLink(c);
  if (isErased(link.consent)) return erasedPage(c);
  if (link.consent.confirmedAt === null && link.consent.deniedAt !== null) return deniedPage(c);
  if (link.expired && link.consent.confirmedAt === null) return renewLink(c, link.consent);
  const confirmed = await confirmSignUp({ ...c.var, now: await c.var.now() }, link.consent.consentId);
  if (confirmed === null) return unknownLink(c);
  if (confirmed === "closed") return closedPage(c);
  if (confirmed.welcomed) {
    c.executionCtx.waitUntil(c.env.CONFIRMATIONS.send({ gather: "confirmations" }));
  }
  if (confirmed.consent.confirmedAt === null) {
    const page = <NotConfirmedPage context={pageContext(c.var.config)} contact={c.var.config.mail.replyTo} />;
    return renderPage(page, { status: 409 });
  }
  return confirmedPage(c, confirmed.consent);
}

/** Deletes the sign-up, where it is not confirmed: what was confirmed can be left, and is not denied. */
async function pressDeny(c: Ctx): Promise<Response> {
  const link = await linkedConsent(c);
  if (link === null) return unknownLink(c);
  const { consent } = link;
  if (isErased(consent)) return erasedPage(c);
  if (consent.confirmedAt !== null) return confirmedPage(c, consent);
  const result = await denySignUp({ ...c.var, now: await c.var.now() }, consent.consentId);
  if (result === "closed") return closedPage(c);
  // Somebody may have confirmed in the same moment.
  const after = await readConsent(c.var.db, consent.consentId);
  return after?.confirmedAt == null ? deniedPage(c) : confirmedPage(c, after);
}

/** Whether its person has been a reader and was erased since. */
function isErased(consent: ConsentView): boolean {
  return consent.confirmedAt !== null && consent.address === "";
}

function erasedPage(c: Ctx): Promise<Response> {
  return renderPage(<ErasedConsentPage context={pageContext(c.var.config)} />);
}

function deniedPage(c: Ctx): Promise<Response> {
  return renderPage(<DeniedPage context={pageContext(c.var.config)} />);
}

/**
 * A new act of the same person, on our page and with its wording before them; within the same budgets as any sign-up, and not for
 * a partner whose forms are switched off.
 */
async function renewLink(c: Ctx, consent: ConsentView): Promise<Response> {
  const { config, db } = c.var;
  const address = readAddress(consent.address, { reservedAllowed: true });
  const partner = consent.partnerId === null ? null : await readPartnerById(db, consent.partnerId);
  const context = pageContext(config, consent.address);
  if (partner?.frozen === true) {
    return renderPage(<FrozenPage context={context} language="en" />, { status: 403 });
  }
  if (address.kind === "valid") {
    const { told, timeZone, sequenceSlug, partnerId, formKey } = consent;
    const request = {
      address: address.value,
      told,
      timeZone,
      sequenceSlug,
      page: RENEWAL_PAGE,
      origin: config.publicUrl,
      partnerId,
      formKey,
      wording: { version: consent.wordingVersion, locale: consent.locale },
      network: visitorNetwork(c),
      stampNonce: null,
      // Whoever has the link reads that mailbox.
      proven: true,
      limits: limitsOf(partner),
      dailyLimitSet: partner !== null && partner.dailyLimit !== null,
    };
    const base = { partner, verdict: { kind: "own", origin: config.publicUrl }, refusal: null } as const;
    const services = { ...c.var, now: await c.var.now() };
    const result = await signUp(services, { kind: "passed", request, base, challenge: null });
    if (result.kind === "closed") return closedPage(c);
    if (result.kind === "taken" && result.planned) {
      c.executionCtx.waitUntil(c.env.CONFIRMATIONS.send({ gather: "confirmations" }));
    }
  }
  return renderPage(<CheckYourInboxPage context={context} language="en" />);
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

function linkPath(c: Ctx): string {
  return `/confirm/${encodeURIComponent(c.req.param("token") ?? "")}`;
}
