import * as z from "zod";

/**
 * The budgets of the abuse gate, all of them (signup/gate/budgets.ts says what counts). Those of networks, domains and partners
 * can be set for a partner.
 */
export const DEFAULT_LIMITS = {
  /** Posts from one network (IPv4 address or IPv6 /64). */
  postsPerNetworkHour: 20,
  postsPerNetworkDay: 60,
  /** Posts from the IPv6 /48 around a network: anyone who has one has 65,536 networks. */
  postsPerWideNetworkHour: 100,
  postsPerWideNetworkDay: 300,
  /** Confirmations to one recipient domain, where it is not one of the large providers. */
  mailsPerDomainHour: 30,
  mailsPerDomainDay: 60,
  /** The same for a domain from which nobody has confirmed yet: a family's, or a small firm's. Who can be bombed hasn't confirmed. */
  mailsPerUnprovenDomainHour: 5,
  mailsPerUnprovenDomainDay: 5,
  /** How many more for each person who confirmed there in the last year, up to the domain's limits. */
  mailsMorePerConfirmed: 10,
  /** Sign-ups through one partner's forms; null: as many as come. */
  signUpsPerPartnerHour: null,
  signUpsPerPartnerDay: null,
  /** Posts with one stamp: a visitor may fix a mistake, or sign up a second person. */
  postsPerStamp: 4,
  /** Confirmations to one address, plus-tags and dots folded, across all partners (rule 3.16). */
  mailsPerAddressDay: 1,
  mailsPerAddressMonth: 3,
  /** "I did not sign up for this": beyond so many a day, nothing more is taken from that network. */
  denialsPerNetworkDay: 2,
} as const;

type PartnerLimit = "signUpsPerPartnerHour" | "signUpsPerPartnerDay";
export type Limits = Readonly<
  Record<Exclude<keyof typeof DEFAULT_LIMITS, PartnerLimit>, number> & Record<PartnerLimit, number | null>
>;

const WHOLE = "must be a whole number from 0 to 1,000,000";
const count = z.number(WHOLE).int(WHOLE).min(0, WHOLE).max(1_000_000, WHOLE);

/** What a partner may have otherwise than the defaults, as the admin API names it. */
export const limitsSchema = z
  .strictObject({
    posts_per_network_hour: count,
    posts_per_network_day: count,
    mails_per_domain_hour: count,
    mails_per_domain_day: count,
    mails_per_partner_hour: count,
  })
  .partial()
  .meta({ id: "PartnerLimits", description: "The limits that differ from the defaults for this partner" });

/** What a partner has otherwise than the defaults: the admin API's names, and `daily_limit` (a day's sign-ups). */
export type LimitOverrides = z.infer<typeof limitsSchema>;

/** The limits of a partner; those of our own page without one. */
export function limitsOf(
  partner: { readonly limits: LimitOverrides; readonly dailyLimit: number | null } | null,
): Limits {
  if (partner === null) return DEFAULT_LIMITS;
  const { limits, dailyLimit } = partner;
  return {
    ...DEFAULT_LIMITS,
    postsPerNetworkHour: limits.posts_per_network_hour ?? DEFAULT_LIMITS.postsPerNetworkHour,
    postsPerNetworkDay: limits.posts_per_network_day ?? DEFAULT_LIMITS.postsPerNetworkDay,
    mailsPerDomainHour: limits.mails_per_domain_hour ?? DEFAULT_LIMITS.mailsPerDomainHour,
    mailsPerDomainDay: limits.mails_per_domain_day ?? DEFAULT_LIMITS.mailsPerDomainDay,
    // Whom an owner trusts with a domain, such as a school's, needn't prove it first.
    mailsPerUnprovenDomainHour: limits.mails_per_domain_hour ?? DEFAULT_LIMITS.mailsPerUnprovenDomainHour,
    mailsPerUnprovenDomainDay:
      limits.mails_per_domain_day ?? limits.mails_per_domain_hour ?? DEFAULT_LIMITS.mailsPerUnprovenDomainDay,
    signUpsPerPartnerHour: limits.mails_per_partner_hour ?? DEFAULT_LIMITS.signUpsPerPartnerHour,
    signUpsPerPartnerDay: dailyLimit ?? DEFAULT_LIMITS.signUpsPerPartnerDay,
  };
}
