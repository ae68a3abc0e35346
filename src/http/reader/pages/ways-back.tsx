import { rarer, WAYS_BACK, type WayBack, wayBack } from "../../../domain/sequences/leaving.ts";
import type { EnrollmentView } from "../../../domain/sequences/queries/reader.ts";
import { changedSchedule } from "../../../domain/sequences/schedule.ts";
import { dateOf } from "../../ui/date.tsx";
import { Button } from "../../ui/form.tsx";
import { say } from "../../ui/say.ts";

type WaysBackProps = { readonly enrollment: EnrollmentView; readonly now: number };

/** The buttons that bring letters back after leaving, each with the date that it leads to. To stand in a form. */
export function WaysBack({ enrollment, now }: WaysBackProps) {
  const weeks = rarer(enrollment.everyWeeks);
  const ways = WAYS_BACK.filter((way) => way !== "fewer" || weeks !== null);
  return (
    <ul class="ways">
      {ways.map((way) => (
        <li>
          <Button name="action" value={`return_${way}`} quiet>
            {label(way, weeks)}
          </Button>
          <Hint way={way} enrollment={enrollment} now={now} />
        </li>
      ))}
    </ul>
  );
}

function Hint({ way, enrollment, now }: WaysBackProps & { readonly way: WayBack }) {
  const then = changedSchedule(enrollment, wayBack(way, enrollment, now), now);
  const at = then?.nextDueAt ?? then?.resumeAt ?? null;
  if (at === null) return null;
  return <span class="hint">{say(`back.${way}Hint`, { date: dateOf(at, enrollment.timeZone) })}</span>;
}

function label(way: WayBack, weeks: number | null): string {
  return way === "fewer" && weeks !== null
    ? say("back.fewer", { every: say("slot.everyWeeks", { weeks }) })
    : say(way === "pause" ? "back.pause" : "back.as_before");
}
