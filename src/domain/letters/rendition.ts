/** The merge slots that a rendition may hold, written `{{name}}`. */
export type SlotName =
  | "greeting"
  | "confirm_url"
  | "preferences_url"
  | "unsubscribe_url"
  | "read_url"
  | "erase_url"
  | "data_url"
  | "first_theme_date";

/** A letter rendered once, with slots for what differs from person to person. Immutable. */
export type Rendition = {
  readonly id: number;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
};
