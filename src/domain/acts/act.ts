import { acts } from "../../platform/db/schema/index.ts";

/** What can be done: an act's verb. */
export const ACT_VERBS = acts.verb.enumValues;
export type ActVerb = (typeof ACT_VERBS)[number];

/** Who does something: a program with the owner's token, the owner's command line, someone at the desk by their id, or the service by itself. */
export type Actor = "api" | "command_line" | `desk:${number}` | "desk" | "service";

/** On whose word something is done, and in which request; a tick and a queue's message are requests of the service. */
export type Doer = { readonly actor: Actor; readonly requestId: string };

/** Something that was done. `at` is the product's time; `object` is a kind and a name, such as `partner:garden`. */
export type Act = {
  readonly at: number;
  readonly verb: ActVerb;
  readonly object: string;
  readonly changed: Readonly<Record<string, unknown>>;
};

/** The service itself, in an invocation of its own. */
export function byItself(random: () => string): Doer {
  return { actor: "service", requestId: random() };
}
