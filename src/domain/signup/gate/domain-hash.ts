import type { Config } from "../../../platform/config.ts";
import { nameHash } from "../../people/address-hash.ts";
import { countedDomain } from "./mail-domains.ts";

/** The keyed hash by which mail to a domain is counted; null for large providers. */
export async function domainHash(config: Config, domain: string): Promise<string | null> {
  const counted = countedDomain(domain);
  return counted === null ? null : nameHash(config, "domain", counted);
}
