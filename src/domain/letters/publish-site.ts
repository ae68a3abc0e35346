import type { SiteContent } from "../../platform/db/schema/index.ts";
import { keptFields } from "../acts/kept-fields.ts";
import type { Services } from "../services.ts";
import { type Kept, mayReplace, type Origin } from "../site/origin.ts";
import { readPictureSize } from "../site/queries/pictures.ts";
import { type SiteEdition, selectNextSite } from "../site/queries/site.ts";
import type { SiteInput } from "../site/site-schema.ts";
import { countLetters } from "./queries/next-edition.ts";
import { writeNextSite, writeSite } from "./queries/site-edition.ts";
import { renderNext } from "./render-next.ts";
import { type AnswerFault, readSiteContent } from "./site-content.ts";

/** As many steps as one request takes: the letters of a usual site. Behind them a message goes on. */
const STEPS_AT_ONCE = 3;

export type SitePublished =
  | {
      readonly kind: "published";
      /** How many letters are rendered anew, and whether some still are: then the site switches when all are there. */
      readonly letters: number;
      readonly rendering: boolean;
    }
  | { readonly kind: "faulty"; readonly faults: readonly AnswerFault[] }
  | { readonly kind: "no_picture" }
  | Kept
  | { readonly kind: "stale" };

/**
 * Publishes the site: at once where no letter shows what changes, else once every letter has been rendered with it. The same again writes
 * nothing; while letters are being rendered for it, it goes on with them. What's published, sent while letters are being rendered for another
 * edition, takes that one back; from where it may replace neither, both stay. `stale` where the site isn't the one that was seen (null: it wasn't there).
 */
export async function publishSite(
  deps: Pick<Services, "db" | "config" | "now" | "by" | "enqueue">,
  input: SiteInput,
  {
    seen,
    origin,
    force,
  }: { readonly seen: SiteEdition | null; readonly origin: Origin; readonly force: boolean },
): Promise<SitePublished> {
  const wanted = input.author?.picture;
  const picture = wanted === undefined ? null : await readPictureSize(deps.db, wanted);
  if (wanted !== undefined && picture === null) return { kind: "no_picture" };
  const reading = readSiteContent(input, deps.config.publicUrl, picture);
  if (reading.kind === "faulty") return reading;
  const { content } = reading;
  const changes = changesOf(seen?.content ?? null, content);
  const [next] = await selectNextSite(deps.db);
  if (Object.keys(changes).length === 0 && next === undefined)
    return { kind: "published", letters: 0, rendering: false };
  // What letters are being rendered for is the owner's word as well.
  const standing = next ?? seen;
  const goesOn = next?.version === seen?.version && isSame(next?.content, content);
  if (standing !== null && !goesOn && !mayReplace(standing.origin, { origin, force }))
    return { kind: "kept", publishedFrom: standing.origin, differs: changesOf(standing.content, content) };
  const replaced = standing?.content ?? null;
  const { now, by } = deps;
  const edition = { content, origin, seen, replaced, changed: await keptFields(changes), now, by };
  const { letters } = await countLetters(deps.db);
  if (letters === 0 || (seen !== null && inLetters(seen.content) === inLetters(content))) {
    if (!(await writeSite(deps.db, edition))) return { kind: "stale" };
    return { kind: "published", letters: 0, rendering: false };
  }
  if (!goesOn && !(await writeNextSite(deps.db, edition))) return { kind: "stale" };
  for (let step = 0; step < STEPS_AT_ONCE; step += 1) {
    if ((await renderNext(deps)) === "done") return { kind: "published", letters, rendering: false };
  }
  await deps.enqueue("letters", [{ renderSite: true }]);
  return { kind: "published", letters, rendering: true };
}

function isSame(one: SiteContent | undefined, other: SiteContent): boolean {
  return one !== undefined && Object.keys(changesOf(one, other)).length === 0;
}

/** What letters and mails show of a site. Those in its own language end with the author's sign-off. */
function inLetters({ name, author, accent, owner, language, archiveInFull }: SiteContent): string {
  const { name: signedBy, signOff, picture } = author;
  return JSON.stringify([name, signedBy, signOff, picture, accent, owner, language, archiveInFull]);
}

/** The fields that become different, with their new values. */
function changesOf(was: SiteContent | null, wanted: SiteContent): Readonly<Record<string, unknown>> {
  const before: Readonly<Record<string, unknown>> = was ?? {};
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value)),
  );
}
