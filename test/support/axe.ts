import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The accessibility faults of a page, as axe-core finds them, all or by some rules. The page's context must bypass its policy. */
export async function axe(page: Page, rules?: readonly string[]): Promise<string[]> {
  // Taking it in lasts longer than a look at a page.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE);
  type Violation = { readonly id: string; readonly nodes: readonly { readonly html: string }[] };
  const options = { iframes: false, resultTypes: ["violations"], ...(rules && { runOnly: rules }) };
  const violations = await page.evaluate<Violation[]>(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
  );
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`,
  );
}
