import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { gapMs, slotAfter, slotOnOrAfter } from "../../src/platform/calendar/slot.ts";

const ZONES = [...Intl.supportedValuesOf("timeZone"), "UTC"];
const END = Date.UTC(2034, 0, 1);

test.each(ZONES)("ten years of weekly slots in %s come once a week at their wall-clock time", (timeZone) => {
  for (const [weekday, hour] of [
    [7, 2],
    [5, 0],
    [2, 9],
    [1, 23],
  ] as const) {
    const slot = { weekday, hour, timeZone };
    let before: number | null = null;
    for (let at = slotOnOrAfter(slot, Date.UTC(2024, 0, 1)); at < END; at = slotAfter(slot, at)) {
      const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
      const date = local.toPlainDate();
      if (local.dayOfWeek !== weekday) expect.fail(`${date} is not weekday ${weekday}`);
      if (at !== date.toPlainDateTime({ hour }).toZonedDateTime(timeZone).epochMilliseconds)
        expect.fail(`${local} is off`);
      if (before !== null) {
        if (at - before < gapMs(1)) expect.fail(`${local} is too soon`);
        const days: number = Temporal.Instant.fromEpochMilliseconds(before)
          .toZonedDateTimeISO(timeZone)
          .toPlainDate()
          .until(date).days;
        if (days !== 7) expect.fail(`${local} comes after ${days} days`);
      }
      before = at;
    }
  }
});
