// npm run pictures: takes the README's pictures from the real pages.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { findChromium } from "./chromium.ts";
import { publishContent } from "./content/publish-content.ts";
import { migrateLocal } from "./local-database.ts";
import { localToken, startWorker } from "./local-worker.ts";
import { fail, ROOT } from "./project.ts";
import { linkIn, reader, skipWeeks } from "./reader-by-program.ts";
import { addTrialOwner } from "./trial-owner.ts";

const PORT = 8794;
const URL_ = `http://localhost:${PORT}`;
const ADDRESS = "ada@example.com";
/** Until a job of one reader is over. */
const SETTLES_MS = 3000;

/** Takes them all, from a trial of its own. */
export async function main(): Promise<void> {
  const executablePath =
    findChromium() ?? fail("No Chromium was found. Install one, or set CHROMIUM to its path.");
  const stateDir = mkdtempSync(join(tmpdir(), "themepost-pictures-"));
  migrateLocal(stateDir);
  const worker = await startWorker({ stateDir, port: PORT, vars: { PUBLIC_URL: URL_ } });
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic"],
  });
  try {
    const edition = { origin: "built_in", force: false } as const;
    await publishContent({ url: URL_, token: localToken() }, join(ROOT, "emails"), edition, () => undefined);
    const ada = reader(URL_, ADDRESS, { first_name: "Ada", time_zone: "Europe/London" });
    await ada.join();
    await addTrialOwner(URL_, localToken());
    await skipWeeks(URL_, 4);
    const out = join(ROOT, "docs", "images");
    mkdirSync(out, { recursive: true });
    const letter = (await ada.mail()).find((message) => message.subject.includes("bookshelf"));
    if (letter === undefined) throw new Error("the letter about the bookshelf didn't come");
    const preferences = new URL(linkIn(letter, "preferences")).pathname;
    const [job, partner] = await jobAndPartner();
    const shots = [
      ["page.png", "/", { width: 1100, height: 960 }],
      ["mailbox.png", `/mailbox?to=${encodeURIComponent(ADDRESS)}`, { width: 1280, height: 1150 }],
      ["letter.png", `/mailbox/messages/${letter.id}/letter?scheme=light`, { width: 700, height: 1150 }],
      ["reader.png", preferences, { width: 860, height: 1150 }],
      ["letter-dark.png", `/mailbox/messages/${letter.id}/letter?scheme=dark`, { width: 390, height: 844 }],
      ["desk-today.png", "/desk", { width: 1100, height: 900 }],
      ["desk-readers.png", "/desk/readers", { width: 1100, height: 900 }],
      ["desk-person.png", "/desk/readers/1", { width: 1100, height: 1150 }],
      ["desk-numbers.png", "/desk/numbers", { width: 1100, height: 1150 }],
      ["desk-imports.png", "/desk/imports", { width: 1100, height: 1150 }],
      ["desk-letters.png", "/desk/letters/strengthening-bonds", { width: 1100, height: 1150 }],
      [
        "desk-editor.png",
        "/desk/letters/strengthening-bonds/letters/emotional-needs",
        { width: 1280, height: 1000 },
      ],
      ["desk-site.png", "/desk/site", { width: 1280, height: 1000 }],
      ["desk-publish.png", "/desk/letters/strengthening-bonds/publish", { width: 1100, height: 900 }],
      ["desk-year.png", "/desk/letters/strengthening-bonds/year", { width: 1100, height: 900 }],
      ["desk-mails.png", "/desk/letters/strengthening-bonds/mails", { width: 1100, height: 900 }],
      ["desk-job.png", job, { width: 1100, height: 500 }],
      ["desk-partner.png", partner, { width: 1100, height: 1150 }],
      ["desk-sites.png", "/desk/sites", { width: 1100, height: 900 }],
      ["desk-sending.png", "/desk/settings/sending", { width: 1100, height: 900 }],
      ["desk-acts.png", "/desk/settings/acts", { width: 1100, height: 900 }],
      ["desk-settings.png", "/desk/settings", { width: 1100, height: 900 }],
      ["desk-phone-dark.png", "/desk", { width: 390, height: 844 }],
    ] as const;
    for (const [name, path, viewport] of shots) {
      const page = await browser.newPage({ viewport, colorScheme: name.includes("dark") ? "dark" : "light" });
      await page.goto(`${URL_}${path}`, { waitUntil: "networkidle" });
      await page.screenshot({ path: join(out, name) });
      await page.close();
      console.log(`docs/images/${name}`);
    }
  } finally {
    await browser.close();
    await worker.stop();
    rmSync(stateDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Tags all readers, and makes a partner, as an owner at the desk does; the paths of their pages. */
async function jobAndPartner(): Promise<readonly [string, string]> {
  const page = await (await fetch(`${URL_}/desk/settings`)).text();
  const desk = /name="desk" value="([0-9a-f]+)"/.exec(page)?.[1] ?? "";
  const post = async (path: string, fields: Readonly<Record<string, string>>) => {
    const body = new URLSearchParams({ desk, ...fields });
    const init = { method: "POST", headers: { origin: URL_ }, body, redirect: "manual" } as const;
    const answer = await fetch(`${URL_}${path}`, init);
    return answer.headers.get("location") ?? fail(`${path} answered ${answer.status}`);
  };
  const job = await post("/desk/readers/tags", { new_tag: "spring" });
  const partner = await post("/desk/sites", {
    ...{ slug: "garden", name: "Garden club", origins: "https://garden.example.org" },
    ...{ sequence: "strengthening-bonds", consent_text: "Yes, send me the letters.", consent_locale: "en" },
  });
  await new Promise((resolve) => setTimeout(resolve, SETTLES_MS));
  return [job, partner];
}
