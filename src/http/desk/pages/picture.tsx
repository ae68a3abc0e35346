import { max, min, ticks } from "d3-array";
import { stack, stackOffsetDiverging } from "d3-shape";
import type { Child } from "hono/jsx";
import { say } from "../../ui/say.ts";
import { Table } from "../../ui/table.tsx";

const HEIGHT = 120;
const STEP = 20;
const BAR = 14;

/** A column of a picture: its name, and its numbers by part. Numbers below nought hang down. */
export type PictureColumn = { readonly name: string; readonly numbers: Readonly<Record<string, number>> };

/**
 * A picture of numbers: what was found as its title, then the period, the bars, and the same numbers as a table and as a file. Without `drawn` there
 * are only the numbers.
 */
export function Picture({
  title,
  finding,
  period,
  columns,
  parts,
  drawn,
  head = say("desk.picture.when"),
  csv = null,
}: {
  readonly title: string;
  readonly finding: string;
  readonly period?: string;
  readonly columns: readonly PictureColumn[];
  /** The parts of each column, by the names of its numbers, with what they're called. */
  readonly parts: ReadonlyArray<{ readonly name: string; readonly label: string }>;
  readonly drawn: boolean;
  /** What the columns are, as the head of the table says. */
  readonly head?: string;
  /** Where the numbers are as a file; null where they aren't. */
  readonly csv?: string | null;
}) {
  return (
    <section>
      <h2>{title}</h2>
      <p>
        <strong>{finding}</strong>
        {period === undefined ? null : <span class="soft"> {period}</span>}
      </p>
      {drawn ? <Bars columns={columns} names={parts.map(({ name }) => name)} finding={finding} /> : null}
      {drawn && parts.length > 1 ? (
        <p class="key" aria-hidden="true">
          {parts.map(({ label }, place) => (
            <span class={`part-${place}`}>{label}</span>
          ))}
        </p>
      ) : null}
      <details open={!drawn}>
        <summary>{say("desk.picture.numbers")}</summary>
        <Table
          name={title}
          head={[head, ...parts.map(({ label }) => label)]}
          rows={columns.map(({ name, numbers }): [Child, ...Child[]] => [
            name,
            ...parts.map((part) => String(Math.abs(numbers[part.name] ?? 0))),
          ])}
        />
        {csv === null ? null : (
          <p>
            <a href={csv} download="">
              {say("desk.picture.csv")}
            </a>
          </p>
        )}
      </details>
    </section>
  );
}

function Bars({
  columns,
  names,
  finding,
}: {
  readonly columns: readonly PictureColumn[];
  readonly names: readonly string[];
  readonly finding: string;
}) {
  const series = stack<PictureColumn, string>()
    .keys(names)
    .value(({ numbers }, name) => numbers[name] ?? 0)
    .offset(stackOffsetDiverging)([...columns]);
  const edges = series.flatMap((layer) => layer.flat());
  const [low, high] = [Math.min(0, min(edges) ?? 0), Math.max(1, max(edges) ?? 0)];
  const y = (value: number) => HEIGHT - ((value - low) / (high - low)) * HEIGHT;
  const width = columns.length * STEP;
  return (
    <>
      <svg
        class="bars"
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label={finding}
        preserveAspectRatio="none"
      >
        {ticks(low, high, 3).map((value) => (
          <line class="tick" x1="0" x2={String(width)} y1={String(y(value))} y2={String(y(value))} />
        ))}
        {series.map((layer, part) =>
          layer.map(([from, to], place) => (
            <rect
              class={`part-${part}`}
              x={String(place * STEP + (STEP - BAR) / 2)}
              y={String(y(to))}
              width={String(BAR)}
              height={String(Math.max(from === to ? 0 : 1.5, y(from) - y(to)))}
            />
          )),
        )}
      </svg>
      <p class="ends soft" aria-hidden="true">
        <span>{columns[0]?.name}</span>
        <span>{say("desk.picture.most", { most: Math.max(high, -low) })}</span>
        <span>{columns.at(-1)?.name}</span>
      </p>
    </>
  );
}
