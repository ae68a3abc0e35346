import { type Partner, wordingIn } from "../../domain/signup/partners/partner.ts";
import { isTestUrl } from "../../domain/signup/partners/partner-schema.ts";
import type { Cell, ReportWeek } from "../../domain/signup/partners/report.ts";
import { LABELS, type Language } from "../../platform/texts/labels.ts";
import { LANGUAGE_NAMES } from "../../platform/texts/languages.ts";
import { say, type WordKey } from "../../platform/texts/texts.ts";
import { ASSETS } from "../ui/assets.ts";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { Facts, Table } from "../ui/table.tsx";
import type { snippetsView } from "./snippets-view.ts";

type PartnerPageProps = {
  readonly partner: Partner;
  readonly snippets: Awaited<ReturnType<typeof snippetsView>>;
  readonly language: Language;
  readonly script: string;
  readonly weeks: readonly ReportWeek[];
};

/** What a partner needs: the form to look at, what to paste, what their page's policy must allow, and what came of it. */
export function PartnerPage({ partner, snippets, language, script, weeks }: PartnerPageProps) {
  const [plain, element] = snippets.embeds;
  return (
    <Page title={say("partner.title", { name: partner.name })} scripts={[script, ASSETS["copy.js"]]} wide>
      <h1>{say("partner.title", { name: partner.name })}</h1>
      <p class="lead">{say("partner.lead")}</p>
      {partner.frozen ? (
        <Notice>
          <p>{say("partner.frozen")}</p>
        </Notice>
      ) : null}
      <p
        role="status"
        id="said"
        data-copied={say("partner.copied")}
        data-refused={say("partner.notCopied")}
      />
      <section aria-labelledby="preview-title">
        <h2 id="preview-title">{say("partner.preview")}</h2>
        <nav aria-label={say("partner.languages")}>
          <ul class="inline">
            {Object.entries(LANGUAGE_NAMES).map(([tag, name]) => (
              <li>
                <a href={`?lang=${tag}`} lang={tag} aria-current={tag === language ? "true" : undefined}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <p class="soft">{say("partner.previewLead")}</p>
        <div class="card">
          <Preview partner={partner} language={language} />
        </div>
      </section>
      <Embed title={say("partner.element")} words={say("partner.elementLead")} snippet={element} />
      <Embed title={say("partner.plain")} words={say("partner.plainLead")} snippet={plain} />
      <section aria-labelledby="facts-title">
        <h2 id="facts-title">{say("partner.site")}</h2>
        <Facts
          of={[
            [say("partner.origins"), partner.origins.map((origin) => <div>{originWord(origin)}</div>)],
            [say("partner.formKey"), partner.formKey],
            ...[partner.wording, ...partner.translations].map(
              ({ version, locale, text }) =>
                [
                  say("partner.wording", { version }),
                  <span lang={locale} dir="auto">
                    {text}
                  </span>,
                ] as const,
            ),
          ]}
        />
        <p class="soft">{say("partner.siteNote")}</p>
      </section>
      <Report weeks={weeks} />
    </Page>
  );
}

function originWord(origin: string): string {
  return isTestUrl(origin) ? say("partner.testOrigin", { origin }) : origin;
}

/** The plain form that the script takes over; it goes nowhere. */
function Preview({ partner, language }: { readonly partner: Partner; readonly language: Language }) {
  const labels = LABELS[language];
  const { locale, text } = wordingIn(partner, language);
  return (
    <themepost-form preview="" lang={language}>
      <form method="get" action="">
        <p data-wording="" lang={locale} dir="auto">
          {text}
        </p>
        <p>
          <a href="/privacy" data-privacy="">
            {labels.privacy}
          </a>
        </p>
        <p class="soft">{say("partner.noPreview")}</p>
      </form>
    </themepost-form>
  );
}

function Embed({
  title,
  words,
  snippet,
}: {
  readonly title: string;
  readonly words: string;
  readonly snippet: { readonly kind: string; readonly html: string; readonly csp: string };
}) {
  const { kind } = snippet;
  return (
    <section aria-labelledby={`${kind}-title`}>
      <h2 id={`${kind}-title`}>{title}</h2>
      <p>{words}</p>
      <Copyable
        id={`${kind}-html`}
        text={snippet.html}
        name={say("partner.copyHtmlOf", { form: title })}
        button={say("partner.copyHtml")}
      />
      <p>{say("partner.policy")}</p>
      <Copyable
        id={`${kind}-csp`}
        text={snippet.csp}
        name={say("partner.copyPolicyOf", { form: title })}
        button={say("partner.copyPolicy")}
      />
    </section>
  );
}

/** A text to paste, with a button that the script shows. */
function Copyable({
  id,
  text,
  name,
  button,
}: {
  readonly id: string;
  readonly text: string;
  /** What the button does, in full, for screen readers. */
  readonly name: string;
  readonly button: string;
}) {
  return (
    <>
      <pre id={id}>{text}</pre>
      <p>
        <button type="button" class="quiet" data-copy={id} aria-label={name} hidden>
          {button}
        </button>
      </p>
    </>
  );
}

const COLUMNS: ReadonlyArray<readonly [keyof ReportWeek, WordKey]> = [
  ["submitted", "partner.submitted"],
  ["confirmed", "partner.confirmed"],
  ["active_after_four_weeks", "partner.active"],
  ["unsubscribed", "partner.unsubscribed"],
  ["bounced", "partner.bounced"],
  ["complained", "partner.complained"],
  ["refused", "partner.refused"],
];

function Report({ weeks }: { readonly weeks: readonly ReportWeek[] }) {
  return (
    <section aria-labelledby="report-title">
      <h2 id="report-title">{say("partner.report")}</h2>
      {weeks.length === 0 ? (
        <p>{say("partner.noReport")}</p>
      ) : (
        <Table
          name={say("partner.weeks")}
          head={[say("partner.week"), ...COLUMNS.map(([, title]) => say(title))]}
          rows={weeks.map((week) => [
            week.week,
            ...COLUMNS.map(([name]) => shown(week[name] as Cell | null)),
          ])}
        />
      )}
      <p class="soft">{say("partner.reportNote")}</p>
    </section>
  );
}

function shown(cell: Cell | null): string {
  if (cell === null) return say("partner.tooEarly");
  return cell === "<5" ? say("partner.fewerThanFive") : String(cell);
}
