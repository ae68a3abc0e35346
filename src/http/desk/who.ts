import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { readAtDesk } from "../../domain/desk/queries/people.ts";
import { noteUse, readSession } from "../../domain/desk/queries/sessions.ts";
import {
  formToken,
  isFormToken,
  isFresh,
  isOpen,
  isToBeNoted,
  readSessionCookie,
} from "../../domain/desk/session.ts";
import { DAY_MS } from "../../platform/calendar/durations.ts";
import { faultName } from "../../platform/log/fault-name.ts";
import type { AppEnv, AtDesk } from "../ui/app-env.ts";
import { accessAddress } from "./access.ts";

type Ctx = Context<AppEnv>;

/** Sent over https to this host alone, and read by no script. */
export const SESSION_COOKIE = "__Host-desk";

/** Who asks: someone at the desk; nobody who is; or someone whom Access knows and who isn't at the desk. */
export type Asking =
  | { readonly kind: "there"; readonly atDesk: AtDesk }
  | { readonly kind: "nobody" }
  | { readonly kind: "stranger"; readonly address: string };

/**
 * Who a request for the desk comes from: by Cloudflare Access, or else by the session of a link. Both at once are the same person, or
 * Access decides. While the database is away, whoever came by either of them before is let in without a name.
 */
export async function whoAsks(c: Ctx): Promise<Asking> {
  const { config, db } = c.var;
  const wallNow = c.var.wallNow();
  const address = await accessAddress(c);
  const cookie = await readSessionCookie(config.signingSecrets, getCookie(c, SESSION_COOKIE) ?? "", wallNow);
  if (address === null && cookie === null) return { kind: "nobody" };
  const to = address ?? cookie?.idHash ?? "";
  const token = await formToken(config.signingSecrets[0], to, dayOf(c));
  try {
    const session = cookie === null ? null : await readSession(db, cookie.idHash);
    const open = session !== null && isOpen(session, wallNow) ? session : null;
    const person = address === null ? open : await readAtDesk(db, address);
    if (person === null) return address === null ? { kind: "nobody" } : { kind: "stranger", address };
    const own = open?.personId === person.personId ? open : null;
    if (own !== null && cookie !== null && isToBeNoted(own, wallNow))
      await noteUse(db, cookie.idHash, wallNow);
    const { personId, role } = person;
    return {
      kind: "there",
      atDesk: {
        person: { personId, address: person.address, role },
        sessionHash: own === null ? null : (cookie?.idHash ?? null),
        fresh: own !== null && isFresh(own, wallNow),
        formToken: token,
      },
    };
  } catch (error) {
    console.error(JSON.stringify({ event: "desk.database_away", error: faultName(error) }));
    return { kind: "there", atDesk: { person: null, sessionHash: null, fresh: false, formToken: token } };
  }
}

/** Whether a form was one of ours, shown today or yesterday to whoever sends it. */
export async function isOurForm(c: Ctx, given: string): Promise<boolean> {
  const { config } = c.var;
  const address = await accessAddress(c);
  const cookie = await readSessionCookie(
    config.signingSecrets,
    getCookie(c, SESSION_COOKIE) ?? "",
    c.var.wallNow(),
  );
  const to = address ?? cookie?.idHash ?? "";
  for (const day of [dayOf(c), dayOf(c) - 1])
    for (const secret of config.signingSecrets) if (await isFormToken(secret, to, day, given)) return true;
  return false;
}

function dayOf(c: Ctx): number {
  return Math.floor(c.var.wallNow() / DAY_MS);
}
