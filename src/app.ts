import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import { trimTrailingSlash } from "hono/trailing-slash";
import { timingSafeEqual } from "hono/utils/buffer";
import { compose } from "./compose.ts";
import { isDisarmed } from "./domain/restore/is-disarmed.ts";
import { readHealth } from "./domain/sending/health.ts";
import type { Outside } from "./domain/services.ts";
import { retentionAdmin } from "./http/desk/api/erasures.ts";
import { preferencesAdmin } from "./http/desk/api/leave-reasons.ts";
import { partnersAdmin } from "./http/desk/api/partners.ts";
import { deliveryAdmin } from "./http/desk/api/sending.ts";
import { sequencesAdmin } from "./http/desk/api/sequences.ts";
import { signupAdmin } from "./http/desk/api/sign-ups.tsx";
import { feedbackAdmin } from "./http/desk/api/suppressions.ts";
import { MAILBOX_SCRIPT } from "./http/mailbox/mailbox-script.ts";
import { letterFrameHeaders, mailboxRoutes } from "./http/mailbox/routes.tsx";
import { COPY_SCRIPT } from "./http/partners/copy-script.ts";
import { partnerRoutes } from "./http/partners/routes.tsx";
import { dataRoutes } from "./http/reader/data-routes.tsx";
import { leaveRoutes } from "./http/reader/leave-routes.tsx";
import { preferencesRoutes } from "./http/reader/routes.tsx";
import { confirmRoutes } from "./http/signup/confirm-routes.tsx";
import { FORM_SCRIPT } from "./http/signup/form-script.ts";
import { signupRoutes } from "./http/signup/routes.tsx";
import { signUpApi } from "./http/signup/sign-up-api.ts";
import { archiveRoutes } from "./http/site/archive-routes.tsx";
import { siteRoutes } from "./http/site/routes.tsx";
import type { AppEnv } from "./http/ui/app-env.ts";
import { assets } from "./http/ui/assets.ts";
import { faultAnswer } from "./http/ui/fault-answer.tsx";
import { pageContext } from "./http/ui/page-context.ts";
import { pagePolicy } from "./http/ui/page-policy.ts";
import { problem } from "./http/ui/problem.ts";
import { feedbackRoutes } from "./http/webhooks/routes.ts";
import { faultName } from "./platform/log/fault-name.ts";
import { say } from "./platform/texts/texts.ts";

/** More than any form of ours needs; publications have a limit of their own. */
const BODY_BYTES_MAX = 64 * 1024;

/** The whole HTTP side. Every route but /healthz answers 503 while the configuration has a fault. */
export function createApp(outside: Outside): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use("/mailbox/messages/:id/letter", letterFrameHeaders);
  app.use(async (c, next) => {
    await next();
    c.header("content-security-policy", pagePolicy());
    for (const [name, value] of Object.entries(c.var.ownHeaders ?? {})) c.header(name, value);
  });
  app.use(
    secureHeaders({
      referrerPolicy: "no-referrer",
      xFrameOptions: "DENY",
    }),
  );
  app.use(async (c, next) => {
    const composed = compose(c.env, outside);
    if (composed.kind === "faulty") {
      if (c.req.path === "/healthz")
        return unconfigured(c.req.header("authorization"), c.env, composed.faults);
      for (const fault of composed.faults) console.error(JSON.stringify({ event: "config.fault", fault }));
      return problem(
        503,
        "Not set up",
        "This service is not set up completely yet. Its owner finds the reasons in the log.",
      );
    }
    const wall = composed.wallNow();
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
    c.set("services", async (at) => composed.at(at ?? (await once())));
    return next();
  });
  app.use(trimTrailingSlash());
  app.get("/healthz", async (c) => {
    const { faults, ...figures } = await readHealth(c.var, {
      now: await c.var.now(),
      wallNow: c.var.wallNow(),
    });
    const status = faults.length === 0 ? "ok" : "failing";
    return c.json({ status, faults, ...figures }, faults.length === 0 ? 200 : 503, {
      "cache-control": "no-store",
    });
  });
  app.use(
    "/api/v1/admin/*",
    bearerAuth<AppEnv>({ verifyToken: (token, c) => timingSafeEqual(token, c.var.config.adminToken) }),
  );
  app.use("/api/v1/admin/*", noStore, refuseWhileDisarmed);
  app.route("/api/v1/admin/sequences", sequencesAdmin());
  app.use(
    bodyLimit({
      maxSize: BODY_BYTES_MAX,
      onError: (c: Context<AppEnv>) =>
        fault(c, 413, say("fault.tooLarge.title"), say("fault.tooLarge.detail")),
    }),
  );
  app.route("/api/v1/admin", deliveryAdmin());
  app.route("/api/v1/admin", feedbackAdmin());
  app.route("/api/v1/admin", partnersAdmin());
  app.route("/api/v1/admin", signupAdmin());
  app.route("/api/v1/admin", retentionAdmin());
  app.route("/api/v1/admin", preferencesAdmin());
  app.route(
    "/assets",
    assets({ "form.js": FORM_SCRIPT, "mailbox.js": MAILBOX_SCRIPT, "copy.js": COPY_SCRIPT }),
  );
  app.route("/mailbox", mailboxRoutes());
  app.route("/webhooks", feedbackRoutes());
  app.route("/api/v1", signUpApi());
  app.route("/", siteRoutes());
  app.route("/", signupRoutes());
  app.route("/", confirmRoutes());
  app.route("/", partnerRoutes());
  app.route("/", preferencesRoutes());
  app.route("/", leaveRoutes());
  app.route("/", dataRoutes());
  app.route("/", archiveRoutes());
  app.notFound((c) => fault(c, 404, say("fault.noPage.title"), say("fault.noPage.detail")));
  app.onError((error, c) => {
    if (error instanceof HTTPException && (error.status === 401 || error.status === 400)) {
      c.header("www-authenticate", "Bearer");
      return fault(c, 401, say("fault.notSignedIn.title"), say("fault.notSignedIn.detail"));
    }
    if (error instanceof HTTPException && error.status < 500) {
      return fault(c, 403, say("fault.foreign.title"), say("fault.foreign.detail"));
    }
    console.error(JSON.stringify({ event: "request.crashed", error: faultName(error) }));
    return fault(c, 500, say("fault.ours.title"), say("fault.ours.detail"));
  });
  return app;
}

/** What the owner reads is nobody else's, and is out of date at once. */
const noStore: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  c.header("cache-control", "no-store");
};

/** Until a restored database is re-armed, nothing may give away ids again; the switches themselves work. */
const refuseWhileDisarmed: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { method, path } = c.req;
  const reads = method === "GET" || /^\/api\/v1\/admin\/subscribers\/(timeline|consents)$/.test(path);
  if (reads || path.startsWith("/api/v1/admin/sending/")) return next();
  const { disarmed } = await isDisarmed({ ...c.var, now: await c.var.now() });
  if (!disarmed) return next();
  return problem(
    409,
    "Not re-armed",
    "The database was restored. Re-arm first: npm run themepost -- re-arm.",
  );
};

function fault(c: Context<AppEnv>, status: 401 | 403 | 404 | 413 | 500, title: string, detail: string) {
  return faultAnswer(c, pageContext(c.var.config), status, title, detail);
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
  return problem(503, "Not set up", "The configuration has faults.", owner ? faults : undefined);
}
