import * as z from "zod";
import { LETTER_RULES, type LetterFault } from "../../../domain/letters/letter-rules.ts";
import type { Publication } from "../../../domain/letters/letter-schema.ts";
import type { Fault } from "../../api/faults.ts";
import type { Problem } from "../../ui/problem.ts";
import type { letterFault } from "./sequence-answers.ts";

const NOTHING_PUBLISHED = "Nothing was published. Fix the faults and send it again.";

/** The problem with a publication that breaks rules of letters. */
export function faulty(faults: readonly LetterFault[], publication: Publication): Problem {
  return {
    code: "faulty",
    detail: NOTHING_PUBLISHED,
    faults: faults.map((fault) => faultView(fault, publication)),
  };
}

/** A fault of the form of a publication, as the rules of letters tell theirs. */
export function formatFault({ field, message }: Fault, body: unknown): z.input<typeof letterFault> {
  const { severity, fix } = LETTER_RULES.format;
  const [list, place] = field.split(".");
  const read = z.object({ slug: z.string() }).safeParse(letterOf(body, list ?? "", Number(place)));
  return { field, message, rule: "format", fix, letter: read.data?.slug ?? null, line: null, severity };
}

function letterOf(body: unknown, list: string, place: number): unknown {
  const read = z
    .looseObject({ welcome: z.unknown(), steps: z.array(z.unknown()) })
    .partial()
    .safeParse(body);
  const letters: Readonly<Record<string, unknown>> = {
    welcome: read.data?.welcome,
    steps: read.data?.steps?.[place],
  };
  return Object.hasOwn(letters, list) ? letters[list] : undefined;
}

/** A fault with the field of the publication that it's about. */
export function faultView(fault: LetterFault, { welcome, steps }: Publication) {
  const { letter: slug, line, rule, severity, message, fix } = fault;
  const place = steps.findIndex((step) => step.slug === slug);
  const of = slug === null ? "" : slug === welcome.slug ? "welcome" : place < 0 ? "" : `steps.${place}`;
  const field = of === "" || line === null ? of : `${of}.markdown`;
  return { field, message, rule, fix, letter: slug, line, severity };
}
