import type { Context } from "hono";
import { readNumbers } from "../../../domain/broadcasts/numbers.ts";
import { type Broadcast, readBroadcast } from "../../../domain/broadcasts/queries/broadcasts.ts";
import { readWritten } from "../../../domain/broadcasts/written.ts";
import { reply, unknown } from "../../api/endpoint.ts";
import type { Precondition } from "../../api/precondition.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { broadcastAnswer, broadcastView } from "./broadcast-answers.ts";
import { staleProblem, whyNotChange } from "./seen.ts";

type Ctx = Context<AppEnv>;

export const NO_SUCH_BROADCAST = unknown("broadcast");
export const STALE = staleProblem("broadcast");

/** The answer of everything that shows one broadcast. */
export const whole = {
  description: "The broadcast as it is now",
  schema: broadcastAnswer,
  etag: true,
} as const;

/** A broadcast with what it says and its numbers, under the revision of both. */
export async function answered(c: Ctx, id: number) {
  const broadcast = await readBroadcast(c.var.db, id);
  if (broadcast === null) return NO_SUCH_BROADCAST;
  const { db, kinds } = c.var;
  const written = await readWritten(db, broadcast);
  const { lockedAt, runId, endedAt } = broadcast;
  const numbers = lockedAt === null || runId === null ? null : await readNumbers(db, kinds, runId, endedAt);
  return reply(
    200,
    broadcastView(broadcast, written.content, numbers),
    revisionOf(broadcast, written.revision),
  );
}

const revisionOf = (
  { revision, segmentRevision }: Pick<Broadcast, "revision" | "segmentRevision">,
  written: number,
) => `${revision}-${segmentRevision}-${written}`;

const STATES: Readonly<Record<Broadcast["state"], string>> = {
  draft: "is a draft",
  scheduled: "is scheduled, and nothing of it has left",
  sending: "is leaving",
  done: "was sent",
  stopped: "was stopped",
  held: "is held",
};

/** Why an act did nothing: the broadcast isn't what was seen any more, or is in a state in which that can't be done. */
export async function whyNot(c: Ctx, { broadcast, etag }: NonNullable<Awaited<ReturnType<typeof readSeen>>>) {
  const now = await readSeen(c, broadcast.id);
  if (now === null || now.etag !== etag) return STALE;
  const detail = `The broadcast ${STATES[broadcast.state]}, so that can't be done now. Nothing was changed.`;
  return { code: "wrong_state", detail } as const;
}

/** What a broadcast in the wrong state is answered with, for the description of the API. */
export const WRONG_STATE = "It's in a state in which that can't be done";

/** A broadcast that a request may act on, because it's as that expects; else the problem. */
export async function readExpected(c: Ctx, id: number, expects: Precondition) {
  const seen = await readSeen(c, id);
  if (seen === null) return NO_SUCH_BROADCAST;
  return whyNotChange("broadcast", expects, seen.etag) ?? seen;
}

/** A broadcast as someone saw it, with what it says, and what it's known again by; null where there is none. */
async function readSeen(c: Ctx, id: number) {
  const broadcast = await readBroadcast(c.var.db, id);
  if (broadcast === null) return null;
  const written = await readWritten(c.var.db, broadcast);
  return { broadcast, written, etag: revisionOf(broadcast, written.revision) };
}
