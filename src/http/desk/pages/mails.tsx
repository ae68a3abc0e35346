import type { Context } from "hono";
import * as z from "zod";
import type { Draft } from "../../../domain/letters/draft.ts";
import { LANGUAGE_NAMES, LANGUAGES } from "../../../platform/texts/languages.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { SelectField } from "../../ui/field.tsx";
import { Button, SearchForm } from "../../ui/form.tsx";
import { LetterViews } from "../../ui/letter-frame.tsx";
import { say } from "../../ui/say.ts";
import type { DeskPage } from "../desk-page.ts";
import { framedLetter } from "./framed-letter.ts";
import { wantedDraft } from "./letters.tsx";
import { DeskPage as Shell } from "./shell.tsx";
import { showDesk } from "./show-desk.ts";

type Ctx = Context<AppEnv>;

const MAILS = ["confirmation", "welcome_back", "erase", "access"] as const;
/** Which of them an owner can say something in. */
const HAS_WORDS = { confirmation: true, welcome_back: true, erase: false, access: false } as const;
const asked = z.object({ mail: z.enum(MAILS), language: z.enum(LANGUAGES) });
type Asked = z.infer<typeof asked>;

const BASE = "/desk/letters/:sequence/mails";

/** Mails that are ours, as they're sent, to be read. */
export const SYSTEM_MAILS: readonly DeskPage[] = [
  { method: "get", path: BASE, needs: "write_letters", run: show },
  { method: "get", path: `${BASE}/:mail/:language`, needs: "write_letters", run: showFrame },
];

/** The mail as publishing the draft now would have it; null where none is named so. */
async function mailOf(c: Ctx, draft: Draft, { mail, language }: Asked) {
  const { sequenceMails, siteMails } = await import("../../../domain/letters/system-mails.ts");
  const site = await c.var.site();
  const { publicUrl } = c.var.config;
  const { senderName, replyTo, everyWeeks, words } = draft.stored;
  const { title, language: own } = draft;
  const from = { fromName: senderName ?? site.name, replyTo: replyTo ?? "" };
  const mails = [
    ...(await sequenceMails(site, publicUrl, { ...from, title, language: own, everyWeeks, words })),
    ...(await siteMails(site, publicUrl)),
  ];
  return mails.find((each) => each.name === mail && each.language === language)?.letter ?? null;
}

async function show(c: Ctx): Promise<Response> {
  const draft = await wantedDraft(c);
  if (draft === null) return c.notFound();
  const chosen = asked.catch({ mail: "confirmation", language: draft.language }).parse(c.req.query());
  const letter = await mailOf(c, draft, chosen);
  return showDesk(c, <MailsPage draft={draft} chosen={chosen} letter={letter} />);
}

async function showFrame(c: Ctx): Promise<Response> {
  const draft = await wantedDraft(c);
  const named = asked.safeParse(c.req.param());
  if (draft === null || !named.success) return c.notFound();
  return framedLetter(c, await mailOf(c, draft, named.data));
}

function MailsPage({
  draft,
  chosen,
  letter,
}: {
  readonly draft: Draft;
  readonly chosen: Asked;
  readonly letter: Awaited<ReturnType<typeof mailOf>>;
}) {
  const base = `/desk/letters/${draft.slug}`;
  const { mail, language } = chosen;
  return (
    <Shell title={say("desk.mails.title")} room="letters">
      <p>
        <a href={base}>{say("desk.publish.back")}</a>
      </p>
      <p class="lead">{say("desk.mails.lead")}</p>
      <SearchForm action={`${base}/mails`}>
        <SelectField
          id="mail"
          name="mail"
          label={say("desk.mails.mail")}
          choices={MAILS.map((value) => ({ value, label: say(`desk.mails.is.${value}`) }))}
          chosen={mail}
        />
        <SelectField
          id="language"
          name="language"
          label={say("desk.sequence.language")}
          choices={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          chosen={language}
        />
        <Button quiet>{say("desk.mails.show")}</Button>
      </SearchForm>
      {letter === null ? null : (
        <section class="reading" aria-label={say("mailbox.letter")}>
          <h2 lang={language}>{letter.subject}</h2>
          <LetterViews src={`${base}/mails/${mail}/${language}`} />
          <details>
            <summary>{say("mailbox.text")}</summary>
            <pre tabindex={0} lang={language}>
              {letter.text}
            </pre>
          </details>
        </section>
      )}
      {HAS_WORDS[mail] ? (
        <p>
          <a href={`${base}/settings#words_${mail}`}>{say("desk.mails.words")}</a>
        </p>
      ) : null}
    </Shell>
  );
}
