import type { Context } from "hono";
import { faultName } from "../../platform/log/fault-name.ts";
import type { AppEnv } from "../ui/app-env.ts";

type Ctx = Context<AppEnv>;

/** What the runtime knows of Access (developers.cloudflare.com/workers/runtime-apis/context); Hono's type of it lacks this. */
type AccessContext = {
  readonly aud: string;
  getIdentity(): Promise<{ readonly email?: unknown } | undefined>;
};

const ASSERTION = "cf-access-jwt-assertion";

/**
 * The address, in lower case, of whom Cloudflare Access let through to our own application; null for nobody. The runtime says so itself; where it
 * doesn't, the signed assertion is verified: by whom, for whom, and until when. Without an audience in the configuration nobody comes this way.
 */
export async function accessAddress(c: Ctx): Promise<string | null> {
  const { access } = c.var.config;
  if (access === null) return null;
  const told = contextOf(c);
  if (told !== undefined) {
    if (told.aud !== access.audience) return null;
    return lowered((await told.getIdentity())?.email);
  }
  const assertion = c.req.header(ASSERTION);
  if (assertion === undefined || access.team === null) return null;
  return verified(assertion, { audience: access.audience, team: access.team });
}

function contextOf(c: Ctx): AccessContext | undefined {
  try {
    return (c.executionCtx as unknown as { readonly access?: AccessContext }).access;
  } catch {
    // There's none outside of the runtime.
    return undefined;
  }
}

type Keys = Parameters<typeof import("jose")["jwtVerify"]>[1];
const keysOf = new Map<string, Keys>();

async function verified(
  assertion: string,
  { audience, team }: { readonly audience: string; readonly team: string },
): Promise<string | null> {
  const { createRemoteJWKSet, jwtVerify } = await import("jose");
  const issuer = `https://${team}.cloudflareaccess.com`;
  const keys = keysOf.get(issuer) ?? createRemoteJWKSet(new URL(`${issuer}/cdn-cgi/access/certs`));
  keysOf.set(issuer, keys);
  try {
    const { payload } = await jwtVerify(assertion, keys as never, {
      audience,
      issuer,
      algorithms: ["RS256"],
      requiredClaims: ["exp"],
    });
    return lowered(payload.email);
  } catch (error) {
    console.error(JSON.stringify({ event: "desk.access_refused", error: faultName(error) }));
    return null;
  }
}

function lowered(email: unknown): string | null {
  return typeof email === "string" && email.includes("@") ? email.toLowerCase() : null;
}
