import ar from "./ar/form.json" with { type: "json" };
import de from "./de/form.json" with { type: "json" };
import en from "./en/form.json" with { type: "json" };
import es from "./es/form.json" with { type: "json" };
import fr from "./fr/form.json" with { type: "json" };
import type { Language } from "./languages.ts";
import pt from "./pt/form.json" with { type: "json" };

export { directionOf, type Language, languageOf } from "./languages.ts";

/** The words of the form, in one language. `{address}` stands for a suggested address. */
export type Labels = {
  readonly email: string;
  readonly button: string;
  readonly privacy: string;
  /** Of the field that only robots fill in. */
  readonly trap: string;
  readonly sending: string;
  readonly taken: string;
  readonly emailFault: string;
  readonly didYouMean: string;
  readonly useSuggested: string;
  readonly keepTyped: string;
  /** Of the button in a frame, from which nothing of ours can be opened in place. */
  readonly goOn: string;
  readonly closed: string;
};

const FORMS: Readonly<Record<Language, Partial<Labels>>> = { en, de, fr, es, pt, ar };

/** In every language of the form. */
export const LABELS = Object.fromEntries(
  Object.entries(FORMS).map(([language, own]) => [language, { ...en, ...own }]),
) as Readonly<Record<Language, Labels>>;

/** The question after another spelling, with the address set apart from the words around it (UAX 9, isolates). */
export function didYouMean(address: string, language: Language): string {
  return LABELS[language].didYouMean.replace("{address}", () => `\u2068${address}\u2069`);
}
