// npm run pictures: makes the pictures of the README from the real pages.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootstrap, fail, ROOT } from "./bootstrap.mjs";

const PORT = 8794;
const URL_ = `http://localhost:${PORT}`;
const ADDRESS = "ada@example.com";

if (await bootstrap(import.meta.url)) {
  const { chromium } = await import("playwright-core");
  const { findChromium } = await import("./chromium.mjs");
  const { devVars, migrateLocal, startWorker } = await import("./local-worker.mjs");
  const { publish } = await import("./publish.mjs");
  const { linkIn, reader, skipWeeks } = await import("./reader-by-program.mjs");
  const executablePath = findChromium() ?? fail("No Chromium was found.");
  const stateDir = mkdtempSync(join(tmpdir(), "themepost-pictures-"));
  migrateLocal(stateDir);
  const worker = await startWorker({ stateDir, port: PORT, vars: { PUBLIC_URL: URL_ } });
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic"],
  });
  try {
    const slug = "strengthening-bonds";
    const folder = join(ROOT, "emails", "sequences", slug);
    await publish({ url: URL_, token: devVars().ADMIN_TOKEN, folder, slug });
    const ada = reader(URL_, ADDRESS, { first_name: "Ada", time_zone: "Europe/London" });
    await ada.join();
    await skipWeeks(URL_, 4);
    const out = join(ROOT, "docs", "images");
    mkdirSync(out, { recursive: true });
    const letter = (await ada.mail()).find((message) => message.subject.includes("bookshelf"));
    const preferences = new URL(linkIn(letter, "preferences")).pathname;
    const shots = [
      ["page.png", "/", { width: 1100, height: 960 }],
      ["mailbox.png", `/mailbox?to=${encodeURIComponent(ADDRESS)}`, { width: 1280, height: 1150 }],
      ["letter.png", `/mailbox/messages/${letter.id}/letter?scheme=light`, { width: 700, height: 1150 }],
      ["reader.png", preferences, { width: 860, height: 1150 }],
      ["letter-dark.png", `/mailbox/messages/${letter.id}/letter?scheme=dark`, { width: 390, height: 844 }],
    ];
    for (const [name, path, viewport] of shots) {
      const page = await browser.newPage({ viewport });
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
