import { HtmlValidate } from "html-validate";

// Attributes that HTML has given up and that Word's engine and old webmail still need.
const OLD = ["align", "bgcolor", "border", "cellpadding", "cellspacing", "width"];
const kept = Object.fromEntries(OLD.map((name) => [name, { deprecated: false }]));

/** Elements that mail clients drop, block or warn about (rule 5.13). */
const NOT_IN_MAIL =
  "form input button select textarea script noscript iframe object embed video audio canvas svg link base template dialog".split(
    " ",
  );

/** html-validate's own rules for documents, and what holds for mail beyond them. */
const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:standard", "html-validate:a11y", "html-validate:document"],
  elements: [
    "html5",
    {
      html: { attributes: { lang: { required: true }, dir: { required: true, enum: ["ltr", "rtl"] } } },
      table: { attributes: { ...kept, role: { enum: ["presentation"] } } },
      td: { attributes: kept },
      img: {
        attributes: {
          alt: { required: true },
          width: { required: true, enum: ["/\\d+/"] },
          height: { enum: ["/\\d+/"] },
          src: { required: true, enum: ["/https:\\/\\/.+/"] },
        },
      },
    },
  ],
  rules: {
    // React Email writes the XHTML doctype, which keeps old webmail out of quirks mode as well.
    "doctype-html": "off",
    // Half of the mail clients drop <article>.
    "prefer-native-element": "off",
    "element-name": ["error", { blacklist: NOT_IN_MAIL }],
    // One h1, and levels in order.
    "heading-level": ["error", { allowMultipleH1: false }],
    "no-inline-style": "off",
  },
});

/** Faults of a mail's HTML by html-validate with rules for mail, each as "rule: message". */
export async function htmlFaults(html: string): Promise<string[]> {
  const { results } = await validator.validateString(html);
  const faults = results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message }) => `${ruleId}: ${message}`),
  );
  if (/<table(?![^>]*role=)(?![^>]*class="data")/.test(html))
    faults.push("table-role: a table that's no data says that it's for layout");
  // Of a picture that's kept elsewhere only the letter's width is known.
  for (const [picture] of html.matchAll(/<img [^>]*>/g))
    if (!/ height="/.test(picture) && !/ class="picture /.test(picture))
      faults.push("picture-height: a picture of ours says how high it is");
  // Webmail drops html and body with their attributes: the outermost element inside says it again (rule 5.03).
  if (
    !/<body[^>]*>(?:(?!<table).)*<div [^>]*role="article"[^>]* lang="[a-z-]+" dir="(?:ltr|rtl)"/s.test(html)
  )
    faults.push("mail-language: language and direction do not stand again inside the body");
  return [...new Set(faults)];
}
