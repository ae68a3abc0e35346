import type { Colours, Look } from "../../platform/look/look.ts";

/** The style sheet that gives the pages a site's colours, by the names that `ui/browser/themepost.css` uses. */
export function styleOf({ light, dark }: Look): string {
  return `:root{${variables(light)}}\n@media (prefers-color-scheme: dark){:root{${variables(dark)}}}\n`;
}

function variables({ paper, card, panel, ink, soft, line, accent, pressInk }: Colours): string {
  const named = { paper, card, strip: panel, ink, soft, line, accent, "accent-ink": pressInk };
  return Object.entries(named)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");
}

/** The site's icon: a letter in its colour. */
export function iconOf({ light }: Look): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${light.accent}"/><path d="M7 10.5h18v12H7zm0 .5 9 6.5 9-6.5" fill="none" stroke="${light.card}" stroke-width="2" stroke-linejoin="round"/></svg>\n`;
}
