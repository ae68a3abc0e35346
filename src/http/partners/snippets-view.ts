import type { Partner } from "../../domain/signup/partners/partner.ts";
import type { Config } from "../../platform/config.ts";
import { signLink } from "../../platform/links/token.ts";
import { linkUrl } from "../../platform/links/urls.ts";
import type { Language } from "../../platform/texts/labels.ts";
import { integrityOf, newestRelease } from "./embed/releases.ts";
import { snippetsOf } from "./snippets.ts";

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
  const token = await signLink(signingSecrets[0], {
    purpose: "partner",
    id: linkId,
    expiresAt: null,
    generation: 0,
  });
  return linkUrl(publicUrl, "partner", token);
}
