import type { BroadcastNumbers, BroadcastProgress } from "../../../domain/broadcasts/numbers.ts";
import type { Broadcast } from "../../../domain/broadcasts/queries/broadcasts.ts";
import type { Audience } from "../../../domain/jobs/count-audience.ts";
import { masked as maskOf } from "../../../domain/people/mask.ts";
import { moment } from "../../ui/date.tsx";
import { Button, Buttons } from "../../ui/form.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import { Facts } from "../../ui/table.tsx";
import { Progress } from "./progress.tsx";
import { DeskForm } from "./shell.tsx";

/** What is true of one that was locked. */
export function outcomeOf({ state, endedAt }: Broadcast, progress: BroadcastProgress): string {
  const { numbers } = progress;
  if (numbers === null || (endedAt === null && progress.countedAt !== null))
    return say("desk.broadcast.many", {
      ...{ people: progress.people, settled: progress.settled },
      state: state === "stopped" && endedAt === null ? "stopping" : state,
    });
  const { people, accepted, waiting, underWay } = numbers;
  const about = { people, accepted, waiting, underWay, not: people - accepted - waiting };
  if (state === "sending") return say("desk.broadcast.leaving", about);
  if (state === "held") return say("desk.broadcast.heldLeaving", about);
  if (state === "stopped")
    return say(endedAt === null ? "desk.broadcast.stopping" : "desk.broadcast.wasStopped", about);
  return say("desk.broadcast.wasSent", about);
}

/** Each of its people in one of these, so that they add up; with a bar while it leaves. */
export function Outcome({
  progress,
  path,
  broadcast: { state, endedAt },
  timeZone,
}: {
  readonly progress: BroadcastProgress;
  readonly path: string;
  readonly broadcast: Pick<Broadcast, "state" | "endedAt">;
  readonly timeZone: string;
}) {
  const { people, settled, numbers, countedAt, counting } = progress;
  return (
    <>
      {state === "sending" ? <Progress done={settled} total={people} /> : null}
      {numbers === null ? null : <Numbers of={numbers} path={path} state={state} timeZone={timeZone} />}
      {counting === null ? null : (
        <>
          <p role="status">{say("desk.broadcast.countingRun")}</p>
          <Progress done={counting.done} total={counting.total} />
        </>
      )}
      {counting !== null || (numbers !== null && countedAt === null) ? null : (
        <DeskForm action={`${path}/count-run`} joined>
          <p>
            {countedAt === null
              ? say("desk.broadcast.uncountedRun")
              : say("desk.broadcast.countedRun", {
                  ...moment(countedAt, timeZone),
                  still: endedAt === null ? "yes" : "no",
                })}
          </p>
          <Button quiet>
            {say(countedAt === null ? "desk.broadcast.countRun" : "desk.broadcast.countRunAgain")}
          </Button>
        </DeskForm>
      )}
    </>
  );
}

function Numbers({
  of,
  path,
  state,
  timeZone,
}: {
  readonly of: BroadcastNumbers;
  readonly path: string;
  readonly state: Broadcast["state"];
  readonly timeZone: string;
}) {
  const { people, accepted, skipped, failed, held, uncertain, waiting, nextAt } = of;
  const row = (label: string, n: number, query: Readonly<Record<string, string>>) => {
    const link = <a href={`${path}/people?${new URLSearchParams(query)}`}>{n}</a>;
    return n === 0 ? null : ([label, link] as const);
  };
  return (
    <>
      <Facts
        of={[
          [say("desk.broadcast.people"), String(people)],
          row(say("desk.broadcast.accepted"), accepted, { state: "accepted" }),
          ...Object.entries(skipped).map(([reason, n]) =>
            row(say("desk.broadcast.skipped", { reason }), n, { state: "skipped", reason }),
          ),
          row(say("desk.broadcast.failed"), failed, { state: "failed" }),
          row(say("desk.broadcast.held"), held, { state: "held" }),
          row(say("desk.broadcast.uncertain"), uncertain, { state: "uncertain" }),
          row(say("desk.broadcast.waiting"), waiting, { state: "planned" }),
        ]}
      />
      {state !== "sending" || nextAt === null ? null : (
        <p>{say("desk.broadcast.nextAt", moment(nextAt, timeZone))}</p>
      )}
    </>
  );
}

/** The way back of each state, as named buttons. */
export function WayBack({
  broadcast,
  numbers,
  path,
  toMany,
}: {
  readonly broadcast: Broadcast;
  readonly numbers: BroadcastNumbers | null;
  readonly path: string;
  readonly toMany: boolean;
}) {
  const { state, lockedAt, endedAt, revision } = broadcast;
  const form = (act: string, label: WordKey, lead: WordKey | null, quiet = false) => (
    <DeskForm action={`${path}/${act}`} hidden={{ revision: String(revision) }} joined>
      {lead === null ? null : <p>{say(lead)}</p>}
      <Button quiet={quiet}>{say(label)}</Button>
    </DeskForm>
  );
  const rest = (numbers?.skipped.stopped ?? 0) + (numbers?.failed ?? 0);
  return (
    <Buttons>
      {state === "scheduled" || (state === "held" && lockedAt === null)
        ? form("take-back", "desk.broadcast.takeBack", null)
        : null}
      {state === "held" && toMany
        ? form("go-on", "desk.broadcast.goOn", "desk.broadcast.goOnLead", true)
        : null}
      {state === "sending" || (state === "held" && lockedAt !== null)
        ? form("stop", "desk.broadcast.stop", null)
        : null}
      {state === "stopped" && endedAt !== null
        ? form("rest", "desk.broadcast.rest", "desk.broadcast.restLead")
        : null}
      {state === "done" && rest > 0
        ? form("rest", "desk.broadcast.rest", "desk.broadcast.failedLead", true)
        : null}
      {state === "done" && toMany
        ? form("joined", "desk.broadcast.joined", "desk.broadcast.joinedLead", true)
        : null}
    </Buttons>
  );
}

/** How many would get it now, whom it leaves out, and a few of them; and where all of them are counted (a POST to `count`), who are too many for a page. */
export function Forecast({
  of,
  audience,
  count,
  timeZone,
  masked,
}: {
  readonly of: "broadcast" | "segment";
  readonly audience: Audience;
  readonly count: string;
  readonly timeZone: string;
  readonly masked: boolean;
}) {
  const { people, notAgreed, suppressed, otherLanguage, atLeast, sample, at, counting, byJob } = audience;
  return (
    <>
      <p>
        {say(`desk.${of}.forecast`, { people, atLeast: atLeast ? "yes" : "no", ...moment(at, timeZone) })}
      </p>
      {counting === null ? null : (
        <>
          <p role="status">{say("desk.audience.counting")}</p>
          <Progress done={counting.done} total={counting.total} />
        </>
      )}
      {(atLeast && counting === null) || byJob ? (
        <DeskForm action={count} joined>
          {byJob ? null : <p>{say("desk.audience.uncounted")}</p>}
          <Button quiet>{say(byJob ? "desk.audience.countAgain" : "desk.audience.count")}</Button>
        </DeskForm>
      ) : null}
      <ul>
        {notAgreed === 0 ? null : <li>{say("desk.broadcast.notAgreed", { count: notAgreed })}</li>}
        {suppressed === 0 ? null : <li>{say("desk.broadcast.suppressed", { count: suppressed })}</li>}
        {otherLanguage === 0 ? null : (
          <li>{say("desk.broadcast.otherLanguage", { count: otherLanguage })}</li>
        )}
      </ul>
      {sample.length === 0 ? null : (
        <details>
          <summary>{say("desk.broadcast.sample", { count: sample.length })}</summary>
          <ul>
            {sample.map(({ address }) => (
              <li>{masked ? maskOf(address) : address}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
