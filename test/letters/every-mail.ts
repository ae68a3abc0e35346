import { everyMail as every, type NamedMail } from "../../scripts/gallery/every-mail.ts";

const BUILT_IN_STEPS = 10;

/** Every letter and system mail of a running trial, made by the gallery's own code. */
export function everyMail(url: string): Promise<NamedMail[]> {
  return every(url, BUILT_IN_STEPS);
}
