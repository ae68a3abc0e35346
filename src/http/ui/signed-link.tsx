import type { Context } from "hono";
import { type Purpose, readLink } from "../../platform/links/token.ts";
import { say, sayWith } from "../../platform/texts/texts.ts";
import type { AppEnv } from "./app-env.ts";
import { MessagePage } from "./page.tsx";
import { showPage } from "./show-page.ts";

type Ctx = Context<AppEnv>;

/** What a signed link names: the id of it, and whether the link's time is over. */
type Named = { readonly id: number; readonly expired: boolean };

type Load<Subject> = (c: Ctx, named: Named, now: number) => Promise<Subject | null>;

/**
 * Guards the handlers behind a signed link (`:token`) of one purpose: `load` finds what it names, and a handler runs only where
 * there is something. Any other link, and one that speaks of something gone, gets the same page (404); and so does one whose time
 * is over, unless `load` is asked about them, too.
 */
export function behindLink<Subject>(
  purpose: Purpose,
  load: Load<Subject>,
  asked: "valid" | "also expired" = "valid",
) {
  return (handle: (c: Ctx, subject: Subject) => Response | Promise<Response>) =>
    async (c: Ctx): Promise<Response> => {
      const subject = await linked(c, purpose, load, asked);
      return subject === null ? unknownLink(c) : handle(c, subject);
    };
}

/** What the link of a request names; null where it isn't ours, or speaks of something gone. */
export async function linked<Subject>(
  c: Ctx,
  purpose: Purpose,
  load: Load<Subject>,
  asked: "valid" | "also expired" = "valid",
): Promise<Subject | null> {
  const now = await c.var.now();
  const reading = await readLink(c.var.config.signingSecrets, purpose, c.req.param("token") ?? "", now);
  if (reading.kind === "invalid") return null;
  const expired = reading.kind === "expired";
  return expired && asked === "valid" ? null : load(c, { id: reading.id, expired }, now);
}

/** The answer to a link that isn't ours, was cut short, or speaks of something that is gone. */
export function unknownLink(c: Ctx): Promise<Response> {
  const page = (
    <MessagePage title={say("unknownLink.title")} lead={say("unknownLink.lead")}>
      <p>{sayWith("unknownLink.signUp", { link: (inner) => <a href="/">{inner}</a> })}</p>
    </MessagePage>
  );
  return showPage(c, page, { status: 404 });
}
