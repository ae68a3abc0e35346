import { didYouMean } from "../../platform/texts/labels.ts";
import type { Language } from "../../platform/texts/languages.ts";
import { type Address, readAddress } from "../people/address.ts";
import type { Joinable } from "../sequences/queries/joinable.ts";
import type { Services } from "../services.ts";
import { type FormPlace, findForm } from "./find-form.ts";
import { type FieldFault, readSignUp, type SignUpFields, saidLanguage } from "./form-reading.ts";
import type { OriginVerdict } from "./gate/judge-origin.ts";
import { suggestDomain } from "./gate/mail-domains.ts";
import type { GateReason } from "./gate/refusals.ts";
import { readStamp, type StampReading, stampBinding } from "./gate/stamp.ts";
import { provesPerson } from "./gate/turnstile.ts";
import { limitsOf } from "./partners/limits.ts";
import type { Partner, Wording } from "./partners/partner.ts";
import type { SignUp } from "./queries/request-consent.ts";

/** The origin of a consent whose browser did not tell where the form stood. */
const UNKNOWN_ORIGIN = "unknown";
const PAGE_CHARACTERS_MAX = 300;

type Deps = Pick<Services, "db" | "config" | "now" | "wallNow" | "wait">;

/** A sign-up as it came in, by whichever route. */
export type Post = Pick<FormPlace, "origin" | "fetchSite"> & {
  readonly fields: SignUpFields;
  readonly network: string | null;
};

/** Why a visitor has to press once more, on a page of ours. */
export type PressWhy = "origin" | "wording" | "stamp" | "challenge" | "suggestion" | "faulty";

/** Too many sign-ups from a network, through a form, or of all: until when, epoch ms of the product's time. */
export type Stop = { readonly by: "network" | "form" | "service"; readonly endsAt: number };

/**
 * What became of a post. `taken` is said for every state of the address, and to robots too. `press` wrote nothing and leads
 * to our own page with what was typed. `refusal` is to be counted.
 */
export type Outcome = {
  readonly partner: Partner | null;
  readonly verdict: OriginVerdict;
  readonly refusal: GateReason | null;
  /** In which whatever follows is written. */
  readonly language: Language;
  /** What it's for; null where that isn't known. */
  readonly sequence: Joinable | null;
} & (
  | { readonly kind: "taken"; readonly planned: boolean }
  | { readonly kind: "unknown_key" | "foreign" | "frozen" | "closed" | "no_sequence" }
  | ({ readonly kind: "stopped" } & Stop)
  | {
      readonly kind: "press";
      readonly why: PressWhy;
      readonly wording: Wording;
      readonly faults: readonly FieldFault[];
      readonly from: string;
    }
);

/** A post that has passed so far. */
export type Passed = {
  readonly kind: "passed";
  readonly request: SignUp;
  readonly base: Pick<Outcome, "partner" | "verdict" | "refusal" | "language" | "sequence">;
  /** What is answered where the budgets ask for a challenge; null where none is set up. */
  readonly challenge: Outcome | null;
  /** What is answered where the page was used too often. */
  readonly afresh: Outcome;
};

/** The gate, the same for every route: key, origin, trap, stamp, fields, wording, domain, challenge. The budgets in D1 come after it. */
export async function judgePost(deps: Deps, post: Post): Promise<Outcome | Passed> {
  const { config } = deps;
  const { fields, network } = post;
  const found = await findForm(deps, {
    ...post,
    formKey: fields.partner,
    wordingVersion: fields.wording,
    sequence: fields.sequence,
    language: saidLanguage(fields),
  });
  const { known, partner, verdict, wording, shown, sequence, language } = found;
  const base = { partner, verdict, refusal: null, language, sequence };
  if (!known) return { ...base, kind: "unknown_key", refusal: "unknown_key" };
  if (verdict.kind === "foreign") return { ...base, kind: "foreign", refusal: "foreign_origin" };
  if (partner?.frozen === true) return { ...base, kind: "frozen", refusal: "frozen" };
  if (fields.leave_empty !== "") return { ...base, kind: "taken", planned: false, refusal: "honeypot" };

  const stamp = await readStamp(
    config.signingSecrets,
    fields.stamp,
    stampBinding({ formKey: fields.partner, network, from: fields.from }),
    deps.wallNow(),
  );
  const reading = readSignUp(fields, {
    reservedAllowed: config.provider.kind === "mailbox",
    language,
    question: sequence?.settings.question ?? null,
  });
  const from = firstOrigin(stamp, fields.from, verdict);
  const press = (why: PressWhy, refusal: GateReason | null, faults: readonly FieldFault[]): Outcome => ({
    ...base,
    kind: "press",
    why,
    wording,
    sequence,
    faults,
    from: from === "" && verdict.kind === "unusable" ? UNKNOWN_ORIGIN : from,
    refusal,
  });
  const faults = reading.kind === "faulty" ? reading.faults : [];
  // In this order: what proves nothing is said before what is wrong with it.
  if (stamp.kind === "forged") return press("stamp", "stamp_forged", faults);
  if (stamp.kind === "old") return press("stamp", "stamp_old", faults);
  // A browser that names no origin is believed a stamp of that very page, which it was given a moment ago, in its own network, for one post.
  const pressed = fields.from !== "" && (stamp.kind === "valid" || stamp.kind === "young");
  if (verdict.kind === "unusable" && !pressed) return press("origin", null, faults);
  if (stamp.kind === "missing") return press("stamp", null, faults);
  if (shown === null) return press("wording", null, faults);
  if (reading.kind === "faulty") return press("faulty", "faulty", faults);
  if (sequence === null) return { ...base, kind: "no_sequence" };

  const meant = meantAddress(reading.address);
  if (meant !== null && fields.use_suggested === "" && fields.keep_domain === "") {
    const message = didYouMean(meant, language);
    return press("suggestion", null, [{ field: "email", message, suggestion: meant }]);
  }
  const chosen = meant === null || fields.use_suggested === "" ? null : meant;
  const read = chosen === null ? null : readAddress(chosen, { reservedAllowed: false });
  const address = read?.kind === "valid" ? read.value : reading.address;
  if (stamp.kind === "young") await deps.wait(stamp.waitMs);
  const token = fields["cf-turnstile-response"];
  const proven =
    config.turnstile !== null && token !== ""
      ? await provesPerson(config.turnstile, token, new URL(config.publicUrl).hostname)
      : false;
  if (token !== "" && config.turnstile !== null && !proven) return press("challenge", "challenge_failed", []);

  const request = {
    address,
    told: reading.told,
    answer: reading.answer,
    language,
    timeZone: reading.timeZone ?? found.timeZone,
    sequenceSlug: sequence.slug,
    page: pathOf(fields.page),
    origin: from !== "" ? from : verdict.kind === "unusable" ? UNKNOWN_ORIGIN : verdict.origin,
    partnerId: partner?.partnerId ?? null,
    formKey: partner === null ? null : fields.partner,
    wording: shown,
    network,
    stampNonce: stamp.nonce,
    stampOnce: fields.from !== "",
    proven,
    renewal: false,
    limits: limitsOf(partner),
  };
  const challenge = config.turnstile === null ? null : press("challenge", null, []);
  return { kind: "passed", request, base, challenge, afresh: press("stamp", null, []) };
}

/** The origin that a visitor posted from first: as an earlier post signed it, or a partner's page now; empty where neither says it. */
function firstOrigin(stamp: StampReading, said: string, verdict: OriginVerdict): string {
  const isSigned = stamp.kind !== "missing" && stamp.kind !== "forged";
  if (isSigned && said !== "") return said;
  return verdict.kind === "partner" ? verdict.origin : "";
}

/** The address that was probably meant, its domain one slip away; null where there is none. */
function meantAddress({ address, localPart, domain }: Address): string | null {
  const meant = suggestDomain(domain);
  return meant === null ? null : `${address.slice(0, localPart.length)}@${meant}`;
}

/** The path of a page as its script told it; empty where that is no path. */
function pathOf(page: string): string {
  const path = page.slice(0, PAGE_CHARACTERS_MAX);
  return /^\/[^\p{Cc}\p{Cf}\s?#]*$/u.test(path) ? path : "";
}
