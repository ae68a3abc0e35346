import type { Site } from "../../domain/site/site.ts";

/** Where the site's colours are served as a style sheet: another place for other colours, so that they may be kept for long. */
export function lookPath({ accent }: Pick<Site, "accent">): string {
  return `/look/${accent.slice(1)}.css`;
}

/** The same of the picture beside a link to it. */
export function picturePath({ accent }: Pick<Site, "accent">): string {
  return `/look/${accent.slice(1)}.png`;
}

/** The same of its icon. */
export function iconPath({ accent }: Pick<Site, "accent">): string {
  return `/look/${accent.slice(1)}.svg`;
}
