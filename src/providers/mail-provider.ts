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
 * What a call came to, as evidence, not as judgement:
 * - accepted: `ids` of the messages that were taken, in order, and the `rejected` ones by their index in the call. Not
 *   yet checked against the call: see delivery/match-answer.ts.
 * - refused: the provider answered that it did not take the call.
 * - unanswered: nobody knows whether it was taken (no answer, 5xx, an answer that cannot be read, or the same key still
 *   in progress).
 */
export type ProviderAnswer =
  | {
      readonly kind: "accepted";
      readonly ids: readonly string[];
      readonly rejected: ReadonlyArray<{ readonly index: number; readonly message: string }>;
    }
  | { readonly kind: "refused"; readonly status: number; readonly name: string }
  | { readonly kind: "unanswered"; readonly cause: string };

/** Sends one call. Never throws for anything that happens outside our walls; a repeat under the same key sends nothing new. */
export type MailProvider = { readonly send: (call: ProviderCall) => Promise<ProviderAnswer> };
