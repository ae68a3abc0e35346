import type { Db } from "../../platform/db/client.ts";
import { WELCOME_PART } from "../sequences/queries/switch-renditions.ts";
import type { Services } from "../services.ts";
import { siteOf } from "../site/site.ts";
import { judgeOffer } from "./offer.ts";
import { KEPT_BLOCKS } from "./parse-letter.ts";
import { placeOf } from "./place.ts";
import { keepParts, type NextPart, readNextWork, switchToNext } from "./queries/next-edition.ts";
import { selectOffered } from "./queries/published.ts";
import { readLetter } from "./read-letter.ts";
import { renderStep, renderWelcome, settingFor } from "./render-sequence.ts";
import { nameOf, sequenceMails, siteMails } from "./system-mails.ts";

/** Letters rendered by one message, each in as many ways as it has choices: some seconds of CPU at most. */
const LETTERS_PER_STEP = 20;

type Deps = Pick<Services, "db" | "config" | "now">;
type Work = NonNullable<Awaited<ReturnType<typeof readNextWork>>>;

/**
 * Goes on rendering for the site's next edition, some letters at a time, and switches to it once all are there. `more` where another
 * call has to follow; `done` where there's nothing (left) to do. What is interrupted is done again, with the same result.
 */
export async function renderNext({ db, config, now }: Deps): Promise<"more" | "done"> {
  const work = await readNextWork(db, LETTERS_PER_STEP);
  if (work === null) return "done";
  const { edition, missingSteps, missingSequences } = work;
  const site = siteOf(edition, config.publicUrl);
  const made: NextPart[] = [];
  for (const step of missingSteps) made.push(...(await partsOfStep(db, site, config.publicUrl, step)));
  if (missingSteps.length < LETTERS_PER_STEP) {
    for (const sequence of missingSequences)
      made.push(...(await partsOfSequence(site, config.publicUrl, sequence)));
  }
  if (made.length > 0) {
    await keepParts(db, edition, made, now);
    return "more";
  }
  const ours = (await siteMails(site, config.publicUrl)).map(
    (mail): NextPart => ({ sequenceId: 0, stepId: 0, part: nameOf(mail), letter: mail.letter }),
  );
  await keepParts(db, edition, ours, now);
  await switchToNext(db, edition, now);
  return "done";
}

async function partsOfStep(
  db: Db,
  site: ReturnType<typeof siteOf>,
  publicUrl: string,
  step: Work["missingSteps"][number],
): Promise<NextPart[]> {
  const { sequenceId, stepId, sequence, settings } = step;
  const setting = settingFor(site, publicUrl, step);
  const letter = { ...step, ornament: (step.ornament ?? undefined) as never };
  const blocks = [...Object.keys(setting.headings), ...KEPT_BLOCKS];
  const { parsed } = readLetter(letter, [], blocks, publicUrl);
  const next = step.nextTitle === null ? settings.next : null;
  const [found = null] = next === null ? [] : await selectOffered(db, next);
  const { offer } = judgeOffer(sequence, next, found, publicUrl);
  const place =
    step.status === "published"
      ? placeOf(
          { slug: step.slug, title: step.stepTitle },
          { number: step.number, of: step.of, next: step.nextTitle },
          { sequence, publicUrl, site },
        )
      : null;
  const { plain, variants } = await renderStep(setting, letter, parsed, { offer, place });
  return [
    { sequenceId, stepId, part: "", letter: plain },
    ...variants.map(({ choice, letter: own }) => ({ sequenceId, stepId, part: choice, letter: own })),
  ];
}

async function partsOfSequence(
  site: ReturnType<typeof siteOf>,
  publicUrl: string,
  sequence: Work["missingSequences"][number],
): Promise<NextPart[]> {
  const { sequenceId, title, language, settings, welcome } = sequence;
  const setting = settingFor(site, publicUrl, sequence);
  const mails = await sequenceMails(site, publicUrl, {
    ...setting.from,
    title,
    language,
    everyWeeks: settings.everyWeeks,
    words: settings.words,
  });
  const parts = mails.map(
    (mail): NextPart => ({ sequenceId, stepId: 0, part: nameOf(mail), letter: mail.letter }),
  );
  // A welcome from before its text was kept stays as it was rendered.
  if (welcome === null) return parts;
  const letter = {
    ...welcome,
    status: "published" as const,
    ornament: (welcome.ornament ?? undefined) as never,
  };
  const { parsed } = readLetter(letter, [], [...Object.keys(setting.headings), ...KEPT_BLOCKS], publicUrl);
  return [
    ...parts,
    { sequenceId, stepId: 0, part: WELCOME_PART, letter: await renderWelcome(setting, letter, parsed) },
  ];
}
