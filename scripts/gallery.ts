// npm run gallery [-- FOLDER]: pictures of every letter and system email as readers get it, on a sheet and as a page to flip through.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { type Browser, chromium } from "playwright-core";
import sharp from "sharp";
import { findChromium } from "./chromium.ts";
import { publish, publishSite } from "./content/publish.ts";
import { readContent } from "./content/read-site.ts";
import { contactSheet } from "./gallery/contact-sheet.ts";
import { everyMail, type NamedMail } from "./gallery/every-mail.ts";
import { flipPage } from "./gallery/flip-page.ts";
import { pageOf, VIEWS, type View } from "./gallery/views.ts";
import { migrateLocal } from "./local-database.ts";
import { localToken, startWorker } from "./local-worker.ts";
import { fail, messageOf, ROOT, readArgs } from "./project.ts";

const PORT = 8795;
const URL_ = `http://localhost:${PORT}`;
const IMAGES = join(ROOT, "docs", "images");
const GALLERY = join(IMAGES, "gallery");
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic"];
// As Chromium on Android darkens pages that have no dark colours of their own.
const FORCE_DARK = ["--enable-features=WebContentsForceDark", "--blink-settings=forceDarkModeEnabled=true"];
const BUILT_IN = join(ROOT, "emails", "sequences", "strengthening-bonds");

/** Makes it of the built-in letters, or of those in the folder that the word names. */
export async function main(args: readonly string[]): Promise<void> {
  const { positionals } = readArgs({ args: [...args], allowPositionals: true });
  const executablePath =
    findChromium() ?? fail("No Chromium was found. Install one, or set CHROMIUM to its path.");
  const folder = positionals[0] === undefined ? BUILT_IN : resolve(positionals[0]);

  console.log("Sending every email to a trial reader …");
  const { mails, stop } = await sent(folder);
  const browsers: Browser[] = [];
  const launch = async (flags: readonly string[]) => {
    const browser = await chromium.launch({ executablePath, args: [...flags] });
    browsers.push(browser);
    return browser;
  };
  try {
    const plain = await launch(FLAGS);
    const forced = await launch([...FLAGS, ...FORCE_DARK]);
    rmSync(GALLERY, { recursive: true, force: true });
    mkdirSync(GALLERY, { recursive: true });
    const pictures = new Map<string, readonly string[]>();
    for (const view of VIEWS) {
      const browser = view.forced === true ? forced : plain;
      pictures.set(view.name, await photographed(browser, mails, view));
      console.log(`  ${view.title}: ${mails.length} pictures`);
    }
    writeFileSync(join(GALLERY, "index.html"), flipPage(mails, VIEWS));
    console.log(`Flip through them: ${join("docs", "images", "gallery", "index.html")}`);
    // The sheet in the repository is that of the built-in sequence.
    const sheet = folder === BUILT_IN ? join(IMAGES, "letters.webp") : join(GALLERY, "letters.webp");
    writeFileSync(sheet, await contactSheet(mails, VIEWS, pictures));
    console.log(`The contact sheet: ${sheet}`);
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    await stop();
  }
}

/** Starts a trial with a folder's letters and has a reader get all of them. */
async function sent(folder: string) {
  const stateDir = mkdtempSync(join(tmpdir(), "themepost-gallery-"));
  migrateLocal(stateDir);
  const worker = await startWorker({ stateDir, port: PORT, vars: { PUBLIC_URL: URL_ } });
  const stop = async () => {
    await worker.stop();
    rmSync(stateDir, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const service = { url: URL_, token: localToken() };
    const edition = { origin: "files", force: true } as const;
    const { site } = readContent(siteFolderOf(folder));
    if (site !== null) await publishSite(service, site, edition, () => undefined);
    const { answer, warned } = await publish({ ...service, folder, slug: basename(folder), ...edition });
    for (const line of warned) console.log(line);
    return { mails: await everyMail(URL_, answer.steps.length), stop };
  } catch (error) {
    await stop();
    fail(messageOf(error));
  }
}

/** The folder of a sequence's own site, two above it; the built-in one where it has none. */
function siteFolderOf(folder: string): string {
  const own = join(folder, "..", "..");
  return existsSync(join(own, "site.yaml")) ? own : join(ROOT, "emails");
}

/** Pictures of all mails in one view, as paths in their order. */
async function photographed(
  browser: Browser,
  mails: readonly NamedMail[],
  view: View,
): Promise<readonly string[]> {
  const page = await browser.newPage({
    viewport: { width: view.width, height: 400 },
    colorScheme: view.scheme,
    javaScriptEnabled: false,
  });
  if (view.pictures === false) await page.route("**/*.png", (route) => route.abort());
  const paths: string[] = [];
  for (const mail of mails) {
    await page.setContent(pageOf(mail, view), { waitUntil: "load" });
    const path = join(GALLERY, `${mail.name}-${view.name}.png`);
    const picture = await page.screenshot({ fullPage: true });
    await sharp(picture).png({ palette: true, colours: 64 }).toFile(path);
    paths.push(path);
  }
  await page.close();
  return paths;
}
