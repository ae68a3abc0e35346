import { type Context, Hono } from "hono";
import { readAddress } from "../../domain/people/address.ts";
import { listOffered } from "../../domain/sequences/queries/joinable.ts";
import { readReader } from "../../domain/sequences/queries/reader.ts";
import {
  type Confirmed,
  confirmSignUp,
  enrolledOnConfirming,
  readPosition,
} from "../../domain/signup/confirm.ts";
import { denySignUp } from "../../domain/signup/deny.ts";
import { limitsOf } from "../../domain/signup/partners/limits.ts";
import { readPartnerById } from "../../domain/signup/partners/queries/partners.ts";
import { type ConsentView, readConsent } from "../../domain/signup/queries/confirm-consent.ts";
import { signUp } from "../../domain/signup/sign-up.ts";
import { askForAccess } from "../reader/ask-for-access.tsx";
import { dataPath, preferencesPath } from "../reader/data-routes.tsx";
import type { AppEnv } from "../ui/app-env.ts";
import { showPage } from "../ui/show-page.ts";
import { behindLink, tokenOf, unknownLink } from "../ui/signed-link.tsx";
import { visitorNetwork } from "../ui/visitor.ts";
import {
  ClosedPage,
  ConfirmedPage,
  ConfirmPage,
  DeniedPage,
  ErasedConsentPage,
  ExpiredPage,
  FrozenPage,
  type JustConfirmed,
  NotConfirmedPage,
} from "./confirm-pages.tsx";
import { CheckYourInboxPage } from "./inbox.tsx";
import { showStopped, toldOf } from "./show-stopped.tsx";

type Ctx = Context<AppEnv>;

/** The page of a consent that was renewed by the button behind an expired link; its token is no page's name. */
const RENEWAL_PAGE = "/confirm";

/** How long the first letter waits for the welcome to go before it. */
const FIRST_LETTER_BEHIND_S = 3;

type ConsentLink = { readonly expired: boolean; readonly consent: ConsentView };

const behindConfirmLink = behindLink(
  "confirm",
  async (c, { id, expired }): Promise<ConsentLink | null> => {
    const consent = await readConsent(c.var.db, id);
    if (consent === null) return null;
    c.set("language", consent.language);
    return { expired, consent };
  },
  "also expired",
);

/** The page behind the link of a confirmation, and its button. */
export function confirmRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/confirm/:token", behindConfirmLink(confirmPage))
    .post("/confirm/:token", behindConfirmLink(pressConfirm))
    .get("/confirm/:token/link", (c) => c.redirect(linkPath(c), 302))
    .post(
      "/confirm/:token/link",
      behindConfirmLink((c, { consent }) =>
        consent.confirmedAt === null ? unknownLink(c) : askForAccess(c, consent.subscriberId),
      ),
    )
    .get("/confirm/:token/deny", (c) => c.redirect(linkPath(c), 302))
    .post("/confirm/:token/deny", behindConfirmLink(pressDeny));
}

async function confirmPage(c: Ctx, link: ConsentLink): Promise<Response> {
  const { consent } = link;
  const person = consent.address;
  if (isErased(consent)) return erasedPage(c);
  if (consent.confirmedAt !== null) return confirmedPage(c, link);
  if (consent.deniedAt !== null) return deniedPage(c);
  if (link.expired)
    return showPage(c, <ExpiredPage action={linkPath(c)} consent={consent} />, { status: 410, person });
  const position = await readPosition(c.var.db, consent);
  const enrolled = enrolledOnConfirming(consent, await c.var.site(), position, await c.var.now());
  const page = <ConfirmPage consent={consent} enrolled={enrolled} action={linkPath(c)} />;
  return showPage(c, page, { person });
}

async function pressConfirm(c: Ctx, link: ConsentLink): Promise<Response> {
  if (isErased(link.consent)) return erasedPage(c);
  if (link.consent.confirmedAt === null && link.consent.deniedAt !== null) return deniedPage(c);
  if (link.expired && link.consent.confirmedAt === null) return renewLink(c, link.consent);
  const deps = { ...c.var, now: await c.var.now() };
  const confirmed = await confirmSignUp(deps, await c.var.site(), link.consent.consentId);
  if (confirmed === null) return unknownLink(c);
  if (confirmed === "closed") return closedPage(c);
  if (confirmed.welcomed) {
    c.executionCtx.waitUntil(c.env.CONFIRMATIONS.send({ gather: "confirmations" }));
  }
  if (confirmed.begun) {
    // The welcome is to be the first to arrive.
    c.executionCtx.waitUntil(
      c.env.LETTERS.send({ gather: "letters" }, { delaySeconds: FIRST_LETTER_BEHIND_S }),
    );
  }
  if (confirmed.consent.confirmedAt === null) {
    const page = <NotConfirmedPage contact={c.var.config.mail.replyTo} />;
    return showPage(c, page, { status: 409 });
  }
  const { consent, begun } = confirmed;
  return confirmedPage(c, { consent, expired: link.expired }, { begun });
}

/** Deletes the sign-up, where it is not confirmed: what was confirmed can be left, and is not denied. */
async function pressDeny(c: Ctx, link: ConsentLink): Promise<Response> {
  const { consent } = link;
  if (isErased(consent)) return erasedPage(c);
  if (consent.confirmedAt !== null) return confirmedPage(c, link);
  const result = await denySignUp({ ...c.var, now: await c.var.now() }, consent.consentId, visitorNetwork(c));
  if (result === "closed") return closedPage(c);
  // Someone may have confirmed in the same moment.
  const after = await readConsent(c.var.db, consent.consentId);
  return after?.confirmedAt == null ? deniedPage(c) : confirmedPage(c, { ...link, consent: after });
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
 * A new act of the same person, on our page and with its wording before them. The link proves the mailbox, so neither the mail
 * domain's budget nor the breakers stop it. An address gets one a day; the network's budgets, the partner's day and an earlier report of
 * the address hold as for any sign-up. Not for a partner whose forms are switched off.
 */
async function renewLink(c: Ctx, consent: ConsentView): Promise<Response> {
  const { config, db } = c.var;
  const address = readAddress(consent.address, { reservedAllowed: true });
  const partner = consent.partnerId === null ? null : await readPartnerById(db, consent.partnerId);
  const person = consent.address;
  if (partner?.frozen === true) {
    return showPage(c, <FrozenPage />, { status: 403, person });
  }
  if (address.kind === "valid") {
    const { told, answer, language, timeZone, sequenceSlug, partnerId, formKey } = consent;
    const request = {
      address: address.value,
      told,
      answer,
      language,
      timeZone,
      sequenceSlug,
      page: RENEWAL_PAGE,
      origin: config.publicUrl,
      partnerId,
      formKey,
      wording: { version: consent.wordingVersion, locale: consent.locale },
      network: visitorNetwork(c),
      stampNonce: null,
      stampOnce: false,
      // The link was mailed, so its holder reads that mailbox.
      proven: true,
      renewal: true,
      limits: limitsOf(partner),
    };
    const base = {
      partner,
      verdict: { kind: "own", origin: config.publicUrl },
      refusal: null,
      language,
      sequence: null,
    } as const;
    const services = { ...c.var, now: await c.var.now() };
    const afresh = { ...base, kind: "taken", planned: false } as const;
    const result = await signUp(services, { kind: "passed", request, base, challenge: null, afresh });
    if (result.kind === "closed") return closedPage(c);
    if (result.kind === "stopped") return showStopped(c, await toldOf(c, result), consent.language);
    if (result.kind === "taken" && result.planned) {
      c.executionCtx.waitUntil(c.env.CONFIRMATIONS.send({ gather: "confirmations" }));
    }
  }
  return showPage(c, <CheckYourInboxPage typed={null} from={c.var.config.mail.from} />, { person });
}

/** What a press that confirmed came to. */
type Pressed = Pick<Confirmed, "begun">;

/**
 * Where the person stands. A link that's over leads nowhere: its page offers to mail one. The answer to the press that confirmed leads to
 * everything of theirs for an hour: they've just shown that they read that mailbox.
 */
async function confirmedPage(
  c: Ctx,
  { consent, expired }: ConsentLink,
  pressed: Pressed | null = null,
): Promise<Response> {
  const person = consent.address;
  const now = await c.var.now();
  const confirmedAt = consent.confirmedAt ?? 0;
  // Of this very press: a repeat, and one behind another of the person's mails, come later.
  const fresh = pressed !== null && confirmedAt === now;
  // Once older links were made to stop, an old mail must not lead to a new one.
  const leads = !expired && (fresh || consent.linkGeneration === 0);
  const page = (
    <ConfirmedPage
      consent={consent}
      begun={pressed?.begun === true}
      action={linkPath(c)}
      preferencesPath={leads ? await preferencesPath(c, consent) : null}
      own={fresh ? await justConfirmed(c, consent, pressed?.begun === true) : null}
    />
  );
  return showPage(c, page, { person });
}

/** What they can do for an hour. The first letter is theirs to read where it's on its way, and anyone may read it. */
async function justConfirmed(c: Ctx, consent: ConsentView, begun: boolean): Promise<JustConfirmed | null> {
  const confirmedAt = consent.confirmedAt ?? 0;
  const [reader, offered, site] = await Promise.all([
    readReader(c.var.db, consent.subscriberId, confirmedAt),
    begun ? listOffered(c.var.db) : [],
    c.var.site(),
  ]);
  if (reader === null) return null;
  const [first] = offered.find(({ slug }) => slug === consent.sequenceSlug)?.themes ?? [];
  const isPublic = first !== undefined && (site.archiveInFull ?? 0) > 0;
  const href = `/letters/${consent.sequenceSlug}/${first?.slug}`;
  return {
    reader,
    dataPath: await dataPath(c, consent, confirmedAt),
    first: isPublic ? { title: first.title, href } : null,
  };
}

function closedPage(c: Ctx): Promise<Response> {
  return showPage(c, <ClosedPage />, { status: 503 });
}

function linkPath(c: Ctx): string {
  return `/confirm/${tokenOf(c)}`;
}
