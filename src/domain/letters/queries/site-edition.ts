import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import type { ORIGINS, SiteContent } from "../../../platform/db/schema/index.ts";
import type { Doer } from "../../acts/act.ts";
import { acted, recordAct } from "../../acts/queries/acts.ts";
import { dropNextSite, isSiteAt, type SiteEdition, saveNextSite, saveSite } from "../../site/queries/site.ts";
import { keepEdition, OF_SITE } from "./drafts.ts";
import { dropParts } from "./next-edition.ts";

type Edition = {
  readonly content: SiteContent;
  readonly origin: (typeof ORIGINS)[number];
  readonly seen: SiteEdition | null;
  /** What it replaces as the owner's last word: also one that letters were being rendered for. */
  readonly replaced: SiteContent | null;
  readonly changed: Readonly<Record<string, unknown>>;
  readonly now: number;
  readonly by: Doer;
};

const act = ({ now, changed }: Edition) =>
  ({ at: now, verb: "publish_site", object: "site", changed }) as const;

/** Writes the site with its act, keeps what it replaces, and drops an edition that letters were being rendered for. False where it isn't the one that was seen. */
export async function writeSite(db: Db, edition: Edition): Promise<boolean> {
  const mine = acted(edition.by, "publish_site");
  const { kept } = await batch(db, {
    kept: recordAct(edition.by, act(edition), isSiteAt(edition.seen)),
    written: saveSite(edition, mine),
    edition: keepEdition(OF_SITE, edition.replaced, edition, mine),
    dropped: dropNextSite(db, mine),
    emptied: dropParts(db, mine),
  });
  return kept.changes === 1;
}

/** Makes an edition the next one, which all letters are rendered for, with its act; in place of another. Keeps what it replaces. False where the site isn't the one that was seen. */
export async function writeNextSite(db: Db, edition: Edition): Promise<boolean> {
  const { content, origin, seen, now } = edition;
  const mine = acted(edition.by, "publish_site");
  const { kept } = await batch(db, {
    kept: recordAct(edition.by, act(edition), isSiteAt(seen)),
    emptied: dropParts(db, mine),
    written: saveNextSite({ content, origin, follows: seen?.version ?? 0, now }, mine),
    edition: keepEdition(OF_SITE, edition.replaced, edition, mine),
  });
  return kept.changes === 1;
}
