import { type Context, Hono } from "hono";
import { readLink, signLink } from "../links/token.ts";
import { linkUrl } from "../links/urls.ts";
import { DEFAULT_LIMITS } from "../partners/limits.ts";
import { readAddress } from "../subscribers/address.ts";
import type { AppEnv } from "../web/app-env.ts";
import { pageContext } from "../web/page-context.ts";
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
import { visitorNetwork } from "./door.ts";
import { type ConsentView, readConsent } from "./queries.ts";
import { signUp } from "./sign-up.ts";

type Ctx = Context<AppEnv>;

/** The page behind the link of a confirmation, and its button. */
export function confirmRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/confirm/:token", (c) => confirmPage(c))
    .post("/confirm/:token", (c) => pressConfirm(c));
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

/** A new act of the same person with the same details; within the same budgets as any sign-up. */
async function renewLink(c: Ctx, consent: ConsentView): Promise<Response> {
  const address = readAddress(consent.address, { reservedAllowed: true });
  if (address.kind === "valid") {
    const { firstName, timeZone, sequenceSlug, page, origin, partnerId, formKey } = consent;
    const result = await signUp(
      { ...c.var, now: await c.var.now() },
      {
        address: address.value,
        firstName,
        timeZone,
        sequenceSlug,
        page,
        origin,
        partnerId,
        formKey,
        wording: { version: consent.wordingVersion, locale: consent.locale },
        network: visitorNetwork(c),
        stampNonce: null,
        // Whoever has the link reads that mailbox.
        proven: true,
        limits: DEFAULT_LIMITS,
      },
    );
    if (result.kind === "closed") return closedPage(c);
    if (result.kind === "taken" && result.batchId !== null) {
      c.executionCtx.waitUntil(c.env.CONFIRMATIONS.send({ batchId: result.batchId }));
    }
  }
  return renderPage(
    <CheckYourInboxPage context={pageContext(c.var.config, consent.address)} language="en" />,
  );
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
