import type { Partner } from "../../domain/signup/partners/partner.ts";
import { isTestUrl } from "../../domain/signup/partners/partner-schema.ts";
import type { Cell, ReportWeek } from "../../domain/signup/partners/report.ts";
import { LABELS, type Language } from "../../platform/texts/labels.ts";
import { LANGUAGE_NAMES } from "../../platform/texts/languages.ts";
import { say, type WordKey } from "../../platform/texts/texts.ts";
import { Page, type PageContext } from "../ui/page.tsx";
import type { snippetsView } from "./snippets-view.ts";

type PartnerPageProps = {
  readonly context: PageContext;
  readonly partner: Partner;
  readonly snippets: Awaited<ReturnType<typeof snippetsView>>;
  readonly language: Language;
  readonly script: string;
  readonly weeks: readonly ReportWeek[];
};

/** What a partner needs: the form to look at, what to paste, what their page's policy must allow, and what came of it. */
export function PartnerPage({ context, partner, snippets, language, script, weeks }: PartnerPageProps) {
  const [plain, element] = snippets.embeds;
  return (
    <Page
      title={say("partner.title", { name: partner.name })}
      context={context}
      scripts={[script, "/assets/copy.js"]}
      wide
    >
      <h1>{say("partner.title", { name: partner.name })}</h1>
      <p class="lead">{say("partner.lead")}</p>
      {partner.frozen ? <p class="said">{say("partner.frozen")}</p> : null}
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
        <dl>
          <dt>{say("partner.origins")}</dt>
          <dd>
            {partner.origins.map((origin) => (
              <div>{isTestUrl(origin) ? say("partner.testOrigin", { origin }) : origin}</div>
            ))}
          </dd>
          <dt>{say("partner.formKey")}</dt>
          <dd>{partner.formKey}</dd>
          <dt>{say("partner.wording", { version: partner.wording.version })}</dt>
          <dd lang={partner.wording.locale} dir="auto">
            {partner.wording.text}
          </dd>
        </dl>
        <p class="soft">{say("partner.siteNote")}</p>
      </section>
      <Report weeks={weeks} />
    </Page>
  );
}

/** The plain form that the script takes over; it goes nowhere. */
function Preview({ partner, language }: { readonly partner: Partner; readonly language: Language }) {
  const labels = LABELS[language];
  return (
    <themepost-form preview="" lang={language}>
      <form method="get" action="">
        <p data-wording="" lang={partner.wording.locale} dir="auto">
          {partner.wording.text}
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
      <pre id={`${kind}-html`}>{snippet.html}</pre>
      <p>
        <button
          type="button"
          class="quiet"
          data-copy={`${kind}-html`}
          aria-label={say("partner.copyHtmlOf", { form: title })}
          hidden
        >
          {say("partner.copyHtml")}
        </button>
      </p>
      <p>{say("partner.policy")}</p>
      <pre id={`${kind}-csp`}>{snippet.csp}</pre>
      <p>
        <button
          type="button"
          class="quiet"
          data-copy={`${kind}-csp`}
          aria-label={say("partner.copyPolicyOf", { form: title })}
          hidden
        >
          {say("partner.copyPolicy")}
        </button>
      </p>
    </section>
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
        <section class="scroll" tabindex={0} aria-label={say("partner.weeks")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say("partner.week")}</th>
                {COLUMNS.map(([, title]) => (
                  <th scope="col">{say(title)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {weeks.map((week) => (
                <tr>
                  <th scope="row">{week.week}</th>
                  {COLUMNS.map(([name]) => (
                    <td>{shown(week[name] as Cell | null)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <p class="soft">{say("partner.reportNote")}</p>
    </section>
  );
}

function shown(cell: Cell | null): string {
  if (cell === null) return say("partner.tooEarly");
  return cell === "<5" ? say("partner.fewerThanFive") : String(cell);
}
