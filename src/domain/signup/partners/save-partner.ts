import type { Config } from "../../../platform/config.ts";
import type { Db } from "../../../platform/db/client.ts";
import { sha256Hex } from "../../../platform/links/mac.ts";
import type { Doer } from "../../acts/act.ts";
import { keptFields } from "../../acts/kept-fields.ts";
import { selectJoinable } from "../../sequences/queries/joinable.ts";
import { isPublished } from "../../sequences/queries/sequences.ts";
import type { Site } from "../../site/site.ts";
import type { Partner } from "./partner.ts";
import type { PartnerInput } from "./partner-schema.ts";
import { partnerView } from "./partner-view.ts";
import { savePartner as write } from "./queries/change-partner.ts";
import { readPartner } from "./queries/partners.ts";

type Deps = {
  readonly db: Db;
  readonly config: Config;
  readonly site: Site;
  readonly now: number;
  readonly random: () => string;
  readonly by: Doer;
};

export type SavedPartner =
  | { readonly kind: "saved"; readonly partner: Partner; readonly changed: readonly string[] }
  /** Someone changed it between its reading and now. */
  | { readonly kind: "stale" }
  | { readonly kind: "no_sequence"; readonly sequence: string }
  /** It was left out, and there isn't exactly one to take. */
  | { readonly kind: "which_sequence"; readonly joinable: readonly string[] }
  | { readonly kind: "own_origin"; readonly origin: string };

/** A new public form key. */
export function newFormKey(random: () => string): string {
  return `fk_${random()}`;
}

/**
 * Makes or changes a partner, as it was read before (`before`; null: there was none). The same again changes nothing; a changed
 * consent text becomes a new version of its wording.
 */
export async function savePartner(
  deps: Deps,
  slug: string,
  input: PartnerInput,
  before: Partner | null,
): Promise<SavedPartner> {
  const { db, config, site, now } = deps;
  const sequence = input.sequence ?? before?.sequenceSlug ?? (await onlySequence(db));
  if (typeof sequence !== "string") return { kind: "which_sequence", joinable: sequence.joinable };
  if (!(await isPublished(db, sequence))) return { kind: "no_sequence", sequence };
  if (input.origins.includes(config.publicUrl)) return { kind: "own_origin", origin: config.publicUrl };
  const timeZone = input.time_zone ?? before?.timeZone ?? site.timeZone;
  const frozen = input.frozen ?? before?.frozen ?? false;
  const changes = changesOf(before, { ...input, sequence, time_zone: timeZone, frozen });
  const changed = Object.keys(changes);
  if (before !== null && changed.length === 0) return { kind: "saved", partner: before, changed };
  const written = await write(db, {
    slug,
    input: { ...input, sequence },
    timeZone,
    frozen,
    texts: await textsOf(input),
    newKey: newFormKey(deps.random),
    seen: before?.revision ?? null,
    revision: deps.random(),
    changed: await keptFields(changes),
    now,
    by: deps.by,
  });
  if (!written) return { kind: "stale" };
  const partner = await readPartner(db, slug);
  if (partner === null) throw new Error("a partner that was just written is not there");
  return { kind: "saved", partner, changed };
}

/** The consent text and its translations; the text itself first. */
async function textsOf({ consent_text, consent_locale, consent_translations }: PartnerInput) {
  const texts = [[consent_locale, consent_text], ...Object.entries(consent_translations)] as const;
  return await Promise.all(
    texts.map(async ([locale, text]) => ({ locale, text, hash: await sha256Hex(text) })),
  );
}

async function onlySequence(db: Db): Promise<string | { readonly joinable: readonly string[] }> {
  const joinable = (await selectJoinable(db)).map(({ slug }) => slug);
  const [only, ...others] = joinable;
  return only !== undefined && others.length === 0 ? only : { joinable };
}

/** The fields that become different, with their new values. */
function changesOf(before: Partner | null, input: PartnerInput): Record<string, unknown> {
  const was: Readonly<Record<string, unknown>> = before === null ? {} : partnerView(before);
  return Object.fromEntries(
    Object.entries(input).filter(([name, value]) => canonical(was[name]) !== canonical(value)),
  );
}

function canonical(value: unknown): string {
  const sorted = (item: unknown): unknown =>
    Array.isArray(item)
      ? item.map(sorted).sort()
      : item !== null && typeof item === "object"
        ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => a.localeCompare(b)))
        : item;
  return JSON.stringify(sorted(value)) ?? "";
}
