import type { Context } from "hono";
import { deleteCookie } from "hono/cookie";
import * as z from "zod";
import { listActs } from "../../../domain/acts/queries/acts.ts";
import { may, ROLES } from "../../../domain/desk/may.ts";
import { addToDesk, listDesk, removeFromDesk } from "../../../domain/desk/queries/people.ts";
import { endSessions, listSessions } from "../../../domain/desk/queries/sessions.ts";
import { deskAddress } from "../../../domain/desk/read-address.ts";
import { checkSender, webhookUrl } from "../../../domain/sending/check-sender.ts";
import { setUpWebhook } from "../../../domain/sending/set-up-webhook.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import type { DeskPage, Fields, Here } from "../desk-page.ts";
import { SESSION_COOKIE } from "../who.ts";
import { SENDER_SAID, SenderPage, WebhookPage } from "./sender-page.tsx";
import { ActsPage, SETTINGS_SAID, SettingsPage } from "./settings-page.tsx";
import { saidOf } from "./shell.tsx";
import { showDesk } from "./show-desk.ts";

type Ctx = Context<AppEnv>;

const ACTS_SHOWN = 50;
const added = z.object({ address: deskAddress, role: z.enum(ROLES) });
const removed = z.object({ person: z.coerce.number().int().positive() });
/** A kind and a name, as acts name what was changed. */
const actObject = z.string().trim().max(100);
const page = z.coerce.number().int().positive();

/** Settings: one's sessions, who is at the desk, and what was done. */
export const SETTINGS: readonly DeskPage[] = [
  { method: "get", path: "/desk/settings", needs: "be_here", run: (c, here) => showSettings(c, here) },
  { method: "post", path: "/desk/settings/sessions/end", needs: "be_here", whileDisarmed: true, run: endOwn },
  { method: "post", path: "/desk/settings/people/add", needs: "change_desk", run: add },
  { method: "post", path: "/desk/settings/people/remove", needs: "change_desk", run: remove },
  { method: "get", path: "/desk/settings/sending", needs: "see_desk", run: showSender },
  { method: "post", path: "/desk/settings/sending/webhook", needs: "change_desk", run: addWebhook },
  { method: "get", path: "/desk/settings/acts", needs: "see_acts", run: showActs },
];

async function showSettings(
  c: Ctx,
  here: Here,
  { status = 200, typed = {} }: { readonly status?: number; readonly typed?: Fields } = {},
): Promise<Response> {
  const { person, sessionHash } = here;
  const { db } = c.var;
  const [site, sessions, people] = await Promise.all([
    c.var.site(),
    listSessions(db, person.personId),
    may(person, "see_desk") ? listDesk(db) : [],
  ]);
  const props = { sessions, people, sessionHash, typed, person };
  const said = saidOf(c.req.query("done"), SETTINGS_SAID);
  const wallNow = c.var.wallNow();
  return showDesk(
    c,
    <SettingsPage
      {...props}
      said={said}
      faulty={status === 422}
      timeZone={site.timeZone}
      wallNow={wallNow}
    />,
    { status },
  );
}

/** Asks the provider and the name servers each time that it's opened: what's told is true now. */
async function showSender(c: Ctx): Promise<Response> {
  const services = await c.var.services();
  const { config, provider } = services;
  const trial = config.provider.kind === "mailbox";
  const [{ domain, checks }, usage] = await Promise.all([
    trial ? { domain: "", checks: [] } : checkSender(services),
    provider.readUsage(),
  ]);
  const { keep, mail } = config;
  const said = saidOf(c.req.query("done"), SENDER_SAID);
  return showDesk(
    c,
    <SenderPage
      {...{ domain, checks, usage, trial, keep, said }}
      webhookUrl={webhookUrl(config)}
      from={mail.from}
    />,
  );
}

/** Told on the answer itself, once: the secret is kept nowhere. */
async function addWebhook(c: Ctx): Promise<Response> {
  const done = await setUpWebhook(await c.var.services());
  if (done === null) return c.redirect("/desk/settings/sending?done=webhook_failed", 303);
  return showDesk(c, <WebhookPage secret={done.secret} />);
}

async function endOwn(c: Ctx, { person }: Here): Promise<Response> {
  const { db, now, by } = await c.var.services();
  await endSessions(db, { personId: person.personId, idHash: null, now, by });
  deleteCookie(c, SESSION_COOKIE, { path: "/", secure: true });
  return c.redirect("/desk/settings?done=ended", 303);
}

async function add(c: Ctx, here: Here, fields: Fields): Promise<Response> {
  const given = added.safeParse(fields);
  if (!given.success) return showSettings(c, here, { status: 422, typed: fields });
  const { db, now, by } = await c.var.services();
  const done = await addToDesk(db, { ...given.data, now, by });
  return c.redirect(`/desk/settings?done=${done}`, 303);
}

async function remove(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const given = removed.safeParse(fields);
  const { db, now, by } = await c.var.services();
  const gone = given.success && (await removeFromDesk(db, { personId: given.data.person, now, by }));
  return c.redirect(`/desk/settings?done=${gone ? "removed" : "not_removed"}`, 303);
}

async function showActs(c: Ctx): Promise<Response> {
  const { db } = c.var;
  const before = page.safeParse(c.req.query("before"));
  const object = actObject.safeParse(c.req.query("object"));
  const about = object.success && object.data !== "" ? object.data : null;
  const [acts, people, site] = await Promise.all([
    listActs(db, {
      before: before.success ? before.data : Number.MAX_SAFE_INTEGER,
      object: about,
      limit: ACTS_SHOWN + 1,
    }),
    listDesk(db),
    c.var.site(),
  ]);
  const next = acts.length > ACTS_SHOWN ? (acts[ACTS_SHOWN - 1]?.id ?? null) : null;
  return showDesk(
    c,
    <ActsPage
      acts={acts.slice(0, ACTS_SHOWN)}
      about={about}
      next={next}
      people={people}
      timeZone={site.timeZone}
    />,
  );
}
