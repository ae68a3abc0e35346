import { type Edition, Faulty, publish, publishSite, type Service, siteLine, summary } from "./publish.ts";
import { readContent } from "./read-site.ts";

/**
 * Publishes a whole newsletter: its site, then each sequence, a line told of each. What was made elsewhere stays, with a line that says so, unless
 * `force` is said; where that's the site, its sequences stay, too. Throws what `publish` does for the first one that's refused.
 */
export async function publishContent(
  service: Service,
  folder: string,
  edition: Edition,
  say: (line: string) => void,
): Promise<void> {
  const { site, sequences } = readContent(folder);
  if (site !== null) {
    const mine = await unlessMadeElsewhere("site", say, async () => {
      say(`  ${siteLine(await publishSite(service, site, edition, say))}`);
    });
    if (!mine) return;
  }
  for (const { slug, folder: letters } of sequences) {
    await unlessMadeElsewhere(slug, say, async () => {
      const { answer, warned } = await publish({ ...service, folder: letters, slug, ...edition });
      say(`  ${slug}: ${summary(answer.steps)}`);
      for (const line of warned) say(`  ${line}`);
    });
  }
}

async function unlessMadeElsewhere(
  what: string,
  say: (line: string) => void,
  publishing: () => Promise<void>,
): Promise<boolean> {
  try {
    await publishing();
    return true;
  } catch (error) {
    if (!(error instanceof Faulty) || error.code !== "made_elsewhere") throw error;
    say(`  ${what}: yours stays, because it was made elsewhere`);
    return false;
  }
}
