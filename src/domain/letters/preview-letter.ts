import type { Db } from "../../platform/db/client.ts";
import type { Site } from "../site/site.ts";
import { asWritten, type Draft } from "./draft.ts";
import { faultOf, type LetterFault, refuses } from "./letter-rules.ts";
import { publicationSchema } from "./letter-schema.ts";
import { judgeOffer } from "./offer.ts";
import { KEPT_BLOCKS, parseLetter } from "./parse-letter.ts";
import { placeOf } from "./place.ts";
import { STEP_SLOTS, WELCOME_SLOTS } from "./prepare-publication.ts";
import { OF_SITE } from "./queries/drafts.ts";
import { selectOffered } from "./queries/published.ts";
import { distinct, missingPictures, readLetter, titleOf } from "./read-letter.ts";
import type { RenderedLetter } from "./render-letter.tsx";
import { renderStep, renderWelcome, settingFor } from "./render-sequence.ts";
import { headingsOf } from "./variants.ts";

/** A drafted letter as it would be rendered, or null where a fault stands in the way; with all faults, warnings among them. */
export type LetterPreview = {
  readonly letter: RenderedLetter | null;
  readonly faults: readonly LetterFault[];
};

/**
 * Renders one letter of a draft (by its slug) as publishing the draft now would, for someone without an answer to the sequence's question. Stores
 * nothing.
 */
export async function previewLetter(
  { db, site, publicUrl }: { readonly db: Db; readonly site: Site; readonly publicUrl: string },
  draft: Draft,
  slug: string,
): Promise<LetterPreview> {
  const { title, language, welcome, steps, archived } = draft;
  const isWelcome = slug === welcome.slug;
  const own = [welcome, ...steps, ...archived].find((letter) => letter.slug === slug);
  const read = publicationSchema.shape.steps.element.safeParse(own === undefined ? own : asWritten(own));
  if (!read.success) {
    const faults = read.error.issues.map(({ path, message }) =>
      faultOf(slug, null, "format", `${path.join(".")} ${message}`),
    );
    return { letter: null, faults };
  }
  const settings = draft.stored;
  const blocks = [...Object.keys(headingsOf(settings.question)), ...KEPT_BLOCKS];
  const its = readLetter(read.data, isWelcome ? WELCOME_SLOTS : STEP_SLOTS, blocks, publicUrl);
  const { letter, parsed } = its;
  const faults = [...its.faults, ...(await missingPictures(db, [its]))];
  if (faults.some(refuses)) return { letter: null, faults: distinct(faults) };
  const published = steps.filter(({ status }) => status === "published");
  const index = published.findIndex((step) => step.slug === slug);
  const after = published[index + 1];
  const isLast = index >= 0 && after === undefined;
  const [next] = isLast && settings.next !== null ? await selectOffered(db, settings.next) : [];
  const { offer } = judgeOffer(draft.slug, settings.next, next ?? null, publicUrl);
  const place =
    index < 0 || draft.slug === OF_SITE
      ? null
      : placeOf(
          { slug, title: titleOf(letter, parsed) },
          {
            ...{ number: index + 1, of: published.length },
            next:
              after === undefined
                ? null
                : titleOf(after, parseLetter(after.slug, after.markdown, [], []).parsed),
          },
          { sequence: draft.slug, publicUrl, site },
        );
  const setting = settingFor(site, publicUrl, { title, language, settings });
  const rendered = isWelcome
    ? await renderWelcome(setting, letter, parsed)
    : (await renderStep(setting, letter, parsed, { offer: isLast ? offer : null, place })).plain;
  return { letter: rendered, faults: distinct(faults) };
}
