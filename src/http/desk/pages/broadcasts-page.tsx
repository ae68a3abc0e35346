import type { Broadcast } from "../../../domain/broadcasts/queries/broadcasts.ts";
import { LANGUAGE_NAMES, LANGUAGES } from "../../../platform/texts/languages.ts";
import { moment } from "../../ui/date.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Button } from "../../ui/form.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import { DeskForm, DeskPage } from "./shell.tsx";

const MINUTE_MS = 60_000;

/** A broadcast among others. */
export type Listed = { readonly broadcast: Broadcast; readonly subject: string };

/** Every broadcast, the newest first, and where one is begun. */
export function BroadcastsPage({
  listed,
  next,
  now,
  timeZone,
  language,
}: {
  readonly listed: readonly Listed[];
  /** Where the list goes on; null at its end. */
  readonly next: number | null;
  readonly now: number;
  readonly timeZone: string;
  readonly language: string;
}) {
  return (
    <DeskPage title={say("desk.room.broadcasts")} room="broadcasts">
      <p class="lead">{say("desk.broadcasts.lead", { count: listed.length })}</p>
      {listed.length === 0 ? <p>{say("desk.broadcasts.none")}</p> : null}
      <ul class="cards">
        {listed.map(({ broadcast, subject }) => (
          <li class="card">
            <a href={`/desk/broadcasts/${broadcast.id}`}>{subject || say("desk.broadcasts.unwritten")}</a>
            <p class="soft">{withLostDecision(stateOf(broadcast, now, timeZone), broadcast)}</p>
          </li>
        ))}
      </ul>
      {next === null ? null : (
        <p>
          <a href={`/desk/broadcasts?before=${next}`}>{say("desk.broadcasts.older")}</a>
        </p>
      )}
      <DeskForm action="/desk/broadcasts" card>
        <h2>{say("desk.broadcasts.new")}</h2>
        <SelectField
          id="language"
          name="language"
          label={say("desk.broadcasts.language")}
          choices={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          chosen={language}
        />
        <Button>{say("desk.broadcasts.begin")}</Button>
      </DeskForm>
    </DeskPage>
  );
}

/** How a broadcast stands, and behind it what was decided about it in a time that a restore lost. */
export function withLostDecision(stands: string, { reason }: Pick<Broadcast, "reason">): string {
  return reason?.startsWith("restored_") === true
    ? `${stands} ${say("desk.broadcasts.lost", { reason })}`
    : stands;
}

/** How a broadcast stands, in a sentence. */
export function stateOf(broadcast: Broadcast, now: number, timeZone: string): string {
  const { state, locksAt, lockedAt, reason } = broadcast;
  const at = moment(lockedAt ?? locksAt ?? now, timeZone);
  const minutes = Math.max(0, Math.ceil(((locksAt ?? now) - now) / MINUTE_MS));
  if (state === "scheduled" && minutes <= 60) return say("desk.broadcasts.soon", { minutes });
  if (state === "held")
    return say(reason === "late" ? "desk.broadcasts.heldLate" : "desk.broadcasts.heldRestored");
  const keys = {
    draft: "desk.broadcasts.draft",
    scheduled: "desk.broadcasts.scheduled",
    sending: "desk.broadcasts.sending",
    done: "desk.broadcasts.done",
    stopped: "desk.broadcasts.stopped",
  } as const satisfies Readonly<Record<Exclude<Broadcast["state"], "held">, WordKey>>;
  return say(keys[state], at);
}
