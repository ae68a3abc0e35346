import type { Db } from "../../platform/db/client.ts";
import { sha256Hex } from "../../platform/links/mac.ts";
import type { Language } from "../../platform/texts/languages.ts";
import { say } from "../../platform/texts/texts.ts";
import type { Site } from "../site/site.ts";
import type { Wording } from "./partners/partner.ts";
import { recordAgreement } from "./queries/agree-to-broadcasts.ts";
import { versionOf } from "./wording.ts";

/** What a reader agrees to who switches broadcasts on at a page of their own. */
export async function broadcastWording(site: Site, language: Language): Promise<Wording> {
  const text = say("consent.broadcasts", { site: site.name }, language);
  const covers = ["broadcasts"] as const;
  const version = await versionOf({ text, language, covers });
  return { version, text, locale: language, hash: await sha256Hex(text), covers };
}

/**
 * Switches broadcasts on for a reader who pressed the button beside that wording, with the consent. Whoever had left everything gets
 * broadcasts alone. False, and nothing written, where they get them already, may not be mailed, or have done so five times today. A press
 * on an older page counts all the same: it says what they want.
 */
export async function agreeToBroadcasts(
  deps: { readonly db: Db; readonly now: number; readonly random: () => string; readonly publicUrl: string },
  reader: { readonly subscriberId: number; readonly language: Language },
  site: Site,
  page: string,
): Promise<boolean> {
  const { db, now, publicUrl } = deps;
  return recordAgreement(db, {
    subscriberId: reader.subscriberId,
    language: reader.language,
    wording: await broadcastWording(site, reader.language),
    ...{ requestId: deps.random(), page, origin: new URL(publicUrl).origin, timeZone: site.timeZone, now },
  });
}
