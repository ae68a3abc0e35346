import type { Language } from "../../platform/texts/languages.ts";

/** The merge slots that a rendition may hold, written `{{name}}`. */
export type SlotName =
  | "greeting"
  | "confirm_url"
  | "preferences_url"
  | "unsubscribe_url"
  | "read_url"
  | "erase_url"
  | "data_url"
  | "first_theme_date"
  | "next_theme_date";

/** A letter rendered once, with slots for what differs from person to person. Immutable. */
export type Rendition = {
  readonly id: number;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly language: Language;
  /** The sender's name, and where replies go; empty for the configured ones. */
  readonly fromName: string;
  readonly replyTo: string;
};
