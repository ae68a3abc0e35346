// Stands in the Worker bundle for what html-to-text and @react-email/render would write HTML with, or read it a second way with. A text
// part is made from HTML by htmlparser2 alone, and two more tables of entities cost 35 KiB gzipped (wrangler.toml, [alias]).

/** Never called: nothing of ours writes HTML from what html-to-text read. */
export function render(): never {
  throw new Error("HTML is never written from what was read");
}

export {
  render as decodeHTML,
  render as decodeHTMLAttribute,
  render as default,
  render as parse,
  render as SyntaxKind,
};
