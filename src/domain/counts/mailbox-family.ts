/** Families of mailboxes, each under one roof: what happens at one happens to all of its domains. */
export const FAMILIES = ["gmail", "microsoft", "yahoo", "apple", "gmx", "other"] as const;
export type Family = (typeof FAMILIES)[number];

/** Domains of a family, and beginnings of theirs that go on with a country. */
export const DOMAINS: Readonly<
  Record<
    Exclude<Family, "other">,
    { readonly domains: readonly string[]; readonly beginnings: readonly string[] }
  >
> = {
  gmail: { domains: ["gmail.com", "googlemail.com"], beginnings: [] },
  microsoft: { domains: ["msn.com"], beginnings: ["outlook.", "hotmail.", "live."] },
  yahoo: { domains: ["ymail.com", "rocketmail.com"], beginnings: ["yahoo.", "aol."] },
  apple: { domains: ["icloud.com", "me.com", "mac.com"], beginnings: [] },
  gmx: { domains: ["web.de"], beginnings: ["gmx."] },
};

/** The family of the mailboxes of a domain. */
export function familyOf(domain: string): Family {
  const name = domain.toLowerCase();
  const found = Object.entries(DOMAINS).find(
    ([, { domains, beginnings }]) =>
      domains.includes(name) || beginnings.some((beginning) => name.startsWith(beginning)),
  );
  return (found?.[0] as Family | undefined) ?? "other";
}

/** The family of an address' mailbox; of an address that's gone `other`. */
export function familyOfAddress(address: string): Family {
  return familyOf(address.slice(address.lastIndexOf("@") + 1));
}

/** Minutes within which letters come; what comes later than the last is `more`. */
export const LATENESS_MIN = [1, 5, 15, 45] as const;
