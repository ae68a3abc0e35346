import type { Ahead } from "../../../domain/sending/today.ts";
import { HOUR_MS } from "../../../platform/calendar/durations.ts";
import { clockTime } from "../../../platform/calendar/format.ts";
import { say } from "../../ui/say.ts";
import { Picture } from "./picture.tsx";

/** The coming day as letters an hour. */
export function HourBars({ ahead, timeZone }: { readonly ahead: Ahead; readonly timeZone: string }) {
  const { hours, cut } = ahead;
  const timeOf = (hour: number) => clockTime(hour * HOUR_MS, timeZone, "en");
  const letters = hours.reduce((sum, { slots }) => sum + slots, 0);
  const most = hours.reduce((max, each) => (each.slots > max.slots ? each : max));
  if (letters === 0)
    return (
      <section>
        <h2>{say("desk.ahead.title")}</h2>
        <p>{say("desk.ahead.none")}</p>
      </section>
    );
  const found = { letters, most: most.slots, time: timeOf(most.hour) };
  return (
    <Picture
      title={say("desk.ahead.title")}
      finding={say(cut ? "desk.ahead.atLeast" : "desk.ahead.some", found)}
      columns={hours.map(({ hour, slots }) => ({ name: timeOf(hour), numbers: { letters: slots } }))}
      parts={[{ name: "letters", label: say("desk.ahead.letters") }]}
      drawn
    />
  );
}
