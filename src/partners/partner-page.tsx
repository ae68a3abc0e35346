import { Page, type PageContext } from "../web/page.tsx";
import { LABELS, type Language } from "./labels.ts";
import type { Partner } from "./partner.ts";
import { isTestUrl } from "./partner-schema.ts";
import type { snippetsView } from "./partner-view.ts";
import type { Cell, ReportWeek } from "./report.ts";

type PartnerPageProps = {
  readonly context: PageContext;
  readonly partner: Partner;
  readonly snippets: Awaited<ReturnType<typeof snippetsView>>;
  readonly language: Language;
  readonly script: string;
  readonly weeks: readonly ReportWeek[];
};

const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: "English",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
  pt: "Português",
  ar: "العربية",
};

/** What a partner needs: the form to look at, what to paste, what their page's policy must allow, and what came of it. */
export function PartnerPage({ context, partner, snippets, language, script, weeks }: PartnerPageProps) {
  const [plain, element] = snippets.embeds;
  return (
    <Page
      title={`Sign-up forms for ${partner.name}`}
      context={context}
      scripts={[script, "/assets/copy.js"]}
      wide
    >
      <h1>Sign-up forms for {partner.name}</h1>
      <p class="lead">
        Paste one of the two forms into your page. Readers agree to your wording, and you see below what came
        of it.
      </p>
      {partner.frozen ? (
        <p class="said">
          Your forms are switched off at the moment: they answer that no sign-ups are taken. Your readers are
          not affected.
        </p>
      ) : null}
      <p role="status" id="said" />
      <section aria-labelledby="preview-title">
        <h2 id="preview-title">What it looks like</h2>
        <nav aria-label="Language of the form">
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
        <p class="soft">A preview: try it, nothing is sent.</p>
        <div class="card">
          <Preview partner={partner} language={language} />
        </div>
      </section>
      <Embed
        title="The form with our script"
        words="It stays on your page, speaks the page’s language, and becomes the plain form where scripts are off. Colours and font follow your page; --themepost-accent, --themepost-text, --themepost-field, --themepost-line, --themepost-radius and --themepost-font change them."
        snippet={element}
      />
      <Embed
        title="The plain form"
        words="Works without scripts. Visitors press once more on our page, because a page that cannot run scripts cannot prove that it is yours."
        snippet={plain}
      />
      <section aria-labelledby="facts-title">
        <h2 id="facts-title">What we know of your site</h2>
        <dl>
          <dt>Origins</dt>
          <dd>
            {partner.origins.map((origin) => (
              <div>
                {origin}
                {isTestUrl(origin) ? " (for tests)" : ""}
              </div>
            ))}
          </dd>
          <dt>Form key</dt>
          <dd>{partner.formKey}</dd>
          <dt>Wording {partner.wording.version}</dt>
          <dd lang={partner.wording.locale} dir="auto">
            {partner.wording.text}
          </dd>
        </dl>
        <p class="soft">A form on any other origin is refused. Ask us to add yours.</p>
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
        <p class="soft">With scripts switched off there is no preview.</p>
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
          aria-label={`Copy the HTML: ${title}`}
          hidden
        >
          Copy the HTML
        </button>
      </p>
      <p>If your page has a Content-Security-Policy, it must allow this:</p>
      <pre id={`${kind}-csp`}>{snippet.csp}</pre>
      <p>
        <button
          type="button"
          class="quiet"
          data-copy={`${kind}-csp`}
          aria-label={`Copy the policy: ${title}`}
          hidden
        >
          Copy the policy
        </button>
      </p>
    </section>
  );
}

const COLUMNS: ReadonlyArray<readonly [keyof ReportWeek, string]> = [
  ["submitted", "Signed up"],
  ["confirmed", "Confirmed"],
  ["active_after_four_weeks", "Reading after four weeks"],
  ["unsubscribed", "Left"],
  ["bounced", "Bounced"],
  ["complained", "Complained"],
  ["refused", "Refused"],
];

function Report({ weeks }: { readonly weeks: readonly ReportWeek[] }) {
  return (
    <section aria-labelledby="report-title">
      <h2 id="report-title">What came of it</h2>
      {weeks.length === 0 ? (
        <p>There is nothing to show yet. A week appears here when it is over.</p>
      ) : (
        <section class="scroll" tabindex={0} aria-label="Weeks of your forms">
          <table>
            <thead>
              <tr>
                <th scope="col">Week of</th>
                {COLUMNS.map(([, title]) => (
                  <th scope="col">{title}</th>
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
      <p class="soft">
        A week appears when it is over. People belong to the week (from Monday, UTC) in which they signed up,
        and to the site that they first came by. One to four are shown as “under 5”, so that nobody can be
        told apart.
      </p>
    </section>
  );
}

function shown(cell: Cell | null): string {
  if (cell === null) return "too early";
  return cell === "<5" ? "under 5" : String(cell);
}
