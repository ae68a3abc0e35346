import { ORIGINS } from "../../platform/db/schema/index.ts";

export { ORIGINS };

/** Where an edition came from. */
export type Origin = (typeof ORIGINS)[number];

/** What is published was made elsewhere and stays; `differs` is what the edition would change. */
export type Kept = {
  readonly kind: "kept";
  readonly publishedFrom: Origin;
  readonly differs: Readonly<Record<string, unknown>>;
};

/** An edition from here gives way to none from there, because it was made with more in mind. */
const KEPT_FROM: Readonly<Record<Origin, readonly Origin[]>> = {
  built_in: [],
  files: ["built_in"],
  api: ["built_in"],
  desk: ["built_in", "files"],
};

/**
 * Whether an edition from somewhere may replace what is published: what ships with the product replaces only itself, and files replace
 * nothing that was made at the desk, unless the owner insists (`force`).
 */
export function mayReplace(
  published: Origin | null,
  edition: { readonly origin: Origin; readonly force: boolean },
): boolean {
  return published === null || edition.force || !KEPT_FROM[published].includes(edition.origin);
}
