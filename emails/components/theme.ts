import type { CSSProperties } from "react";
import type { Colours, Look } from "../../src/platform/look/look.ts";
import { directionOf } from "../../src/platform/texts/languages.ts";
import type { Frame } from "./frame.ts";

const SERIF = "Georgia, 'Iowan Old Style', 'Times New Roman', serif";
// Segoe UI first, because Word's engine takes the first name of a list or none.
const SANS = "'Segoe UI', -apple-system, Roboto, Helvetica, Arial, sans-serif";

const MONO = "Consolas, Menlo, 'Courier New', monospace";

/** What a letter is set with: styles by name, the style sheet of its head, and the colours by day. */
export type Theme = {
  readonly styles: ReturnType<typeof stylesOf>;
  readonly headCss: string;
  readonly light: Colours;
};

const known = new WeakMap<Look, Map<string, Theme>>();

/** The theme of a mail's look, set in the direction of its language. */
export function themeOf({ look, language }: Pick<Frame, "look" | "language">): Theme {
  const direction = directionOf(language);
  const ofLook = known.get(look) ?? new Map<string, Theme>();
  known.set(look, ofLook);
  const theme = ofLook.get(direction) ?? {
    styles: stylesOf(look.light, direction),
    headCss: headCssOf(look),
    light: look.light,
  };
  ofLook.set(direction, theme);
  return theme;
}

/**
 * The look of all letters, inline because some webmail drops every style sheet. Paddings are on cells only: Word's engine knows
 * them nowhere else.
 */
function stylesOf(light: Colours, direction: "ltr" | "rtl") {
  /** Where lines begin: older mail programs know no logical sides. */
  const begins = direction === "rtl" ? "Right" : "Left";
  const ends = direction === "rtl" ? "Left" : "Right";
  const padded = (top: string, begin: string, bottom: string) =>
    begins === "Right" ? `${top} ${begin} ${bottom} 0` : `${top} 0 ${bottom} ${begin}`;
  const text = { fontFamily: SERIF, fontSize: "18px", lineHeight: "29px", color: light.ink } as const;
  const small = { fontFamily: SANS, fontSize: "14px", lineHeight: "22px", color: light.soft } as const;
  return {
    body: { margin: 0, padding: 0, backgroundColor: light.paper },
    preheader: { display: "none", maxHeight: 0, overflow: "hidden" },
    outside: { padding: "24px 0" },
    /** Its width is on a div, because iOS takes none on tables. */
    column: { maxWidth: "600px", margin: "0 auto" },
    card: { backgroundColor: light.card, border: `1px solid ${light.line}` },
    inner: { padding: "36px 36px 20px", wordBreak: "break-word" },
    ornament: { display: "block", width: "160px", height: "120px", margin: "0 0 20px", border: 0 },
    brow: { ...small, margin: "0 0 8px", lineHeight: "20px" },
    h1: {
      margin: "0 0 24px",
      fontFamily: SERIF,
      fontSize: "30px",
      lineHeight: "38px",
      fontWeight: 700,
      color: light.ink,
    },
    h2: {
      margin: "38px 0 12px",
      fontFamily: SERIF,
      fontSize: "22px",
      lineHeight: "30px",
      fontWeight: 700,
      color: light.accent,
    },
    /** A heading that opens a panel or a line to keep, which bring their own distance. */
    h2First: { margin: "0 0 12px" },
    h3: {
      margin: "24px 0 4px",
      fontFamily: SANS,
      fontSize: "16px",
      lineHeight: "24px",
      fontWeight: 700,
      color: light.ink,
    },
    text: { ...text, margin: "0 0 18px" },
    list: { margin: "0 0 18px", padding: padded("0", "26px", "0") },
    /** The marker takes the item's colour, the words the one of `itemText`. */
    item: { ...text, margin: "0 0 12px", color: light.accent },
    itemText: { color: light.ink },
    link: { color: light.accent, textDecoration: "underline" },
    panelTable: { margin: "38px 0 0" },
    panel: { padding: "26px 26px 14px", backgroundColor: light.panel },
    keep: {
      padding: "26px 18px 10px",
      borderTop: `2px solid ${light.accent}`,
      borderBottom: `2px solid ${light.accent}`,
      textAlign: "center",
    },
    keepText: {
      margin: "0 0 18px",
      fontFamily: SERIF,
      fontSize: "24px",
      lineHeight: "34px",
      fontStyle: "italic",
      color: light.ink,
    },
    asideTable: { margin: "0 0 16px" },
    aside: { padding: padded("2px", "16px", "2px"), [`border${begins}`]: `3px solid ${light.accent}` },
    asideLabel: {
      margin: "0 0 2px",
      fontFamily: SANS,
      fontSize: "15px",
      lineHeight: "24px",
      fontWeight: 700,
      color: light.ink,
    },
    asideText: { ...text, margin: "0 0 6px", fontSize: "17px", lineHeight: "27px" },
    /** Where a quote is from. */
    source: { ...small, margin: "0 0 6px", fontSize: "15px" },
    codeCell: { padding: "14px 16px", backgroundColor: light.panel },
    code: {
      margin: 0,
      fontFamily: MONO,
      fontSize: "14px",
      lineHeight: "22px",
      color: light.ink,
      whiteSpace: "pre-wrap",
      wordBreak: "break-word",
    },
    inlineCode: { fontFamily: MONO, fontSize: "16px" },
    scrolled: { margin: "0 0 18px", tableLayout: "fixed" },
    scroll: { overflowX: "auto" },
    dataTable: { borderCollapse: "collapse", wordBreak: "normal" },
    headCell: {
      padding: direction === "rtl" ? "6px 0 6px 12px" : "6px 12px 6px 0",
      fontFamily: SANS,
      fontSize: "15px",
      lineHeight: "22px",
      fontWeight: 700,
      textAlign: direction === "rtl" ? "right" : "left",
      color: light.ink,
      borderBottom: `2px solid ${light.line}`,
    },
    cell: {
      padding: direction === "rtl" ? "6px 0 6px 12px" : "6px 12px 6px 0",
      fontFamily: SANS,
      fontSize: "15px",
      lineHeight: "22px",
      color: light.ink,
      borderBottom: `1px solid ${light.line}`,
      verticalAlign: "top",
    },
    mark: { fontSize: "12px", lineHeight: "12px" },
    note: { ...text, margin: "0 0 8px", fontSize: "15px", lineHeight: "23px" },
    press: { backgroundColor: light.press },
    pressLink: {
      display: "block",
      padding: "14px 26px",
      fontFamily: SANS,
      fontSize: "17px",
      lineHeight: "22px",
      fontWeight: 700,
      color: light.pressInk,
      textDecoration: "none",
    },
    signOff: { ...text, margin: "32px 0 0" },
    signed: { margin: "32px 0 0" },
    signedWords: { ...text, margin: "0" },
    portraitCell: { [`padding${ends}`]: "16px" },
    portrait: { display: "block", border: 0, borderRadius: "8px" },
    /** What stands for it where pictures are off is set like the text around it. */
    picture: { ...text, display: "block", maxWidth: "100%", height: "auto", border: 0 },
    after: { ...small, margin: "24px 0 12px", fontSize: "15px" },
    rule: { margin: "32px 0 22px", border: "none", borderTop: `1px solid ${light.line}` },
    footer: { ...small, margin: "0 0 12px" },
    footerLine: { ...small, margin: "0 0 6px" },
    footerLink: { color: light.soft, textDecoration: "underline" },
  } satisfies Record<string, CSSProperties>;
}

/**
 * Dark colours by class, and the narrow screen. Each ground is said by keyword first, because some webmail takes no other and would set
 * light words on white. One plain block with no exotic rule: Gmail drops a head style that it cannot parse
 * whole (rule 5.13).
 */
function headCssOf({ light, dark }: Look): string {
  return `
:root { color-scheme: light dark; }
.card { border-radius: 12px; }
.panel { border-radius: 10px; }
.press { border-radius: 9px; background-color: ${light.accent} !important; }
@media (prefers-color-scheme: dark) {
.paper { background-color: black !important; background-color: ${dark.paper} !important; }
.card { background-color: black !important; background-color: ${dark.card} !important; border-color: ${dark.line} !important; }
.panel { background-color: black !important; background-color: ${dark.panel} !important; }
.ink { color: ${dark.ink} !important; }
.soft { color: ${dark.soft} !important; }
.accent { color: ${dark.accent} !important; }
.line { border-color: ${dark.line} !important; }
.edge { border-color: ${dark.accent} !important; }
.press { background-color: silver !important; background-color: ${dark.press} !important; }
.press-ink { color: ${dark.pressInk} !important; }
}
@media (max-width: 480px) {
.inner { padding: 26px 20px 14px !important; }
.panel { padding: 20px 18px 8px !important; }
.h1 { font-size: 26px !important; line-height: 33px !important; }
}`;
}
