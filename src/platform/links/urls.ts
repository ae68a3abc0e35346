import type { Purpose } from "./token.ts";

/** The public address of a signed link, for instance https://letters.example.org/unsubscribe/AgAA… */
export function linkUrl(publicUrl: string, purpose: Purpose, token: string): string {
  return `${publicUrl}/${purpose}/${token}`;
}

/** The public address of a stored picture. */
export function pictureUrl(publicUrl: string, name: string): string {
  return `${publicUrl}/pictures/${name}`;
}
