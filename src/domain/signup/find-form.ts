import type { Config } from "../../platform/config.ts";
import type { Db } from "../../platform/db/client.ts";
import { judgeOrigin, type OriginVerdict } from "./gate/judge-origin.ts";
import type { Partner, Wording } from "./partners/partner.ts";
import { readPartnerByKey } from "./partners/queries/partners.ts";
import { ownWording } from "./wording.ts";

/** Where a request says that its form stands. */
export type FormPlace = {
  readonly formKey: string;
  /** The version of the wording that the form showed; empty where it does not say. */
  readonly wordingVersion: string;
  readonly origin: string | null;
  readonly fetchSite: string | null;
};

/**
 * A form by its key: our own (no key), a partner's, or nobody's (`known` false). `wording` is what it shows now, `shown` what
 * this visitor saw, or null where that is none of its wordings.
 */
export type FoundForm = {
  readonly known: boolean;
  readonly partner: Partner | null;
  readonly verdict: OriginVerdict;
  readonly wording: Wording;
  readonly shown: Wording | null;
};

/** Finds a form and judges the origin it was posted from; at most one round trip. */
export async function findForm(
  { db, config, now }: { readonly db: Db; readonly config: Config; readonly now: number },
  place: FormPlace,
): Promise<FoundForm> {
  const { formKey, wordingVersion } = place;
  const found = /^fk_[0-9a-f]{32}$/.test(formKey)
    ? await readPartnerByKey(db, { key: formKey, wordingVersion, now })
    : null;
  const verdict = judgeOrigin({
    origin: place.origin,
    fetchSite: place.fetchSite,
    own: config.publicUrl,
    partner: found?.partner.origins ?? [],
  });
  if (found !== null) {
    const { partner, shown } = found;
    return { known: true, partner, verdict, wording: partner.wording, shown };
  }
  const own = await ownWording();
  const shown = wordingVersion === own.version ? own : null;
  return { known: formKey === "", partner: null, verdict, wording: own, shown };
}
