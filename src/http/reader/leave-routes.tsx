import { type Context, Hono } from "hono";
import { LEAVE_REASONS } from "../../domain/people/leave-reason.ts";
import { noteLeaveReason } from "../../domain/people/queries/opt-outs.ts";
import { changeReader } from "../../domain/sequences/change-reader.ts";
import { RETURN_MS } from "../../domain/sequences/leaving.ts";
import { optOut } from "../../domain/sequences/opt-out.ts";
import { type LetterView, readLetter } from "../../domain/sequences/queries/letter.ts";
import { readReader } from "../../domain/sequences/queries/reader.ts";
import { enrollmentsUnderWay } from "../../domain/sequences/under-way.ts";
import { signLink } from "../../platform/links/token.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { readForm } from "../ui/read-form.ts";
import { showPage } from "../ui/show-page.ts";
import { behindLink, linked, unknownLink } from "../ui/signed-link.tsx";
import {
  ErasedLetterPage,
  readSaid,
  type Said,
  UnsubscribedPage,
  UnsubscribePage,
} from "./pages/unsubscribe-pages.tsx";
import { readChange } from "./read-change.ts";

type Ctx = Context<AppEnv>;

const readLinked = (c: Ctx, { id }: { readonly id: number }) => readLetter(c.var.db, c.var.kinds, id);

const behindUnsubscribeLink = behindLink("unsubscribe", readLinked);

/** The unsubscribe link of a letter: one press, what stopped, and then the ways back and the question why. */
export function leaveRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/unsubscribe/:token", behindUnsubscribeLink(showLetter))
    .post("/unsubscribe/:token", behindUnsubscribeLink(unsubscribe))
    .get("/unsubscribe/:token/after", (c) => c.redirect(linkPath(c), 302))
    .post("/unsubscribe/:token/after", behindUnsubscribeLink(answerAfter));
}

async function showLetter(c: Ctx, letter: LetterView): Promise<Response> {
  if (letter.subscriberState === "erased") return erasedPage(c);
  const left = letter.left || letter.subscriberState !== "active";
  if (left) return unsubscribedPage(c, letter, readSaid(c.req.query("said")));
  return showPage(c, <UnsubscribePage letter={letter} action={linkPath(c)} />, { person: letter.address });
}

/**
 * The footer's button and the RFC 8058 endpoint in one: any form encoding or an empty body, no cookie, no Origin, 200,
 * no redirect, and the same again when repeated (RFC 8058 section 3.2).
 */
async function unsubscribe(c: Ctx, letter: LetterView): Promise<Response> {
  const form = await readForm(c);
  if (letter.subscriberState === "erased") return erasedPage(c);
  const enrollmentId = form.scope === "everything" ? null : letter.enrollmentId;
  const oneClick = form["List-Unsubscribe"] === "One-Click";
  await optOut(c.var, {
    subscriberId: letter.subscriberId,
    enrollmentId,
    reason: oneClick ? "one_click" : "unsubscribe_link",
    now: await c.var.now(),
  });
  if (oneClick) return c.text("Unsubscribed.", 200, { "cache-control": "no-store" });
  return unsubscribedPage(c, (await linked(c, "unsubscribe", readLinked)) ?? letter, null);
}

/** What somebody who has left presses next: a way back, or why they left. */
async function answerAfter(c: Ctx, letter: LetterView): Promise<Response> {
  const { subscriberId } = letter;
  const fields = await readForm(c);
  const now = await c.var.now();
  const reason = LEAVE_REASONS.find((choice) => choice === fields.reason);
  if (fields.action === "why" && reason !== undefined) {
    const noted = await noteLeaveReason(c.var.db, { subscriberId, reason, since: now - RETURN_MS });
    return c.redirect(`${linkPath(c)}?said=${noted ? "why" : "why_too_late"}`, 303);
  }
  const reader = await readReader(c.var.db, subscriberId, now);
  if (reader === null) return unknownLink(c);
  const reading = readChange(fields, reader, now);
  // This link speaks of one letter: it brings that letter's sequence back and does nothing else.
  const wanted = reading.kind === "change" && reading.change.kind === "schedule" ? reading.change : null;
  if (
    reading.kind !== "change" ||
    wanted?.change.kind !== "return" ||
    wanted.enrollmentId !== letter.enrollmentId
  ) {
    return c.redirect(linkPath(c), 303);
  }
  const result = await changeReader({ ...c.var, now }, subscriberId, reading.seen, wanted);
  if (result.kind !== "changed") {
    return c.redirect(`${linkPath(c)}?said=${SAID_OF[result.kind]}`, 303);
  }
  return c.redirect(`${await preferencesPath(c, subscriberId)}?changed=${result.changeId}`, 303);
}

/** What the page says of a way back that led nowhere. */
const SAID_OF = {
  stale: "again",
  not_possible: "too_late",
  too_many: "too_many",
} as const satisfies Record<string, Said>;

async function unsubscribedPage(c: Ctx, letter: LetterView, said: Said | null): Promise<Response> {
  const now = await c.var.now();
  const reader = await readReader(c.var.db, letter.subscriberId, now);
  if (reader === null || reader.state === "erased") return unknownLink(c);
  const underWay = await enrollmentsUnderWay(c.var.db, c.var.kinds, letter.subscriberId);
  const page = (
    <UnsubscribedPage
      letter={letter}
      reader={reader}
      underWay={underWay}
      action={linkPath(c)}
      preferencesPath={await preferencesPath(c, letter.subscriberId)}
      now={now}
      said={said}
    />
  );
  return showPage(c, page, { person: letter.address });
}

/** Whoever was erased gets nothing any more; a mailbox provider's press is answered like any other. */
function erasedPage(c: Ctx): Promise<Response> {
  return showPage(c, <ErasedLetterPage />);
}

function linkPath(c: Ctx): string {
  return `/unsubscribe/${encodeURIComponent(c.req.param("token") ?? "")}`;
}

async function preferencesPath(c: Ctx, subscriberId: number): Promise<string> {
  const subject = { purpose: "preferences", id: subscriberId, expiresAt: null } as const;
  return `/preferences/${await signLink(c.var.config.signingSecrets[0], subject)}`;
}
