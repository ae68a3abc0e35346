import { readFileSync } from "node:fs";
import type { BrowserContextOptions } from "playwright-core";
import { themepostOfFile } from "./themepost-of-file.ts";

export const PHONE = { viewport: { width: 320, height: 700 }, isMobile: true, hasTouch: true };

/** The demo partner's site beside the service of one file. */
export function partnerSiteOfFile() {
  const themepost = themepostOfFile();
  const adminToken = () =>
    /^ADMIN_TOKEN=(.*)$/m.exec(readFileSync(new URL("../../.dev.vars", import.meta.url), "utf8"))?.[1] ?? "";
  return {
    themepost,
    /** Opens a page of the demo site and notes what it asks of Themepost. */
    visit: async (path: string, options: BrowserContextOptions = {}) => {
      const context = await themepost.browser.newContext(options);
      const page = await context.newPage();
      const asked: string[] = [];
      page.on("request", (request) => {
        if (request.url().startsWith(themepost.url))
          asked.push(`${request.method()} ${new URL(request.url()).pathname}`);
      });
      await page.goto(`${themepost.demoUrl}${path}`, { waitUntil: "networkidle" });
      return { page, context, asked };
    },
    /** A request of the owner's; a PUT says that it saw what is there now. */
    admin: async (method: string, path: string, body?: unknown) => {
      const url = `${themepost.url}/api/v1/admin${path}`;
      const authorization = `Bearer ${adminToken()}`;
      const etag =
        method === "PUT" ? (await fetch(url, { headers: { authorization } })).headers.get("etag") : null;
      return fetch(url, {
        method,
        headers: {
          authorization,
          "content-type": "application/json",
          ...(etag === null ? {} : { "if-match": etag }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    },
  };
}
