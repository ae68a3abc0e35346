import { PARTNER_ORIGIN, type Service } from "./service.ts";

export const CONSENT = "Yes, I want one letter a week by email, until I say stop.";

/** A partner as the API shows it, as far as tests look. */
export type PartnerAnswer = {
  readonly slug: string;
  readonly form_key: string;
  readonly consent_text: string;
  readonly consent_translations: Readonly<Record<string, string>>;
  readonly test_origins: readonly string[];
  readonly wording: { readonly version: string; readonly hash: string };
};

/** Makes or changes a partner with one origin, and gives the API's answer. */
export async function putPartner(
  service: Service,
  slug: string,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<PartnerAnswer> {
  const answer = await service.admin("PUT", `/partners/${slug}`, {
    name: "Garden Mornings",
    origins: [PARTNER_ORIGIN],
    consent_text: CONSENT,
    ...fields,
  });
  if (answer.status !== 200) throw new Error(await answer.text());
  return answer.json();
}
