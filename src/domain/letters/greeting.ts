import { directionOf, type Language } from "../../platform/texts/languages.ts";
import { say } from "../../platform/texts/texts.ts";

/** How a letter greets a reader in its language, with or without a first name. */
export function greetingFor(firstName: string, language: Language): string {
  if (firstName === "") return say("letter.greeting", {}, language);
  // A name in another script must not turn the words around it (UAX 9, isolates).
  const name = directionOf(language) === "rtl" ? `\u2068${firstName}\u2069` : firstName;
  return say("letter.greetingNamed", { name }, language);
}
