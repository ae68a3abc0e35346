import type { Context } from "hono";
import { may } from "../../../domain/desk/may.ts";
import { beginAudienceCount } from "../../../domain/jobs/count-audience.ts";
import { readAudienceChoices } from "../../../domain/segments/queries/choices.ts";
import {
  archiveSegment,
  changeSegment,
  listSegments,
  makeSegment,
  readUsedSegment,
} from "../../../domain/segments/queries/saved.ts";
import { segmentName } from "../../../domain/segments/segment.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import type { DeskPage, Fields, Here } from "../desk-page.ts";
import { countedAudience } from "../read-audience.ts";
import { readRows } from "./audience-form.tsx";
import { personId as idIn } from "./person-id.ts";
import { SEGMENT_SAID, SegmentPage, SegmentsPage, type SegmentTyped } from "./segments-page.tsx";
import { saidOf } from "./shell.tsx";
import { showDesk } from "./show-desk.ts";

type Ctx = Context<AppEnv>;

const BASE = "/desk/segments/:id";
const EMPTY: SegmentTyped = { name: "", fields: null, fault: null };

/** Saved segments: a list, and one with whom it's true of, what it's for, and its form. */
export const SEGMENTS: readonly DeskPage[] = [
  { method: "get", path: "/desk/segments", needs: "see_people", run: showList },
  { method: "get", path: "/desk/segments/new", needs: "write_letters", run: (c) => showNew(c, EMPTY) },
  { method: "post", path: "/desk/segments", needs: "write_letters", run: (c, _, fields) => save(c, fields) },
  { method: "get", path: BASE, needs: "see_people", run: (c, here) => showOne(c, here, null) },
  { method: "post", path: BASE, needs: "write_letters", run: change },
  { method: "post", path: `${BASE}/archive`, needs: "write_letters", run: archive },
  { method: "post", path: `${BASE}/count`, needs: "see_people", run: (c) => count(c) },
];

async function showList(c: Ctx): Promise<Response> {
  const [listed, choices] = await Promise.all([listSegments(c.var.db), readAudienceChoices(c.var.db)]);
  return showDesk(c, <SegmentsPage listed={listed} choices={choices} />);
}

async function showNew(c: Ctx, typed: SegmentTyped): Promise<Response> {
  const [choices, site] = await Promise.all([readAudienceChoices(c.var.db), c.var.site()]);
  const page = (
    <SegmentPage
      saved={null}
      usedBy={[]}
      typed={typed}
      choices={choices}
      audience={null}
      timeZone={site.timeZone}
      language={site.language}
      masked
      said={null}
    />
  );
  return showDesk(c, page, { status: typed.fault === null ? 200 : 422 });
}

async function showOne(c: Ctx, here: Here, typed: SegmentTyped | null): Promise<Response> {
  const found = await wanted(c);
  if (found === null) return c.notFound();
  const { saved, usedBy } = found;
  const [choices, site] = await Promise.all([readAudienceChoices(c.var.db), c.var.site()]);
  const audience = await countedAudience(c, { segment: saved.segment, language: site.language });
  const page = (
    <SegmentPage
      saved={saved}
      usedBy={usedBy}
      typed={typed ?? { name: saved.name, fields: null, fault: null }}
      choices={choices}
      audience={audience}
      timeZone={site.timeZone}
      language={site.language}
      masked={!may(here.person, "see_addresses")}
      said={saidOf(c.req.query("done"), SEGMENT_SAID)}
    />
  );
  return showDesk(c, page, { status: typed === null ? 200 : 422 });
}

/** What a form says of a segment; `fault` where it can't be saved. */
function typedIn(fields: Fields) {
  const name = segmentName.safeParse(fields.name ?? "");
  const rows = readRows(fields);
  const segment = rows === "faulty" ? null : rows;
  const fault: SegmentTyped["fault"] = !name.success ? "name" : segment === null ? "conditions" : null;
  return { name: name.data ?? fields.name ?? "", fields, segment, fault };
}

async function save(c: Ctx, fields: Fields): Promise<Response> {
  const { segment, ...typed } = typedIn(fields);
  if (segment === null || typed.fault !== null) return showNew(c, typed);
  const { name } = typed;
  const { db, now, by } = await c.var.services();
  const made = await makeSegment(db, { name, segment, now, by });
  if (made === null) return showNew(c, { ...typed, fault: "taken" });
  return c.redirect(`/desk/segments/${made}?done=saved`, 303);
}

async function change(c: Ctx, here: Here, fields: Fields): Promise<Response> {
  const found = await wanted(c);
  if (found === null) return c.notFound();
  const { segment, ...typed } = typedIn(fields);
  if (segment === null || typed.fault !== null) return showOne(c, here, typed);
  const { name } = typed;
  const { db, now, by } = await c.var.services();
  const seen = { id: found.saved.id, revision: Number(fields.revision) };
  const result = await changeSegment(db, seen, { name, segment, now, by });
  if (result === "taken") return showOne(c, here, { ...typed, fault: "taken" });
  return c.redirect(`/desk/segments/${seen.id}?done=${result === "changed" ? "saved" : "stale"}`, 303);
}

async function archive(c: Ctx, _: Here, fields: Fields): Promise<Response> {
  const found = await wanted(c);
  if (found === null) return c.notFound();
  const { saved } = found;
  const { db, now, by } = await c.var.services();
  const isSeen = String(saved.revision) === fields.revision;
  const done = isSeen && (await archiveSegment(db, saved, { now, by }));
  const said = done ? (saved.archivedAt === null ? "archived" : "brought_back") : "stale";
  return c.redirect(`/desk/segments/${saved.id}?done=${said}`, 303);
}

async function count(c: Ctx): Promise<Response> {
  const found = await wanted(c);
  if (found === null) return c.notFound();
  const { id, segment } = found.saved;
  const { language } = await c.var.site();
  await beginAudienceCount(await c.var.services(), { segment, language });
  return c.redirect(`/desk/segments/${id}`, 303);
}

async function wanted(c: Ctx) {
  const id = idIn(c);
  return id === null ? null : readUsedSegment(c.var.db, id);
}
