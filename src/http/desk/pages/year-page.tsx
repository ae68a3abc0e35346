import { type Draft, isUnfinished } from "../../../domain/letters/draft.ts";
import type { YearAhead } from "../../../domain/letters/year-ahead.ts";
import { zoneName } from "../../../platform/calendar/format.ts";
import { Instant, inWords } from "../../ui/date.tsx";
import { Notice } from "../../ui/notice.tsx";
import { say } from "../../ui/say.ts";
import { shown } from "../../ui/shown.ts";
import { Table } from "../../ui/table.tsx";
import { DeskPage } from "./shell.tsx";

type Reader = { readonly id: number; readonly state: "active" | "paused" | "stopped" | "completed" };

/** The letters that come to someone over the next year, each with its date in their zone. `reader` null: someone who joins now. */
export function YearPage({
  draft,
  year,
  reader,
  timeZone,
}: {
  readonly draft: Draft;
  readonly year: YearAhead;
  readonly reader: Reader | null;
  readonly timeZone: string;
}) {
  const base = `/desk/letters/${draft.slug}`;
  const letters = new Map(draft.steps.map((letter) => [letter.slug, letter]));
  const link = (slug: string) => <a href={`${base}/letters/${slug}`}>{letters.get(slug)?.subject || slug}</a>;
  const { letters: coming, waits, later } = year;
  const begun = draft.steps.filter(isUnfinished).length;
  return (
    <DeskPage title={say("desk.year.title", { title: draft.title })} room="letters">
      <p>
        <a href={base}>{say("desk.publish.back")}</a>
      </p>
      <p class="lead">
        {say("desk.year.lead", {
          who: reader === null ? "joining" : reader.state,
          count: coming.length,
          zone: zoneName(timeZone, shown().now),
        })}
      </p>
      {reader === null ? null : (
        <p>
          <a href={`/desk/readers/${reader.id}`}>{say("desk.year.toReader")}</a>
        </p>
      )}
      {coming.length === 0 ? null : (
        <Table
          name={say("desk.year.letters")}
          head={[say("desk.year.when"), say("desk.publish.letter"), say("desk.letters.state")]}
          rows={coming.map(({ slug, at }) => [
            <Instant at={at} timeZone={timeZone} />,
            link(slug),
            say("desk.letters.is", { state: letters.get(slug)?.change ?? "unchanged" }),
          ])}
        />
      )}
      {waits === null ? null : (
        <Notice>
          <p>
            {say("desk.year.waits", { when: inWords(waits.at, timeZone) })} {link(waits.slug)}
          </p>
        </Notice>
      )}
      {later === 0 ? null : <p>{say("desk.year.later", { later })}</p>}
      {begun === 0 ? null : <p class="soft">{say("desk.year.begun", { count: begun })}</p>}
      <p class="soft">{say(reader === null ? "desk.year.joiningHint" : "desk.year.readerHint")}</p>
    </DeskPage>
  );
}
