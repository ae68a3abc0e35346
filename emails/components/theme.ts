import type { CSSProperties } from "react";

/** The look of all letters. Contrast of each pair is at least 4.5:1, in light and in dark (WCAG 1.4.3). */
const COLOURS = {
  paper: "#f6f1e9",
  card: "#fffdf9",
  ink: "#2b2724",
  soft: "#665d55",
  line: "#e3dbcf",
  accent: "#8a3b2a",
} as const;

const SERIF = "Georgia, 'Iowan Old Style', 'Times New Roman', serif";
const SANS = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

export const styles = {
  body: { margin: 0, padding: 0, backgroundColor: COLOURS.paper },
  page: { padding: "24px 0", backgroundColor: COLOURS.paper, color: COLOURS.ink },
  card: {
    width: "100%",
    maxWidth: "600px",
    margin: "0 auto",
    backgroundColor: COLOURS.card,
    border: `1px solid ${COLOURS.line}`,
    borderRadius: "12px",
  },
  inner: { padding: "36px 36px 20px" },
  brow: { margin: "0 0 8px", fontFamily: SANS, fontSize: "14px", lineHeight: "20px", color: COLOURS.soft },
  h1: {
    margin: "0 0 24px",
    fontFamily: SERIF,
    fontSize: "30px",
    lineHeight: "38px",
    fontWeight: 600,
    color: COLOURS.ink,
  },
  h2: {
    margin: "36px 0 12px",
    fontFamily: SERIF,
    fontSize: "22px",
    lineHeight: "30px",
    fontWeight: 600,
    color: COLOURS.accent,
  },
  h3: {
    margin: "20px 0 4px",
    fontFamily: SANS,
    fontSize: "16px",
    lineHeight: "24px",
    fontWeight: 700,
    color: COLOURS.ink,
  },
  text: { margin: "0 0 18px", fontFamily: SERIF, fontSize: "18px", lineHeight: "29px", color: COLOURS.ink },
  list: {
    margin: "0 0 18px",
    paddingLeft: "26px",
    fontFamily: SERIF,
    fontSize: "18px",
    lineHeight: "29px",
    color: COLOURS.ink,
  },
  item: { margin: "0 0 10px" },
  link: { color: COLOURS.accent, textDecoration: "underline" },
  aside: { margin: "0 0 14px", padding: "2px 0 2px 16px", borderLeft: `3px solid ${COLOURS.line}` },
  asideLabel: {
    margin: "0 0 2px",
    fontFamily: SANS,
    fontSize: "15px",
    lineHeight: "24px",
    fontWeight: 700,
    color: COLOURS.ink,
  },
  asideText: {
    margin: "0 0 6px",
    fontFamily: SERIF,
    fontSize: "17px",
    lineHeight: "27px",
    color: COLOURS.ink,
  },
  keep: {
    margin: "0 0 18px",
    fontFamily: SERIF,
    fontSize: "22px",
    lineHeight: "32px",
    fontStyle: "italic",
    color: COLOURS.accent,
  },
  button: {
    display: "inline-block",
    padding: "14px 26px",
    borderRadius: "9px",
    backgroundColor: COLOURS.accent,
    color: "#fffdf9",
    fontFamily: SANS,
    fontSize: "17px",
    lineHeight: "20px",
    fontWeight: 700,
    textDecoration: "none",
  },
  rule: { margin: "28px 0 20px", border: "none", borderTop: `1px solid ${COLOURS.line}` },
  footer: { margin: "0 0 12px", fontFamily: SANS, fontSize: "14px", lineHeight: "22px", color: COLOURS.soft },
  footerLink: { color: COLOURS.soft, textDecoration: "underline" },
} satisfies Record<string, CSSProperties>;

/**
 * Dark colours by class. One plain block with no exotic rule: Gmail drops a head style that it cannot parse whole
 * (rule 5.13).
 */
export const DARK_CSS = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
.paper { background-color: #1c1917 !important; }
.card { background-color: #252120 !important; border-color: #443d38 !important; }
.ink { color: #ece6de !important; }
.soft { color: #b8aea3 !important; }
.accent { color: #f0a58f !important; }
.line { border-color: #443d38 !important; }
.press { background-color: #f0a58f !important; color: #2a1510 !important; }
}
@media (max-width: 480px) {
.inner { padding: 26px 20px 14px !important; }
.h1 { font-size: 26px !important; line-height: 33px !important; }
}`;
