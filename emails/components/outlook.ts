/**
 * Parts that only Word's engine reads (classic Outlook on Windows), as conditional comments, which React cannot write. A component
 * puts a mark where such a part belongs; `withWordParts` turns marks into comments. Marks are made of private-use characters
 * (U+E000, U+E001), which no letter may hold.
 */
export const WORD_PART = {
  /** Pictures at their own size on screens of any density, and lines as high as the style says. */
  settings: "\uE000settings\uE001",
  /** Opens and closes a table of 600 px: Word knows no max-width. */
  open: "\uE000open\uE001",
  close: "\uE000close\uE001",
} as const;

const COMMENTS: Readonly<Record<keyof typeof WORD_PART, string>> = {
  settings:
    "<!--[if mso]><xml><o:OfficeDocumentSettings><o:AllowPNG/><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><style>p,h1,h2,h3,li{mso-line-height-rule:exactly}</style><![endif]-->",
  open: '<!--[if mso]><table role="presentation" border="0" cellpadding="0" cellspacing="0" width="600" align="center"><tr><td><![endif]-->',
  close: "<!--[if mso]></td></tr></table><![endif]-->",
};

/** Rendered HTML with its marks turned into comments for Word, and without the comments that React leaves for itself. */
export function withWordParts(html: string): string {
  let done = html.replaceAll(/<!--(?:\/?\$|\/?html|\/?head|\/?body| )?-->/g, "");
  for (const [name, comment] of Object.entries(COMMENTS)) {
    done = done.replaceAll(WORD_PART[name as keyof typeof WORD_PART], () => comment);
  }
  return done;
}
