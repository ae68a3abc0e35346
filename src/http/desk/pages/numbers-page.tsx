import { byKey, type LetterWeek, WEEKS, type Week } from "../../../domain/counts/growth.ts";
import { FAMILIES } from "../../../domain/counts/mailbox-family.ts";
import type { DayCount } from "../../../domain/counts/queries/day-counts.ts";
import type { Readers } from "../../../domain/counts/queries/readers.ts";
import type { listRunNumbers } from "../../../domain/ledger/queries/runs.ts";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { clockTime, shortDate } from "../../../platform/calendar/format.ts";
import { dateOf } from "../../ui/date.tsx";
import { say } from "../../ui/say.ts";
import { shown } from "../../ui/shown.ts";
import { Table } from "../../ui/table.tsx";
import { Picture } from "./picture.tsx";
import { DeskPage } from "./shell.tsx";

/** Of fewer people a curve says nothing. */
const DRAWN_FROM = 30;

/** How many readers there are, as a sentence, with when that was counted. */
export function readersSentence({ now, before }: Readers, timeZone: string): string {
  if (now === null) return say("desk.numbers.unknown");
  const more = before === null ? null : now.n - before;
  const than =
    more === null
      ? ""
      : ` ${more < 0 ? say("desk.numbers.fewer", { fewer: -more }) : say("desk.numbers.more", { more })}`;
  const counted =
    now.at === shown().now ? "" : ` ${say("desk.numbers.counted", { date: dateOf(now.at, timeZone) })}`;
  return `${say("desk.numbers.readers", { count: now.n })}${than}${counted}`;
}

const dayName = (day: number) => shortDate(day * DAY_MS, "UTC", shown().now, "en");
const weekName = ({ from, until }: { readonly from: number; readonly until: number }) =>
  `${dayName(from)} – ${dayName(until - 1)}`;

type RunNumbers = Awaited<ReturnType<typeof listRunNumbers>>[number];

type NumbersProps = {
  readonly readers: Readers;
  readonly weeks: readonly Week[];
  readonly letters: readonly LetterWeek[];
  readonly counts: readonly DayCount[];
  /** The last runs, the newest first. */
  readonly runs: readonly RunNumbers[];
  /** What a source is called; it's a partner's id, or empty for our own pages. */
  readonly sourceName: (key: string) => string;
  readonly timeZone: string;
};

/** How the number of readers grows, where they come from, why they leave, and what becomes of letters. */
export function NumbersPage(props: NumbersProps) {
  const { readers, weeks, letters, counts, runs, sourceName, timeZone } = props;
  const sum = (of: "joined" | "left" | "suppressed") => weeks.reduce((all, week) => all + week[of], 0);
  const taken = letters.reduce((all, { accepted }) => all + accepted, 0);
  const period = say("desk.numbers.period", { weeks: WEEKS });
  return (
    <DeskPage title={say("desk.numbers.title")} room="readers">
      <p class="lead">{readersSentence(readers, timeZone)}</p>
      <Picture
        title={say("desk.numbers.growth")}
        finding={say("desk.numbers.growthFinding", { joined: sum("joined"), left: sum("left") })}
        period={period}
        columns={weeks.map((week) => ({
          name: weekName(week),
          numbers: { joined: week.joined, left: -week.left, suppressed: -week.suppressed },
        }))}
        parts={(["joined", "left", "suppressed"] as const).map((name) => ({
          name,
          label: say(`desk.numbers.${name}`),
        }))}
        drawn={sum("joined") + sum("left") >= DRAWN_FROM}
        csv="/desk/numbers/growth.csv"
      />
      <Sources sources={byKey(counts, "confirmed")} sourceName={sourceName} period={period} />
      <Keys
        title={say("desk.numbers.reasons")}
        none={say("desk.numbers.noReasons")}
        head={[say("desk.numbers.reason"), say("desk.numbers.people")]}
        rows={byKey(counts, "left").map(({ key, n }) => [say("desk.numbers.why", { reason: key }), n])}
      />
      <Picture
        title={say("desk.numbers.letters")}
        finding={lettersFinding(letters, taken)}
        period={period}
        columns={letters.map((week) => ({
          name: weekName(week),
          numbers: {
            delivered: week.delivered,
            unreported: Math.max(0, week.accepted - week.delivered - week.bounced - week.complained),
            bounced: week.bounced,
            complained: week.complained,
          },
        }))}
        parts={(["delivered", "unreported", "bounced", "complained"] as const).map((name) => ({
          name,
          label: say(`desk.numbers.${name}`),
        }))}
        drawn={taken >= DRAWN_FROM}
        csv="/desk/numbers/letters.csv"
      />
      <Runs runs={runs} timeZone={timeZone} />
      <Mailboxes counts={counts} />
      <Keys
        title={say("desk.numbers.lateness")}
        none={say("desk.numbers.noLetters")}
        head={[say("desk.numbers.late"), say("desk.numbers.lettersHead")]}
        rows={byKey(counts, "lateness")
          .toSorted((a, b) => (Number(a.key) || 1e9) - (Number(b.key) || 1e9))
          .map(({ key, n }) => [
            key === "more" ? say("desk.numbers.later") : say("desk.numbers.within", { minutes: Number(key) }),
            n,
          ])}
      />
      <p class="soft">{say("desk.numbers.utc")}</p>
    </DeskPage>
  );
}

function Sources({
  sources,
  sourceName,
  period,
}: Pick<NumbersProps, "sourceName"> & {
  readonly sources: ReadonlyArray<{ readonly key: string; readonly n: number }>;
  readonly period: string;
}) {
  const all = sources.reduce((sum, { n }) => sum + n, 0);
  const [most] = sources.toSorted((a, b) => b.n - a.n);
  if (most === undefined)
    return (
      <section>
        <h2>{say("desk.numbers.sources")}</h2>
        <p>{say("desk.numbers.noSources")}</p>
      </section>
    );
  return (
    <Picture
      title={say("desk.numbers.sources")}
      finding={say("desk.numbers.sourcesFinding", { n: most.n, all, source: sourceName(most.key) })}
      period={period}
      columns={sources.map(({ key, n }) => ({ name: sourceName(key), numbers: { joined: n } }))}
      parts={[{ name: "joined", label: say("desk.numbers.joined") }]}
      head={say("desk.numbers.source")}
      drawn={all >= DRAWN_FROM && sources.length > 1}
      csv="/desk/numbers/sources.csv"
    />
  );
}

const RUN_PARTS = ["quiet", "failed", "bounced", "complained"] as const;

function Runs({ runs, timeZone }: Pick<NumbersProps, "runs" | "timeZone">) {
  if (runs.length === 0) return null;
  const { now } = shown();
  const sum = (of: "planned" | "failed" | "bounced" | "complained") =>
    runs.reduce((all, run) => all + run[of], 0);
  const [planned, failed] = [sum("planned"), sum("failed")];
  const found = { planned, failed, bounced: sum("bounced"), complained: sum("complained") };
  return (
    <Picture
      title={say("desk.numbers.runs")}
      finding={say("desk.numbers.runsFinding", { runs: runs.length, ...found })}
      columns={runs.toReversed().map(({ id: _, tickAt, ...run }) => ({
        name: `${shortDate(tickAt, timeZone, now, "en")}, ${clockTime(tickAt, timeZone, "en")}`,
        numbers: { ...run, quiet: Math.max(0, run.planned - run.failed - run.bounced - run.complained) },
      }))}
      parts={RUN_PARTS.map((name) => ({ name, label: say(`desk.numbers.${name}`) }))}
      drawn={planned >= DRAWN_FROM}
      csv="/desk/numbers/runs.csv"
    />
  );
}

function lettersFinding(letters: readonly LetterWeek[], taken: number): string {
  if (taken === 0) return say("desk.numbers.noLetters");
  const bounced = letters.reduce((all, week) => all + week.bounced, 0);
  const complained = letters.reduce((all, week) => all + week.complained, 0);
  return say("desk.numbers.lettersFinding", { taken, bounced, complained });
}

function Keys({
  title,
  none,
  head,
  rows,
}: {
  readonly title: string;
  readonly none: string;
  readonly head: readonly string[];
  readonly rows: ReadonlyArray<readonly [string, number]>;
}) {
  return (
    <section>
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p>{none}</p>
      ) : (
        <Table name={title} head={head} rows={rows.map(([name, n]) => [name, String(n)])} />
      )}
    </section>
  );
}

const REPORTED = ["accepted", "delivered", "bounced", "complained"] as const;

function Mailboxes({ counts }: Pick<NumbersProps, "counts">) {
  const of = Object.fromEntries(
    REPORTED.map((what) => [what, new Map(byKey(counts, what).map(({ key, n }) => [key, n]))]),
  );
  const families = FAMILIES.filter((family) => (of.accepted?.get(family) ?? 0) > 0);
  if (families.length === 0) return null;
  return (
    <section>
      <h2>{say("desk.numbers.mailboxes")}</h2>
      <Table
        name={say("desk.numbers.mailboxes")}
        head={[say("desk.numbers.mailbox"), ...REPORTED.map((what) => say(`desk.numbers.${what}`))]}
        rows={families.map((family) => [
          say("desk.numbers.family", { family }),
          ...REPORTED.map((what) =>
            what === "complained" && (family === "gmail" || family === "apple")
              ? say("desk.numbers.notReported")
              : String(of[what]?.get(family) ?? 0),
          ),
        ])}
      />
    </section>
  );
}
