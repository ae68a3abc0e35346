import type { Config } from "../../platform/config.ts";
import type { Db } from "../../platform/db/client.ts";
import type { Language } from "../../platform/texts/languages.ts";
import type { Joinable } from "../sequences/queries/joinable.ts";
import { type Site, siteOf } from "../site/site.ts";
import { judgeOrigin, type OriginVerdict } from "./gate/judge-origin.ts";
import { type Partner, type Wording, wordingIn } from "./partners/partner.ts";
import { readPartnerByKey } from "./partners/queries/partners.ts";
import { readOwnForms } from "./queries/own-forms.ts";
import { ownWording } from "./wording.ts";

/** Where a request says that its form stands. */
export type FormPlace = {
  readonly formKey: string;
  /** The version of the wording that the form showed; empty where it does not say. */
  readonly wordingVersion: string;
  /** Of our own forms, the sequence that they're for; empty where there is one only. */
  readonly sequence: string;
  /** The form's language; null where it does not say. */
  readonly language: Language | null;
  readonly origin: string | null;
  readonly fetchSite: string | null;
};

/**
 * A form by its key: our own (no key), a partner's, or nobody's (`known` false). `wording` is what it shows now, `shown` what
 * this visitor saw, or null where that is none of its wordings. `sequence` is what it signs up for; null where that isn't there or takes
 * nobody, and where one of several has to be named.
 */
export type FoundForm = {
  readonly known: boolean;
  readonly partner: Partner | null;
  readonly verdict: OriginVerdict;
  readonly wording: Wording;
  readonly shown: Wording | null;
  readonly sequence: Joinable | null;
  readonly language: Language;
  readonly timeZone: string;
};

type Deps = { readonly db: Db; readonly config: Config; readonly now: number };

/** Finds a form and judges the origin it was posted from; one round trip. */
export async function findForm({ db, config, now }: Deps, place: FormPlace): Promise<FoundForm> {
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
    const { partner, shown, sequence } = found;
    const language = place.language ?? sequence?.language ?? "en";
    const wording = wordingIn(partner, language);
    const { timeZone } = partner;
    return { known: true, partner, verdict, wording, shown, sequence, language, timeZone };
  }
  const { site: edition, sequences, stored } = await readOwnForms(db, wordingVersion);
  const site: Site = siteOf(edition[0], config.publicUrl);
  const sequence = ownSequence(sequences, place.sequence);
  const language = place.language ?? sequence?.language ?? site.language;
  const wording = await ownWording(site, language);
  const shown = wordingVersion === wording.version ? wording : (stored[0] ?? null);
  const { timeZone } = site;
  return { known: formKey === "", partner: null, verdict, wording, shown, sequence, language, timeZone };
}

/** The sequence that's named, or the only one. */
function ownSequence(sequences: readonly Joinable[], slug: string): Joinable | null {
  const [first, second] = sequences;
  if (slug === "") return second === undefined ? (first ?? null) : null;
  return sequences.find((one) => one.slug === slug) ?? null;
}
