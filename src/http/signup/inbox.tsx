import type { Context } from "hono";
import type { Child } from "hono/jsx";
import * as z from "zod";
import { readAddress } from "../../domain/people/address.ts";
import type { Outcome } from "../../domain/signup/judge-post.ts";
import { HOUR_MS } from "../../platform/calendar/durations.ts";
import { openSealed, sealText } from "../../platform/links/seal.ts";
import { LABELS, languageOf } from "../../platform/texts/labels.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { MessagePage } from "../ui/page.tsx";
import { say, sayWith } from "../ui/say.ts";
import { showPage } from "../ui/show-page.ts";
import { shown } from "../ui/shown.ts";
import { webmailOf } from "./webmail.ts";

type Ctx = Context<AppEnv>;

const USE = "inbox";
/** For so long the page says which address was typed; after it, what it says to anyone. */
const SAYS_IT_MS = HOUR_MS;

/** What a visitor just typed, and for which letters, as it stands sealed in the page's address. */
const typedSchema = z.object({
  email: z.string(),
  /** Of the sequence, and who sends it; null for the site's name. */
  title: z.string().nullable(),
  sender: z.string().nullable(),
  until: z.number(),
});
type Typed = z.infer<typeof typedSchema>;

/**
 * The path of the page that follows a sign-up. The same for every state of the address; no address can be read in it. What isn't an address isn't said
 * there: robots are led to it whatever they typed, and nobody is to put words on our page.
 */
export async function inboxPath(
  c: Ctx,
  email: string,
  { language, sequence }: Pick<Outcome, "language" | "sequence">,
): Promise<string> {
  const query = new URLSearchParams(language === "en" ? {} : { lang: language });
  const read = readAddress(email, { reservedAllowed: true });
  if (read.kind === "valid") {
    const typed: Typed = {
      email: read.value.address,
      title: sequence?.title ?? null,
      sender: sequence?.settings.senderName ?? null,
      until: c.var.wallNow() + SAYS_IT_MS,
    };
    query.set("to", await sealText(c.var.config.signingSecrets[0], USE, JSON.stringify(typed)));
  }
  return query.size === 0 ? "/check-your-inbox" : `/check-your-inbox?${query}`;
}

/** After a sign-up, whatever the state of the address, in the language of the form. */
export async function showInbox(c: Ctx): Promise<Response> {
  const { config } = c.var;
  const sealed = c.req.query("to") ?? "";
  const text = sealed === "" ? null : await openSealed(config.signingSecrets, USE, sealed);
  // One that another version of ours sealed says nothing.
  const typed = text === null ? null : (typedSchema.safeParse(JSON.parse(text)).data ?? null);
  const told = typed !== null && typed.until > c.var.wallNow() ? typed : null;
  // In a trial the strip leads to the mailbox of that address.
  const person = config.provider.kind === "mailbox" ? (told?.email ?? null) : null;
  return showPage(c, <CheckYourInboxPage typed={told} from={config.mail.from} />, {
    person,
    language: languageOf(c.req.query("lang")),
  });
}

/** Where the mail is that a visitor should look for; without `typed` it's the same for everyone. */
export function CheckYourInboxPage({ typed, from }: { readonly typed: Typed | null; readonly from: string }) {
  const { language, site } = shown();
  const webmail = typed === null ? null : webmailOf(typed.email);
  const strong = (inner: Child) => <strong dir="auto">{inner}</strong>;
  return (
    <MessagePage title={say("inbox.title")}>
      <p class="lead">{LABELS[language].taken}</p>
      {typed === null ? null : (
        <>
          <p>
            {sayWith(
              "inbox.typed",
              { strong, link: (inner) => <a href="/">{inner}</a> },
              { address: typed.email },
            )}
          </p>
          <p>
            {sayWith(
              "inbox.look",
              { strong },
              {
                sender: `${typed.sender ?? site.name} <${addressIn(from)}>`,
                subject: say("mail.confirm.subject", { sequence: typed.title ?? site.name }),
              },
            )}
          </p>
        </>
      )}
      {webmail === null ? null : (
        <p>
          <a class="button" href={webmail.url} rel="noopener noreferrer">
            {say("inbox.open", { name: webmail.name })}
          </a>
        </p>
      )}
      <p>{say("inbox.hint")}</p>
    </MessagePage>
  );
}

/** The address of a mailbox that may have a name before it. */
function addressIn(mailbox: string): string {
  return /<([^<>]+)>\s*$/.exec(mailbox)?.[1] ?? mailbox;
}
