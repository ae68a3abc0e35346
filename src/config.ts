import * as z from "zod";
import { isTimeZone } from "./calendar/time-zone.ts";

/** The Worker's bindings and raw variables, as wrangler.toml names them. */
export type Env = {
  readonly DB: D1Database;
  readonly LETTERS: Queue<QueueMessage>;
  readonly CONFIRMATIONS: Queue<QueueMessage>;
  readonly GUARD: DurableObjectNamespace;
  readonly SIGN_UP_RATE: RateLimit;
} & { readonly [variable: string]: unknown };

/** Queue messages carry ids only; `continue` asks for the rest of a tick that stopped at its statement budget. */
export type QueueMessage = { readonly batchId: number } | { readonly continueTickAt: number };

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

const secret = z.string().min(32, "must have at least 32 characters");
const oneLine = z
  .string()
  .trim()
  .min(1, "must not be empty")
  .max(300)
  .regex(/^\P{Cc}*$/u, "must be one line");

// What is empty is not set: a file of settings may name a value before there is one.
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

const share = (fallback: number) =>
  z.coerce
    .number("must be a number")
    .gt(0, "must be above 0")
    .max(1, "must be a share, 1 at most")
    .default(fallback);

const publicUrl = z
  .string()
  .refine((value) => URL.canParse(value), "must be an absolute URL")
  .transform((value) => new URL(value))
  .refine(
    (url) => url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK_HOSTS.includes(url.hostname)),
    "must be https (http only on loopback)",
  )
  .refine((url) => url.pathname === "/" && url.search === "" && url.hash === "", "must have no path")
  .transform((url) => url.origin);

const schema = z
  .object({
    PUBLIC_URL: publicUrl,
    INSTANCE: z.string().regex(/^[a-z0-9]{1,20}$/, "must be 1 to 20 lower-case letters or digits"),
    MAIL_PROVIDER: z.enum(["resend", "mailbox"]),
    MAIL_FROM: oneLine.regex(/^([^<>"]+ <[^<>\s]+@[^<>\s]+>|[^<>\s]+@[^<>\s]+)$/, "must be `Name <address>`"),
    MAIL_REPLY_TO: oneLine.regex(/^[^<>\s]+@[^<>\s]+$/, "must be an address"),
    OWNER_NAME: oneLine,
    POSTAL_ADDRESS: oneLine,
    DEFAULT_TIME_ZONE: z.string().refine(isTimeZone, "must be an IANA time zone such as Europe/Berlin"),
    SEND_WEEKDAY: z.enum(WEEKDAYS),
    SEND_HOUR: z
      .string()
      .regex(/^(1?\d|2[0-3])$/, "must be an hour from 0 to 23")
      .transform(Number),
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
    STOP_AFTER_LETTERS: z.coerce.number("must be a number").int().min(1).default(100),
    STOP_BOUNCE_SHARE: share(0.04),
    STOP_COMPLAINT_SHARE: share(0.003),
    STOP_FAILURE_SHARE: share(0.2),
    SIGN_UPS_PER_HOUR: z.coerce
      .number("must be a number")
      .int("must be a whole number")
      .min(1, "must be above 0")
      .default(1000),
    TURNSTILE_SITE_KEY: optional(z.string().max(100)),
    TURNSTILE_SECRET_KEY: optional(z.string().max(100)),
    TURNSTILE_BASE_URL: optional(z.url()),
    SIGNING_SECRET: z
      .string()
      .transform((list) => list.split(",").map((item) => item.trim()))
      .pipe(z.array(secret).min(1).max(8)),
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
    if ((env.TURNSTILE_SITE_KEY === undefined) !== (env.TURNSTILE_SECRET_KEY === undefined)) {
      const missing = env.TURNSTILE_SITE_KEY === undefined ? "TURNSTILE_SITE_KEY" : "TURNSTILE_SECRET_KEY";
      ctx.addIssue({
        code: "custom",
        path: [missing],
        message: "is needed where the other Turnstile key is set",
      });
    }
    if (env.MAIL_PROVIDER === "mailbox" && !LOOPBACK_HOSTS.includes(new URL(env.PUBLIC_URL).hostname)) {
      ctx.addIssue({
        code: "custom",
        path: ["MAIL_PROVIDER"],
        message:
          "may be `mailbox` only where PUBLIC_URL is a loopback address: the mailbox shows all mail to anybody",
      });
    }
  });

/** The configuration, parsed. `signingSecrets` is newest first: sign with the first, accept all. */
export type Config = {
  readonly publicUrl: string;
  readonly instance: string;
  readonly mail: { readonly from: string; readonly replyTo: string };
  readonly provider:
    | { readonly kind: "mailbox" }
    | {
        readonly kind: "resend";
        readonly apiKey: string;
        readonly baseUrl: string | undefined;
        /** Exists only after the first deploy; until then themes wait. */
        readonly webhookSecret: string | undefined;
      };
  readonly owner: { readonly name: string; readonly postalAddress: string };
  readonly defaultSlot: { readonly weekday: number; readonly hour: number; readonly timeZone: string };
  readonly signingSecrets: readonly [string, ...string[]];
  readonly adminToken: string;
  readonly suppressionKey: string;
  readonly limits: {
    /** Letters planned in 24 hours; null for any number. */
    readonly lettersPerDay: number | null;
    /** A run stops by itself above these shares, once this many letters of it went out. */
    readonly lettersBeforeStop: number;
    readonly bounceShare: number;
    readonly complaintShare: number;
    readonly failureShare: number;
    /** Confirmations in one hour, all partners together; above it sign-ups are refused or challenged. */
    readonly signUpsPerHour: number;
  };
  /** The challenge for visitors, on our own page only; null where it is not set up. */
  readonly turnstile: Turnstile | null;
};

/** Cloudflare Turnstile: the public site key, the secret, and where its API is (another place in tests only). */
export type Turnstile = { readonly siteKey: string; readonly secretKey: string; readonly baseUrl: string };

export type ConfigReading =
  | { readonly kind: "valid"; readonly config: Config }
  | { readonly kind: "faulty"; readonly faults: readonly string[] };

const readings = new WeakMap<Env, ConfigReading>();

/** Parses all variables and secrets, once an environment, and reports every fault together, by name, never by value. */
export function readConfig(env: Env): ConfigReading {
  const known = readings.get(env) ?? parseConfig(env);
  readings.set(env, known);
  return known;
}

function parseConfig(env: Env): ConfigReading {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    return {
      kind: "faulty",
      faults: parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`),
    };
  }
  const vars = parsed.data;
  const [newest, ...older] = vars.SIGNING_SECRET;
  if (newest === undefined) throw new Error("the schema asks for one secret at least");
  return {
    kind: "valid",
    config: {
      publicUrl: vars.PUBLIC_URL,
      instance: vars.INSTANCE,
      mail: { from: vars.MAIL_FROM, replyTo: vars.MAIL_REPLY_TO },
      provider:
        vars.MAIL_PROVIDER === "resend" && vars.RESEND_API_KEY !== undefined
          ? {
              kind: "resend",
              apiKey: vars.RESEND_API_KEY,
              baseUrl: vars.RESEND_BASE_URL,
              webhookSecret: vars.RESEND_WEBHOOK_SECRET,
            }
          : { kind: "mailbox" },
      owner: { name: vars.OWNER_NAME, postalAddress: vars.POSTAL_ADDRESS },
      defaultSlot: {
        weekday: WEEKDAYS.indexOf(vars.SEND_WEEKDAY) + 1,
        hour: vars.SEND_HOUR,
        timeZone: vars.DEFAULT_TIME_ZONE,
      },
      signingSecrets: [newest, ...older],
      adminToken: vars.ADMIN_TOKEN,
      suppressionKey: vars.SUPPRESSION_KEY,
      limits: {
        lettersPerDay: vars.LETTERS_PER_DAY ?? null,
        lettersBeforeStop: vars.STOP_AFTER_LETTERS,
        bounceShare: vars.STOP_BOUNCE_SHARE,
        complaintShare: vars.STOP_COMPLAINT_SHARE,
        failureShare: vars.STOP_FAILURE_SHARE,
        signUpsPerHour: vars.SIGN_UPS_PER_HOUR,
      },
      turnstile:
        vars.TURNSTILE_SITE_KEY === undefined || vars.TURNSTILE_SECRET_KEY === undefined
          ? null
          : {
              siteKey: vars.TURNSTILE_SITE_KEY,
              secretKey: vars.TURNSTILE_SECRET_KEY,
              baseUrl: vars.TURNSTILE_BASE_URL ?? "https://challenges.cloudflare.com",
            },
    },
  };
}
