// @ts-expect-error -- the scripts are plain JavaScript so that they run before anything is installed
import { everyMail as every } from "../../scripts/gallery/every-mail.mjs";
import type { MailboxMessage } from "../support/running-themepost.ts";

const BUILT_IN_STEPS = 10;

/** A message under the name that the gallery gives it. */
export type NamedMessage = MailboxMessage & {
  readonly name: string;
  readonly from: string;
  readonly reply_to: string;
};

/** Every letter and system mail of a running trial, made by the gallery's own code. */
export function everyMail(url: string): Promise<NamedMessage[]> {
  return (every as (url: string, steps: number) => Promise<NamedMessage[]>)(url, BUILT_IN_STEPS);
}
