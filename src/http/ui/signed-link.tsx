import type { Context } from "hono";
import { type LinkSubject, type Purpose, readLink, signLink, tokenIn } from "../../platform/links/token.ts";
import type { AppEnv } from "./app-env.ts";
import { Button, Form } from "./form.tsx";
import { MessagePage } from "./page.tsx";
import { say, sayWith } from "./say.ts";
import { showPage } from "./show-page.ts";

type Ctx = Context<AppEnv>;

/** What a signed link names: the id of it, until when and whether that's over, its generation, and whether its secret was retired. */
type Named = {
  readonly id: number;
  readonly expired: boolean;
  readonly expiresAt: number | null;
  readonly generation: number;
  readonly retired: boolean;
};
type Load<Subject> = (c: Ctx, named: Named, now: number) => Promise<Subject | "switched_off" | null>;

/**
 * Guards the handlers behind a signed link (`:token`) of one purpose: `load` finds what it names, and a handler runs only where
 * there is something. Any other link, and one that speaks of something gone, gets the same page (404); one that its reader
 * switched off a page that says so (410). A link whose time is over is unknown, unless `load` is asked about them, too.
 */
export function behindLink<Subject>(
  purpose: Purpose,
  load: Load<Subject>,
  asked: "valid" | "also expired" = "valid",
) {
  return (handle: (c: Ctx, subject: Subject) => Response | Promise<Response>) =>
    async (c: Ctx): Promise<Response> => {
      const subject = await linked(c, purpose, load, asked);
      if (subject === "switched_off") return switchedOff(c, purpose);
      return subject === null ? unknownLink(c) : handle(c, subject);
    };
}

/** What the link of a request names; null where it isn't ours, or speaks of something gone. */
async function linked<Subject>(
  c: Ctx,
  purpose: Purpose,
  load: Load<Subject>,
  asked: "valid" | "also expired" = "valid",
): Promise<Subject | "switched_off" | null> {
  const now = await c.var.now();
  const reading = await readLink(c.var.config, purpose, tokenOf(c), now);
  if (reading.kind === "invalid") return null;
  const { kind, ...named } = reading;
  const expired = kind === "expired";
  return expired && asked === "valid" ? null : load(c, { ...named, expired }, now);
}

/** The token of a request's link, without what mail programs and people left around it. */
export function tokenOf(c: Ctx): string {
  return tokenIn(c.req.param("token") ?? "");
}

/** The path of a signed link to one of our own pages. */
export async function signedPath(c: Ctx, subject: LinkSubject): Promise<string> {
  return `/${subject.purpose}/${await signLink(c.var.config.signingSecrets[0], subject)}`;
}

/** The answer to a link to a reader's page that was made before they switched older ones off, with the offer to mail one. */
function switchedOff(c: Ctx, purpose: Purpose): Promise<Response> {
  return showPage(c, <SwitchedOffPage action={`/${purpose}/${tokenOf(c)}/link`} />, { status: 410 });
}

function SwitchedOffPage({ action }: { readonly action: string }) {
  return (
    <MessagePage title={say("switchedOff.title")} lead={say("switchedOff.lead")}>
      <Form action={action} joined>
        <p>{say("access.offer")}</p>
        <Button quiet>{say("access.button")}</Button>
      </Form>
    </MessagePage>
  );
}

/** The answer to a link that isn't ours, was cut short, or speaks of something that is gone. */
export function unknownLink(c: Ctx): Promise<Response> {
  return showPage(c, <UnknownLinkPage />, { status: 404 });
}

function UnknownLinkPage() {
  return (
    <MessagePage title={say("unknownLink.title")} lead={say("unknownLink.lead")}>
      <p>{sayWith("unknownLink.signUp", { link: (inner) => <a href="/">{inner}</a> })}</p>
    </MessagePage>
  );
}
