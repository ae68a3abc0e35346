import { DAY_MS } from "../../platform/calendar/durations.ts";
import type { Config } from "../../platform/config.ts";
import type { Db } from "../../platform/db/client.ts";
import { lettersLeft } from "../ledger/queries/runs.ts";
import type { RenderedLetter } from "../letters/render-letter.tsx";
import type { AudienceCount } from "../segments/queries/count.ts";
import type { Broadcast } from "./queries/broadcasts.ts";
import { readNeighbours } from "./queries/neighbours.ts";
import { lockTime } from "./schedule-broadcast.ts";

/** Words that stand where others were meant to come. */
const PLACEHOLDERS = /\b(?:lorem ipsum|tktk|tk tk|todo|fixme|xxx+|your text here|placeholder)\b/i;
/** An audience so many times the usual is worth a look. */
const UNUSUAL = 3;

/** Something that's worth a look before a broadcast leaves; nothing of it stands in the way. */
export type Warning = {
  readonly warning: "placeholder" | "same_subject" | "unusual" | "ceiling" | "same_day" | "nobody";
  readonly about: Readonly<Record<string, string | number>>;
};

/** What's worth a look, and how many people broadcasts usually go to (null before the first). */
export async function warningsOf(
  { db, config }: { readonly db: Db; readonly config: Pick<Config, "limits"> },
  broadcast: Broadcast,
  {
    letter,
    audience,
    now,
  }: {
    readonly letter: RenderedLetter | null;
    readonly audience: Pick<AudienceCount, "people"> | null;
    readonly now: number;
  },
): Promise<{
  readonly warnings: readonly Warning[];
  readonly usual: number | null;
}> {
  const { time, holdMinutes } = broadcast;
  const locksAt = time === null ? null : lockTime(time, holdMinutes, now);
  const { usual, sameSubject, sameDay } = await readNeighbours(db, broadcast.id, {
    subject: letter?.subject ?? "",
    from: (locksAt ?? now) - DAY_MS,
    to: (locksAt ?? now) + DAY_MS,
  });
  const people = audience?.people ?? 0;
  const left = await lettersLeft(db, config.limits, now);
  const found = (is: boolean, warning: Warning["warning"], about: Warning["about"] = {}) =>
    is ? [{ warning, about }] : [];
  const placeholder = letter === null ? null : PLACEHOLDERS.exec(`${letter.subject}\n${letter.text}`);
  return {
    usual,
    warnings: [
      ...found(audience !== null && people === 0, "nobody"),
      ...found(placeholder !== null, "placeholder", { word: placeholder?.[0] ?? "" }),
      ...found(sameSubject, "same_subject"),
      ...found(usual !== null && people > UNUSUAL * usual, "unusual", { people, usual: usual ?? 0 }),
      ...found(left !== null && people > left, "ceiling", { left: left ?? 0 }),
      ...found(locksAt !== null && sameDay, "same_day"),
    ],
  };
}
