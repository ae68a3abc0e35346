import { ownWording } from "../../src/domain/signup/wording.ts";
import { siteOf } from "../../src/domain/site/site.ts";
import type { SiteContent } from "../../src/platform/db/schema/index.ts";

/** The site of the tests: what was the configuration of every installation once. */
export const TEST_SITE: SiteContent = {
  name: "Strengthening Bonds",
  tagline: "",
  author: { name: "", line: "", signOff: "" },
  accent: "#8a3b2a",
  language: "en",
  timeZone: "Europe/Berlin",
  slot: { weekday: 2, hour: 9 },
  hero: { over: "", heading: "", lead: "" },
  questions: [],
  owner: { name: "Themepost (trial)", postalAddress: "1 Example Street, 12345 Sampletown" },
  consent: { texts: { en: "I want one letter a week by email." }, covers: ["sequence"] },
  archiveInFull: 1,
};

/** The version of the wording that the tests' own forms show. */
export async function ownVersion(): Promise<string> {
  const edition = { version: 1, publishedAt: 0, origin: "files", content: TEST_SITE } as const;
  return (await ownWording(siteOf(edition, "https://letters.themepost.dev"), "en")).version;
}
