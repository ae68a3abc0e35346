import type { Ahead } from "../../../domain/sending/today.ts";
import { HOUR_MS } from "../../../platform/calendar/durations.ts";
import { clockTime } from "../../../platform/calendar/format.ts";
import { say } from "../../ui/say.ts";
import { Table } from "../../ui/table.tsx";

const HEIGHT = 80;
const STEP = 20;
const BAR = 16;

/** The coming day as letters an hour: a picture whose title is what it shows, and the same numbers as a table. */
export function HourBars({ ahead, timeZone }: { readonly ahead: Ahead; readonly timeZone: string }) {
  const { hours, cut } = ahead;
  const timeOf = (hour: number) => clockTime(hour * HOUR_MS, timeZone, "en");
  const all = hours.reduce((sum, { slots }) => sum + slots, 0);
  const most = hours.reduce((max, each) => (each.slots > max.slots ? each : max));
  const busy = hours.filter(({ slots }) => slots > 0);
  const found =
    all === 0
      ? say("desk.ahead.none")
      : say(cut ? "desk.ahead.atLeast" : "desk.ahead.some", {
          letters: all,
          most: most.slots,
          time: timeOf(most.hour),
        });
  return (
    <section>
      <h2>{say("desk.ahead.title")}</h2>
      <p>{found}</p>
      {all === 0 ? null : (
        <>
          <svg
            class="bars"
            viewBox={`0 0 ${hours.length * STEP} ${HEIGHT}`}
            role="img"
            aria-label={found}
            preserveAspectRatio="none"
          >
            {hours.map(({ slots }, place) => {
              const height = Math.max(slots === 0 ? 1 : 3, (slots / most.slots) * HEIGHT);
              return (
                <rect
                  x={String(place * STEP)}
                  y={String(HEIGHT - height)}
                  width={String(BAR)}
                  height={String(height)}
                  class={slots === 0 ? "idle" : undefined}
                />
              );
            })}
          </svg>
          <p class="ends soft" aria-hidden="true">
            <span>{timeOf(hours[0]?.hour ?? 0)}</span>
            <span>{timeOf((hours.at(-1)?.hour ?? 0) + 1)}</span>
          </p>
          <details>
            <summary>{say("desk.ahead.numbers")}</summary>
            <Table
              name={say("desk.ahead.title")}
              head={[say("desk.ahead.hour"), say("desk.ahead.letters")]}
              rows={busy.map(({ hour, slots }) => [timeOf(hour), String(slots)])}
            />
          </details>
        </>
      )}
    </section>
  );
}
