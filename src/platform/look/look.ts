import {
  clampChroma,
  differenceEuclidean,
  formatHex,
  modeLrgb,
  modeOklab,
  modeOklch,
  modeRgb,
  nearest,
  type Oklch,
  useMode as register,
  wcagContrast,
} from "culori/fn";

/** The colours of a site by day or by night, each `#rrggbb` but for `press`. */
export type Colours = {
  readonly paper: string;
  readonly card: string;
  readonly panel: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly accent: string;
  /** The ground of a button: by day a keyword, because some webmail takes no other; the head makes it the accent where it can. */
  readonly press: string;
  readonly pressInk: string;
};

/** How a site looks. Contrast of each pair of text and ground is at least 4.5:1, in light and in dark (WCAG 1.4.3). */
export type Look = { readonly light: Colours; readonly dark: Colours };

register(modeRgb);
register(modeLrgb);
register(modeOklab);
const toOklch = register(modeOklch);

/** Text and its ground differ by this much at least (WCAG 1.4.3). */
const CONTRAST_MIN = 4.5;
/** In OKLCH: how finely a lightness is searched. */
const LIGHTNESS_STEP = 0.005;
/** Grounds take the hue beside the accent's, in degrees: a page in one hue alone looks tinted. */
const BESIDE = 40;

/** Keywords that any webmail takes for a ground, dark enough for light words (CSS Color 4, section 6.1). */
const KEYWORDS = ["maroon", "navy", "purple", "teal", "green", "black"];
const nearestKeyword = nearest(KEYWORDS, differenceEuclidean("oklab"));

type Hue = number | undefined;

const hexOf = (l: number, c: number, h: Hue) =>
  formatHex(clampChroma({ mode: "oklch", l, c, ...(h === undefined ? {} : { h }) }, "oklch"));

/** The grounds and inks of a hue, by day and by night. */
function grounds(accent: Oklch): { readonly light: Grounds; readonly dark: Grounds } {
  const h = accent.h === undefined ? undefined : (accent.h + BESIDE) % 360;
  // Grey has no hue, and its grounds have none either.
  const c = accent.c < 0.01 ? 0 : 1;
  return {
    light: {
      paper: hexOf(0.958, 0.012 * c, h),
      card: hexOf(0.993, 0.005 * c, h),
      panel: hexOf(0.956, 0.017 * c, h),
      ink: hexOf(0.273, 0.009 * c, h),
      soft: hexOf(0.483, 0.017 * c, h),
      line: hexOf(0.891, 0.018 * c, h),
    },
    dark: {
      paper: hexOf(0.216, 0.005 * c, h),
      card: hexOf(0.25, 0.008 * c, h),
      panel: hexOf(0.286, 0.008 * c, h),
      ink: hexOf(0.919, 0.012 * c, h),
      soft: hexOf(0.757, 0.02 * c, h),
      line: hexOf(0.37, 0.012 * c, h),
    },
  };
}

type Grounds = Readonly<Record<"paper" | "card" | "panel" | "ink" | "soft" | "line", string>>;

/** Whether words in a colour can be read on all grounds, and words in the ground's colour on it. */
function isLegible(colour: string, { paper, card, panel }: Grounds): boolean {
  return [paper, card, panel].every((ground) => wcagContrast(colour, ground) >= CONTRAST_MIN);
}

/** The nearest lightness to `from` at which the colour can be read, searched in one direction. */
function legible(accent: Oklch, from: number, step: number, on: Grounds): string {
  for (let l = from; l > 0 && l < 1; l += step) {
    const colour = hexOf(l, accent.c, accent.h);
    if (isLegible(colour, on)) return colour;
  }
  return step < 0 ? "#000000" : "#ffffff";
}

function read(accent: string): Oklch {
  const colour = toOklch(accent);
  if (colour === undefined) throw new RangeError("an accent is #rrggbb");
  return colour;
}

/** Null where an accent (`#rrggbb`) can be read on light grounds and carries light words; else the nearest one that does. */
export function nearestLegible(accent: string): string | null {
  const { light } = grounds(read(accent));
  if (isLegible(accent, light)) return null;
  const colour = read(accent);
  return legible(colour, colour.l, -LIGHTNESS_STEP, light);
}

/** The least contrast of an accent (`#rrggbb`) with its grounds, as 1 to 21: in light, and of its lighter shade in the dark. */
export function contrastOf(accent: string): { readonly light: number; readonly dark: number } {
  const least = (colour: string, { paper, card, panel }: Grounds) =>
    Math.min(...[paper, card, panel].map((ground) => wcagContrast(colour, ground)));
  const { light, dark } = lookOf(accent);
  return { light: least(accent, light), dark: least(dark.accent, dark) };
}

const known = new Map<string, Look>();

/** The look that an accent (`#rrggbb`, legible) makes: its grounds and inks, and a lighter accent for the night. */
export function lookOf(accent: string): Look {
  const before = known.get(accent);
  if (before !== undefined) return before;
  const colour = read(accent);
  const { light, dark } = grounds(colour);
  const byNight = legible(colour, Math.max(colour.l, 0.78), LIGHTNESS_STEP, dark);
  const look: Look = {
    light: {
      ...light,
      accent,
      press: nearestKeyword(accent)[0] ?? "black",
      pressInk: light.card,
    },
    dark: {
      ...dark,
      accent: byNight,
      press: byNight,
      pressInk: hexOf(0.21, Math.min(colour.c, 0.045), colour.h),
    },
  };
  known.set(accent, look);
  return look;
}
