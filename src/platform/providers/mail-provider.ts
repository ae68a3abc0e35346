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

/** A letter to look for: who it went to, under which subject, and between which instants (epoch ms) it was posted. */
export type LostLetter = {
  readonly id: number;
  readonly to: string;
  readonly subject: string;
  readonly from: number;
  readonly until: number;
};

/**
 * The provider. Nothing here throws for anything that happens outside our walls.
 * - send: one call; a repeat under the same key sends nothing new.
 * - findLost: asks which of the letters the provider has, going back at most `pages` pages of 100; a letter that is not
 *   found may still have been sent.
 * - quotaResetsAt: when the exhausted quota begins anew (epoch ms), or null where the provider does not say.
 * - forgetSuppression: takes an address off the provider's own suppression list; false where that failed.
 * `rateLimited` says whether calls must keep the team's rate.
 */
export type MailProvider = {
  readonly rateLimited: boolean;
  readonly send: (call: ProviderCall) => Promise<ProviderAnswer>;
  readonly findLost: (
    letters: readonly LostLetter[],
    pages: number,
  ) => Promise<ReadonlyArray<{ readonly id: number; readonly providerId: string }>>;
  readonly quotaResetsAt: (quota: "daily" | "monthly") => Promise<number | null>;
  readonly forgetSuppression: (address: string) => Promise<boolean>;
};
