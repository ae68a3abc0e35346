import { type Context, Hono } from "hono";
import { LEAVE_REASONS } from "../../domain/people/leave-reason.ts";
import { noteLeaveReason } from "../../domain/people/queries/opt-outs.ts";
import { changeReader } from "../../domain/sequences/change-reader.ts";
import { RETURN_MS } from "../../domain/sequences/leaving.ts";
import { optOut } from "../../domain/sequences/opt-out.ts";
import { readLeft } from "../../domain/sequences/queries/letter.ts";
import { type ReaderView, readReader } from "../../domain/sequences/queries/reader.ts";
import { enrollmentsUnderWay } from "../../domain/sequences/under-way.ts";
import { agreeToBroadcasts, broadcastWording } from "../../domain/signup/agree-to-broadcasts.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { readForm } from "../ui/read-form.ts";
import { showPage } from "../ui/show-page.ts";
import { behindLink, signedPath, tokenOf } from "../ui/signed-link.tsx";
import { askForAccess } from "./ask-for-access.tsx";
import { BackPage, LeftPage, readSaid, type Said } from "./pages/left-pages.tsx";
import { ErasedLetterPage } from "./pages/unsubscribe-pages.tsx";
import { readChange } from "./read-change.ts";

type Ctx = Context<AppEnv>;
type Left = {
  readonly letter: NonNullable<Awaited<ReturnType<typeof readLeft>>>;
  readonly reader: ReaderView;
};
/** `open`: whether the link was given for this very leaving, and its day isn't over. */
type LinkedLeft = Left & { readonly open: boolean };

/** The page says itself when it's too late, so an expired link opens, too. */
const behindBackLink = behindLink("back", readLinked, "also expired");

/** What follows after leaving by one's own hand: the ways back, and the question why. */
export function backRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/back/:token", behindBackLink(showLeft))
    .post("/back/:token", behindBackLink(pressLeft))
    .get("/back/:token/link", (c) => c.redirect(pathOf(c), 302))
    .post(
      "/back/:token/link",
      behindBackLink((c, { letter }) => askForAccess(c, letter.subscriberId)),
    );
}

/**
 * The path of the page that brings back what was left just now: given to nobody but who left it, on the answer to that press, because
 * otherwise anyone with an old letter could bring back a reader.
 */
export async function backPath(c: Ctx, enrollmentId: number, generation: number): Promise<string> {
  const expiresAt = (await c.var.now()) + RETURN_MS;
  return signedPath(c, { purpose: "back", id: enrollmentId, expiresAt, generation });
}

/** The page after leaving, whose path is `action`. `back` is the path of the ways back, where this answer may offer them. */
export async function leftPage(
  c: Ctx,
  { letter, reader }: Left,
  shown: { readonly action: string; readonly back: string | null; readonly said: Said | null },
): Promise<Response> {
  const underWay = await enrollmentsUnderWay(c.var.db, c.var.kinds, letter.subscriberId);
  const wording = (await broadcastWording(await c.var.site(), reader.language)).text;
  const props = { letter, reader, underWay, wording, now: await c.var.now(), ...shown };
  const page = <LeftPage {...props} />;
  return showPage(c, page, { person: letter.address });
}

async function readLinked(
  c: Ctx,
  named: {
    readonly id: number;
    readonly generation: number;
    readonly expired: boolean;
    readonly expiresAt: number | null;
  },
  now: number,
): Promise<LinkedLeft | "switched_off" | null> {
  const letter = await readLeft(c.var.db, named.id);
  const reader = letter === null ? null : await readReader(c.var.db, letter.subscriberId, now);
  if (letter === null || reader === null) return null;
  c.set("language", reader.language);
  if (reader.state !== "erased" && named.generation !== reader.linkGeneration) return "switched_off";
  const stopped = reader.enrollments.find(({ enrollmentId }) => enrollmentId === named.id)?.stopped ?? null;
  // A link tells whole seconds.
  const madeBefore = (named.expiresAt ?? 0) - RETURN_MS + 1000;
  const open = !named.expired && stopped !== null && madeBefore > stopped.at;
  return { letter, reader, open };
}

async function showLeft(c: Ctx, left: LinkedLeft): Promise<Response> {
  const { letter, reader } = left;
  if (reader.state === "erased") return showPage(c, <ErasedLetterPage />);
  const action = pathOf(c);
  if (letter.left)
    return leftPage(c, left, {
      action,
      back: left.open ? action : null,
      said: readSaid(c.req.query("said")),
    });
  return showPage(c, <BackPage letter={letter} reader={reader} />, { person: letter.address });
}

/** A way back, why they left, or the rest of what they get. */
async function pressLeft(c: Ctx, { letter, reader, open }: LinkedLeft): Promise<Response> {
  const { subscriberId, enrollmentId } = letter;
  const fields = await readForm(c);
  const now = await c.var.now();
  const said = (what: Said) => c.redirect(`${pathOf(c)}?said=${what}`, 303);
  if (fields.scope === "everything") {
    await optOut(c.var, { subscriberId, what: "everything", reason: "unsubscribe_link", now });
    return c.redirect(pathOf(c), 303);
  }
  if (!open) return said("too_late");
  const reason = LEAVE_REASONS.find((choice) => choice === fields.reason);
  if (fields.action === "why" && reason !== undefined) {
    const noted = await noteLeaveReason(c.var.db, { subscriberId, reason, since: now - RETURN_MS });
    return said(noted ? "why" : "why_too_late");
  }
  if (fields.action === "keep_broadcasts") {
    const agreed = await agreeToBroadcasts(
      { ...c.var, now, publicUrl: c.var.config.publicUrl },
      reader,
      await c.var.site(),
      "/back",
    );
    return said(agreed ? "kept" : "again");
  }
  const reading = readChange(fields, reader, now);
  // This link speaks of one sequence: it brings that back and does nothing else.
  const wanted = reading.kind === "change" && reading.change.kind === "schedule" ? reading.change : null;
  if (reading.kind !== "change" || wanted?.change.kind !== "return" || wanted.enrollmentId !== enrollmentId)
    return c.redirect(pathOf(c), 303);
  const result = await changeReader({ ...c.var, now }, subscriberId, reading.seen, wanted);
  switch (result.kind) {
    case "changed":
      return c.redirect(pathOf(c), 303);
    case "stale":
      return said("again");
    case "not_possible":
      return said("too_late");
    case "too_many":
      return said("too_many");
  }
}

function pathOf(c: Ctx): string {
  return `/back/${tokenOf(c)}`;
}
