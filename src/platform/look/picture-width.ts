/** As wide as a letter's text, in CSS pixels: its column without border and padding. */
export const PICTURE_WIDTH_MAX = 526;
