import { faultOf, type LetterFault } from "./letter-rules.ts";
import type { RenderedLetter } from "./render-letter.tsx";
import type { SlotName } from "./rendition.ts";

/** Hard limit of a letter's HTML in bytes: Gmail hides what comes after about 102 KB (rule 5.01). */
const HTML_BYTES_MAX = 80_000;

/** What only shows once a letter is rendered: its size, and slots that come together from parts. */
export function judgeRendered(
  slug: string,
  letter: Pick<RenderedLetter, "html" | "text">,
  slots: readonly SlotName[],
): LetterFault[] {
  const faults: LetterFault[] = [];
  const bytes = new TextEncoder().encode(letter.html).length;
  if (bytes > HTML_BYTES_MAX) {
    const message = `the letter is ${bytes} bytes of HTML, and the limit is ${HTML_BYTES_MAX}`;
    faults.push(faultOf(slug, null, "html-size", message));
  }
  const known = new Set<string>(["greeting", ...slots]);
  const found = [...`${letter.html} ${letter.text}`.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = ""]) => name);
  for (const name of new Set(found.filter((each) => !known.has(each)))) {
    faults.push(faultOf(slug, null, "slot", `the rendered letter has the unknown slot {{${name}}}`));
  }
  return faults;
}
