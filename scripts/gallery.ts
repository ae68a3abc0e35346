// npm run gallery [-- FOLDER]: every letter and system mail as readers get it, in pictures, on a sheet and as a page to flip through.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bootstrap, fail, ROOT } from "./bootstrap.mjs";

const PORT = 8795;
const URL_ = `http://localhost:${PORT}`;
const IMAGES = join(ROOT, "docs", "images");
const GALLERY = join(IMAGES, "gallery");
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic"];
// As Chromium on Android darkens pages that have no dark colours of their own.
const FORCE_DARK = ["--enable-features=WebContentsForceDark", "--blink-settings=forceDarkModeEnabled=true"];
const BUILT_IN = join(ROOT, "emails", "sequences", "strengthening-bonds");

if (await bootstrap(import.meta.url)) {
  const { chromium } = await import("playwright-core");
  const { findChromium } = await import("./chromium.mjs");
  const { contactSheet } = await import("./gallery/contact-sheet.mjs");
  const { flipPage } = await import("./gallery/flip-page.mjs");
  const { VIEWS } = await import("./gallery/views.mjs");
  const executablePath = findChromium() ?? fail("No Chromium was found.");
  const folder = process.argv[2] === undefined ? BUILT_IN : resolve(process.argv[2]);

  console.log("Sending every mail to a reader of a trial …");
  const { mails, stop } = await sent(folder);
  const browsers = {};
  try {
    browsers.plain = await chromium.launch({ executablePath, args: FLAGS });
    browsers.forced = await chromium.launch({ executablePath, args: [...FLAGS, ...FORCE_DARK] });
    rmSync(GALLERY, { recursive: true, force: true });
    mkdirSync(GALLERY, { recursive: true });
    const pictures = new Map();
    for (const view of VIEWS) {
      const browser = view.forced === true ? browsers.forced : browsers.plain;
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
    await Promise.all(Object.values(browsers).map((browser) => browser.close()));
    await stop();
  }
}

/** Starts a trial with a folder's letters and has a reader get all of them. */
async function sent(folder) {
  const { devVars, migrateLocal, startWorker } = await import("./local-worker.mjs");
  const { publish } = await import("./publish.mjs");
  const { everyMail } = await import("./gallery/every-mail.mjs");
  const stateDir = mkdtempSync(join(tmpdir(), "themepost-gallery-"));
  migrateLocal(stateDir);
  const worker = await startWorker({ stateDir, port: PORT, vars: { PUBLIC_URL: URL_ } });
  const stop = async () => {
    await worker.stop();
    rmSync(stateDir, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    // Under the name that the public form signs up for, whatever the folder is called.
    const slug = "strengthening-bonds";
    const { answer, warned } = await publish({ url: URL_, token: devVars().ADMIN_TOKEN, folder, slug });
    for (const line of warned) console.log(line);
    return { mails: await everyMail(URL_, answer.steps.length), stop };
  } catch (error) {
    await stop();
    fail(error.message);
  }
}

/** Pictures of all mails in one view, as paths in their order. */
async function photographed(browser, mails, view) {
  const { pageOf } = await import("./gallery/views.mjs");
  const { default: sharp } = await import("sharp");
  const page = await browser.newPage({
    viewport: { width: view.width, height: 400 },
    colorScheme: view.scheme,
    javaScriptEnabled: false,
  });
  if (view.pictures === false) await page.route("**/*.png", (route) => route.abort());
  const paths = [];
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
