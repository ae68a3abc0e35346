import * as z from "zod";
import type { ActVerb } from "../../../domain/acts/act.ts";
import { meantBy } from "../../../domain/broadcasts/audience.ts";
import { isTyped } from "../../../domain/broadcasts/broadcast.ts";
import type { Broadcast } from "../../../domain/broadcasts/queries/broadcasts.ts";
import { warningsOf } from "../../../domain/broadcasts/warnings.ts";
import {
  goOn,
  sendToJoined,
  sendToRest,
  stopBroadcast,
  takeBack,
} from "../../../domain/broadcasts/way-back.ts";
import type { LetterFault } from "../../../domain/letters/letter-rules.ts";
import type { Services } from "../../../domain/services.ts";
import { endpoint, FIX_THE_FIELDS } from "../../api/endpoint.ts";
import { idPath } from "../../api/fields.ts";
import type { Problem } from "../../ui/problem.ts";
import { countedAudience } from "../read-audience.ts";
import { answered, readExpected, WRONG_STATE, whole, whyNot } from "./broadcast-seen.ts";
import { formatFault } from "./publication-faults.ts";
import { letterFault } from "./sequence-answers.ts";

const PATH = "/api/v1/admin/broadcasts";

/** One of the ways back, or on: a POST of the revision that was seen. */
function pressed(
  path: string,
  name: string,
  act: ActVerb,
  summary: string,
  verb: (services: Services, broadcast: Broadcast) => Promise<boolean>,
) {
  return endpoint({
    method: "post",
    path: `${PATH}/{id}/${path}`,
    ...{ name, summary, act },
    tag: "Broadcasts",
    params: idPath,
    answers: { 200: whole },
    problems: { wrong_state: WRONG_STATE },
    ifMatch: true,
    run: async (c, { params: { id }, expects }) => {
      const seen = await readExpected(c, id, expects);
      if ("code" in seen) return seen;
      return (await verb(await c.var.services(), seen.broadcast)) ? answered(c, id) : whyNot(c, seen);
    },
  });
}

/** Scheduling a broadcast, and every way back and on from there. */
export const BROADCAST_ACTS = [
  endpoint({
    method: "post",
    path: `${PATH}/{id}/schedule`,
    name: "scheduleBroadcast",
    tag: "Broadcasts",
    summary: "Schedule a draft: nothing is sent before its hold is over",
    description:
      "`people` is asked for where it goes to more than 1,000 people, or three times the usual: their number, as the forecast says it.",
    params: idPath,
    body: z.strictObject({ people: z.int().optional() }).optional(),
    answers: { 200: whole },
    problems: {
      faulty:
        "Nothing was scheduled; `faults` gives what's missing, or the letter's faults with line, rule and fix",
      wrong_state: WRONG_STATE,
    },
    faults: letterFault,
    explain: formatFault,
    act: "schedule_broadcast",
    ifMatch: true,
    run: async (c, { params: { id }, body, expects }) => {
      const seen = await readExpected(c, id, expects);
      if ("code" in seen) return seen;
      const { broadcast } = seen;
      const site = await c.var.site();
      if (broadcast.audience !== null) {
        const { db, config } = c.var;
        const audience = await countedAudience(c, meantBy(broadcast));
        if (audience.atLeast)
          return fieldProblem("people", "aren't all counted yet: POST to `/count`, and look at the forecast");
        const { usual } = await warningsOf({ db, config }, broadcast, {
          letter: null,
          audience,
          now: await c.var.now(),
        });
        if (isTyped(audience.people, usual) && body?.people !== audience.people)
          return fieldProblem("people", `must be the number of people whom it goes to: ${audience.people}`);
      }
      const { scheduleBroadcast } = await import("../../../domain/broadcasts/schedule-broadcast.ts");
      const result = await scheduleBroadcast({ ...(await c.var.services()), site }, broadcast, {
        revision: broadcast.revision,
        segment: broadcast.segmentRevision,
        written: seen.written.revision,
      });
      switch (result.kind) {
        case "scheduled":
          return answered(c, id);
        case "stale":
          return whyNot(c, seen);
        case "faulty":
          return letterProblem(result.faults);
        case "lacks":
          return result.what === "audience"
            ? fieldProblem("audience", "must be said first")
            : fieldProblem("time", LACKS[result.what]);
      }
    },
  }),
  pressed(
    "take-back",
    "takeBackBroadcast",
    "take_back_broadcast",
    "Take it back to a draft: it reached nobody",
    takeBack,
  ),
  pressed(
    "stop",
    "stopBroadcast",
    "stop_broadcast",
    "Stop one that's leaving: who has it keeps it, and nobody else gets it",
    stopBroadcast,
  ),
  pressed("go-on", "setHeldBroadcastGoing", "schedule_broadcast", "Set a held one going", goOn),
  pressed(
    "send-to-joined",
    "sendBroadcastToJoined",
    "send_to_joined",
    "Send one that's done to who joined since",
    sendToJoined,
  ),
  endpoint({
    method: "post",
    path: `${PATH}/{id}/send-to-rest`,
    name: "sendBroadcastToRest",
    tag: "Broadcasts",
    summary: "Send a stopped one to the rest, as it's written now; nobody gets it twice",
    params: idPath,
    answers: { 200: whole },
    problems: {
      faulty: "Nothing was sent; `faults` gives the letter's faults with line, rule and fix",
      wrong_state: WRONG_STATE,
    },
    faults: letterFault,
    act: "send_to_rest",
    ifMatch: true,
    run: async (c, { params: { id }, expects }) => {
      const seen = await readExpected(c, id, expects);
      if ("code" in seen) return seen;
      const result = await sendToRest(
        { ...(await c.var.services()), site: await c.var.site() },
        seen.broadcast,
      );
      if (result.kind === "faulty") return letterProblem(result.faults);
      return result.kind === "goes_on" ? answered(c, id) : whyNot(c, seen);
    },
  }),
];

const LACKS = {
  time: "must be said first",
  past: "has passed",
  far: "is more than a year ahead",
} as const;

/** The problem with a letter that breaks rules, and so can't leave. */
function letterProblem(faults: readonly LetterFault[]): Problem {
  const told = faults.map(({ line, rule, severity, message, fix }) => ({
    ...{ field: line === null ? "" : "markdown", message, rule, fix, letter: null, line, severity },
  }));
  return { code: "faulty", detail: FIX_THE_FIELDS, faults: told };
}

function fieldProblem(field: string, message: string): Problem {
  return { code: "faulty", detail: FIX_THE_FIELDS, faults: [formatFault({ field, message }, null)] };
}
