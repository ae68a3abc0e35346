import type { Config } from "../config.ts";
import { signLink } from "../links/token.ts";
import { linkUrl } from "../links/urls.ts";
import { integrityOf, newestRelease } from "./embed/releases.ts";
import type { Language } from "./labels.ts";
import type { Partner } from "./partner.ts";
import { isTestUrl } from "./partner-schema.ts";
import { snippetsOf } from "./snippets.ts";

/** A partner as the admin API shows it. */
export function partnerView(partner: Partner) {
  const { slug, name, origins, wording } = partner;
  return {
    slug,
    name,
    origins,
    test_origins: origins.filter(isTestUrl),
    sequence: partner.sequenceSlug,
    time_zone: partner.timeZone,
    return_urls: partner.returnUrls,
    consent_text: wording.text,
    consent_locale: wording.locale,
    wording: { version: wording.version, hash: wording.hash },
    daily_limit: partner.dailyLimit,
    limits: partner.limits,
    frozen: partner.frozen,
    form_key: partner.formKey,
  };
}

/** What a partner pastes: both embeds, and the newest script with its hash. */
export async function snippetsView(config: Pick<Config, "publicUrl">, partner: Partner, language: Language) {
  const release = newestRelease();
  const script = { path: release.path, integrity: await integrityOf(release) };
  const embeds = snippetsOf(partner, { publicUrl: config.publicUrl, script }, language);
  return {
    form_key: partner.formKey,
    lang: language,
    script: { url: `${config.publicUrl}${script.path}`, integrity: script.integrity },
    embeds,
  };
}

/** The address of a partner's page by one of its links. */
export async function partnerPageUrl(
  { publicUrl, signingSecrets }: Pick<Config, "publicUrl" | "signingSecrets">,
  linkId: number,
): Promise<string> {
  const token = await signLink(signingSecrets[0], { purpose: "partner", id: linkId, expiresAt: null });
  return linkUrl(publicUrl, "partner", token);
}
