import type { Db } from "../../platform/db/client.ts";
import type { SiteContent } from "../../platform/db/schema/index.ts";
import { type Look, lookOf } from "../../platform/look/look.ts";
import { type SiteEdition, selectSite } from "./queries/site.ts";

/** The site as pages and letters are made from it: nothing is missing. `version` is 0 before the first publication. */
export type Site = SiteContent & { readonly version: number; readonly look: Look };

const UNPUBLISHED: SiteContent = {
  name: "",
  tagline: "",
  author: { name: "", line: "", signOff: "" },
  accent: "#24615a",
  language: "en",
  timeZone: "UTC",
  slot: { weekday: 2, hour: 9 },
  hero: { over: "", heading: "", lead: "" },
  questions: [],
  owner: { name: "", postalAddress: "" },
  consent: { texts: {}, covers: ["sequence"] },
  archiveInFull: null,
};

/** The site from its row. One that was never published is called by its host. */
export function siteOf(edition: SiteEdition | undefined, publicUrl: string): Site {
  if (edition === undefined) {
    const name = new URL(publicUrl).host;
    return { ...UNPUBLISHED, name, version: 0, look: lookOf(UNPUBLISHED.accent) };
  }
  const { content, version } = edition;
  return { ...content, version, look: lookOf(content.accent) };
}

/** The site as it's published now. */
export async function readSite(db: Db, publicUrl: string): Promise<Site> {
  const [edition] = await selectSite(db);
  return siteOf(edition, publicUrl);
}
