import { clampChroma, converter, type Lch, wcagContrast } from "culori";
import type { Page } from "playwright-core";

/** Words on their ground, as a browser computed both. */
type Pair = {
  readonly words: string;
  readonly text: string;
  readonly ground: string;
  readonly large: boolean;
};

/** How mail clients turn the colours of a letter around that has no dark ones for them. */
const FORCED_DARK = {
  /** Everything: light becomes dark and dark light (Gmail on iOS, classic Outlook). */
  "all turned around": (colour: Lch) => turned(colour),
  /** Light grounds and dark words only (Gmail on Android, Outlook.com). */
  "light grounds and dark words turned around": (colour: Lch, is: "text" | "ground") =>
    (is === "ground" ? colour.l > 50 : colour.l < 50) ? turned(colour) : colour,
} as const;

const lch = converter("lch");

/** The same hue, as light as it was dark. */
function turned(colour: Lch): Lch {
  return clampChroma({ ...colour, l: 100 - colour.l }, "lch") as Lch;
}

/**
 * Words of a page whose contrast falls below WCAG 1.4.3 (4.5:1, large text 3:1) when a client turns colours around in one of the ways.
 * Expects grounds of one plain colour.
 */
export async function forcedDarkFaults(page: Page): Promise<string[]> {
  const pairs = await page.evaluate<Pair[]>(PAIRS);
  return Object.entries(FORCED_DARK).flatMap(([way, turn]) =>
    pairs.flatMap(({ words, text, ground, large }) => {
      const contrast = wcagContrast(turn(parsed(text), "text"), turn(parsed(ground), "ground"));
      return contrast < (large ? 3 : 4.5) ? [`${way}: ${contrast.toFixed(1)} on “${words}”`] : [];
    }),
  );
}

function parsed(colour: string): Lch {
  const read = lch(colour);
  if (read === undefined) throw new Error(`${colour} is no colour`);
  return read;
}

/** Runs in the page: every visible text with its colour and the nearest ground above it. */
const PAIRS = `(() => {
  const pairs = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const words = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (words === "" || !element.checkVisibility()) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    let ground = "rgb(255, 255, 255)";
    for (let at = element; at !== null; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (backgroundColor !== "rgba(0, 0, 0, 0)") {
        ground = backgroundColor;
        break;
      }
    }
    const size = parseFloat(fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
    pairs.push({ words: words.slice(0, 40), text: color, ground, large });
  }
  return pairs;
})()`;
