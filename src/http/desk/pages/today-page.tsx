import { alertWords } from "../../../domain/desk/alert-words.ts";
import type { DeskAct } from "../../../domain/desk/may.ts";
import type { StateNow, Today } from "../../../domain/sending/today.ts";
import { clockTime, shortDate } from "../../../platform/calendar/format.ts";
import { moment } from "../../ui/date.tsx";
import { Button } from "../../ui/form.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import { shown } from "../../ui/shown.ts";
import { Table } from "../../ui/table.tsx";
import { StopForm } from "./door-pages.tsx";
import { type FirstSteps, FirstStepsList } from "./first-steps.tsx";
import { HourBars } from "./hour-bars.tsx";
import { readersSentence } from "./numbers-page.tsx";
import { DeskForm, DeskPage } from "./shell.tsx";

/** What acts of this page came to. */
export const TODAY_SAID = {
  stopped: "desk.today.said.stopped",
  resumed: "desk.today.said.resumed",
  re_armed: "desk.today.said.re_armed",
  armed_already: "desk.today.said.armed_already",
  cleared: "desk.today.said.cleared",
  recounted: "desk.today.said.recounted",
  not_recounted: "desk.today.said.not_recounted",
  run_resumed: "desk.today.said.run_resumed",
  run_goes_on: "desk.today.said.run_goes_on",
} as const satisfies Readonly<Record<string, WordKey>>;

type TodayProps = {
  readonly today: Today;
  readonly timeZone: string;
  readonly may: (act: DeskAct) => boolean;
  readonly said: WordKey | null;
  readonly stopFault: boolean;
  /** Until there's a reader; null from then on. */
  readonly first: FirstSteps | null;
};

/** How things stand: one sentence, what needs a look with its remedy, the coming day, the last runs, and the switch. */
export function TodayPage({ today, timeZone, may, said, stopFault, first }: TodayProps) {
  const { state, readers, ahead, alerts, runs, waitedFor } = today;
  return (
    <DeskPage title={say("desk.room.today")} room="today" said={said === null ? null : say(said)}>
      <p class="lead">{sentence(state, timeZone)}</p>
      <Remedy state={state} may={may} />
      {alerts.length === 0 ? null : <Alerts alerts={alerts} timeZone={timeZone} may={may} />}
      <p>
        {readersSentence(readers, timeZone)} <a href="/desk/numbers">{say("desk.numbers.link")}</a>
      </p>
      {first === null ? null : <FirstStepsList steps={first} />}
      <HourBars ahead={ahead} timeZone={timeZone} />
      {may("write_letters") ? <WaitedFor waitedFor={waitedFor} /> : null}
      <Runs runs={runs} timeZone={timeZone} may={may} />
      {state.kind === "stopped" || state.kind === "disarmed" || !may("stop_sending") ? null : (
        <StopForm fault={stopFault ? say("desk.stop.fault") : null} />
      )}
    </DeskPage>
  );
}

function sentence(state: StateNow, timeZone: string): string {
  switch (state.kind) {
    case "disarmed":
      return say("desk.today.disarmed");
    case "stopped":
      return state.since === null
        ? say("desk.today.stopped", { reason: state.reason })
        : say("desk.today.stoppedSince", { reason: state.reason, ...moment(state.since, timeZone) });
    case "held":
      return say("desk.today.held", moment(state.until, timeZone));
    case "late":
      return say("desk.today.late", moment(state.since, timeZone));
    case "leaving":
      return say("desk.today.leaving");
    case "well":
      return state.nextAt === null
        ? say("desk.today.nothingDue")
        : say("desk.today.well", moment(state.nextAt, timeZone));
  }
}

function Remedy({ state, may }: { readonly state: StateNow; readonly may: TodayProps["may"] }) {
  if (state.kind === "disarmed" && may("re_arm"))
    return (
      <DeskForm action="/desk/sending/re-arm" joined>
        <Button>{say("desk.today.reArm")}</Button>
      </DeskForm>
    );
  if ((state.kind === "stopped" || state.kind === "held") && may("resume_sending"))
    return (
      <DeskForm action="/desk/sending/resume" joined>
        <Button>{say("desk.today.resume")}</Button>
      </DeskForm>
    );
  return null;
}

function Alerts({ alerts, timeZone, may }: Pick<TodayProps, "timeZone" | "may"> & Pick<Today, "alerts">) {
  return (
    <section>
      <h2>{say("desk.today.alerts")}</h2>
      <ul class="cards">
        {alerts.map(({ name, detail, count, lastAt }) => (
          <li class="card">
            <p>
              <strong>{say(alertWords(name))}</strong>
            </p>
            <p class="soft">
              {say("desk.today.alertLine", { name, detail, count, ...moment(lastAt, timeZone) })}
            </p>
            {name === "counts.differ" && may("clear_alert") ? (
              <DeskForm action="/desk/counts/recount" hidden={{ date: detail.split(":")[0] ?? "" }} joined>
                <Button quiet>{say("desk.today.recount")}</Button>
              </DeskForm>
            ) : null}
            {may("clear_alert") ? (
              <DeskForm action="/desk/alerts/clear" hidden={{ name }} joined>
                <Button quiet>{say("desk.today.clear")}</Button>
              </DeskForm>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** More would push the rest out of sight. */
const WAITED_FOR_SHOWN = 5;

function WaitedFor({ waitedFor }: Pick<Today, "waitedFor">) {
  if (waitedFor.length === 0) return null;
  return (
    <section>
      <h2>{say("desk.today.waitedFor")}</h2>
      <ul>
        {waitedFor.slice(0, WAITED_FOR_SHOWN).map(({ sequence, title, letter, subject }) => (
          <li>
            <a href={`/desk/letters/${sequence}/letters/${letter}`}>{subject}</a> ({title})
          </li>
        ))}
      </ul>
    </section>
  );
}

function Runs({ runs, timeZone, may }: Pick<TodayProps, "timeZone" | "may"> & Pick<Today, "runs">) {
  const { now } = shown();
  return (
    <section>
      <h2>{say("desk.today.runs")}</h2>
      {runs.length === 0 ? (
        <p>{say("desk.today.noRuns")}</p>
      ) : (
        <Table
          name={say("desk.today.runs")}
          head={[say("desk.today.runAt"), say("desk.today.runSays")]}
          rows={runs.map((run) => [
            `${shortDate(run.tickAt, timeZone, now, "en")}, ${clockTime(run.tickAt, timeZone, "en")}`,
            <>
              {runSentence(run)}
              {run.stoppedAt !== null && may("resume_sending") ? (
                <DeskForm action="/desk/runs/resume" hidden={{ run: String(run.id) }} joined>
                  <Button quiet>{say("desk.today.resumeRun")}</Button>
                </DeskForm>
              ) : null}
            </>,
          ])}
        />
      )}
    </section>
  );
}

function runSentence({
  planned,
  openBatches,
  stoppedAt,
  stopReason,
  bounced,
  complained,
}: Today["runs"][number]) {
  if (stoppedAt !== null) return say("desk.today.runStopped", { planned, reason: stopReason ?? "" });
  const key = openBatches > 0 ? "desk.today.runLeaving" : "desk.today.runDone";
  const after =
    bounced + complained === 0 ? "" : ` ${say("desk.today.runFeedback", { bounced, complained })}`;
  return `${say(key, { planned })}${after}`;
}

/** What is said after stopping while the database is away. */
export function StoppedPage() {
  return (
    <DeskPage title={say("desk.away.stoppedTitle")} room={null}>
      <p class="lead" role="status">
        {say("desk.away.stopped")}
      </p>
      <p>
        <a href="/desk">{say("desk.toDesk")}</a>
      </p>
    </DeskPage>
  );
}
