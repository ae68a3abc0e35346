import type { Context } from "hono";
import { setCookie } from "hono/cookie";
import { openSession } from "../../../domain/desk/queries/sessions.ts";
import { SESSION_LIFE_MS, sessionCookie } from "../../../domain/desk/session.ts";
import { sha256Hex } from "../../../platform/links/mac.ts";
import { readLink, tokenIn } from "../../../platform/links/token.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import type { DeskPage } from "../desk-page.ts";
import { SESSION_COOKIE } from "../who.ts";
import { EnterPage } from "./door-pages.tsx";
import { showDesk } from "./show-desk.ts";

type Ctx = Context<AppEnv>;

/** The door by a link: opening it shows a button, and the button opens a session, once. */
export const ENTER: readonly DeskPage[] = [
  {
    method: "get",
    path: "/desk/enter/:token",
    needs: "nothing",
    run: (c) => showDesk(c, <EnterPage action={c.req.path} used={false} />),
  },
  { method: "post", path: "/desk/enter/:token", needs: "nothing", run: enter },
];

async function enter(c: Ctx): Promise<Response> {
  const { config, db, random } = c.var;
  const { now, wallNow, by } = await c.var.services();
  const secret = `${random()}${random()}`;
  const at = wallNow();
  const link = await readLink(config, "desk", tokenIn(c.req.param("token") ?? ""), at);
  const opened =
    link.kind === "valid" &&
    (await openSession(db, {
      linkId: link.id,
      idHash: await sha256Hex(secret),
      now,
      wallNow: at,
      by,
    }));
  if (!opened) return showDesk(c, <EnterPage action={c.req.path} used={true} />, { status: 410 });
  const value = await sessionCookie(config.signingSecrets[0], { endsAt: at + SESSION_LIFE_MS, secret });
  setCookie(c, SESSION_COOKIE, value, {
    path: "/",
    secure: true,
    httpOnly: true,
    sameSite: "Strict",
    maxAge: SESSION_LIFE_MS / 1000,
  });
  return c.redirect("/desk", 303);
}
