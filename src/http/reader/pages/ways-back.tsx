import { RETURN_MS, rarer, type WayBack, wayBack } from "../../../domain/sequences/leaving.ts";
import type { EnrollmentView } from "../../../domain/sequences/queries/reader.ts";
import { changedSchedule } from "../../../domain/sequences/schedule.ts";
import { dateOf, inWords } from "../../ui/date.tsx";
import { Button } from "../../ui/form.tsx";
import { say } from "../../ui/say.ts";

type WaysBackProps = { readonly enrollment: EnrollmentView; readonly now: number };
/** `others`: other sequences were left along with it, and stay so. */
type All = WaysBackProps & { readonly others: boolean };

/** Undo after leaving; and, folded, coming back for fewer letters or after a pause, each with the date that it leads to. To stand in a form. */
export function WaysBack({ enrollment, others, now }: All) {
  const weeks = rarer(enrollment.everyWeeks);
  const until = (enrollment.stopped?.at ?? 0) + RETURN_MS;
  return (
    <>
      <Button name="action" value="return_as_before" quiet>
        {others ? say("back.one", { sequence: enrollment.sequenceTitle }) : say("changed.undoButton")}
      </Button>
      <span class="hint">
        {say("back.lead", { until: inWords(until, enrollment.timeZone) })}{" "}
        <Then way="as_before" enrollment={enrollment} now={now} />
      </span>
      <details>
        <summary>{say("back.other")}</summary>
        <ul class="ways">
          {weeks === null ? null : (
            <li>
              <Button name="action" value="return_fewer" quiet>
                {say("back.fewer", { every: say("slot.everyWeeks", { weeks }) })}
              </Button>
              <span class="hint">
                <Then way="fewer" enrollment={enrollment} now={now} />
              </span>
            </li>
          )}
          <li>
            <Button name="action" value="return_pause" quiet>
              {say("back.pause")}
            </Button>
            <span class="hint">
              <Then way="pause" enrollment={enrollment} now={now} />
            </span>
          </li>
        </ul>
      </details>
    </>
  );
}

/** When the next letter comes by a way back. */
function Then({ way, enrollment, now }: WaysBackProps & { readonly way: WayBack }) {
  const then = changedSchedule(enrollment, wayBack(way, enrollment, now), now);
  const at = then?.nextDueAt ?? then?.resumeAt ?? null;
  if (at === null) return null;
  return <>{say(`back.${way}Hint`, { date: dateOf(at, enrollment.timeZone) })}</>;
}
