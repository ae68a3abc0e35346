import * as z from "zod";
import { readMailbox } from "./read-mailbox.ts";

const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/** Whether an address is this machine's own. */
export function isLoopback(url: string | URL): boolean {
  return LOOPBACK_HOSTS.includes(new URL(url).hostname);
}

const secret = z.string().min(32, "must have at least 32 characters");
/** Cloudflare's test secrets (developers.cloudflare.com/turnstile/troubleshooting/testing). */
const TEST_KEY = /^[123]x0{31,33}AA$/;
/** A secret that was retired: links signed with it stop letters, and do nothing else. */
const RETIRED = "opt-out:";
const oneLine = z
  .string()
  .trim()
  .min(1, "must not be empty")
  .max(300)
  .regex(/^\P{Cc}*$/u, "must be one line");

// What is empty is not set: a file of settings may name a value before there is one.
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

const orElse = <T extends z.ZodType>(fallback: z.input<T>, schema: T) =>
  z.preprocess((value) => (value === "" || value === undefined ? fallback : value), schema);

const share = (fallback: number) =>
  z.coerce
    .number("must be a number")
    .gt(0, "must be above 0")
    .max(1, "must be a share, at most 1")
    .default(fallback);

const days = (fallback: number, min: number, max: number) =>
  orElse(
    fallback,
    z.coerce
      .number("must be a number of days")
      .int("must be a whole number")
      .min(min, `must be at least ${min}`)
      .max(max, `must be at most ${max}`),
  );

const publicUrl = z
  .string()
  .refine((value) => URL.canParse(value), { message: "must be an absolute URL", abort: true })
  .transform((value) => new URL(value))
  .refine(
    (url) => url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url)),
    "must be https (http only on loopback)",
  )
  .refine((url) => url.pathname === "/" && url.search === "" && url.hash === "", "must have no path")
  .transform((url) => url.origin);

/** All variables and secrets, as they stand in the environment. Every fault is reported, by name and never by value. */
export const configSchema = z
  .object({
    PUBLIC_URL: publicUrl,
    INSTANCE: z.string().regex(/^[a-z0-9]{1,20}$/, "must be 1 to 20 lower-case letters or digits"),
    MAIL_PROVIDER: z.enum(["resend", "mailbox"]),
    MAIL_FROM: oneLine.transform((text, ctx) => {
      const from = readMailbox(text);
      if (from === null)
        ctx.addIssue(
          'must be one `Name <address>`; put a name with a comma, a dot or the like in double quotes: "Name, First" <address>',
        );
      return from ?? z.NEVER;
    }),
    MAIL_REPLY_TO: oneLine.regex(/^[^<>\s]+@[^<>\s]+$/, "must be an address"),
    RESEND_BASE_URL: optional(z.url()),
    RESEND_API_KEY: optional(z.string()),
    RESEND_WEBHOOK_SECRET: optional(
      z
        .string()
        .regex(/^whsec_[A-Za-z0-9+/]{16,}={0,2}$/, "must be the signing secret of the webhook, whsec_…"),
    ),
    LETTERS_PER_DAY: optional(
      z.coerce.number("must be a number").int("must be a whole number").positive("must be above 0"),
    ),
    // D1 holds 10 GB a database on the paid plan, 500 MB on the free one (developers.cloudflare.com/d1/platform/limits).
    DATABASE_MB: z.coerce
      .number("must be a number")
      .int("must be a whole number")
      .positive("must be above 0")
      .default(10_000),
    STOP_AFTER_LETTERS: z.coerce.number("must be a number").int().min(1).default(100),
    STOP_BOUNCE_SHARE: share(0.04),
    STOP_COMPLAINT_SHARE: share(0.003),
    STOP_FAILURE_SHARE: share(0.2),
    SIGN_UPS_PER_HOUR: z.coerce
      .number("must be a number")
      .int("must be a whole number")
      .min(1, "must be above 0")
      .default(10_000),
    KEEP_PENDING_DAYS: days(30, 30, 365),
    KEEP_NETWORK_DAYS: days(30, 1, 365),
    KEEP_EVENT_DAYS: days(90, 36, 3650),
    KEEP_CHANGE_DAYS: days(90, 1, 3650),
    ALERT_WEBHOOK_URL: optional(
      z
        .url()
        .regex(
          /^https:\/\/|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/,
          "must be https (http only on loopback)",
        ),
    ),
    DNS_URL: orElse("https://cloudflare-dns.com/dns-query", z.url()),
    ACCESS_AUD: optional(z.string().max(200)),
    ACCESS_TEAM: optional(
      z.string().regex(/^[a-z0-9-]{1,63}$/, "must be the team's name alone, as in NAME.cloudflareaccess.com"),
    ),
    TURNSTILE_SITE_KEY: optional(z.string().max(100)),
    TURNSTILE_SECRET_KEY: optional(z.string().max(100)),
    TURNSTILE_BASE_URL: optional(z.url()),
    SIGNING_SECRET: z
      .string()
      .transform((list) => list.split(",").map((item) => item.trim()))
      .pipe(z.array(z.string()).max(20))
      .transform((list) => ({
        whole: list.filter((item) => !item.startsWith(RETIRED)),
        optOutOnly: list.filter((item) => item.startsWith(RETIRED)).map((item) => item.slice(RETIRED.length)),
      }))
      .pipe(z.object({ whole: z.array(secret), optOutOnly: z.array(secret) }))
      .refine(({ whole }) => whole.length > 0, "needs one secret that isn't marked opt-out:"),
    SUPPRESSION_KEY: secret,
    ADMIN_TOKEN: secret,
  })
  .superRefine((env, ctx) => {
    if (env.MAIL_PROVIDER === "resend" && env.RESEND_API_KEY === undefined) {
      ctx.addIssue({
        code: "custom",
        path: ["RESEND_API_KEY"],
        message: "is needed with MAIL_PROVIDER=resend",
      });
    }
    if (!isLoopback(env.PUBLIC_URL)) {
      for (const name of ["RESEND_BASE_URL", "TURNSTILE_BASE_URL"] as const) {
        const url = env[name];
        if (url !== undefined && !isLoopback(url))
          ctx.addIssue({
            code: "custom",
            path: [name],
            message: "is for tests on one machine: leave it empty, or all mail and keys go to that address",
          });
      }
      if (env.TURNSTILE_BASE_URL === undefined && TEST_KEY.test(env.TURNSTILE_SECRET_KEY ?? ""))
        ctx.addIssue({
          code: "custom",
          path: ["TURNSTILE_SECRET_KEY"],
          message: "is one of Cloudflare's test secrets, which let everyone through or no one",
        });
    }
    // A secret alone is left over from when there was a challenge: it asks for nothing.
    if (env.TURNSTILE_SITE_KEY !== undefined && env.TURNSTILE_SECRET_KEY === undefined) {
      ctx.addIssue({
        code: "custom",
        path: ["TURNSTILE_SECRET_KEY"],
        message: "is needed because TURNSTILE_SITE_KEY is set",
      });
    }
    if (env.MAIL_PROVIDER === "mailbox" && !isLoopback(env.PUBLIC_URL)) {
      ctx.addIssue({
        code: "custom",
        path: ["MAIL_PROVIDER"],
        message:
          "can be `mailbox` only where PUBLIC_URL is a loopback address: the mailbox shows all mail to anyone",
      });
    }
  });
