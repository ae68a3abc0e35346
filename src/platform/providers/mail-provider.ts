/** A message as a provider takes it. `headers` and `tags` carry no personal data beyond signed links. */
export type OutboundMessage = {
  readonly to: string;
  readonly from: string;
  readonly replyTo: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: ReadonlyArray<{ readonly name: string; readonly value: string }>;
};

/** One provider call: up to 100 messages under one idempotency key. */
export type ProviderCall = {
  readonly idempotencyKey: string;
  readonly messages: readonly OutboundMessage[];
  /** Ends the call; an ended call is `unanswered`. */
  readonly signal: AbortSignal;
};

/**
 * What a call came to, as evidence, not as judgement (delivery/judge-answer.ts judges):
 * - accepted: `ids` of the messages that were taken, in order, and the `rejected` ones by their index in the call. Not
 *   yet checked against the call: see delivery/match-answer.ts.
 * - refused: the provider answered that it did not take the call, by its error's name.
 * - unanswered: nobody knows whether it was taken (no answer, 5xx, an answer that cannot be read, or the same key still
 *   in progress).
 * `limitPerSecond` is the team's rate limit where the answer tells it.
 */
export type ProviderAnswer = (
  | {
      readonly kind: "accepted";
      readonly ids: readonly string[];
      readonly rejected: ReadonlyArray<{ readonly index: number; readonly message: string }>;
    }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly name: string;
      readonly retryAfterSeconds: number | null;
    }
  | { readonly kind: "unanswered"; readonly cause: string }
) & { readonly limitPerSecond: number | null };

/** An email as the provider's list shows it; `at` (epoch ms) is when the provider says that it was posted. */
export type ListedEmail = {
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly at: number;
};

/** A page of the provider's list, newest first. `next` is the email behind which the list goes on; null at its end. */
export type ListedPage = { readonly emails: readonly ListedEmail[]; readonly next: string | null };

/** How the provider sees the domain that mail is sent from. `unknown`: it isn't among those it knows. */
export type SendingDomain =
  | { readonly kind: "unknown" }
  | {
      readonly kind: "known";
      readonly verified: boolean;
      readonly openTracking: boolean;
      readonly clickTracking: boolean;
    };

/** How the provider's webhook for our address stands. `faulty`: it's switched off, or doesn't tell all that we want to hear. */
export type SeenWebhook =
  | { readonly kind: "none" }
  | { readonly kind: "whole" | "faulty"; readonly id: string };

/** How much of a quota is used; `limit` null for no end. */
export type Quota = { readonly used: number; readonly limit: number | null };

/**
 * The provider. Nothing here throws for anything that happens outside our walls.
 * - send: one call; a repeat under the same key sends nothing new.
 * - listSent: a page of what the provider was sent, up to 100, from behind the email `after` (null: from the newest); null where there is no
 *   list or it can't be read.
 * - quotaResetsAt: when the exhausted quota begins anew (epoch ms), or null where the provider does not say.
 * - forgetSuppression: takes an address off the provider's own suppression list; false where that failed.
 * - readDomain: how it sees a domain; null where it can't be asked, as with a key that may only send.
 * - readUsage: how much of its quotas is used; null where it can't be asked.
 * - readWebhook: how the webhook of an address stands; null where it can't be asked.
 * - setUpWebhook: makes it, or makes it whole; its signing secret (empty where it isn't told), or null where that failed. Idempotent.
 * `rateLimited` says whether calls must keep the team's rate.
 */
export type MailProvider = {
  readonly rateLimited: boolean;
  readonly send: (call: ProviderCall) => Promise<ProviderAnswer>;
  readonly listSent: (after: string | null) => Promise<ListedPage | null>;
  readonly quotaResetsAt: (quota: "daily" | "monthly") => Promise<number | null>;
  readonly forgetSuppression: (address: string) => Promise<boolean>;
  readonly readDomain: (name: string) => Promise<SendingDomain | null>;
  readonly readWebhook: (url: string) => Promise<SeenWebhook | null>;
  readonly setUpWebhook: (url: string) => Promise<{ readonly secret: string } | null>;
  readonly readUsage: () => Promise<{ readonly daily: Quota; readonly monthly: Quota } | null>;
};
