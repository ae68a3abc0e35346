/** The drawings that a letter may have: files of emails/ornaments, served as pictures below /ornaments. */
export const ORNAMENTS = [
  "bookshelf",
  "crossing",
  "door-frame",
  "envelope",
  "goggles",
  "jacket",
  "motorbike",
  "page",
  "rope",
  "school-bus",
  "weather",
] as const;
