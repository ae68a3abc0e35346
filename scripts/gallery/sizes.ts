/** Widths of the gallery's views, in CSS pixels. */
export const LETTER_WIDTH = 680;
export const PHONE_WIDTH = 390;

/** The width of a picture on the contact sheet, how much of it is seen, and the room between two, in pixels. */
export const THUMBNAIL = { width: 170, height: 660, gap: 14 };
