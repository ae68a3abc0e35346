import type { Db } from "../../platform/db/client.ts";
import type { SequenceSettings, WelcomeSource } from "../../platform/db/schema/index.ts";
import { LANGUAGE_NAMES, type Language } from "../../platform/texts/languages.ts";
import type { SeenVersion } from "../sequences/queries/editions.ts";
import type { StepToWrite } from "../sequences/queries/publish-steps.ts";
import type { Origin } from "../site/origin.ts";
import type { Site } from "../site/site.ts";
import { diffSteps, type StepChange, stepVersion } from "./diff-steps.ts";
import { judgeRendered } from "./judge-rendered.ts";
import { faultOf, type LetterFault, refuses } from "./letter-rules.ts";
import { type Publication, settingsOf, writtenSettings } from "./letter-schema.ts";
import { judgeOffer } from "./offer.ts";
import { openingOf } from "./page-body.tsx";
import { KEPT_BLOCKS } from "./parse-letter.ts";
import { placesOf } from "./place.ts";
import { type Published, readPublished } from "./queries/published.ts";
import { distinct, listFaults, missingPictures, readLetter, titleOf } from "./read-letter.ts";
import type { RenderedLetter } from "./render-letter.tsx";
import { allOf, renderStep, renderWelcome, type StepRenditions, settingFor } from "./render-sequence.ts";
import type { SlotName } from "./rendition.ts";
import { nameOf, type SystemMail, sequenceMails, siteMails } from "./system-mails.ts";
import { headingsOf } from "./variants.ts";
import { isSameWelcome, welcomeSourceOf } from "./welcome-source.ts";

const READER_SLOTS: readonly SlotName[] = ["preferences_url", "unsubscribe_url"];
/** The slots that a theme's letter may hold. */
export const STEP_SLOTS: readonly SlotName[] = [...READER_SLOTS, "read_url"];
/** The slots that a welcome may hold. */
export const WELCOME_SLOTS: readonly SlotName[] = [...READER_SLOTS, "first_theme_date", "next_theme_date"];

/** A publication that is ready to be stored: rendered, and compared with what is published now. */
export type PreparedPublication = {
  readonly slug: string;
  readonly title: string;
  readonly language: Language;
  readonly settings: SequenceSettings;
  readonly welcome: RenderedLetter;
  /** The sequence's own mails, and those of the site. */
  readonly mails: readonly SystemMail[];
  readonly siteMails: readonly SystemMail[];
  /** Every rendition of every step. */
  readonly letters: readonly RenderedLetter[];
  readonly wanted: readonly StepToWrite[];
  readonly changes: readonly StepChange[];
  /** Whether the sequence is there already, and whether its welcome would change. */
  readonly known: boolean;
  readonly welcomeChanges: boolean;
  readonly welcomeSource: WelcomeSource;
  /** Where the published edition came from; null where there is none. */
  readonly publishedFrom: Origin | null;
  /** What of the sequence itself would change, by name. */
  readonly changed: Readonly<Record<string, unknown>>;
  /** The version that it was compared with; null where there is none yet. */
  readonly seen: SeenVersion | null;
  /** What it would replace, as PUT takes it; null where there is none. */
  readonly replaced: unknown;
  /** What could be better; nothing of it stands in the way. */
  readonly warnings: readonly LetterFault[];
  /** Whether nothing at all would change. */
  readonly same: boolean;
};

export type PublishDeps = {
  readonly db: Db;
  readonly now: number;
  readonly publicUrl: string;
  readonly site: Site;
};

type Preparation =
  | { readonly kind: "prepared"; readonly prepared: PreparedPublication }
  | { readonly kind: "faulty"; readonly faults: readonly LetterFault[] };

/** A site with words of its own for the consent should have them in each language that it sends letters in. */
function consentFaults({ consent }: Site, language: Language): readonly LetterFault[] {
  if (Object.keys(consent.texts).length === 0 || consent.texts[language] !== undefined) return [];
  const message = `the site’s own words of the consent aren’t written in ${LANGUAGE_NAMES[language]}, so the form shows ours`;
  return [faultOf(null, null, "consent-language", message)];
}

/** Reads and renders every letter and reports every fault together, or what the publication would change. Stores nothing. */
export async function preparePublication(
  { db, site, publicUrl }: PublishDeps,
  slug: string,
  publication: Publication,
): Promise<Preparation> {
  const { title } = publication;
  const language = publication.language ?? site.language;
  const settings = settingsOf(publication);
  const headings = headingsOf(settings.question);
  const blocks = [...Object.keys(headings), ...KEPT_BLOCKS];
  const stored = await readPublished(db, slug, settings.next);
  const next = judgeOffer(slug, settings.next, stored.next, publicUrl);
  const welcome = readLetter(publication.welcome, WELCOME_SLOTS, blocks, publicUrl);
  const letters = publication.steps.map((letter) => readLetter(letter, STEP_SLOTS, blocks, publicUrl));
  const faults = [
    ...next.faults,
    ...consentFaults(site, language),
    ...welcome.faults,
    ...letters.flatMap((letter) => letter.faults),
    ...(await missingPictures(db, [welcome, ...letters])),
    ...listFaults(publication),
  ];
  // The owner gets all of them at once, the warnings beside what refuses.
  if (faults.some(refuses)) return { kind: "faulty", faults: distinct(faults) };

  const setting = settingFor(site, publicUrl, { title, language, settings });
  const welcomeRendered = await renderWelcome(setting, welcome.letter, welcome.parsed);
  const published = letters
    .filter(({ letter }) => letter.status === "published")
    .map(({ letter, parsed }) => ({ slug: letter.slug, title: titleOf(letter, parsed) }));
  const places = placesOf(published, { sequence: slug, publicUrl, site });
  const last = published.at(-1)?.slug;
  const rendered: StepRenditions[] = [];
  for (const { letter, parsed } of letters) {
    const offer = letter.slug === last ? next.offer : null;
    rendered.push(
      await renderStep(setting, letter, parsed, { offer, place: places.get(letter.slug) ?? null }),
    );
  }
  const renderFaults = [
    ...judgeRendered(publication.welcome.slug, welcomeRendered, WELCOME_SLOTS),
    ...rendered.flatMap((step, index) =>
      allOf(step).flatMap((letter) =>
        judgeRendered(publication.steps[index]?.slug ?? "", letter, STEP_SLOTS),
      ),
    ),
  ];
  if (renderFaults.length > 0) return { kind: "faulty", faults: distinct(renderFaults) };

  const { everyWeeks, words } = settings;
  const mails = await sequenceMails(site, publicUrl, { ...setting.from, title, language, everyWeeks, words });
  const ofSite = await siteMails(site, publicUrl);
  const wanted = letters.map(
    ({ letter, parsed }, index): StepToWrite => ({
      opening: openingOf(parsed),
      variants: (rendered[index]?.variants ?? []).map(({ choice, letter: { hash } }) => ({ choice, hash })),
      slug: letter.slug,
      title: titleOf(letter, parsed),
      subject: letter.subject,
      preheader: letter.preheader,
      markdown: letter.markdown,
      status: letter.status,
      backfill: letter.backfill ?? true,
      ornament: letter.ornament ?? null,
      hash: rendered[index]?.plain.hash ?? "",
    }),
  );
  const welcomeSource = welcomeSourceOf(publication.welcome);
  const { sequence } = stored;
  const changes = diffSteps(stored.steps.map(stepVersion), wanted.map(stepVersion));
  const changed = changedFields(sequence, { title, language, ...settings });
  const same =
    sequence !== null &&
    Object.keys(changed).length === 0 &&
    sequence.welcomeHash === welcomeRendered.hash &&
    stored.steps.map(renditionsOf).join() === wanted.map(renditionsOf).join() &&
    [...mails, ...ofSite].every((mail) => stored.mails.get(nameOf(mail)) === mail.letter.hash) &&
    sequence.welcomeSource !== null &&
    isSameWelcome(sequence.welcomeSource, welcomeSource) &&
    changes.every((step) => step.change === "unchanged");
  return {
    kind: "prepared",
    prepared: {
      slug,
      title,
      language,
      settings,
      welcome: welcomeRendered,
      mails,
      siteMails: ofSite,
      letters: rendered.flatMap(allOf),
      wanted,
      changes,
      changed,
      publishedFrom: sequence?.origin ?? null,
      known: sequence !== null,
      welcomeSource,
      seen: sequence === null ? null : { version: sequence.version, publishedAt: sequence.publishedAt },
      replaced: replacedEdition(stored),
      warnings: distinct(faults),
      welcomeChanges: sequence?.welcomeHash !== welcomeRendered.hash,
      same,
    },
  };
}

/** Which renditions a step has: others than before where only what surrounds its own words is other, such as its number. */
function renditionsOf({ hash, variants }: Pick<StepToWrite, "hash" | "variants">): string {
  return [hash, ...variants.map(({ choice, hash: own }) => `${choice} ${own}`).sort()].join(" ");
}

/** The published edition as it was written; null where there's none, or its welcome wasn't kept. */
function replacedEdition({ sequence, steps }: Published): unknown {
  if (sequence === null || sequence.welcomeSource === null) return null;
  const { title, language, settings, welcomeSource } = sequence;
  const asWritten = <L extends { readonly ornament: string | null }>({ ornament, ...letter }: L) => ({
    ...letter,
    ...(ornament === null ? {} : { ornament }),
  });
  return {
    title,
    language,
    ...writtenSettings(settings),
    welcome: { ...asWritten(welcomeSource), status: "published" },
    steps: steps.map(({ hash: _, variants: __, ...step }) => asWritten(step)),
  };
}

/** What of a sequence's own fields is another value than the stored one. */
function changedFields(
  stored: Published["sequence"],
  wanted: SequenceSettings & { readonly title: string; readonly language: Language },
): Readonly<Record<string, unknown>> {
  if (stored === null) return { title: wanted.title };
  const was: Readonly<Record<string, unknown>> = {
    title: stored.title,
    language: stored.language,
    ...stored.settings,
  };
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => JSON.stringify(was[name]) !== JSON.stringify(value)),
  );
}
