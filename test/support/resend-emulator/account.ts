import { WEBHOOK_SECRET } from "../webhook-secret.ts";
import type { Answer, ErrorName } from "./errors.ts";

/** A message that the emulator accepted, in the words of Resend's API. */
export type AcceptedMessage = {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: ReadonlyArray<{ readonly name: string; readonly value: string }>;
  readonly created_at: string;
  last_event: string;
  /** Its call wasn't answered: the list may show it late. */
  late: boolean;
};

/** What's wrong with an account's list of emails. */
export type ListFaults = {
  /** The key may only send. */
  readonly sendOnly: boolean;
  /** Entries from before are gone: epoch ms. */
  readonly keptSince: number;
  /** For so long after they were taken, entries are missing whose call wasn't answered. */
  readonly lagMs: number;
  /** Entries whose call wasn't answered are dated so much earlier: not all its clocks are the same. */
  readonly slowMs: number;
  /** Ids of entries on a page that's left out. */
  readonly missing: readonly string[];
};

export const WHOLE_LIST: ListFaults = { sendOnly: false, keptSince: 0, lagMs: 0, slowMs: 0, missing: [] };

/** What happens to the next sending calls of an account, one entry a call. `refuse:` names an error of the table. */
export type Fault =
  | "drop_before_accept"
  | "drop_after_accept"
  | "error_500_before_accept"
  | "error_500_after_accept"
  | "garbage_200"
  | "slow_body"
  | "short_answer"
  | `refuse:${ErrorName}`
  | `delay:${number}`;

/** When the provider's webhooks reach the service. */
type WebhookMode = "once" | "twice" | "reversed" | "before_answer";

export type AccountSettings = {
  /** Calls a second that the team may make, in windows of one second. */
  readonly ratePerSecond: number;
  readonly dailyQuota: number | null;
  readonly monthlyQuota: number | null;
  /** Moves the account's clock ahead of real time (ms): idempotency memory and quotas go by it. */
  readonly aheadMs: number;
  /** Calls are never answered, or their connections are closed at once; nothing is taken. */
  readonly outage: "hang" | "refuse" | null;
  readonly list: ListFaults;
  /** Domains of the team; a key that may only send can't read them. */
  readonly domains: ReadonlyArray<{
    readonly id: string;
    readonly name: string;
    readonly status: string;
    readonly open_tracking: boolean;
    readonly click_tracking: boolean;
  }>;
  /** Webhooks of the team, which such a key can't see either. */
  readonly webhooks: ReadonlyArray<{
    readonly id: string;
    readonly endpoint: string;
    readonly status: string;
    readonly events: readonly string[];
    readonly signing_secret: string;
  }>;
  /** Text records by name, as DNS over HTTPS tells them; null where no server answers. */
  readonly dns: Readonly<Record<string, readonly string[]>> | null;
  readonly webhookSecret: string;
  /** Where events are posted; null keeps them to be fetched. */
  readonly webhookUrl: string | null;
  readonly webhookMode: WebhookMode;
};

/** An event ready to be posted. */
export type SignedEvent = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** One API key is one account (team) with its own state, so that tests do not meet. */
export type Account = {
  settings: AccountSettings;
  readonly accepted: AcceptedMessage[];
  readonly memory: Map<string, { readonly payload: string; readonly at: number; answer: Answer | null }>;
  readonly faults: Fault[];
  readonly suppressed: Set<string>;
  events: SignedEvent[];
  /** What was posted to the account's webhook for alerts. */
  readonly alerts: unknown[];
  calls: number;
  refusedForRate: number;
  window: { startedAt: number; used: number };
};

export function newAccount(ratePerSecond: number): Account {
  return {
    settings: {
      ratePerSecond,
      dailyQuota: null,
      monthlyQuota: null,
      aheadMs: 0,
      outage: null,
      list: WHOLE_LIST,
      domains: [],
      webhooks: [],
      dns: {},
      webhookSecret: WEBHOOK_SECRET,
      webhookUrl: null,
      webhookMode: "once",
    },
    accepted: [],
    memory: new Map(),
    faults: [],
    suppressed: new Set(),
    events: [],
    alerts: [],
    calls: 0,
    refusedForRate: 0,
    window: { startedAt: 0, used: 0 },
  };
}

/** The account's own time, epoch ms. */
export function accountNow(account: Account): number {
  return Date.now() + account.settings.aheadMs;
}
