import type { ProviderAnswer } from "../../platform/providers/mail-provider.ts";

/** What a provider's answer says about each member of the call. */
export type MatchedAnswer =
  | {
      readonly kind: "matched";
      readonly accepted: ReadonlyArray<{ readonly id: number; readonly providerId: string }>;
      readonly failed: ReadonlyArray<{ readonly id: number; readonly reason: string }>;
    }
  /** The call was taken, but the answer does not tell by whom which id is meant. */
  | { readonly kind: "mismatched" };

/**
 * Gives each member (delivery ids in call order) its provider id: those in `rejected` fail, the others get the ids by
 * position. Only if ids and rejections together are as many as the members and the indexes are distinct and in range;
 * otherwise nothing is guessed.
 */
export function matchAnswer(
  members: readonly number[],
  answer: Extract<ProviderAnswer, { kind: "accepted" }>,
): MatchedAnswer {
  const rejected = new Map(answer.rejected.map((entry) => [entry.index, entry.message]));
  const inRange = answer.rejected.every((entry) => entry.index >= 0 && entry.index < members.length);
  const distinct = rejected.size === answer.rejected.length;
  if (!inRange || !distinct || answer.ids.length + rejected.size !== members.length)
    return { kind: "mismatched" };
  const accepted: { id: number; providerId: string }[] = [];
  const failed: { id: number; reason: string }[] = [];
  let next = 0;
  members.forEach((id, index) => {
    const message = rejected.get(index);
    if (message !== undefined) {
      failed.push({ id, reason: `rejected: ${withoutAddresses(message)}` });
      return;
    }
    const providerId = answer.ids[next];
    next += 1;
    if (providerId !== undefined) accepted.push({ id, providerId });
  });
  return { kind: "matched", accepted, failed };
}

/** Providers quote the address that they refuse; the ledger keeps reasons, not addresses, and no more than `charactersMax` of them. */
export function withoutAddresses(message: string, charactersMax = 200): string {
  return message.replaceAll(/[^\s<>"'`]+@[^\s<>"'`]+/g, "(address)").slice(0, charactersMax);
}
