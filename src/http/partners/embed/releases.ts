import { SOURCE as FORM_1 } from "./releases/form-1.ts";

/** A published version of the form's element: its path never gives anything else. */
export type Release = { readonly path: string; readonly source: string };

/** All releases, oldest first. Pages name them by path and hash, so that none is ever changed or taken away. */
export const RELEASES: readonly [Release, ...Release[]] = [{ path: "/embed/form-1.js", source: FORM_1 }];

/** What new snippets name. */
export function newestRelease(): Release {
  return RELEASES.at(-1) ?? RELEASES[0];
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
