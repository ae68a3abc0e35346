import { DAY_MS, MINUTE_MS } from "../../platform/calendar/durations.ts";
import { hourOfDate } from "../../platform/calendar/slot.ts";
import { judgeRendered } from "../letters/judge-rendered.ts";
import type { LetterFault } from "../letters/letter-rules.ts";
import { STEP_SLOTS } from "../letters/prepare-publication.ts";
import { previewLetter } from "../letters/preview-letter.ts";
import { renditionOf, storeAll } from "../letters/queries/publication.ts";
import type { RenderedLetter } from "../letters/render-letter.tsx";
import type { Services } from "../services.ts";
import type { Site } from "../site/site.ts";
import type { BroadcastTime } from "./broadcast.ts";
import { broadcast as kind } from "./broadcast-kind.ts";
import { type Broadcast, changeBroadcast } from "./queries/broadcasts.ts";
import { asDraft, letterOf, readWritten } from "./written.ts";

/** The zone in which a day begins first. */
const FIRST_ZONE = "Pacific/Kiritimati";
/** A queue delays a message by half a day at most (developers.cloudflare.com/queues/platform/limits); then ticks find it. */
const DELAY_MAX_S = 43_200;
/** Nobody plans further ahead. */
const AHEAD_MAX_MS = 366 * DAY_MS;

type Deps = Services & { readonly site: Site };

/** What scheduling came to. */
export type Scheduled =
  | { readonly kind: "scheduled"; readonly locksAt: number }
  /** What the letter says can't go out. */
  | { readonly kind: "faulty"; readonly faults: readonly LetterFault[] }
  /** What hasn't been said yet, or can't be. */
  | { readonly kind: "lacks"; readonly what: "audience" | "time" | "past" | "far" }
  | { readonly kind: "stale" };

/** A broadcast's letter as it would leave, or what stands in its way. Stores nothing. */
export async function renderBroadcast(
  { db, site, config }: Pick<Deps, "db" | "site" | "config">,
  broadcast: Broadcast,
): Promise<{
  readonly letter: RenderedLetter | null;
  readonly faults: readonly LetterFault[];
  readonly revision: number;
}> {
  const written = await readWritten(db, broadcast);
  const draft = asDraft(site, broadcast, written);
  const { letter, faults } = await previewLetter(
    { db, site, publicUrl: config.publicUrl },
    draft,
    letterOf(broadcast),
  );
  const rendered = letter === null ? [] : judgeRendered(letterOf(broadcast), letter, STEP_SLOTS);
  return {
    letter: rendered.length > 0 ? null : letter,
    faults: [...faults, ...rendered],
    revision: written.revision,
  };
}

/** When a broadcast is locked that's scheduled now: at its time, and not before its hold is over. On readers' clocks, when its hour comes first. */
export function lockTime(time: BroadcastTime, holdMinutes: number, now: number): number {
  const held = now + holdMinutes * MINUTE_MS;
  switch (time.kind) {
    case "now":
      return held;
    case "at":
      return Math.max(time.at, held);
    case "clock":
      return Math.max(hourOfDate(time.date, time.hour, FIRST_ZONE), held);
  }
}

/**
 * Schedules a draft: what it says is rendered, and it and its audience are frozen. Nothing exists of it but this word until it's locked, so that taking it
 * back reaches everyone. What someone saw is known by revisions: of it, of the saved segment that it's for (0 for none), and of what it says.
 */
export async function scheduleBroadcast(
  deps: Deps,
  broadcast: Broadcast,
  seen: { readonly revision: number; readonly segment: number; readonly written: number },
): Promise<Scheduled> {
  const { db, now, by } = deps;
  const { id, time, audience, holdMinutes } = broadcast;
  if (broadcast.state !== "draft" || broadcast.revision !== seen.revision) return { kind: "stale" };
  if (broadcast.segmentRevision !== seen.segment) return { kind: "stale" };
  if (audience === null) return { kind: "lacks", what: "audience" };
  if (time === null) return { kind: "lacks", what: "time" };
  if (time.kind === "at" && time.at < now) return { kind: "lacks", what: "past" };
  const locksAt = lockTime(time, holdMinutes, now);
  if (time.kind === "clock" && hourOfDate(time.date, time.hour, "Etc/GMT+12") < now)
    return { kind: "lacks", what: "past" };
  if (locksAt > now + AHEAD_MAX_MS) return { kind: "lacks", what: "far" };
  const { letter, faults, revision } = await renderBroadcast(deps, broadcast);
  if (letter === null) return { kind: "faulty", faults };
  if (revision !== seen.written) return { kind: "stale" };
  const done = await changeBroadcast(
    db,
    {
      seen: broadcast,
      become: {
        ...{ state: "scheduled", subject: letter.subject, audience, locksAt, reason: null },
        renditionId: renditionOf(letter),
      },
      verb: "schedule_broadcast",
      changed: { locks_at: locksAt },
      ...{ now, by },
    },
    { first: storeAll([letter], now) },
  );
  if (!done) return { kind: "stale" };
  await wakeAt(deps, id, locksAt);
  return { kind: "scheduled", locksAt };
}

/** Asks the queue to look at a broadcast when its hold is over, to the minute; ticks do where that's lost, or later than a queue can wait. */
export async function wakeAt(
  { enqueue, now }: Pick<Services, "enqueue" | "now">,
  id: number,
  at: number,
): Promise<void> {
  const delaySeconds = Math.max(0, Math.ceil((at - now) / 1000));
  if (delaySeconds <= DELAY_MAX_S) await enqueue(kind.lane, [{ broadcast: id }], delaySeconds);
}
