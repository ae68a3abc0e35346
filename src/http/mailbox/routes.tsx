import { type Context, Hono, type MiddlewareHandler } from "hono";
import * as z from "zod";
import { ADDRESS_TYPED_MAX } from "../../domain/people/address.ts";
import { advance } from "../../domain/sending/advance.ts";
import { nextDueInstant } from "../../domain/sequences/queries/due.ts";
import { DAY_MS, WEEK_MS } from "../../platform/calendar/durations.ts";
import { logEvent } from "../../platform/log/log-event.ts";
import {
  countMessages,
  listMessages,
  readMessage,
  readMessages,
} from "../../platform/providers/mailbox-queries.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { inScheme, LETTER_POLICY, schemeOf } from "../ui/letter-frame.tsx";
import { problem } from "../ui/problem.ts";
import { readForm } from "../ui/read-form.ts";
import { showPage } from "../ui/show-page.ts";
import { LINES_SHOWN, MailboxPage } from "./mailbox-page.tsx";
import { StartingOverPage, StartOverPage } from "./start-over-pages.tsx";

type Ctx = Context<AppEnv>;

const WEEKS_MAX = 60;
const MESSAGES_MAX = 5000;
// Signed links hold their expiry in 32 bits of seconds; ten years are far on the safe side.
const AHEAD_MAX_MS = 10 * 365 * DAY_MS;

const advanceBody = z.union([
  z.strictObject({ weeks: z.number().int().min(1).max(WEEKS_MAX) }),
  z.strictObject({ to: z.iso.datetime({ offset: true }) }),
]);

/**
 * Headers of a letter shown in the mailbox's frame, which the headers of pages would forbid. Register it outside (before)
 * those: it has the last word.
 */
export const letterFrameHeaders: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  c.header("content-security-policy", LETTER_POLICY);
  c.header("x-frame-options", "SAMEORIGIN");
  c.header("cache-control", "no-store");
};

/** The local inbox and its clock. Only while the mailbox is the provider; otherwise nothing is here. */
export function mailboxRoutes(): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(async (c, next) => {
    if (c.var.config.provider.kind !== "mailbox") return c.notFound();
    return next();
  });
  app.get("/", (c) => inbox(c));
  app.get("/messages.json", async (c) => {
    const limit = /^\d{1,9}$/.exec(c.req.query("limit") ?? "100");
    if (limit === null) return problem({ code: "faulty", detail: "limit is a number from 1 to 5000." });
    const count = Math.min(Math.max(Number(limit[0]), 1), MESSAGES_MAX);
    const messages = await readMessages(c.var.db, filterOf(c.req.query("to")), count);
    c.header("cache-control", "no-store");
    return c.json(
      messages.map(({ replyTo, sentAt, ...message }) => ({
        ...message,
        reply_to: replyTo,
        sent_at: new Date(sentAt).toISOString(),
      })),
    );
  });
  app.get("/messages/:id{[0-9]+}/letter", async (c) => {
    const message = await readMessage(c.var.db, Number(c.req.param("id")));
    if (message === null) return c.notFound();
    const html = inScheme(message.html, schemeOf(c.req.query("scheme")));
    return c.html(html);
  });
  app.get("/messages/:file{[0-9]+\\.eml}", async (c) => {
    const message = await readMessage(c.var.db, Number.parseInt(c.req.param("file"), 10));
    if (message === null) return c.notFound();
    const { messageFile } = await import("./message-file.ts");
    return c.body(await messageFile(message, new URL(c.var.config.publicUrl).hostname), 200, {
      "content-type": "message/rfc822",
      "content-disposition": `attachment; filename="themepost-${message.id}.eml"`,
      "cache-control": "no-store",
    });
  });
  app.post("/advance", jsonOrForm, fromHere, (c) => skip(c));
  app.get("/start-over", (c) => showPage(c, <StartOverPage />, { language: "en" }));
  app.post("/start-over", jsonOrForm, fromHere, (c) => startOver(c));
  return app;
}

async function inbox(c: Ctx): Promise<Response> {
  const { db } = c.var;
  const q = filterOf(c.req.query("q") ?? c.req.query("to"));
  const before = z.coerce
    .number()
    .int()
    .positive()
    .catch(Number.MAX_SAFE_INTEGER)
    .parse(c.req.query("before"));
  const lines = await listMessages(db, q, before, LINES_SHOWN);
  const wanted = z.coerce.number().int().positive().catch(0).parse(c.req.query("message"));
  const first = lines[0]?.id;
  const open = (await readMessage(db, wanted)) ?? (first === undefined ? null : await readMessage(db, first));
  const page = (
    <MailboxPage
      {...(await countMessages(db, q))}
      lines={lines}
      q={q}
      open={open}
      now={await c.var.now()}
      timeZone={(await c.var.site()).timeZone}
    />
  );
  return showPage(c, page, { person: q, language: "en" });
}

/** Asks what runs the trial to make it anew: the Worker itself can't remove what it stands on. */
async function startOver(c: Ctx): Promise<Response> {
  logEvent("mailbox.start_over", {});
  return showPage(c, <StartingOverPage />, { language: "en" });
}

/** Anything but JSON and our own form is refused before it can move a clock that never goes back. */
const jsonOrForm: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (isJson(c) || /^(application\/x-www-form-urlencoded|multipart\/form-data)/.test(contentType(c)))
    return next();
  return problem({ code: "wrong_type", detail: 'Send {"weeks": 1} with content-type: application/json.' });
};

/** No web page but our own: a browser names the page's origin, or that it's ours; programs name none, and send JSON. */
const fromHere: MiddlewareHandler<AppEnv> = async (c, next) => {
  const origin = c.req.header("origin");
  const site = c.req.header("sec-fetch-site");
  const own = site === "same-origin" || origin === c.var.config.publicUrl;
  const byProgram = site === undefined && origin === undefined && isJson(c);
  if (own || byProgram) return next();
  return problem({ code: "foreign", detail: "Only the mailbox's own page, or a program, moves the clock." });
};

function contentType(c: Ctx): string {
  return (c.req.header("content-type") ?? "").toLowerCase();
}

function isJson(c: Ctx): boolean {
  return contentType(c).startsWith("application/json");
}

/** JSON in, JSON out; a form comes back to the inbox. */
async function skip(c: Ctx): Promise<Response> {
  const { db, wallNow } = c.var;
  const now = await c.var.now();
  const deps = {
    db,
    wallNow,
    depsAt: (at: number) => c.var.services(at),
  };
  if (isJson(c)) {
    const body = advanceBody.safeParse(await c.req.json().catch(() => null));
    if (!body.success) {
      return problem({
        code: "faulty",
        detail: 'Send {"weeks": 1} (up to 60) or {"to": "2027-01-05T09:00:00Z"}.',
      });
    }
    const target = "weeks" in body.data ? now + body.data.weeks * WEEK_MS : Date.parse(body.data.to);
    if (target > wallNow() + AHEAD_MAX_MS) {
      return problem({
        code: "faulty",
        detail: "The mailbox's clock can be ten years ahead of real time at most.",
      });
    }
    const result = await advance(deps, now, target);
    const more = (await nextDueInstant(db)) !== null;
    return c.json({ now: new Date(result.now).toISOString(), accepted: result.accepted, more });
  }
  const form = await readForm(c);
  if (form.skip !== "week" && form.skip !== "end") {
    return problem({ code: "faulty", detail: "The form sends skip=week or skip=end." });
  }
  const weeks = form.skip === "end" ? WEEKS_MAX : 1;
  let at = now;
  for (let week = 0; week < weeks; week += 1) {
    at = (await advance(deps, at, at + WEEK_MS)).now;
    if ((await nextDueInstant(db)) === null) break;
  }
  const q = filterOf(form.q);
  return c.redirect(q === null ? "/mailbox" : `/mailbox?q=${encodeURIComponent(q)}`, 303);
}

function filterOf(value: string | undefined): string | null {
  const typed = value?.slice(0, ADDRESS_TYPED_MAX).trim() ?? "";
  return typed === "" ? null : typed;
}
