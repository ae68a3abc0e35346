import type { Locator, Page } from "playwright-core";

/** How someone does things on a page: each resolves when it's done. */
export type Hand = {
  readonly press: (target: Locator) => Promise<unknown>;
  readonly fill: (target: Locator, text: string) => Promise<unknown>;
  readonly choose: (target: Locator) => Promise<unknown>;
  readonly select: (target: Locator, label: string) => Promise<unknown>;
};

/** Someone with a mouse, or a finger. */
export const mouse: Hand = {
  press: (target) => target.click(),
  fill: (target, text) => target.fill(text),
  choose: (target) => target.check(),
  select: (target, label) => target.selectOption(label),
};

/** A page's own document, of which a Worker's types know nothing. */
type InPage = { readonly activeElement: { readonly name: string } };

/** More than any page of the desk has to go to. */
const STOPS_MAX = 150;

/** Someone who has a keyboard alone: everything is reached by Tab, from where the page begins. */
export function keyboard(page: Page): Hand {
  const reach = async (target: Locator, isThere: (element: unknown) => boolean) => {
    await target.waitFor();
    for (let stops = 0; stops < STOPS_MAX; stops += 1) {
      await page.keyboard.press("Tab");
      if (await target.evaluate(isThere)) return;
    }
    throw new Error(`no way by Tab to ${target}`);
  };
  // In a shadow root it's that one's own, while the document's is its host.
  const hasFocus = (element: unknown) =>
    element === (element as { readonly getRootNode: () => InPage }).getRootNode().activeElement;
  const hasFocusByName = (element: unknown) =>
    (element as { name: string }).name ===
    (globalThis as unknown as { document: InPage }).document.activeElement.name;
  return {
    press: async (target) => {
      await reach(target, hasFocus);
      await page.keyboard.press("Enter");
      await page.waitForLoadState();
    },
    fill: async (target, text) => {
      await reach(target, hasFocus);
      await page.keyboard.type(text);
    },
    choose: async (target) => {
      await reach(target, hasFocusByName);
      for (let steps = 0; steps < 5 && !(await target.isChecked()); steps += 1)
        await page.keyboard.press(steps === 0 ? "Space" : "ArrowDown");
    },
    select: async (target, label) => {
      await reach(target, hasFocus);
      await page.keyboard.type(label);
    },
  };
}
