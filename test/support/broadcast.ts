import type { BroadcastTime } from "../../src/domain/broadcasts/broadcast.ts";
import {
  changeBroadcast,
  makeBroadcast,
  readBroadcast,
} from "../../src/domain/broadcasts/queries/broadcasts.ts";
import { scheduleBroadcast } from "../../src/domain/broadcasts/schedule-broadcast.ts";
import { runBroadcast } from "../../src/domain/broadcasts/step-broadcast.ts";
import { readWritten, saveWritten } from "../../src/domain/broadcasts/written.ts";
import { EVERYONE_WHO_AGREED, type Segment } from "../../src/domain/segments/segment.ts";
import { readSite } from "../../src/domain/site/site.ts";
import type { Service } from "./service.ts";

export const LETTER = {
  subject: "A letter to everyone",
  preheader: "What happened this month",
  markdown: "# News\n\nSomething happened, and you hear of it first.",
  ornament: null,
};

/** Makes a written draft for an audience and a time. Returns its id. */
export async function draftBroadcast(
  service: Service,
  wanted: {
    readonly audience?: Segment;
    readonly time?: BroadcastTime;
    readonly onThemeDays?: "move" | "leave_out" | "regardless";
    readonly holdMinutes?: number;
    readonly letter?: typeof LETTER;
    readonly isPublic?: boolean;
  } = {},
): Promise<number> {
  const { audience = EVERYONE_WHO_AGREED, time = { kind: "now" }, onThemeDays = "regardless" } = wanted;
  const deps = service.deps();
  const id = await makeBroadcast(service.db, {
    ...{
      language: "en",
      fromName: "",
      audience,
      segmentId: null,
      isPublic: wanted.isPublic ?? false,
      time: null,
      onThemeDays,
      holdMinutes: wanted.holdMinutes ?? 10,
    },
    ...{ now: deps.now, by: deps.by, from: null },
  });
  await saveWritten(deps, { id }, wanted.letter ?? LETTER, 0);
  const seen = await theBroadcast(service, id);
  await changeBroadcast(service.db, {
    ...{ seen, become: { time }, verb: "change_broadcast" },
    ...{ now: deps.now, by: service.deps().by },
  });
  return id;
}

/** A broadcast, which is there. */
export async function theBroadcast(service: Service, id: number) {
  const found = await readBroadcast(service.db, id);
  if (found === null) throw new Error(`no broadcast ${id}`);
  return found;
}

/** What the verbs of broadcasts work with. */
export async function broadcastDeps(service: Service) {
  return { ...service.deps(), site: await readSite(service.db, service.config.publicUrl) };
}

/** Schedules a draft as it is. */
export async function schedule(service: Service, id: number) {
  const broadcast = await theBroadcast(service, id);
  const { revision: written } = await readWritten(service.db, broadcast);
  return scheduleBroadcast(await broadcastDeps(service), broadcast, {
    revision: broadcast.revision,
    segment: broadcast.segmentRevision,
    written,
  });
}

/** Does what lies on the queue for broadcasts, and sends, until nothing is left to do now. */
export async function work(service: Service): Promise<void> {
  for (let rounds = 0; rounds < 20; rounds += 1) {
    const ids = new Set(
      service.queued.flatMap(({ message }) => ("broadcast" in message ? [message.broadcast] : [])),
    );
    service.queued.length = 0;
    for (const id of ids) await runBroadcast(service.deps(), id);
    const more = service.queued.some(({ message }) => "broadcast" in message);
    const kept = service.queued.filter(({ message }) => "broadcast" in message);
    await service.drain();
    service.queued.push(...kept);
    if (!more) return;
  }
}

/** Ticks at `at`, and does what follows. */
export async function tickAt(service: Service, at: number): Promise<void> {
  service.moveTo(at);
  await service.tick();
  await work(service);
  // What was sent may have been the last of it.
  await service.tick();
  await work(service);
}

/** What became of a broadcast's people: how many by state and reason. */
export async function outcomeOf(service: Service, id: number): Promise<Record<string, number>> {
  const rows = await service.rows<{ state: string; reason: string | null; n: number }>(
    "select state, reason, count(*) as n from deliveries where kind = 'broadcast' and intended_item = ? group by 1, 2 order by 1, 2",
    id,
  );
  return Object.fromEntries(
    rows.map(({ state, reason, n }) => [reason === null ? state : `${state}: ${reason}`, n]),
  );
}
