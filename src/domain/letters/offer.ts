import type { Offer } from "../../../emails/weekly-theme.tsx";
import type { Language } from "../../platform/texts/languages.ts";
import { faultOf, type LetterFault } from "./letter-rules.ts";

/** The sequence that a last letter offers; null for none. */
export type OfferedNext = Offer | null;

/**
 * What a sequence offers after its last letter, by the slug that it names. To offer itself is refused; one that isn't published
 * is a warning, and nothing is offered until it is and this one is published again.
 */
export function judgeOffer(
  slug: string,
  next: string | null,
  found: { readonly title: string; readonly language: Language } | null,
  publicUrl: string,
): { readonly offer: OfferedNext; readonly faults: readonly LetterFault[] } {
  if (next === null) return { offer: null, faults: [] };
  if (next === slug)
    return { offer: null, faults: [faultOf(null, null, "offers-itself", "the sequence offers itself")] };
  if (found === null) {
    const message = `the sequence “${next}”, offered after the last letter, isn’t published`;
    return { offer: null, faults: [faultOf(null, null, "offer-unknown", message)] };
  }
  return { offer: { ...found, href: `${publicUrl}/s/${next}` }, faults: [] };
}
