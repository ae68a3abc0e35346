/** What a reader sees where a mail client takes a feature in part or not at all, by caniemail's name of the feature. */
export const DEGRADATIONS: Readonly<Record<string, string>> = {
  "css-at-media":
    "Only dark colours and narrower margins stand in media queries, asking for nothing but width and colour scheme. Without them the letter is light, or the client darkens it by its own rules, and a phone shows margins of 36 px instead of 20.",
  "css-at-media-prefers-color-scheme":
    "The letter stays light, or the client darkens it by its own rules; every pair of text and ground is tested for both ways of doing that.",
  "css-background-color":
    "Those clients take keywords only. So the button's light ground and every dark one are said by keyword first, and no light words are left on white or dark ones on black; card and panel are then white by day and black by night. Tested without any other ground.",
  "css-border":
    "Lines have 3 px at most and stand on tables, cells and rules, where Word's engine is reliable.",
  "css-border-collapse": "The lines below a table's cells have gaps between the columns.",
  "css-border-radius": "Corners are square.",
  "css-color-scheme":
    "It only tells the client that dark colours are there; the media query brings them without it.",
  "css-display":
    "Two values are used: `none` for the preheader, of which more below, and `block` for the picture, which stands alone in its line anyway.",
  "css-display-none":
    "The preheader has no height either; it holds no table and no picture, and `mso-hide` hides it from Word's engine.",
  "css-font-size": "The notes are about `rem` and relative sizes; letters use px.",
  "css-font-weight": "Weights other than 400 and 700 are rounded; letters use these two.",
  "css-height": "It stands on the picture, which has its height as an attribute, too.",
  "css-important":
    "It serves what the head adds: dark grounds and words, narrow margins, the button's own red. In lower case and after a space; where it is dropped, the inline colours and margins hold.",
  "css-line-height":
    "Word's engine is told to take px as they are (`mso-line-height-rule`); `normal` is not used.",
  "css-margin":
    "The notes are about negative margins and, in Word's engine, `auto`, the body's own margin and the ground below margins; there the column is centred by its table, and the body keeps a few px.",
  "css-max-height": "It belongs to the preheader, which `mso-hide` hides in Word's engine.",
  "css-max-width":
    "It stands on a div, which iOS needs; Word's engine, which takes it on tables only, gets a table of 600 px in a comment of its own.",
  "css-overflow":
    "It belongs to the preheader, which is hidden by `display` or `mso-hide` as well; the notes are about its newer forms.",
  "css-padding":
    "Word's engine takes it on cells, and it is used on cells only, one to a row, but for the indent of lists, which has a default.",
  "css-selector-class":
    "The head's rules need classes; where they go, so does the head's style, and the inline one holds.",
  "css-table-layout":
    "It stands around a table of data, so that it's scrolled by itself. Without it a table with long words makes the letter wider there, and Outlook on Windows is no phone.",
  "css-text-align": "The notes are about `start`, `end` and `match-parent`, which no letter uses.",
  "css-text-decoration":
    "Links are underlined by default; what is lost is that the button's words are not. The notes are about lines of several kinds.",
  "css-white-space":
    "A long line of code doesn't wrap: it's scrolled, or the letter is wider than the screen there. The blanks stay, because it's preformatted.",
  "css-width":
    "It stands on rules, which are as wide as their cell anyway, and on the picture, which has its width as an attribute, too.",
  "css-word-break":
    "A word longer than a narrow column runs over its edge; publications are warned of words over 40 characters.",
  "html-align":
    "The notes are about `left` and `right` on tables and about pictures; letters centre a table's cell.",
  "html-aria-label": "A screen reader is not told the letter's title twice; it reads the h1.",
  "html-body":
    "Webmail puts the letter into a page of its own. Ground, language and direction stand again on elements inside.",
  "html-cellpadding": "Cells have paddings of their own; without the attribute a browser's 1 px comes back.",
  "html-cellspacing": "Without it the cells of a layout table stand 2 px apart.",
  "html-code": "A piece of code in a sentence has the letter's own type.",
  "html-dir": "Left to right is the default; it stands on no link and no cell.",
  "html-height": "The picture says the same in its style; Word's engine is told the density of its pixels.",
  "html-hr": "The footer then follows without a line above it.",
  "html-img":
    "Where pictures are off, the ornament is missing, and a letter's own picture is the words that it was given.",
  "html-lang":
    "The screen reader's own language is used. It stands on two elements, so that one of them survives in most.",
  "html-lists":
    "The notes are about `reversed` and `value`, which no letter has; lists stay lists and are announced as such.",
  "html-mailto-links":
    "Only an owner's letters may have them; a copy or a subject in one may be lost. The address stands in the text part.",
  "html-pre": "The lines of a piece of code run together; its ground still sets it apart.",
  "html-meta-color-scheme": "As with the property of the same name: the dark colours do not depend on it.",
  "html-role":
    "Layout tables may be announced as tables by a screen reader; their order is still that of the letter.",
  "html-style":
    "Everything that a letter needs is inline; the head only adds dark colours, round corners and narrow margins.",
  "html-width":
    "The picture says the same in its style; a layout table that loses it is as wide as its words. Word's engine is told the density of its pixels, and takes the picture's size from the attribute.",
};

/** What caniemail has no data about, and why a letter may use it all the same. */
export const NOT_IN_THE_DATA: Readonly<Record<string, string>> = {
  "<html>": "every document has it",
  "<head>": "every document has it",
  "<meta>": "where it is dropped, only hints are lost",
  "<title>": "where it is dropped, the subject names the letter",
  "<tbody>": "part of every table",
  "<thead>": "part of a table of data",
  "<th>": "as old as tables",
  "<sup>": "as old as superscripts; without it a note's number stands in the line",
  "overflow-x (CSS)": "where a wide table isn't scrolled, its words break",
  "<tr>": "part of every table",
  "<td>": "part of every table",
  "<a>": "the oldest element of the web",
  "<em>": "as old",
  "<br>": "as old",
  ":root": "holds only the hint that dark colours are there",
  "color (CSS)": "as old as style sheets",
  "font-family (CSS)": "each list ends with a family that every system has",
  "font-style (CSS)": "as old as style sheets",
  "mso-hide (CSS)": "for Word's engine; others pass over it",
  "mso-padding-alt (CSS)": "for Word's engine; others pass over it",
};
