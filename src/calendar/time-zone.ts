import { Temporal } from "temporal-polyfill";

/**
 * Whether `name` is an IANA time zone of this runtime's tz data. Offsets such as "+05:00" are no zones: they know no
 * DST (rule 6.12).
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(name)) return false;
  try {
    // Temporal refuses some abbreviations that Intl takes (IST, PST …); the calendar must be able to reckon in each.
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** All zone names for a choice list, in alphabetical order, `current` among them even where it is an old alias. */
export function timeZoneChoices(current: string): string[] {
  return [...new Set([...Intl.supportedValuesOf("timeZone"), "UTC", current])].sort();
}
