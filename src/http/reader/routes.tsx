import { type Context, Hono } from "hono";
import { raiseLinkGeneration } from "../../domain/people/queries/subscribers.ts";
import {
  changeReader,
  isCurrent,
  isPersonal,
  type ReaderChange,
} from "../../domain/sequences/change-reader.ts";
import { optOut } from "../../domain/sequences/opt-out.ts";
import { type ChangeView, type ReaderView, readReader } from "../../domain/sequences/queries/reader.ts";
import { changedSchedule } from "../../domain/sequences/schedule.ts";
import { enrollmentsUnderWay } from "../../domain/sequences/under-way.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { readForm } from "../ui/read-form.ts";
import { showPage } from "../ui/show-page.ts";
import { behindLink, signedPath, tokenOf, unknownLink } from "../ui/signed-link.tsx";
import { askForAccess } from "./ask-for-access.tsx";
import { backPath } from "./back-routes.tsx";
import type { Typed } from "./pages/card-props.ts";
import { LinksStoppedPage, PreferencesPage, type PreferencesPageProps } from "./pages/preferences-page.tsx";
import type { SaidOnPage } from "./pages/said.tsx";
import { readChange } from "./read-change.ts";

/** Within this, the same press again is a double click. */
const REPEAT_MS = 60_000;

type Ctx = Context<AppEnv>;

/** The reader behind a link to one of their pages, unless they switched off those of its generation. */
export async function readLinkedReader(
  c: Ctx,
  named: { readonly id: number; readonly generation: number },
  now: number,
): Promise<ReaderView | "switched_off" | null> {
  const reader = await readReader(c.var.db, named.id, now);
  if (reader === null) return null;
  c.set("language", reader.language);
  if (reader.state === "erased") return reader;
  return named.generation === reader.linkGeneration ? reader : "switched_off";
}

/** The same, whatever its generation. */
export async function readAnyReader(
  c: Ctx,
  { id }: { readonly id: number },
  now: number,
): Promise<ReaderView | null> {
  const reader = await readReader(c.var.db, id, now);
  if (reader !== null) c.set("language", reader.language);
  return reader;
}

const behindPreferencesLink = behindLink("preferences", readLinkedReader);

/** The page behind the preferences link. No cookie, no password: the signed link is the key. */
export function preferencesRoutes(): Hono<AppEnv> {
  const toPage = (c: Ctx) => c.redirect(pathOf(c), 302);
  return new Hono<AppEnv>()
    .get("/preferences/:token", behindPreferencesLink(showPreferences))
    .post("/preferences/:token", behindPreferencesLink(changePreferences))
    .get("/preferences/:token/link", toPage)
    .post(
      "/preferences/:token/link",
      // What's mailed goes to the reader's own mailbox, so a link that was switched off may still ask for it.
      behindLink("preferences", readAnyReader)((c, { subscriberId }) => askForAccess(c, subscriberId)),
    )
    .get("/preferences/:token/links", toPage)
    .post("/preferences/:token/links", behindPreferencesLink(stopOlderLinks))
    .get("/preferences/:token/letters/:enrollment/:rendition", behindPreferencesLink(openLetter));
}

function pathOf(c: Ctx): string {
  return `/preferences/${tokenOf(c)}`;
}

async function stopOlderLinks(c: Ctx, reader: ReaderView): Promise<Response> {
  if (!(await raiseLinkGeneration(c.var.db, reader))) return c.redirect(`${pathOf(c)}?said=nothing`, 303);
  return showPage(c, <LinksStoppedPage />, { person: reader.address });
}

async function showPreferences(c: Ctx, reader: ReaderView): Promise<Response> {
  const changed = changeNamed(c, reader);
  // What was changed of the person is told on the page that shows it.
  const said = changed?.enrollmentId == null ? null : changed;
  return preferencesPage(c, reader, { said: said ?? plainly(c.req.query("said")) });
}

const PLAINLY = ["nothing", "broadcasts", "no_broadcasts"] as const satisfies readonly SaidOnPage[];

/** What an address says of the last press besides a change; null where it says nothing known. */
export function plainly(said: string | undefined): SaidOnPage | null {
  return PLAINLY.find((known) => known === said) ?? null;
}

/** The change that the address of a page names, while it tells how things stand. */
export function changeNamed(c: Ctx, reader: ReaderView): ChangeView | null {
  const { lastChange } = reader;
  const named = lastChange !== null && String(lastChange.changeId) === c.req.query("changed");
  return named && isCurrent(reader, lastChange) ? lastChange : null;
}

/** Whether a post comes from an older page: a form that's shown again would carry the present revision. */
export function isOutdated(fields: Readonly<Record<string, string>>, reader: ReaderView): boolean {
  return /^\d+$/.test(fields.seen ?? "") && fields.seen !== String(reader.revision);
}

/** Whether a change is open to anyone with one of the letters: not of the person, and nothing that brings back what was left. */
function isForLetters(reader: ReaderView, change: ReaderChange): boolean {
  return !isPersonal(reader, change) && !(change.kind === "schedule" && change.change.kind === "return");
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
    const enrollmentId = reading.kind === "faulty" ? reading.enrollmentId : reading.enrollment.enrollmentId;
    if (isOutdated(fields, reader))
      return preferencesPage(c, reader, { said: "stale", typed: typed(enrollmentId, {}) }, 409);
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
      const { what } = reading;
      const own =
        what === "broadcasts" || reader.enrollments.some(({ enrollmentId }) => enrollmentId === what);
      const stop = { subscriberId: reader.subscriberId, what, reason: "preferences", now };
      const leftBefore =
        reader.enrollments.find(({ enrollmentId }) => enrollmentId === what)?.stopped?.at ?? 0;
      // The second half of a double click is led where the first one was.
      const again = leftBefore > now - REPEAT_MS;
      if (!own || (!(await optOut(c.var, stop)) && !again))
        return c.redirect(`${pathOf(c)}?said=nothing`, 303);
      if (what === "broadcasts") return c.redirect(`${pathOf(c)}?said=no_broadcasts`, 303);
      return c.redirect(await backPath(c, what, reader.linkGeneration), 303);
    }
    case "change": {
      const { seen, change } = reading;
      if (!isForLetters(reader, change)) return c.redirect(`${pathOf(c)}?said=nothing`, 303);
      const result = await changeReader({ ...c.var, now }, reader.subscriberId, seen, change);
      switch (result.kind) {
        case "changed":
          return c.redirect(`${pathOf(c)}?changed=${result.changeId}`, 303);
        case "too_many":
          return preferencesPage(c, reader, { said: "too_many", typed: typed(null, {}) }, 429);
        case "not_possible":
          return c.redirect(`${pathOf(c)}?said=nothing`, 303);
        case "stale": {
          const fresh = (await readReader(c.var.db, reader.subscriberId, now)) ?? reader;
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
  const subject = { purpose: "read", id: letter.renditionId, expiresAt: null, generation: 0 } as const;
  return c.redirect(await signedPath(c, subject), 302);
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
    action: pathOf(c),
    now: await c.var.now(),
    said: null,
    typed: null,
    ...shown,
  };
  return showPage(c, <PreferencesPage {...props} />, { status, person: reader.address });
}
