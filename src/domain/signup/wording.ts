import { sha256Hex } from "../../platform/links/mac.ts";
import type { Wording } from "./partners/partner.ts";

/** What a visitor agrees to by signing up on our page. A changed text needs a new version: old records stay proof. */
export const WORDING = {
  version: "own-page-1",
  locale: "en",
  text: "I want one letter a week by email from this site, and I know that I can pause or stop at any time with the links in each letter. I agree that my address, and my first name if I give it, are kept for that.",
} as const;

let hash: Promise<string> | null = null;

/** The same with its hash. */
export async function ownWording(): Promise<Wording> {
  hash ??= sha256Hex(WORDING.text);
  return { ...WORDING, hash: await hash };
}
