import type { Context } from "hono";
import * as z from "zod";
import { meantBy, segmentIn } from "../../../domain/broadcasts/audience.ts";
import { HOLD_MINUTES, isTyped, TYPED_ABOVE } from "../../../domain/broadcasts/broadcast.ts";
import {
  type Broadcast,
  changeBroadcast,
  discardBroadcast,
  listBroadcasts,
  makeBroadcast,
  showOnSite,
} from "../../../domain/broadcasts/queries/broadcasts.ts";
import { warningsOf } from "../../../domain/broadcasts/warnings.ts";
import {
  goOn,
  sendToJoined,
  sendToRest,
  stopBroadcast,
  takeBack,
} from "../../../domain/broadcasts/way-back.ts";
import { readWritten, saveWritten } from "../../../domain/broadcasts/written.ts";
import { may } from "../../../domain/desk/may.ts";
import { beginAudienceCount } from "../../../domain/jobs/count-audience.ts";
import { beginRunCount } from "../../../domain/jobs/count-run.ts";
import { readProgress } from "../../../domain/ledger/queries/run-counts.ts";
import { LANGUAGES } from "../../../platform/texts/languages.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import type { DeskPage, Fields, Here } from "../desk-page.ts";
import { countedAudience } from "../read-audience.ts";
import { readSettings } from "./broadcast-fields.ts";
import { BROADCAST_LETTER, namedBroadcast } from "./broadcast-letter.ts";
import type { BROADCAST_SAID } from "./broadcast-page.tsx";
import { BROADCAST_PEOPLE } from "./broadcast-people.tsx";
import { BroadcastsPage } from "./broadcasts-page.tsx";
import { showBroadcast } from "./show-broadcast.tsx";
import { showDesk } from "./show-desk.ts";

type Ctx = Context<AppEnv>;

const SHOWN = 50;
const BASE = "/desk/broadcasts/:id";

/** Broadcasts: a list, one with what it says, to whom and when, and the way back from each state. */
export const BROADCASTS: readonly DeskPage[] = [
  { method: "get", path: "/desk/broadcasts", needs: "write_letters", run: (c) => showList(c) },
  {
    method: "post",
    path: "/desk/broadcasts",
    needs: "write_letters",
    run: (c, _, fields) => begin(c, fields),
  },
  { method: "get", path: BASE, needs: "write_letters", run: (c, here) => showBroadcast(c, here) },
  { method: "post", path: `${BASE}/settings`, needs: "write_letters", run: saveSettings },
  { method: "post", path: `${BASE}/on-site`, needs: "publish_letters", run: changePublic },
  { method: "post", path: `${BASE}/count-run`, needs: "write_letters", run: (c) => countRun(c) },
  { method: "post", path: `${BASE}/count`, needs: "write_letters", run: (c) => count(c) },
  { method: "post", path: `${BASE}/duplicate`, needs: "write_letters", run: (c) => duplicate(c) },
  { method: "post", path: `${BASE}/discard`, needs: "write_letters", run: discard },
  { method: "post", path: `${BASE}/schedule`, needs: "schedule_broadcast", run: schedule },
  {
    method: "post",
    path: `${BASE}/take-back`,
    needs: "schedule_broadcast",
    run: act(takeBack, "taken_back"),
  },
  { method: "post", path: `${BASE}/stop`, needs: "schedule_broadcast", run: act(stopBroadcast, "stopped") },
  { method: "post", path: `${BASE}/go-on`, needs: "schedule_to_many", run: act(goOn, "scheduled") },
  { method: "post", path: `${BASE}/joined`, needs: "schedule_to_many", run: act(sendToJoined, "goes_on") },
  { method: "post", path: `${BASE}/rest`, needs: "schedule_broadcast", run: rest },
  ...BROADCAST_LETTER,
  ...BROADCAST_PEOPLE,
];

async function showList(c: Ctx): Promise<Response> {
  const before = Number(c.req.query("before")) || Number.MAX_SAFE_INTEGER;
  const [listed, site] = await Promise.all([listBroadcasts(c.var.db, before, SHOWN + 1), c.var.site()]);
  const shown = listed.slice(0, SHOWN);
  const page = (
    <BroadcastsPage
      listed={shown.map(({ written, ...broadcast }) => ({
        broadcast,
        subject: broadcast.subject || (written ?? ""),
      }))}
      next={listed.length > SHOWN ? (shown.at(-1)?.id ?? null) : null}
      now={await c.var.now()}
      timeZone={site.timeZone}
      language={site.language}
    />
  );
  return showDesk(c, page);
}

async function begin(c: Ctx, fields: Fields): Promise<Response> {
  const language = z.enum(LANGUAGES).safeParse(fields.language);
  const { db, now, by } = await c.var.services();
  const id = await makeBroadcast(db, {
    ...{ language: language.success ? language.data : (await c.var.site()).language, fromName: "" },
    ...{
      audience: null,
      segmentId: Number(fields.segment_id) || null,
      time: null,
      onThemeDays: "move",
      isPublic: false,
      holdMinutes: HOLD_MINUTES.usual,
      now,
      by,
      from: null,
    },
  });
  return c.redirect(`/desk/broadcasts/${id}/letter`, 303);
}

async function saveSettings(c: Ctx, here: Here, fields: Fields): Promise<Response> {
  const broadcast = await namedBroadcast(c);
  if (broadcast === null) return c.notFound();
  const read = readSettings(
    fields,
    (await c.var.site()).timeZone,
    broadcast.audience === null ? null : segmentIn(broadcast),
  );
  if (read.kind === "faulty") return showBroadcast(c, here, { unsaved: { typed: fields, ...read } });
  const { become } = read;
  const { db, now, by } = await c.var.services();
  const isSeen = broadcast.state === "draft" && String(broadcast.revision) === fields.revision;
  const { audience, time } = become;
  const change = { seen: broadcast, become, changed: { audience, time }, now, by };
  const saved = isSeen && (await changeBroadcast(db, { ...change, verb: "change_broadcast" }));
  return done(c, broadcast, saved ? "saved" : "stale");
}

function done(c: Ctx, { id }: Pick<Broadcast, "id">, said: keyof typeof BROADCAST_SAID): Response {
  return c.redirect(`/desk/broadcasts/${id}?done=${said}`, 303);
}

/** What one of the buttons does to a broadcast as the page showed it. */
function act(
  verb: (services: Awaited<ReturnType<AppEnv["Variables"]["services"]>>, seen: Broadcast) => Promise<boolean>,
  said: keyof typeof BROADCAST_SAID,
) {
  return async (c: Ctx, _: Here, fields: Fields): Promise<Response> => {
    const broadcast = await namedBroadcast(c);
    if (broadcast === null) return c.notFound();
    const isSeen = String(broadcast.revision) === fields.revision;
    return done(c, broadcast, isSeen && (await verb(await c.var.services(), broadcast)) ? said : "stale");
  };
}

async function schedule(c: Ctx, here: Here, fields: Fields): Promise<Response> {
  const broadcast = await namedBroadcast(c);
  if (broadcast === null) return c.notFound();
  const site = await c.var.site();
  if (broadcast.audience !== null) {
    const { db, config } = c.var;
    const audience = await countedAudience(c, meantBy(broadcast));
    if (audience.atLeast) return showBroadcast(c, here, { inTheWay: "uncounted" });
    if (audience.people > TYPED_ABOVE && !may(here.person, "schedule_to_many"))
      return showBroadcast(c, here, { inTheWay: "too_many" });
    const { usual } = await warningsOf({ db, config }, broadcast, {
      letter: null,
      audience,
      now: await c.var.now(),
    });
    if (isTyped(audience.people, usual) && fields.number?.trim() !== String(audience.people))
      return showBroadcast(c, here, { inTheWay: "typed" });
  }
  const { scheduleBroadcast } = await import("../../../domain/broadcasts/schedule-broadcast.ts");
  const result = await scheduleBroadcast({ ...(await c.var.services()), site }, broadcast, {
    revision: Number(fields.revision),
    segment: Number(fields.segment),
    written: Number(fields.written),
  });
  switch (result.kind) {
    case "scheduled":
      return done(c, broadcast, "scheduled");
    case "stale":
      return done(c, broadcast, "stale");
    case "faulty":
      return showBroadcast(c, here, { inTheWay: "faulty" });
    case "lacks":
      return showBroadcast(c, here, { inTheWay: result.what });
  }
}

async function rest(c: Ctx, here: Here, fields: Fields): Promise<Response> {
  const broadcast = await namedBroadcast(c);
  if (broadcast === null) return c.notFound();
  if (String(broadcast.revision) !== fields.revision) return done(c, broadcast, "stale");
  const { planned } = await readProgress(c.var.db, broadcast.runId ?? 0);
  if (planned > TYPED_ABOVE && !may(here.person, "schedule_to_many"))
    return showBroadcast(c, here, { inTheWay: "too_many" });
  const result = await sendToRest({ ...(await c.var.services()), site: await c.var.site() }, broadcast);
  if (result.kind === "faulty") return showBroadcast(c, here, { inTheWay: "faulty" });
  return done(c, broadcast, result.kind);
}

async function changePublic(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const broadcast = await namedBroadcast(c);
  if (broadcast === null) return c.notFound();
  const { db, now, by } = await c.var.services();
  const isSeen = String(broadcast.revision) === fields.revision;
  const saved = isSeen && (await showOnSite(db, broadcast, !broadcast.isPublic, { now, by }));
  return done(c, broadcast, saved ? "saved" : "stale");
}

async function countRun(c: Ctx): Promise<Response> {
  const broadcast = await namedBroadcast(c);
  if (broadcast === null || broadcast.runId === null) return c.notFound();
  await beginRunCount(await c.var.services(), broadcast.runId);
  return c.redirect(`/desk/broadcasts/${broadcast.id}`, 303);
}

async function count(c: Ctx): Promise<Response> {
  const broadcast = await namedBroadcast(c);
  if (broadcast === null || broadcast.audience === null) return c.notFound();
  await beginAudienceCount(await c.var.services(), meantBy(broadcast));
  return c.redirect(`/desk/broadcasts/${broadcast.id}`, 303);
}

async function duplicate(c: Ctx): Promise<Response> {
  const broadcast = await namedBroadcast(c);
  if (broadcast === null) return c.notFound();
  const services = await c.var.services();
  const { language, fromName, audience, segmentId, onThemeDays, holdMinutes, isPublic } = broadcast;
  const id = await makeBroadcast(services.db, {
    ...{ language, fromName, audience, segmentId, time: null, onThemeDays, holdMinutes, isPublic },
    ...{ now: services.now, by: services.by, from: broadcast.id },
  });
  const { content } = await readWritten(services.db, broadcast);
  await saveWritten(services, { id }, content, 0);
  return c.redirect(`/desk/broadcasts/${id}`, 303);
}

async function discard(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const broadcast = await namedBroadcast(c);
  if (broadcast === null) return c.notFound();
  const { db, now, by } = await c.var.services();
  const isSeen = broadcast.state === "draft" && String(broadcast.revision) === fields.revision;
  const gone = isSeen && (await discardBroadcast(db, broadcast, { now, by }));
  return gone ? c.redirect("/desk/broadcasts", 303) : done(c, broadcast, "stale");
}
