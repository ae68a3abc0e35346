import { html, raw } from "hono/html";
import { type Partner, wordingIn } from "../../domain/signup/partners/partner.ts";
import { directionOf, LABELS, type Language } from "../../platform/texts/labels.ts";
import { SIGN_UP_INPUTS } from "../ui/sign-up-inputs.ts";

/** A way to put the form into a page: what to paste, and what a Content-Security-Policy must allow for it. */
export type Snippet = { readonly kind: "plain" | "element"; readonly html: string; readonly csp: string };

type Embedded = Pick<Partner, "formKey" | "wording" | "translations" | "returnUrls">;

/**
 * Both embeds of a partner's form, from one definition, with labels and wording in `language`. The plain form works with scripts off; the
 * element takes it over where its script loads. Neither has inline styles or scripts. What it posts is UTF-8, whatever the page is, and it leads
 * out of a frame, because no page of ours can be shown in one.
 */
export function snippetsOf(
  partner: Embedded,
  service: {
    readonly publicUrl: string;
    readonly script: { readonly path: string; readonly integrity: string };
  },
  language: Language,
): readonly [plain: Snippet, element: Snippet] {
  const { publicUrl, script } = service;
  const plain = plainForm(partner, publicUrl, language);
  const indented = plain.replaceAll(/^/gm, "  ");
  const element = String(html`<themepost-form partner="${partner.formKey}">
@
</themepost-form>
<script src="${publicUrl}${script.path}" integrity="${script.integrity}" crossorigin="anonymous" referrerpolicy="no-referrer" defer></script>`);
  return [
    { kind: "plain", html: plain, csp: `form-action ${publicUrl}` },
    {
      kind: "element",
      html: element.replace("@", () => indented),
      csp: `script-src ${publicUrl}${script.path}; connect-src ${publicUrl}; form-action ${publicUrl}`,
    },
  ];
}

function plainForm(partner: Embedded, publicUrl: string, language: Language): string {
  const { formKey, returnUrls } = partner;
  const wording = wordingIn(partner, language);
  const labels = LABELS[language];
  const [returnId] = Object.keys(returnUrls);
  const hidden = {
    partner: formKey,
    wording: wording.version,
    language,
    ...(returnId === undefined ? {} : { return: returnId }),
  };
  const hiddenInputs = Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">
  `,
  );
  const lines = SIGN_UP_INPUTS.map(
    ({ name, label, attributes }) => html`<p><label>${label[language]}<br>
    <input name="${name}"${Object.entries(attributes).map(attribute)}></label></p>
  `,
  );
  return String(html`<form method="post" action="${publicUrl}/subscribe" target="_top" accept-charset="utf-8" lang="${language}" dir="${directionOf(language)}">
  ${hiddenInputs}${lines}<p data-wording lang="${wording.locale}" dir="auto">${wording.text}</p>
  <p><a href="${publicUrl}/privacy" data-privacy rel="noopener">${labels.privacy}</a></p>
  <p><button type="submit">${labels.button}</button></p>
</form>`);
}

function attribute([name, value]: readonly [string, string]) {
  return value === "" ? raw(` ${name}`) : html` ${raw(name)}="${value}"`;
}
