import type { Outlook } from "../../../domain/broadcasts/outlook.ts";
import type { Broadcast } from "../../../domain/broadcasts/queries/broadcasts.ts";
import { moment } from "../../ui/date.tsx";
import { say } from "../../ui/say.ts";

/** When the last of a broadcast will have left that's scheduled now, and on readers' clocks how many get it each way. */
export function Ahead({
  broadcast: { time, onThemeDays },
  outlook: { lastAt, callsPerSecond, ways },
  timeZone,
}: {
  readonly broadcast: Pick<Broadcast, "time" | "onThemeDays">;
  readonly outlook: Outlook;
  readonly timeZone: string;
}) {
  return (
    <>
      {time?.kind !== "clock" || ways === null ? null : (
        <p>
          {say("desk.broadcast.eachWay", { ...ways, hour: time.hour, date: time.date, rule: time.passed })}
        </p>
      )}
      <p>
        {say("desk.broadcast.lastAt", {
          ...moment(lastAt, timeZone),
          moves: onThemeDays === "move" ? "yes" : "no",
          calls: Math.round(callsPerSecond * 10) / 10,
        })}
      </p>
    </>
  );
}

/** When one that's scheduled leaves. */
export function When({ broadcast, timeZone }: { readonly broadcast: Broadcast; readonly timeZone: string }) {
  const { time, onThemeDays } = broadcast;
  if (time === null) return null;
  return (
    <>
      <h2>{say("desk.broadcast.when")}</h2>
      <p>
        {time.kind === "clock"
          ? say("desk.broadcast.onClocks", { date: time.date, hour: time.hour })
          : say("desk.broadcast.at", moment(broadcast.locksAt ?? 0, timeZone))}{" "}
        {say("desk.broadcast.themeDays", { rule: onThemeDays })}
      </p>
    </>
  );
}
