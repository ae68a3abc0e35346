/** Where a post came from, as the browser says it. */
export type Provenance = {
  /** The Origin header; null where it is missing. */
  readonly origin: string | null;
  /** The Sec-Fetch-Site header; null where it is missing. */
  readonly fetchSite: string | null;
  /** Our own origin, as it's configured. */
  readonly own: string;
  /** The origins of the form's partner; none for our own form. */
  readonly partner: readonly string[];
};

/**
 * `own`: one of our pages. `partner`: a page on one of the partner's origins. `foreign`: a page that may not
 * carry this form. `unusable`: the browser does not say (Origin is missing or "null", as from a page with no-referrer).
 */
export type OriginVerdict =
  | { readonly kind: "own"; readonly origin: string }
  | { readonly kind: "partner"; readonly origin: string }
  | { readonly kind: "foreign" }
  | { readonly kind: "unusable" };

/** Compares whole origins only: never a prefix, a suffix or a pattern (rule 4.03). */
export function judgeOrigin({ origin, fetchSite, own, partner }: Provenance): OriginVerdict {
  if (origin === null || origin === "null" || origin === "") {
    return fetchSite === "same-origin" ? { kind: "own", origin: own } : { kind: "unusable" };
  }
  if (origin === own) return { kind: "own", origin };
  if (partner.includes(origin)) return { kind: "partner", origin };
  return { kind: "foreign" };
}
