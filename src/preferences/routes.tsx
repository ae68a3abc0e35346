import { type Context, Hono } from "hono";
import * as z from "zod";
import { isTimeZone } from "../calendar/time-zone.ts";
import { readLink, signLink } from "../links/token.ts";
import { linkUrl } from "../links/urls.ts";
import { optOut } from "../subscribers/opt-out.ts";
import type { AppEnv } from "../web/app-env.ts";
import { pageContext } from "../web/page-context.ts";
import { readForm } from "../web/read-form.ts";
import { renderPage } from "../web/render-page.ts";
import { UnknownLinkPage } from "../web/unknown-link-page.tsx";
import { PreferencesPage, SAID, type SaidKey } from "./preferences-page.tsx";
import { type LetterView, type ReaderView, readLetter, readReader } from "./queries.ts";
import { reschedule, type ScheduleChange } from "./reschedule.ts";
import { UnsubscribedPage, UnsubscribePage } from "./unsubscribe-pages.tsx";

type Ctx = Context<AppEnv>;

const slotFields = z.object({
  weekday: z
    .string()
    .regex(/^[1-7]$/)
    .transform(Number),
  hour: z
    .string()
    .regex(/^(1?\d|2[0-3])$/)
    .transform(Number),
  time_zone: z.string().refine(isTimeZone),
});

const requestFields = z.object({
  enrollment: z.coerce.number().int().positive(),
  action: z.enum(["slot", "pause", "resume", "unsubscribe"]),
});

/** The reader's two links: preferences and unsubscribe. No cookie, no password: the signed link is the key. */
export function preferencesRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/preferences/:token", async (c) => {
      const reader = await linkedReader(c);
      if (reader === null) return unknownLink(c);
      const said = c.req.query("said") ?? "";
      return preferencesPage(c, reader, Object.hasOwn(SAID, said) ? (said as SaidKey) : null, null);
    })
    .post("/preferences/:token", (c) => changePreferences(c))
    .get("/unsubscribe/:token", async (c) => {
      const letter = await linkedLetter(c);
      if (letter === null) return unknownLink(c);
      const context = pageContext(c.var.config, letter.address);
      return renderPage(<UnsubscribePage context={context} letter={letter} action={c.req.path} />);
    })
    .post("/unsubscribe/:token", (c) => unsubscribe(c));
}

async function changePreferences(c: Ctx): Promise<Response> {
  const reader = await linkedReader(c);
  if (reader === null) return unknownLink(c);
  const form = await readForm(c);
  const request = requestFields.safeParse(form);
  const slot = slotFields.safeParse(form);
  if (!request.success || (request.data.action === "slot" && !slot.success)) {
    const fault = request.success
      ? "Please choose a weekday, an hour and a time zone from the lists."
      : "That button is not known here. Please use the ones on this page.";
    return preferencesPage(c, reader, null, fault, 422);
  }
  const { action, enrollment } = request.data;
  const now = await c.var.now();
  if (action === "unsubscribe") {
    const own = reader.enrollments.some((entry) => entry.enrollmentId === enrollment);
    const stop = { subscriberId: reader.subscriberId, enrollmentId: enrollment, reason: "preferences", now };
    const stopped = own && (await optOut(c.var, stop));
    return c.redirect(`${c.req.path}?said=${stopped ? action : "nothing"}`, 303);
  }
  const change: ScheduleChange =
    action === "slot" && slot.success
      ? {
          kind: "slot",
          slot: { weekday: slot.data.weekday, hour: slot.data.hour, timeZone: slot.data.time_zone },
        }
      : { kind: action === "pause" ? "pause" : "resume" };
  const result = await reschedule({ db: c.var.db, now }, reader.subscriberId, enrollment, change);
  return c.redirect(`${c.req.path}?said=${result === "changed" ? action : "nothing"}`, 303);
}

/**
 * The footer's button and the RFC 8058 endpoint in one: any form encoding or an empty body, no cookie, no Origin, 200,
 * no redirect, and the same again when repeated (RFC 8058 section 3.2).
 */
async function unsubscribe(c: Ctx): Promise<Response> {
  const letter = await linkedLetter(c);
  if (letter === null) return unknownLink(c);
  const form = await readForm(c);
  const enrollmentId = form.scope === "everything" ? null : letter.enrollmentId;
  await optOut(c.var, {
    subscriberId: letter.subscriberId,
    enrollmentId,
    reason: form["List-Unsubscribe"] === "One-Click" ? "one_click" : "unsubscribe_link",
    now: await c.var.now(),
  });
  if (form["List-Unsubscribe"] === "One-Click")
    return c.text("Unsubscribed.", 200, { "cache-control": "no-store" });
  const after = (await linkedLetter(c)) ?? letter;
  const { config } = c.var;
  const subject = { purpose: "preferences", id: letter.subscriberId, expiresAt: null } as const;
  const preferencesUrl = linkUrl(
    config.publicUrl,
    "preferences",
    await signLink(config.signingSecrets[0], subject),
  );
  return renderPage(
    <UnsubscribedPage
      context={pageContext(config, letter.address)}
      letter={after}
      action={c.req.path}
      preferencesUrl={preferencesUrl}
    />,
  );
}

function preferencesPage(
  c: Ctx,
  reader: ReaderView,
  said: SaidKey | null,
  fault: string | null,
  status = 200,
): Promise<Response> {
  const context = pageContext(c.var.config, reader.address);
  return renderPage(
    <PreferencesPage context={context} reader={reader} action={c.req.path} said={said} fault={fault} />,
    { status },
  );
}

async function linkedReader(c: Ctx): Promise<ReaderView | null> {
  const token = c.req.param("token") ?? "";
  const reading = await readLink(c.var.config.signingSecrets, "preferences", token, await c.var.now());
  return reading.kind === "valid" ? readReader(c.var.db, reading.id) : null;
}

async function linkedLetter(c: Ctx): Promise<LetterView | null> {
  const token = c.req.param("token") ?? "";
  const reading = await readLink(c.var.config.signingSecrets, "unsubscribe", token, await c.var.now());
  return reading.kind === "valid" ? readLetter(c.var.db, reading.id) : null;
}

function unknownLink(c: Ctx): Promise<Response> {
  return renderPage(<UnknownLinkPage context={pageContext(c.var.config)} />, { status: 404 });
}
