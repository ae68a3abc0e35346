import { Temporal } from "temporal-polyfill";

/**
 * Whether `name` is an IANA time zone of this runtime's tz data. Offsets such as "+05:00" are no zones: they know no
 * DST (rule 6.12).
 */
export function isTimeZone(name: string): boolean {
  if (name.length > 64 || !/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(name)) return false;
  try {
    // Temporal refuses some abbreviations that Intl takes (IST, PST …); the calendar must be able to reckon in each.
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Names that the tz database has replaced and runtimes still list (https://data.iana.org/time-zones/tzdb/backward); both name the
 * same zone.
 */
const RENAMED: Readonly<Record<string, string>> = {
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "America/Godthab": "America/Nuuk",
  "America/Indianapolis": "America/Indiana/Indianapolis",
  "America/Louisville": "America/Kentucky/Louisville",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
  "Pacific/Enderbury": "Pacific/Kanton",
  "Pacific/Ponape": "Pacific/Pohnpei",
  "Pacific/Truk": "Pacific/Chuuk",
};

/** The city that a zone is named for, or what stands in its place: "Buenos Aires", "UTC". No two zones of the choice list share one. */
export function cityOf(timeZone: string): string {
  return timeZone.split("/").at(-1)?.replaceAll("_", " ") ?? timeZone;
}

/**
 * The zone that someone means who typed its city, in any case and with or without accents, or its whole name; null where there's none.
 * `current` is known as it's stored, too.
 */
export function findTimeZone(typed: string, current: string): string | null {
  const wanted = plain(typed);
  if (wanted === "") return null;
  const named = (zone: string) => plain(zone) === wanted || plain(cityOf(zone)) === wanted;
  if (named(current) || named(RENAMED[current] ?? current)) return current;
  const [, renamed] = Object.entries(RENAMED).find(([old]) => named(old)) ?? [];
  return (
    timeZoneChoices(current).find(renamed === undefined ? named : (zone) => zone === renamed) ??
    exact(typed.trim())
  );
}

function exact(name: string): string | null {
  return isTimeZone(name) ? name : null;
}

/** A name to compare: small letters and digits alone. */
function plain(name: string): string {
  return name
    .slice(0, 64)
    .normalize("NFD")
    .replaceAll(/[^\p{L}\p{N}+/-]/gu, "")
    .replaceAll("-", "")
    .toLowerCase();
}

/** All zone names for a choice list, in alphabetical order and as they are spelt now, `current` among them as it is stored. */
export function timeZoneChoices(current: string): string[] {
  const now = (name: string) => {
    const renamed = RENAMED[name];
    return renamed !== undefined && isTimeZone(renamed) ? renamed : name;
  };
  const listed = Intl.supportedValuesOf("timeZone").map(now);
  const names = new Set([...listed.filter((name) => name !== now(current)), "UTC", current]);
  return [...names].sort();
}
