import { type Partner, wordingIn } from "../../domain/signup/partners/partner.ts";
import { LABELS, type Language } from "../../platform/texts/labels.ts";
import { LANGUAGE_NAMES } from "../../platform/texts/languages.ts";
import { say } from "../../platform/texts/texts.ts";
import type { snippetsView } from "./snippets-view.ts";

const KINDS = [
  ["element", "partner.element", "partner.elementLead"],
  ["plain", "partner.plain", "partner.plainLead"],
] as const;

type FormProps = {
  readonly partner: Partner;
  readonly snippets: Awaited<ReturnType<typeof snippetsView>>;
  readonly language: Language;
  readonly kind: "element" | "plain";
};

/** The form to look at in a language and a colour, and below it what to paste for the kind that's chosen. */
export function FormToPaste({ partner, snippets, language, kind }: FormProps) {
  const [, title, lead] = KINDS.find(([each]) => each === kind) ?? KINDS[0];
  const snippet = snippets.embeds.find((each) => each.kind === kind);
  return (
    <section aria-labelledby="form-title" id="form">
      <h2 id="form-title">{say("partner.form")}</h2>
      <nav aria-label={say("partner.languages")}>
        <ul class="inline">
          {Object.entries(LANGUAGE_NAMES).map(([tag, name]) => (
            <li>
              <a href={href(tag, kind)} lang={tag} aria-current={tag === language ? "true" : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <p class="soft">{say("partner.previewLead")}</p>
      <p data-colour hidden>
        <label>
          {say("partner.colour")} <input type="color" value="#8a3b2a" />
        </label>
      </p>
      <div class="card">
        <Preview partner={partner} language={language} />
      </div>
      <nav aria-label={say("partner.kinds")} class="tabs">
        {KINDS.map(([each, name]) => (
          <a href={href(language, each)} aria-current={each === kind ? "true" : undefined}>
            {say(name)}
          </a>
        ))}
      </nav>
      <p>{say(lead)}</p>
      {snippet === undefined ? null : (
        <>
          <Copyable
            id={`${kind}-html`}
            text={snippet.html}
            name={say("partner.copyHtmlOf", { form: say(title) })}
            button={say("partner.copyHtml")}
          />
          {kind === "plain" ? null : (
            <div data-coloured hidden>
              <p>{say("partner.colourLead")}</p>
              <Copyable
                id="colour-css"
                text=""
                name={say("partner.copyColour")}
                button={say("partner.copyColour")}
              />
            </div>
          )}
          <p>{say("partner.policy")}</p>
          <Copyable
            id={`${kind}-csp`}
            text={snippet.csp}
            name={say("partner.copyPolicyOf", { form: say(title) })}
            button={say("partner.copyPolicy")}
          />
        </>
      )}
    </section>
  );
}

function href(language: string, kind: string): string {
  return `?${new URLSearchParams({ lang: language, kind }).toString()}#form`;
}

/** The plain form that the script takes over; it goes nowhere. */
function Preview({ partner, language }: Pick<FormProps, "partner" | "language">) {
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
