import { type Context, Hono } from "hono";
import { readAddress } from "../../domain/people/address.ts";
import { confirmSignUp, slotOnConfirming } from "../../domain/signup/confirm.ts";
import { denySignUp } from "../../domain/signup/deny.ts";
import { limitsOf } from "../../domain/signup/partners/limits.ts";
import { readPartnerById } from "../../domain/signup/partners/queries/partners.ts";
import { type ConsentView, readConsent } from "../../domain/signup/queries/confirm-consent.ts";
import { signUp } from "../../domain/signup/sign-up.ts";
import { signLink } from "../../platform/links/token.ts";
import { linkUrl } from "../../platform/links/urls.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { showPage } from "../ui/show-page.ts";
import { behindLink, unknownLink } from "../ui/signed-link.tsx";
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
import { showStopped, toldOf } from "./show-stopped.tsx";

type Ctx = Context<AppEnv>;

/** The page of a consent that was renewed by the button behind an expired link; its token is no page's name. */
const RENEWAL_PAGE = "/confirm";

type ConsentLink = { readonly expired: boolean; readonly consent: ConsentView };

const behindConfirmLink = behindLink(
  "confirm",
  async (c, { id, expired }): Promise<ConsentLink | null> => {
    const consent = await readConsent(c.var.db, id);
    return consent === null ? null : { expired, consent };
  },
  "also expired",
);

/** The page behind the link of a confirmation, and its button. */
export function confirmRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/confirm/:token", behindConfirmLink(confirmPage))
    .post("/confirm/:token", behindConfirmLink(pressConfirm))
    .get("/confirm/:token/deny", (c) => c.redirect(linkPath(c), 302))
    .post("/confirm/:token/deny", behindConfirmLink(pressDeny));
}

async function confirmPage(c: Ctx, link: ConsentLink): Promise<Response> {
  const { consent } = link;
  const person = consent.address;
  if (isErased(consent)) return erasedPage(c);
  if (consent.confirmedAt !== null) return confirmedPage(c, consent);
  if (consent.deniedAt !== null) return deniedPage(c);
  if (link.expired)
    return showPage(c, <ExpiredPage action={linkPath(c)} consent={consent} />, { status: 410, person });
  const { slot, nextDueAt } = slotOnConfirming(consent, c.var.config.defaultSlot, await c.var.now());
  const page = <ConfirmPage consent={consent} slot={slot} nextDueAt={nextDueAt} action={linkPath(c)} />;
  return showPage(c, page, { person });
}

async function pressConfirm(c: Ctx, link: ConsentLink): Promise<Response> {
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
    const page = <NotConfirmedPage contact={c.var.config.mail.replyTo} />;
    return showPage(c, page, { status: 409 });
  }
  return confirmedPage(c, confirmed.consent);
}

/** Deletes the sign-up, where it is not confirmed: what was confirmed can be left, and is not denied. */
async function pressDeny(c: Ctx, link: ConsentLink): Promise<Response> {
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
  return showPage(c, <ErasedConsentPage />);
}

function deniedPage(c: Ctx): Promise<Response> {
  return showPage(c, <DeniedPage />);
}

/**
 * A new act of the same person, on our page and with its wording before them; within the same budgets as any sign-up, and not for
 * a partner whose forms are switched off.
 */
async function renewLink(c: Ctx, consent: ConsentView): Promise<Response> {
  const { config, db } = c.var;
  const address = readAddress(consent.address, { reservedAllowed: true });
  const partner = consent.partnerId === null ? null : await readPartnerById(db, consent.partnerId);
  const person = consent.address;
  if (partner?.frozen === true) {
    return showPage(c, <FrozenPage language="en" />, { status: 403, person });
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
    };
    const base = { partner, verdict: { kind: "own", origin: config.publicUrl }, refusal: null } as const;
    const services = { ...c.var, now: await c.var.now() };
    const afresh = { ...base, kind: "taken", planned: false } as const;
    const result = await signUp(services, { kind: "passed", request, base, challenge: null, afresh });
    if (result.kind === "closed") return closedPage(c);
    if (result.kind === "stopped") return showStopped(c, await toldOf(c, result), "en");
    if (result.kind === "taken" && result.planned) {
      c.executionCtx.waitUntil(c.env.CONFIRMATIONS.send({ gather: "confirmations" }));
    }
  }
  return showPage(c, <CheckYourInboxPage language="en" />, { person });
}

async function confirmedPage(c: Ctx, consent: ConsentView): Promise<Response> {
  const { config } = c.var;
  const token = await signLink(config.signingSecrets[0], {
    purpose: "preferences",
    id: consent.subscriberId,
    expiresAt: null,
  });
  const preferencesUrl = linkUrl(config.publicUrl, "preferences", token);
  const person = consent.address;
  return showPage(c, <ConfirmedPage consent={consent} preferencesUrl={preferencesUrl} />, { person });
}

function closedPage(c: Ctx): Promise<Response> {
  return showPage(c, <ClosedPage />, { status: 503 });
}

function linkPath(c: Ctx): string {
  return `/confirm/${encodeURIComponent(c.req.param("token") ?? "")}`;
}
