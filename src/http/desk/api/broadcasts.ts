import type { Context } from "hono";
import * as z from "zod";
import { meantBy } from "../../../domain/broadcasts/audience.ts";
import { isWritable } from "../../../domain/broadcasts/broadcast.ts";
import { outlookOf } from "../../../domain/broadcasts/outlook.ts";
import {
  changeBroadcast,
  listBroadcasts,
  makeBroadcast,
  readBroadcast,
  showOnSite,
} from "../../../domain/broadcasts/queries/broadcasts.ts";
import { readWritten, saveWritten } from "../../../domain/broadcasts/written.ts";
import { beginAudienceCount } from "../../../domain/jobs/count-audience.ts";
import { readSegment } from "../../../domain/segments/queries/saved.ts";
import { endpoint, faultyField, reply } from "../../api/endpoint.ts";
import { idPath } from "../../api/fields.ts";
import { listOf, pageOf, pageQuery } from "../../api/list.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { countedAudience } from "../read-audience.ts";
import {
  broadcastAnswer,
  broadcastInput,
  broadcastView,
  forecastAnswer,
  forecastView,
  timeOf,
} from "./broadcast-answers.ts";
import {
  answered,
  NO_SUCH_BROADCAST,
  readExpected,
  STALE,
  WRONG_STATE,
  whole,
  whyNot,
} from "./broadcast-seen.ts";

const BODY_BYTES_MAX = 500_000;
const PATH = "/api/v1/admin/broadcasts";

/** The owner's API of broadcasts. */
export const BROADCASTS = [
  endpoint({
    method: "get",
    path: PATH,
    name: "listBroadcasts",
    tag: "Broadcasts",
    summary: "Broadcasts, the newest first",
    query: z.strictObject(pageQuery(z.int())),
    answers: { 200: { description: "Broadcasts", schema: listOf(broadcastAnswer) } },
    run: async (c, { query: { limit, cursor } }) => {
      const rows = await listBroadcasts(c.var.db, cursor ?? Number.MAX_SAFE_INTEGER, limit + 1);
      const page = pageOf(rows, limit, ({ id }) => id);
      const data: Array<ReturnType<typeof broadcastView>> = [];
      for (const row of page.data)
        data.push(broadcastView(row, (await readWritten(c.var.db, row)).content, null));
      return reply(200, { ...page, data });
    },
  }),
  endpoint({
    method: "post",
    path: PATH,
    name: "beginBroadcast",
    tag: "Broadcasts",
    summary: "Write a broadcast, as a draft",
    body: broadcastInput,
    bodyBytesMax: BODY_BYTES_MAX,
    answers: { 200: whole },
    act: "begin_broadcast",
    run: async (c, { body }) => {
      const wrong = await wrongSegment(c, body);
      if (wrong !== null) return wrong;
      const services = await c.var.services();
      const { subject, preheader, markdown, ...settings } = body;
      const id = await makeBroadcast(services.db, {
        ...{ language: settings.language, fromName: settings.from_name, audience: settings.audience },
        ...{
          time: timeOf(settings.time),
          onThemeDays: settings.on_theme_days,
          segmentId: settings.segment_id,
        },
        ...{
          isPublic: settings.is_public,
          holdMinutes: settings.hold_minutes,
          now: services.now,
          by: services.by,
          from: null,
        },
      });
      await saveWritten(services, { id }, { subject, preheader, markdown, ornament: null }, 0);
      return answered(c, id);
    },
  }),
  endpoint({
    method: "get",
    path: `${PATH}/{id}`,
    name: "readBroadcast",
    tag: "Broadcasts",
    summary: "A broadcast with what it says, and what became of its people",
    params: idPath,
    answers: { 200: whole },
    run: (c, { params: { id } }) => answered(c, id),
  }),
  endpoint({
    method: "put",
    path: `${PATH}/{id}`,
    name: "changeBroadcast",
    tag: "Broadcasts",
    summary: "Change a draft as a whole",
    description:
      "Of one that was stopped it changes what it says, so that a correction can go to the rest; its settings stay. Any other can't be changed.",
    params: idPath,
    body: broadcastInput,
    bodyBytesMax: BODY_BYTES_MAX,
    answers: { 200: whole },
    problems: { wrong_state: WRONG_STATE },
    act: "change_broadcast",
    ifMatch: true,
    run: async (c, { params: { id }, body, expects }) => {
      const seen = await readExpected(c, id, expects);
      if ("code" in seen) return seen;
      const { broadcast, written } = seen;
      if (!isWritable(broadcast)) return whyNot(c, seen);
      const isDraft = broadcast.state === "draft";
      const wrong = isDraft ? await wrongSegment(c, body) : null;
      if (wrong !== null) return wrong;
      const services = await c.var.services();
      const { subject, preheader, markdown, ...settings } = body;
      const content = { subject, preheader, markdown, ornament: written.content.ornament };
      const saved = await saveWritten(services, broadcast, content, written.revision);
      if (saved.kind === "stale") return STALE;
      const become = {
        ...{ language: settings.language, fromName: settings.from_name, audience: settings.audience },
        ...{ time: timeOf(settings.time), onThemeDays: settings.on_theme_days },
        ...{ holdMinutes: settings.hold_minutes, segmentId: settings.segment_id },
        isPublic: settings.is_public,
      };
      const { db, now, by } = services;
      const changed = await changeBroadcast(db, {
        seen: broadcast,
        become: isDraft ? become : {},
        verb: "change_broadcast",
        changed: isDraft ? { audience: become.audience, time: become.time } : {},
        ...{ now, by },
      });
      return changed ? answered(c, id) : STALE;
    },
  }),
  endpoint({
    method: "post",
    path: `${PATH}/{id}/on-site`,
    name: "showBroadcastOnSite",
    tag: "Broadcasts",
    summary: "Let anyone read it on the site, from when it leaves; or take it off",
    params: idPath,
    body: z.strictObject({ is_public: z.boolean() }),
    answers: { 200: whole },
    act: "change_broadcast",
    ifMatch: true,
    run: async (c, { params: { id }, body, expects }) => {
      const seen = await readExpected(c, id, expects);
      if ("code" in seen) return seen;
      const { db, now, by } = await c.var.services();
      const changed = await showOnSite(db, seen.broadcast, body.is_public, { now, by });
      return changed ? answered(c, id) : STALE;
    },
  }),
  endpoint({
    method: "get",
    path: `${PATH}/{id}/forecast`,
    name: "forecastBroadcast",
    tag: "Broadcasts",
    summary: "Who would get it now, by the conditions that lock it",
    params: idPath,
    answers: { 200: { description: "How many, and whom it leaves out", schema: forecastAnswer } },
    run: async (c, { params: { id } }) => {
      const broadcast = await readBroadcast(c.var.db, id);
      if (broadcast === null) return NO_SUCH_BROADCAST;
      if (broadcast.audience === null) return faultyField("audience", "isn't said yet");
      const audience = await countedAudience(c, meantBy(broadcast));
      const outlook = audience.atLeast
        ? null
        : await outlookOf(await c.var.services(), broadcast, audience, await c.var.site());
      return reply(200, forecastView(audience, outlook));
    },
  }),
  endpoint({
    method: "post",
    path: `${PATH}/{id}/count`,
    name: "countBroadcastAudience",
    tag: "Broadcasts",
    summary: "Count everyone who would get it, where they're more than a look counts",
    description: "It goes on by itself; the forecast says how far it is, and what was counted for an hour.",
    params: idPath,
    answers: { 200: { description: "What's known so far", schema: forecastAnswer } },
    act: "count_audience",
    run: async (c, { params: { id } }) => {
      const broadcast = await readBroadcast(c.var.db, id);
      if (broadcast === null) return NO_SUCH_BROADCAST;
      if (broadcast.audience === null) return faultyField("audience", "isn't said yet");
      await beginAudienceCount(await c.var.services(), meantBy(broadcast));
      return reply(200, forecastView(await countedAudience(c, meantBy(broadcast))));
    },
  }),
];

/** The problem where a saved segment is named that isn't there, or one beside an audience; null for none. */
async function wrongSegment(
  c: Context<AppEnv>,
  { audience, segment_id: segment }: Pick<z.infer<typeof broadcastInput>, "audience" | "segment_id">,
) {
  if (segment === null) return null;
  if (audience !== null) return faultyField("segment_id", "stands beside an audience: send one of them");
  return (await readSegment(c.var.db, segment)) === null
    ? faultyField("segment_id", "isn't a saved segment")
    : null;
}
