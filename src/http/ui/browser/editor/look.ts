import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** How Markdown looks, in the page's colours. */
export const LOOK_OF_WORDS = HighlightStyle.define([
  { tag: tags.heading, fontWeight: "700", color: "var(--accent)" },
  { tag: tags.strong, fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: [tags.link, tags.url], color: "var(--accent)" },
  { tag: tags.quote, fontStyle: "italic" },
]);

/** How the editor looks, as a field of the page. */
export const LOOK = EditorView.theme({
  "&": {
    border: "1px solid var(--ink)",
    borderRadius: "10px",
    backgroundColor: "var(--paper)",
    color: "var(--ink)",
  },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { font: "0.9375rem/1.6 ui-monospace, monospace", minHeight: "24rem", maxHeight: "70vh" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--card)", borderRight: "1px solid var(--line)" },
  // Its own are pictures in addresses, which our policy doesn't load.
  ".cm-lint-marker": {
    content: "normal",
    width: "0.6em",
    height: "0.6em",
    marginTop: "0.5em",
    borderRadius: "50%",
  },
  ".cm-lint-marker-error": { content: "normal", backgroundColor: "#c43d2b" },
  ".cm-lint-marker-warning": { content: "normal", backgroundColor: "#b07d12" },
  ".cm-lintRange": { backgroundImage: "none", textDecoration: "underline wavy", textUnderlineOffset: "3px" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecorationColor: "#c43d2b" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecorationColor: "#b07d12" },
  ".cm-tooltip": { backgroundColor: "var(--card)", color: "var(--ink)", border: "1px solid var(--line)" },
});
