import { DAY_MS } from "../../platform/calendar/durations.ts";
import { clockTime, shortDate } from "../../platform/calendar/format.ts";
import type { Language } from "../../platform/texts/languages.ts";
import { say } from "../../platform/texts/texts.ts";
import { greetingFor } from "./greeting.ts";
import type { SlotName } from "./rendition.ts";

/** The dates that a letter tells someone who isn't a reader: a few days after `at`. */
export function puppetDates(language: Language, at: number) {
  const day = (days: number) => {
    const then = at + days * DAY_MS;
    const date = shortDate(then, "UTC", at, language);
    return say("mail.moment", { date, time: clockTime(then, "UTC", language) }, language);
  };
  return { first_theme_date: day(3), next_theme_date: day(7) };
}

/**
 * What a letter is filled with for someone who isn't a reader: no name, dates a few days ahead, and links that lead to our home page, where
 * nothing can be changed.
 */
export function puppetOf({
  language,
  publicUrl,
  now,
}: {
  readonly language: Language;
  readonly publicUrl: string;
  readonly now: number;
}): Readonly<Record<SlotName, string>> {
  const home = `${publicUrl}/`;
  return {
    greeting: greetingFor("", language),
    confirm_url: home,
    preferences_url: home,
    unsubscribe_url: home,
    read_url: home,
    erase_url: home,
    data_url: home,
    ...puppetDates(language, now),
  };
}
