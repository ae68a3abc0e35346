import ar from "./ar/form.json";
import de from "./de/form.json";
import en from "./en/form.json";
import es from "./es/form.json";
import fr from "./fr/form.json";
import pt from "./pt/form.json";

export { directionOf, languageOf } from "./languages.ts";
/** In every language of the form. */
export const LABELS = { en, de, fr, es, pt, ar };
/** The question after another spelling, with the address set apart from the words around it (UAX 9, isolates). */
export function didYouMean(address, language) {
  return LABELS[language].didYouMean.replace("{address}", () => `\u2068${address}\u2069`);
}
