import { type Context, Hono } from "hono";
import { changeReader, isCurrent } from "../../domain/sequences/change-reader.ts";
import { optOut } from "../../domain/sequences/opt-out.ts";
import { type ReaderView, readReader } from "../../domain/sequences/queries/reader.ts";
import { changedSchedule } from "../../domain/sequences/schedule.ts";
import { enrollmentsUnderWay } from "../../domain/sequences/under-way.ts";
import { signLink } from "../../platform/links/token.ts";
import { linkUrl } from "../../platform/links/urls.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { readForm } from "../ui/read-form.ts";
import { showPage } from "../ui/show-page.ts";
import { behindLink, linked, unknownLink } from "../ui/signed-link.tsx";
import type { Typed } from "./pages/card-props.ts";
import { PreferencesPage, type PreferencesPageProps } from "./pages/preferences-page.tsx";
import { readChange } from "./read-change.ts";

type Ctx = Context<AppEnv>;

const readLinked = (c: Ctx, { id }: { readonly id: number }, now: number): Promise<ReaderView | null> =>
  readReader(c.var.db, id, now);

/** Guards what stands behind the preferences link: the reader whose it is. */
export const behindPreferencesLink = behindLink("preferences", readLinked);

/** The page behind the preferences link. No cookie, no password: the signed link is the key. */
export function preferencesRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/preferences/:token", behindPreferencesLink(showPreferences))
    .post("/preferences/:token", behindPreferencesLink(changePreferences))
    .get("/preferences/:token/letters/:enrollment/:rendition", behindPreferencesLink(openLetter));
}

async function showPreferences(c: Ctx, reader: ReaderView): Promise<Response> {
  const { lastChange } = reader;
  const changed =
    lastChange !== null &&
    String(lastChange.changeId) === c.req.query("changed") &&
    isCurrent(reader, lastChange);
  const said = c.req.query("said");
  return preferencesPage(c, reader, {
    said: changed ? lastChange : said === "unsubscribed" || said === "nothing" ? said : null,
  });
}

async function changePreferences(c: Ctx, reader: ReaderView): Promise<Response> {
  if (reader.state === "erased") return preferencesPage(c, reader, {});
  const fields = await readForm(c);
  const now = await c.var.now();
  const reading = readChange(fields, reader, now);
  const typed = (enrollmentId: number | null, more: Partial<Typed>): Typed => ({
    enrollmentId,
    fields,
    fault: null,
    preview: null,
    ...more,
  });
  if (reading.kind === "faulty" || reading.kind === "preview") {
    // A form that is shown again carries the present revision, so it must not come from an older page.
    const outdated = /^\d+$/.test(fields.seen ?? "") && fields.seen !== String(reader.revision);
    const enrollmentId = reading.kind === "faulty" ? reading.enrollmentId : reading.enrollment.enrollmentId;
    if (outdated) return preferencesPage(c, reader, { said: "stale", typed: typed(enrollmentId, {}) }, 409);
  }
  switch (reading.kind) {
    case "faulty": {
      const { enrollmentId, field, text } = reading;
      return preferencesPage(c, reader, { typed: typed(enrollmentId, { fault: { field, text } }) }, 422);
    }
    case "preview": {
      const preview = changedSchedule(reading.enrollment, reading.change, now);
      const { enrollmentId } = reading.enrollment;
      return preferencesPage(c, reader, { typed: typed(enrollmentId, { preview }) });
    }
    case "unsubscribe": {
      const { enrollmentId } = reading;
      const own = reader.enrollments.some((entry) => entry.enrollmentId === enrollmentId);
      const stop = { subscriberId: reader.subscriberId, enrollmentId, reason: "preferences", now };
      const stopped = own && (await optOut(c.var, stop));
      return c.redirect(`${c.req.path}?said=${stopped ? "unsubscribed" : "nothing"}`, 303);
    }
    case "change": {
      const { seen, change } = reading;
      const result = await changeReader({ ...c.var, now }, reader.subscriberId, seen, change);
      switch (result.kind) {
        case "changed":
          return c.redirect(`${c.req.path}?changed=${result.changeId}`, 303);
        case "too_many":
          return preferencesPage(c, reader, { said: "too_many", typed: typed(null, {}) }, 429);
        case "not_possible":
          return c.redirect(`${c.req.path}?said=nothing`, 303);
        case "stale": {
          const fresh = (await linked(c, "preferences", readLinked)) ?? reader;
          const enrollmentId = change.kind === "schedule" ? change.enrollmentId : null;
          return preferencesPage(c, fresh, { said: "stale", typed: typed(enrollmentId, {}) }, 409);
        }
      }
    }
  }
}

/** Leads to the web copy of a letter that this reader got. */
async function openLetter(c: Ctx, reader: ReaderView): Promise<Response> {
  const enrollment = reader.enrollments.find(
    ({ enrollmentId }) => String(enrollmentId) === c.req.param("enrollment"),
  );
  const letter = enrollment?.received.find(
    ({ renditionId }) => String(renditionId) === c.req.param("rendition"),
  );
  if (letter === undefined) return unknownLink(c);
  const { config } = c.var;
  const subject = { purpose: "read", id: letter.renditionId, expiresAt: null } as const;
  const token = await signLink(config.signingSecrets[0], subject);
  return c.redirect(linkUrl(config.publicUrl, "read", token), 302);
}

async function preferencesPage(
  c: Ctx,
  reader: ReaderView,
  shown: Partial<Pick<PreferencesPageProps, "said" | "typed">>,
  status = 200,
): Promise<Response> {
  const { db, kinds } = c.var;
  const props = {
    reader,
    underWay: await enrollmentsUnderWay(db, kinds, reader.subscriberId),
    action: c.req.path,
    now: await c.var.now(),
    said: null,
    typed: null,
    ...shown,
  };
  return showPage(c, <PreferencesPage {...props} />, { status, person: reader.address });
}
