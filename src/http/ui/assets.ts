// Made by npm run assets.

/** Where the pages' files are served, by the names of their sources (browser). */
export const ASSETS = {
  "desk.css": "/assets/desk.bcdaaba6d5.css",
  "editor.js": "/assets/editor.69efc7c5f4.js",
  "icon.svg": "/assets/icon.31a1d582f3.svg",
  "mailbox.js": "/assets/mailbox.77a1a8c5f9.js",
  "partner.js": "/assets/partner.f2d6cbaf90.js",
  "themepost.css": "/assets/themepost.bd4d8e0609.css",
  "zone.js": "/assets/zone.ab91fbdedb.js",
} as const;
