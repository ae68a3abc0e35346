import { type Context, Hono } from "hono";
import { optOut } from "../../domain/sequences/opt-out.ts";
import { type LetterView, readLeft, readLetter } from "../../domain/sequences/queries/letter.ts";
import { readReader } from "../../domain/sequences/queries/reader.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { readForm } from "../ui/read-form.ts";
import { showPage } from "../ui/show-page.ts";
import { behindLink, tokenOf, unknownLink } from "../ui/signed-link.tsx";
import { askForAccess } from "./ask-for-access.tsx";
import { backPath, leftPage } from "./back-routes.tsx";
import {
  ErasedLetterPage,
  StoppedLetterPage,
  UnsubscribePage,
  WithoutBroadcastsPage,
} from "./pages/unsubscribe-pages.tsx";

type Ctx = Context<AppEnv>;

/** Behind a link whose secret was retired `address` is empty: anyone who got hold of the secret could make links for every reader. */
type LinkedLetter = LetterView & { readonly id: number; readonly retired: boolean };

const behindUnsubscribeLink = behindLink(
  "unsubscribe",
  async (c, { id, retired }): Promise<LinkedLetter | null> => {
    const letter = await readLetter(c.var.db, c.var.kinds, id);
    if (letter === null) return null;
    // A link that anyone could have made tells nothing of a person.
    if (!retired) c.set("language", letter.language);
    return { ...letter, id, retired, address: retired ? "" : letter.address };
  },
);

/** The unsubscribe link of a letter: one press, what stopped, and then the ways back and the question why. */
export function leaveRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/unsubscribe/:token", behindUnsubscribeLink(showLetter))
    .post("/unsubscribe/:token", behindUnsubscribeLink(unsubscribe))
    .get("/unsubscribe/:token/link", (c) => c.redirect(pathOf(c), 302))
    .post(
      "/unsubscribe/:token/link",
      behindUnsubscribeLink((c, { subscriberId, retired }) =>
        retired ? unknownLink(c) : askForAccess(c, subscriberId),
      ),
    );
}

async function showLetter(c: Ctx, letter: LinkedLetter): Promise<Response> {
  if (letter.subscriberState === "erased") return erasedPage(c);
  if (letter.left || letter.subscriberState !== "active") return unsubscribedPage(c, letter, false);
  return showPage(c, <UnsubscribePage letter={letter} action={pathOf(c)} bare={letter.retired} />, {
    person: letter.retired ? null : letter.address,
  });
}

/**
 * The footer's button and the RFC 8058 endpoint in one: any form encoding or an empty body, no cookie, no Origin, 200,
 * no redirect, and the same again when repeated (RFC 8058 section 3.2). Only the answer to a press that left offers the ways back.
 */
async function unsubscribe(c: Ctx, letter: LinkedLetter): Promise<Response> {
  const form = await readForm(c);
  if (letter.subscriberState === "erased") return erasedPage(c);
  const { subscriberId, enrollmentId } = letter;
  const oneClick = form["List-Unsubscribe"] === "One-Click";
  const changed = await optOut(c.var, {
    subscriberId,
    what: form.scope === "everything" ? "everything" : (enrollmentId ?? "broadcasts"),
    reason: oneClick ? "one_click" : "unsubscribe_link",
    now: await c.var.now(),
  });
  if (oneClick) return c.text("Unsubscribed.", 200, { "cache-control": "no-store" });
  return unsubscribedPage(c, letter, changed && !letter.left);
}

/** What stopped. Anyone with this letter sees it, so it leads nowhere, but for the answer to the press that left (`leftNow`). */
async function unsubscribedPage(c: Ctx, behind: LinkedLetter, leftNow: boolean): Promise<Response> {
  const { enrollmentId, retired } = behind;
  if (retired) return showPage(c, <StoppedLetterPage letter={behind} />);
  if (enrollmentId === null) {
    const now = (await readLetter(c.var.db, c.var.kinds, behind.id)) ?? behind;
    return showPage(c, <WithoutBroadcastsPage letter={now} action={pathOf(c)} />, {
      person: now.address,
    });
  }
  const letter = await readLeft(c.var.db, enrollmentId);
  const reader = letter === null ? null : await readReader(c.var.db, letter.subscriberId, await c.var.now());
  if (letter === null || reader === null || reader.state === "erased") return unknownLink(c);
  const back = leftNow ? await backPath(c, enrollmentId, reader.linkGeneration) : null;
  return leftPage(c, { letter, reader }, { action: pathOf(c), back, said: null });
}

/** Whoever was erased gets nothing any more; a mailbox provider's press is answered like any other. */
function erasedPage(c: Ctx): Promise<Response> {
  return showPage(c, <ErasedLetterPage />);
}

function pathOf(c: Ctx): string {
  return `/unsubscribe/${tokenOf(c)}`;
}
