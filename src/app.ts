import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { jsxRenderer } from "hono/jsx-renderer";
import { secureHeaders } from "hono/secure-headers";
import { trimTrailingSlash } from "hono/trailing-slash";
import { timingSafeEqual } from "hono/utils/buffer";
import { getPath } from "hono/utils/url";
import { compose } from "./compose.ts";
import type { Actor } from "./domain/acts/act.ts";
import type { Outside } from "./domain/services.ts";
import { readSite, type Site } from "./domain/site/site.ts";
import { HEALTH } from "./http/api/health.ts";
import { isOwnersToken } from "./http/api/owner-token.ts";
import { serve } from "./http/api/serve.ts";
import { OWNERS_API } from "./http/desk/api/all.ts";
import { DESK } from "./http/desk/pages/all.ts";
import { serveDesk } from "./http/desk/serve-desk.tsx";
import { letterFrameHeaders, mailboxRoutes } from "./http/mailbox/routes.tsx";
import { partnerRoutes } from "./http/partners/routes.tsx";
import { backRoutes } from "./http/reader/back-routes.tsx";
import { dataRoutes } from "./http/reader/data-routes.tsx";
import { leaveRoutes } from "./http/reader/leave-routes.tsx";
import { preferencesRoutes } from "./http/reader/routes.tsx";
import { testRoutes } from "./http/reader/test-routes.tsx";
import { confirmRoutes } from "./http/signup/confirm-routes.tsx";
import { signupRoutes } from "./http/signup/routes.tsx";
import { SIGN_UP } from "./http/signup/sign-up-api.ts";
import { archiveRoutes } from "./http/site/archive-routes.tsx";
import { fileRoutes } from "./http/site/file-routes.ts";
import { newsRoutes } from "./http/site/news.tsx";
import { siteRoutes } from "./http/site/routes.tsx";
import type { AppEnv } from "./http/ui/app-env.ts";
import { faultAnswer } from "./http/ui/fault-answer.tsx";
import { pagePolicy } from "./http/ui/page-policy.ts";
import { problem } from "./http/ui/problem.ts";
import { WEBHOOKS } from "./http/webhooks/routes.ts";
import { isLoopback } from "./platform/config-schema.ts";
import { faultName } from "./platform/log/fault-name.ts";

/** More than any form of ours needs; publications have a limit of their own. */
const BODY_BYTES_MAX = 64 * 1024;

/** The whole HTTP side. Every route but /healthz answers 503 while the configuration has a fault. */
export function createApp(outside: Outside): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ getPath: pathWithSingleSlashes });
  app.use("/mailbox/messages/:id/letter", letterFrameHeaders);
  app.use(async (c, next) => {
    await next();
    c.header("content-security-policy", pagePolicy());
    c.header("request-id", c.var.requestId);
    for (const [name, value] of Object.entries(c.var.ownHeaders ?? {})) c.header(name, value);
  });
  app.use(jsxRenderer());
  app.use(
    secureHeaders({
      referrerPolicy: "no-referrer",
      xFrameOptions: "DENY",
      permissionsPolicy: {
        browsingTopics: [],
        camera: [],
        geolocation: [],
        microphone: [],
        payment: [],
        usb: [],
      },
    }),
  );
  app.use(async (c, next) => {
    const requestId = outside.random();
    c.set("requestId", requestId);
    const composed = compose(c.env, outside);
    if (composed.kind === "faulty") {
      if (c.req.path === "/healthz")
        return unconfigured(c.req.header("authorization"), c.env, composed.faults);
      for (const fault of composed.faults) console.error(JSON.stringify({ event: "config.fault", fault }));
      return problem({
        code: "not_set_up",
        detail: "This service is not set up completely yet. Its owner finds the reasons in the log.",
      });
    }
    const turnedAway = atTheDoor(c, composed.config.publicUrl);
    if (turnedAway !== null) return turnedAway;
    const wall = composed.wallNow();
    const by = { actor: actorOf(c.req.header("user-agent")), requestId };
    let now: Promise<number> | null = null;
    const once = () => {
      now ??= composed.now(wall);
      return now;
    };
    c.set("config", composed.config);
    c.set("db", composed.db);
    c.set("guard", composed.guard);
    c.set("kinds", composed.kinds);
    c.set("wallNow", composed.wallNow);
    c.set("random", composed.random);
    c.set("wait", composed.wait);
    c.set("now", once);
    let site: Promise<Site> | null = null;
    c.set("site", () => {
      site ??= readSite(composed.db, composed.config.publicUrl);
      return site;
    });
    c.set("by", by);
    c.set("services", async (at) => composed.at(at ?? (await once()), c.var.by));
    return next();
  });
  app.use("/api/*", withoutSlash);
  app.use(trimTrailingSlash());
  app.route("/", serve(HEALTH));
  app.use("/api/v1/admin/*", bearerAuth<AppEnv>({ verifyToken: isOwnersToken }));
  app.use("/api/v1/admin/*", noStore);
  app.route("/", serve(OWNERS_API));
  app.route("/", serveDesk(DESK));
  app.use(
    bodyLimit({
      maxSize: BODY_BYTES_MAX,
      onError: (c: Context<AppEnv>) => faultAnswer(c, "too_large", "tooLarge"),
    }),
  );
  app.route("/mailbox", mailboxRoutes());
  app.route("/", serve(WEBHOOKS));
  app.route("/", serve(SIGN_UP));
  app.route("/", siteRoutes());
  app.route("/", fileRoutes());
  app.route("/", signupRoutes());
  app.route("/", confirmRoutes());
  app.route("/", partnerRoutes());
  app.route("/", preferencesRoutes());
  app.route("/", leaveRoutes());
  app.route("/", testRoutes());
  app.route("/", backRoutes());
  app.route("/", dataRoutes());
  app.route("/", archiveRoutes());
  app.route("/", newsRoutes());
  app.notFound((c) => faultAnswer(c, "not_found", "noPage"));
  app.onError(async (error, c) => {
    if (error instanceof HTTPException && (error.status === 401 || error.status === 400)) {
      const answer = await faultAnswer(c, "not_signed_in", "notSignedIn");
      answer.headers.set("www-authenticate", "Bearer");
      return answer;
    }
    if (error instanceof HTTPException && error.status === 429) {
      const answer = await faultAnswer(c, "rate", "rate");
      answer.headers.set("retry-after", "60");
      return answer;
    }
    if (error instanceof HTTPException && error.status < 500) {
      return faultAnswer(c, "foreign", "foreign");
    }
    console.error(
      JSON.stringify({ event: "request.crashed", request: c.var.requestId, error: faultName(error) }),
    );
    return faultAnswer(c, "ours", "ours");
  });
  return app;
}

/** Mail programs and people put a base in front that ends in a slash, so that links come with two. */
function pathWithSingleSlashes(request: Request): string {
  return getPath(request).replaceAll(/\/{2,}/g, "/");
}

/**
 * What is answered to a request that came to another address than ours, before anything of it is read. In a trial a foreign `Host` is a page that
 * has its name lead here (DNS rebinding); elsewhere what came over plain http was read by others on the way.
 */
function atTheDoor(c: Context<AppEnv>, publicUrl: string): Response | null {
  const asked = new URL(c.req.url);
  const here = isLoopback(asked);
  if (isLoopback(publicUrl)) {
    if (!here) return problem({ code: "misdirected", detail: `This is a trial. Open it at ${publicUrl}.` });
    // Our forms are ours by PUBLIC_URL alone, so a person who opens another name of this machine is led there.
    const opens = c.req.method === "GET" && c.req.header("sec-fetch-mode") === "navigate";
    return opens && asked.origin !== publicUrl
      ? c.redirect(`${publicUrl}${asked.pathname}${asked.search}`, 307)
      : null;
  }
  if (here || asked.protocol === "https:") return null;
  if (c.req.method === "GET" || c.req.method === "HEAD")
    return c.redirect(`${publicUrl}${asked.pathname}${asked.search}`, 308);
  return problem({ code: "insecure", detail: `Nothing of it was read. Send it to ${publicUrl}.` });
}

/** A path of the API with a slash at its end leads to the one without, whatever the method. */
const withoutSlash: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { pathname, search } = new URL(c.req.url);
  return pathname.endsWith("/") ? c.redirect(`${pathname.replace(/\/+$/, "")}${search}`, 308) : next();
};

/** What the owner reads is nobody else's, and is out of date at once. */
const noStore: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  c.header("cache-control", "no-store");
};

/** The owner's command line says that it is one; other programs have the token, too. */
function actorOf(userAgent: string | undefined): Actor {
  return userAgent?.startsWith("themepost/") === true ? "command_line" : "api";
}

/** Names the faults to the owner only. */
async function unconfigured(
  authorization: string | undefined,
  env: AppEnv["Bindings"],
  faults: readonly string[],
): Promise<Response> {
  const token = env.ADMIN_TOKEN;
  const owner =
    typeof token === "string" &&
    token.length >= 32 &&
    (await timingSafeEqual(authorization ?? "", `Bearer ${token}`));
  return problem({
    code: "not_set_up",
    detail: "The configuration has faults.",
    ...(owner ? { faults } : {}),
  });
}
