import type { CSSProperties } from "react";

/** The colours of all letters. Contrast of each pair of text and ground is at least 4.5:1, in light and in dark (WCAG 1.4.3). */
export const LIGHT = {
  paper: "#f6f1e9",
  card: "#fffdf9",
  panel: "#f7f0e4",
  ink: "#2b2724",
  soft: "#665d55",
  line: "#e3dbcf",
  accent: "#8a3b2a",
  /** A keyword, because some webmail takes no other ground; the head makes it the accent where it can. */
  press: "maroon",
  pressInk: "#fffdf9",
} as const;

/** The same by night. */
const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
  paper: "#1c1917",
  card: "#252120",
  panel: "#2f2a27",
  ink: "#ece6de",
  soft: "#b8aea3",
  line: "#443d38",
  accent: "#f0a58f",
  press: "#f0a58f",
  pressInk: "#2a1510",
};

const SERIF = "Georgia, 'Iowan Old Style', 'Times New Roman', serif";
// Segoe UI first, because Word's engine takes the first name of a list or none.
const SANS = "'Segoe UI', -apple-system, Roboto, Helvetica, Arial, sans-serif";

const TEXT = { fontFamily: SERIF, fontSize: "18px", lineHeight: "29px", color: LIGHT.ink } as const;
const SMALL = { fontFamily: SANS, fontSize: "14px", lineHeight: "22px", color: LIGHT.soft } as const;

/**
 * The look of all letters, inline because some webmail drops every style sheet. Paddings are on cells only: Word's engine knows
 * them nowhere else.
 */
export const styles = {
  body: { margin: 0, padding: 0, backgroundColor: LIGHT.paper },
  preheader: { display: "none", maxHeight: 0, overflow: "hidden" },
  outside: { padding: "24px 0" },
  /** Its width is on a div, because iOS takes none on tables. */
  column: { maxWidth: "600px", margin: "0 auto" },
  card: { backgroundColor: LIGHT.card, border: `1px solid ${LIGHT.line}` },
  inner: { padding: "36px 36px 20px", wordBreak: "break-word" },
  ornament: { display: "block", width: "160px", height: "120px", margin: "0 0 20px", border: 0 },
  brow: { ...SMALL, margin: "0 0 8px", lineHeight: "20px" },
  h1: {
    margin: "0 0 24px",
    fontFamily: SERIF,
    fontSize: "30px",
    lineHeight: "38px",
    fontWeight: 700,
    color: LIGHT.ink,
  },
  h2: {
    margin: "38px 0 12px",
    fontFamily: SERIF,
    fontSize: "22px",
    lineHeight: "30px",
    fontWeight: 700,
    color: LIGHT.accent,
  },
  /** A heading that opens a panel or a line to keep, which bring their own distance. */
  h2First: { margin: "0 0 12px" },
  h3: {
    margin: "24px 0 4px",
    fontFamily: SANS,
    fontSize: "16px",
    lineHeight: "24px",
    fontWeight: 700,
    color: LIGHT.ink,
  },
  text: { ...TEXT, margin: "0 0 18px" },
  list: { margin: "0 0 18px", padding: "0 0 0 26px" },
  /** The marker takes the item's colour, the words the one of `itemText`. */
  item: { ...TEXT, margin: "0 0 12px", color: LIGHT.accent },
  itemText: { color: LIGHT.ink },
  link: { color: LIGHT.accent, textDecoration: "underline" },
  panelTable: { margin: "38px 0 0" },
  panel: { padding: "26px 26px 14px", backgroundColor: LIGHT.panel },
  keep: {
    padding: "26px 18px 10px",
    borderTop: `2px solid ${LIGHT.accent}`,
    borderBottom: `2px solid ${LIGHT.accent}`,
    textAlign: "center",
  },
  keepText: {
    margin: "0 0 18px",
    fontFamily: SERIF,
    fontSize: "24px",
    lineHeight: "34px",
    fontStyle: "italic",
    color: LIGHT.ink,
  },
  asideTable: { margin: "0 0 16px" },
  aside: { padding: "2px 0 2px 16px", borderLeft: `3px solid ${LIGHT.accent}` },
  asideLabel: {
    margin: "0 0 2px",
    fontFamily: SANS,
    fontSize: "15px",
    lineHeight: "24px",
    fontWeight: 700,
    color: LIGHT.ink,
  },
  asideText: { ...TEXT, margin: "0 0 6px", fontSize: "17px", lineHeight: "27px" },
  press: { backgroundColor: LIGHT.press },
  pressLink: {
    display: "block",
    padding: "14px 26px",
    fontFamily: SANS,
    fontSize: "17px",
    lineHeight: "22px",
    fontWeight: 700,
    color: LIGHT.pressInk,
    textDecoration: "none",
  },
  rule: { margin: "32px 0 22px", border: "none", borderTop: `1px solid ${LIGHT.line}` },
  footer: { ...SMALL, margin: "0 0 12px" },
  footerLine: { ...SMALL, margin: "0 0 6px" },
  footerLink: { color: LIGHT.soft, textDecoration: "underline" },
} satisfies Record<string, CSSProperties>;

/**
 * Dark colours by class, and the narrow screen. Each ground is said by keyword first, because some webmail takes no other and would set
 * light words on white. One plain block with no exotic rule: Gmail drops a head style that it cannot parse
 * whole (rule 5.13).
 */
export const HEAD_CSS = `
:root { color-scheme: light dark; }
.card { border-radius: 12px; }
.panel { border-radius: 10px; }
.press { border-radius: 9px; background-color: ${LIGHT.accent} !important; }
@media (prefers-color-scheme: dark) {
.paper { background-color: black !important; background-color: ${DARK.paper} !important; }
.card { background-color: black !important; background-color: ${DARK.card} !important; border-color: ${DARK.line} !important; }
.panel { background-color: black !important; background-color: ${DARK.panel} !important; }
.ink { color: ${DARK.ink} !important; }
.soft { color: ${DARK.soft} !important; }
.accent { color: ${DARK.accent} !important; }
.line { border-color: ${DARK.line} !important; }
.edge { border-color: ${DARK.accent} !important; }
.press { background-color: silver !important; background-color: ${DARK.press} !important; }
.press-ink { color: ${DARK.pressInk} !important; }
}
@media (max-width: 480px) {
.inner { padding: 26px 20px 14px !important; }
.panel { padding: 20px 18px 8px !important; }
.h1 { font-size: 26px !important; line-height: 33px !important; }
}`;
