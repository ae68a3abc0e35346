import { say } from "../../platform/texts/texts.ts";

/** How a letter greets someone, with or without a first name. */
export function greetingFor(firstName: string): string {
  return firstName === "" ? say("letter.greeting") : say("letter.greetingNamed", { name: firstName });
}
