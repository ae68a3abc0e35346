import { isWritable } from "../../../domain/broadcasts/broadcast.ts";
import type { BroadcastProgress } from "../../../domain/broadcasts/numbers.ts";
import type { Outlook } from "../../../domain/broadcasts/outlook.ts";
import type { Broadcast } from "../../../domain/broadcasts/queries/broadcasts.ts";
import type { Warning } from "../../../domain/broadcasts/warnings.ts";
import type { Audience } from "../../../domain/jobs/count-audience.ts";
import type { LetterFault } from "../../../domain/letters/letter-rules.ts";
import type { AudienceChoices } from "../../../domain/segments/queries/choices.ts";
import type { Segment } from "../../../domain/segments/segment.ts";
import { Field } from "../../ui/field.tsx";
import { Button, Buttons } from "../../ui/form.tsx";
import { Fault } from "../../ui/notice.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import { inWords } from "./audience-words.ts";
import { Forecast, Outcome, outcomeOf, WayBack } from "./broadcast-outcome.tsx";
import { BroadcastSettings, type Unsaved } from "./broadcast-settings.tsx";
import { Ahead, When } from "./broadcast-when.tsx";
import { stateOf, withLostDecision } from "./broadcasts-page.tsx";
import { AGAIN_S } from "./progress.tsx";
import { DeskForm, DeskPage } from "./shell.tsx";

/** What acts of this page came to. */
export const BROADCAST_SAID = {
  saved: "desk.broadcast.said.saved",
  scheduled: "desk.broadcast.said.scheduled",
  taken_back: "desk.broadcast.said.taken_back",
  stopped: "desk.broadcast.said.stopped",
  goes_on: "desk.broadcast.said.goes_on",
  stale: "desk.broadcast.said.stale",
} as const satisfies Readonly<Record<string, WordKey>>;

/** What stands in the way of scheduling. */
export type InTheWay = "audience" | "time" | "past" | "far" | "uncounted" | "typed" | "too_many" | "faulty";

/** One broadcast: what it says, to whom, when, and the way back. */
export function BroadcastPage({
  broadcast,
  subject,
  written,
  faults,
  segment,
  choices,
  audience,
  outlook,
  progress,
  typed,
  unsaved,
  inTheWay,
  warnings,
  now,
  timeZone,
  masked,
  toMany,
  said,
}: {
  readonly broadcast: Broadcast;
  readonly subject: string;
  /** The save that's shown; 0 while nothing was written. */
  readonly written: number;
  readonly faults: readonly LetterFault[];
  readonly segment: Segment | null;
  readonly choices: AudienceChoices;
  /** Null while nobody has said who gets it, or once it's locked. */
  readonly audience: Audience | null;
  /** What would become of it if it were scheduled now; null where that isn't known. */
  readonly outlook: Outlook | null;
  /** Null before it's locked. */
  readonly progress: BroadcastProgress | null;
  /** Whether the number of people is typed before it's scheduled. */
  readonly typed: boolean;
  /** Settings that couldn't be saved, with what's wrong by field. */
  readonly unsaved: Unsaved | null;
  readonly inTheWay: InTheWay | null;
  /** What's worth a look before it's scheduled. */
  readonly warnings: readonly Warning[];
  readonly now: number;
  readonly timeZone: string;
  readonly masked: boolean;
  /** Whether who looks may send to any number of people, and set a held one going. */
  readonly toMany: boolean;
  readonly said: WordKey | null;
}) {
  const { id, state } = broadcast;
  const path = `/desk/broadcasts/${id}`;
  const savedName = choices.saved.find((saved) => saved.id === broadcast.segmentId)?.name;
  // Those who wait for their hour needn't be watched.
  const numbers = progress?.numbers ?? null;
  const waits = numbers !== null && numbers.nextAt !== null && numbers.nextAt > now + AGAIN_S * 1000;
  const moving = (state === "sending" && !waits) || (state === "stopped" && broadcast.endedAt === null);
  return (
    <DeskPage
      title={subject || say("desk.broadcasts.unwritten")}
      room="broadcasts"
      said={said === null ? null : say(said)}
      again={
        moving || progress?.counting != null || (audience !== null && audience.counting !== null)
          ? AGAIN_S
          : null
      }
    >
      <p>
        <a href="/desk/broadcasts">{say("desk.room.broadcasts")}</a>
      </p>
      <p class="lead" role={moving ? "status" : undefined}>
        {withLostDecision(
          progress === null ? stateOf(broadcast, now, timeZone) : outcomeOf(broadcast, progress),
          broadcast,
        )}
      </p>
      {inTheWay === null ? null : <Fault alert>{say(`desk.broadcast.inTheWay.${inTheWay}`)}</Fault>}
      {progress === null ? null : (
        <Outcome progress={progress} path={path} broadcast={broadcast} timeZone={timeZone} />
      )}
      <WayBack broadcast={broadcast} numbers={numbers} path={path} toMany={toMany} />
      <h2>{say("desk.broadcast.letter")}</h2>
      <p>
        <a href={`${path}/letter`}>
          {say("desk.broadcast.toLetter", { open: isWritable(broadcast) ? "yes" : "no" })}
        </a>
      </p>
      {faults.length === 0 || written === 0 || state !== "draft" ? null : (
        <ul class="cards">
          {faults.map(({ message, fix, severity, line }) => (
            <li class="card">
              <p>
                <strong>{say("desk.letter.severity", { severity })}</strong>{" "}
                {line === null ? "" : say("desk.publish.line", { line })} {message}
              </p>
              <p class="soft">{fix}</p>
            </li>
          ))}
        </ul>
      )}
      <h2>{say("desk.broadcast.audience")}</h2>
      {segment === null ? (
        <p>{say("desk.broadcast.noAudience")}</p>
      ) : (
        <>
          {savedName === undefined ? null : (
            <p>
              <a href={`/desk/segments/${broadcast.segmentId}`}>
                {say("desk.broadcast.ofSegment", { name: savedName })}
              </a>
            </p>
          )}
          <p>{say("desk.broadcast.who", { count: segment.all.length + (segment.any?.length ?? 0) })}</p>
          <ul>
            {inWords(segment, choices).map((line) => (
              <li>{line}</li>
            ))}
          </ul>
        </>
      )}
      {audience === null ? null : (
        <Forecast
          of="broadcast"
          audience={audience}
          count={`${path}/count`}
          timeZone={timeZone}
          masked={masked}
        />
      )}
      {state === "draft" ? (
        <>
          <BroadcastSettings
            broadcast={broadcast}
            segment={segment}
            choices={choices}
            path={path}
            unsaved={unsaved}
            now={now}
            timeZone={timeZone}
          />
          <h2>{say("desk.broadcast.schedule")}</h2>
          <p>{say("desk.broadcast.scheduleLead", { minutes: broadcast.holdMinutes })}</p>
          {outlook === null ? null : <Ahead broadcast={broadcast} outlook={outlook} timeZone={timeZone} />}
          {warnings.map(({ warning, about }) => (
            <p>{say(`desk.broadcast.warning.${warning}`, about)}</p>
          ))}
          {audience === null || broadcast.time === null ? (
            <p>{say("desk.broadcast.lacks")}</p>
          ) : audience.atLeast ? (
            <p>{say("desk.broadcast.inTheWay.uncounted")}</p>
          ) : (
            <DeskForm
              action={`${path}/schedule`}
              hidden={{
                revision: String(broadcast.revision),
                segment: String(broadcast.segmentRevision),
                written: String(written),
              }}
              card
              faulty={inTheWay === "typed"}
            >
              <p>{say("desk.broadcast.press", { people: audience.people })}</p>
              {typed ? (
                <Field
                  id="number"
                  name="number"
                  label={say("desk.broadcast.number", { people: audience.people })}
                  value=""
                  fault={inTheWay === "typed" ? say("desk.broadcast.inTheWay.typed") : null}
                  attributes={{ type: "text", inputmode: "numeric", autocomplete: "off", required: true }}
                />
              ) : null}
              <Button>{say("desk.broadcast.scheduleButton")}</Button>
            </DeskForm>
          )}
        </>
      ) : (
        <When broadcast={broadcast} timeZone={timeZone} />
      )}
      <Others broadcast={broadcast} path={path} />
    </DeskPage>
  );
}

function Others({ broadcast, path }: { readonly broadcast: Broadcast; readonly path: string }) {
  const { id, state, revision, isPublic, lockedAt } = broadcast;
  return (
    <Buttons>
      {lockedAt === null ? null : (
        <DeskForm action={`${path}/on-site`} hidden={{ revision: String(revision) }} joined>
          {isPublic ? (
            <p>
              <a href={`/news/${id}`}>{say("desk.broadcast.onSite")}</a>
            </p>
          ) : null}
          <Button quiet>{say("desk.broadcast.showOnSite", { is: isPublic ? "yes" : "no" })}</Button>
        </DeskForm>
      )}
      <DeskForm action={`${path}/duplicate`} joined>
        <Button quiet>{say("desk.broadcast.duplicate")}</Button>
      </DeskForm>
      {state === "draft" ? (
        <DeskForm action={`${path}/discard`} hidden={{ revision: String(revision) }} joined>
          <Button quiet>{say("desk.broadcast.discard")}</Button>
        </DeskForm>
      ) : null}
    </Buttons>
  );
}
