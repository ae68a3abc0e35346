import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe } from "../support/axe.ts";
import { PHONE, partnerSiteOfFile } from "../support/partner-site.ts";

const { themepost, visit, admin } = partnerSiteOfFile();

test("labels are in the page's language, right to left in Arabic; an explicit language wins", async () => {
  for (const [lang, label] of [
    ["de", "E-Mail-Adresse"],
    ["fr", "Adresse e-mail"],
    ["es", "Correo electrónico"],
    ["pt", "Endereço de e-mail"],
    ["ar", "عنوان البريد الإلكتروني"],
    ["en", "Email address"],
  ] as const) {
    const { page, context } = await visit(`/?lang=${lang}`);
    await page.getByRole("textbox", { name: label }).waitFor();
    if (lang === "ar") {
      // An address is written from left to right in every language.
      expect(await page.locator("#first_name:dir(rtl)").count()).toBe(1);
      expect(await page.locator("#email:dir(ltr)").count()).toBe(1);
      await page.evaluate(`{
        const form = document.querySelector("themepost-form");
        const copy = form.cloneNode(true);
        copy.setAttribute("lang", "fr");
        form.replaceWith(copy);
      }`);
      await page.getByRole("textbox", { name: "Adresse e-mail" }).waitFor();
    }
    await context.close();
  }
});

test("no form or page of ours on the way has an accessibility fault, light and dark, wide and at 320 pixels", async () => {
  const { url } = (await (await admin("POST", "/partners/garden-mornings/links")).json()) as { url: string };
  const faults: string[] = [];
  for (const options of [{}, { ...PHONE, colorScheme: "dark" }] as BrowserContextOptions[]) {
    for (const path of ["/", "/?lang=ar", "/plain", "/plain?lang=ar"]) {
      const { page, context } = await visit(path, { ...options, bypassCSP: true });
      faults.push(...(await look(page, path)));
      const plain = path.startsWith("/plain");
      await page.locator(plain ? "input[name=email]" : "#email").fill("ada@gmial.com");
      await page.keyboard.press("Enter");
      // The script's form offers another spelling; the plain one leads to our page.
      await page.locator(plain ? `form[action="/subscribe"] button` : "#fault:visible").waitFor();
      faults.push(...(await look(page, `${path} after pressing`)));
      await context.close();
    }
    const context = await themepost.browser.newContext({ ...options, bypassCSP: true });
    const page = await context.newPage();
    await page.goto(`${url}?lang=ar`, { waitUntil: "networkidle" });
    faults.push(...(await look(page, "partner's page")));
    await context.close();
  }
  expect(faults).toEqual([]);
});

async function look(page: Page, where: string): Promise<string[]> {
  const overflow = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
  return [...(overflow ? ["wider than the window"] : []), ...(await axe(page))].map(
    (fault) => `${where}: ${fault}`,
  );
}
