/** What a request says of the state that it expects: `If-Match`, `If-None-Match: *`, or nothing. */
export type Precondition =
  | { readonly kind: "none" }
  | { readonly kind: "any" }
  | { readonly kind: "absent" }
  | { readonly kind: "revisions"; readonly revisions: readonly string[] };

/** Reads the headers. The edge weakens tags on its way (`W/`), so that mark says nothing here. */
export function readPrecondition(ifMatch: string | undefined, ifNoneMatch: string | undefined): Precondition {
  if (ifMatch?.trim() === "*") return { kind: "any" };
  if (ifMatch !== undefined) {
    const revisions = [...ifMatch.matchAll(/(?:W\/)?"([^"]*)"/g)].map(([, revision]) => revision ?? "");
    return { kind: "revisions", revisions };
  }
  return ifNoneMatch?.trim() === "*" ? { kind: "absent" } : { kind: "none" };
}

/**
 * Whether a change may go on, where `current` is the revision of what is there (null: nothing). Something new needs no condition;
 * what is there is changed only by someone who says what they saw.
 */
export function judgePrecondition(
  precondition: Precondition,
  current: string | null,
): "met" | "missing" | "stale" {
  switch (precondition.kind) {
    case "none":
      return current === null ? "met" : "missing";
    case "any":
      return current === null ? "stale" : "met";
    case "absent":
      return current === null ? "met" : "stale";
    case "revisions":
      return current !== null && precondition.revisions.includes(current) ? "met" : "stale";
  }
}

/** The entity tag of a revision. */
export function entityTag(revision: string): string {
  return `"${revision}"`;
}
