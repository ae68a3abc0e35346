import { SOURCES } from "./releases/all.ts";

/** A published version of the form's element: its path never gives anything else. */
export type Release = { readonly path: string; readonly source: string };

/** All releases, oldest first. Pages name them by path and hash, so that none is ever changed or taken away. */
export const RELEASES: readonly Release[] = SOURCES.map((source, index) => ({
  path: `/embed/form-${index + 1}.js`,
  source,
}));

/** What new snippets name. */
export function newestRelease(): Release {
  const newest = RELEASES.at(-1);
  if (newest === undefined) throw new Error("the form's element has no release");
  return newest;
}

const integrities = new Map<string, Promise<string>>();

/** The value of a script's `integrity` (W3C Subresource Integrity): sha384 and the hash in base64. */
export function integrityOf({ path, source }: Release): Promise<string> {
  let integrity = integrities.get(path);
  if (integrity === undefined) {
    integrity = crypto.subtle
      .digest("SHA-384", new TextEncoder().encode(source))
      .then((hash) => `sha384-${btoa(String.fromCharCode(...new Uint8Array(hash)))}`);
    integrities.set(path, integrity);
  }
  return integrity;
}
