import { configSchema } from "./config-schema.ts";

/** The Worker's bindings and raw variables, as wrangler.toml names them. */
export type Env = {
  readonly DB: D1Database;
  readonly LETTERS: Queue<QueueMessage>;
  readonly CONFIRMATIONS: Queue<QueueMessage>;
  readonly GUARD: DurableObjectNamespace;
  readonly SIGN_UP_RATE: RateLimit;
  /** Missing where the account has no R2. */
  readonly PICTURES?: R2Bucket;
} & { readonly [variable: string]: unknown };

/**
 * Queue messages carry no more than an id: of a batch to send; `gather` asks for what waits on a lane without a batch;
 * `sweep` for up to `left` batches of a lane that lie on no queue; `continueTickAt` for the rest of a tick that stopped at its statement budget;
 * `renderSite` for more letters of the site's next edition; `job` for more of long work that someone asked for; `broadcast` for what's to be done of one.
 */
export type QueueMessage =
  | { readonly batchId: number }
  | { readonly gather: "letters" | "confirmations" }
  | { readonly sweep: "letters" | "confirmations"; readonly left: number }
  | { readonly continueTickAt: number }
  | { readonly renderSite: true }
  | { readonly job: number }
  | { readonly broadcast: number };

/** The configuration, parsed. */
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
  /** Newest first: sign with the first, accept all. */
  readonly signingSecrets: readonly [string, ...string[]];
  /** Secrets that were retired: links signed with them still stop letters, and do nothing else. */
  readonly optOutSecrets: readonly string[];
  readonly adminToken: string;
  readonly suppressionKey: string;
  readonly limits: {
    /** Letters planned in 24 hours; null for any number. */
    readonly lettersPerDay: number | null;
    /** How large the database may become. */
    readonly databaseBytes: number;
    /** A run stops by itself above these shares, once this many letters of it went out. */
    readonly lettersBeforeStop: number;
    readonly bounceShare: number;
    readonly complaintShare: number;
    readonly failureShare: number;
    /** Sign-ups in one hour, all forms together; above it they're told to come later, or challenged. */
    readonly signUpsPerHour: number;
  };
  /** Where alerts are posted; null for nowhere. */
  readonly alertWebhookUrl: string | null;
  /** Where names are looked up, by DNS over HTTPS. */
  readonly dnsUrl: string;
  /** How many days each kind of record is kept (domain/privacy/clean-up.ts). */
  readonly keep: {
    readonly pendingDays: number;
    readonly networkDays: number;
    readonly eventDays: number;
    readonly changeDays: number;
  };
  /** Cloudflare Access in front of the desk: the application's audience, and the team that signs where the runtime doesn't tell; null for none. */
  readonly access: { readonly audience: string; readonly team: string | null } | null;
  /** The challenge for visitors, on our own page only; null where it is not set up. */
  readonly turnstile: Turnstile | null;
};

/** Cloudflare Turnstile: the public site key, the secret, and where its API is (another place in tests only). */
export type Turnstile = { readonly siteKey: string; readonly secretKey: string; readonly baseUrl: string };

export type ConfigReading =
  | { readonly kind: "valid"; readonly config: Config }
  | { readonly kind: "faulty"; readonly faults: readonly string[] };

/** What a configuration is read from: an environment, or the variables alone. */
type Variables = { readonly [variable: string]: unknown };

const readings = new WeakMap<Variables, ConfigReading>();

/** Parses all variables and secrets, once an environment, and reports every fault together, by name, never by value. */
export function readConfig(env: Variables): ConfigReading {
  const known = readings.get(env) ?? parseConfig(env);
  readings.set(env, known);
  return known;
}

function parseConfig(env: Variables): ConfigReading {
  const parsed = configSchema.safeParse(env);
  if (!parsed.success) {
    return {
      kind: "faulty",
      faults: parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`),
    };
  }
  const vars = parsed.data;
  const { whole, optOutOnly } = vars.SIGNING_SECRET;
  const [newest, ...older] = whole;
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
      signingSecrets: [newest, ...older],
      optOutSecrets: optOutOnly,
      adminToken: vars.ADMIN_TOKEN,
      suppressionKey: vars.SUPPRESSION_KEY,
      limits: {
        lettersPerDay: vars.LETTERS_PER_DAY ?? null,
        databaseBytes: vars.DATABASE_MB * 1_000_000,
        lettersBeforeStop: vars.STOP_AFTER_LETTERS,
        bounceShare: vars.STOP_BOUNCE_SHARE,
        complaintShare: vars.STOP_COMPLAINT_SHARE,
        failureShare: vars.STOP_FAILURE_SHARE,
        signUpsPerHour: vars.SIGN_UPS_PER_HOUR,
      },
      alertWebhookUrl: vars.ALERT_WEBHOOK_URL ?? null,
      dnsUrl: vars.DNS_URL,
      access:
        vars.ACCESS_AUD === undefined ? null : { audience: vars.ACCESS_AUD, team: vars.ACCESS_TEAM ?? null },
      keep: {
        pendingDays: vars.KEEP_PENDING_DAYS,
        networkDays: vars.KEEP_NETWORK_DAYS,
        eventDays: vars.KEEP_EVENT_DAYS,
        changeDays: vars.KEEP_CHANGE_DAYS,
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
