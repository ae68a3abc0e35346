import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { openBrowser, type RunningThemepost, runThemepost } from "./running-themepost.ts";

/**
 * The whole service and a browser for the tests of one file: started before them, stopped after them. Contexts opened by `open`
 * are closed after each test. It has the newsletter of the folder `content`, the built-in one by itself.
 */
export function themepostOfFile(content?: string) {
  let running: RunningThemepost | undefined;
  let browser: Browser | undefined;
  const close: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    [browser, running] = await Promise.all([openBrowser(), runThemepost(content)]);
  });
  afterEach(async () => {
    await Promise.all(close.splice(0).map((each) => each()));
  });
  afterAll(async () => {
    await browser?.close();
    await running?.stop();
  });

  const started = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("Themepost runs only while the tests of the file do");
    return value;
  };
  /** An empty page in a context of its own. */
  const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await started(browser).newContext(options);
    close.push(() => context.close());
    return context.newPage();
  };
  return {
    get url() {
      return started(running).url;
    },
    get demoUrl() {
      return started(running).demoUrl;
    },
    get browser() {
      return started(browser);
    },
    open,
    /** The same, at an address. */
    visit: async (url: string, options: BrowserContextOptions = {}): Promise<Page> => {
      const page = await open(options);
      await page.goto(url);
      return page;
    },
  };
}
