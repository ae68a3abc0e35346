import * as z from "zod";

/** One thing that's wrong with a request. */
export const faultSchema = z
  .object({
    field: z
      .string()
      .meta({ description: "Its path, such as `limits.mails_per_domain_hour`; empty for the whole" }),
    message: z.string().meta({ description: "What's wrong" }),
    rule: z.string().optional().meta({ description: "The stable name of the rule, if there is one" }),
    fix: z.string().optional().meta({ description: "What to do about it" }),
  })
  .meta({ id: "Fault" });

export type Fault = z.input<typeof faultSchema>;

/** A value held against a schema; or every fault of it, in words that go on after the field's name. */
export function readValue<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
):
  | { readonly kind: "read"; readonly value: z.output<Schema> }
  | { readonly kind: "faulty"; readonly faults: Fault[] } {
  const result = schema.safeParse(value, { error: inWords });
  return result.success
    ? { kind: "read", value: result.data }
    : { kind: "faulty", faults: result.error.issues.flatMap(faultsOf) };
}

function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  const path = issue.path.map(String);
  if (issue.code === "invalid_union") {
    const options = issue.errors.map((issues) => issues.flatMap(faultsOf));
    // What no option knows; or else what is wrong with the one that fits best.
    const unknown = (options[0] ?? []).filter(
      ({ field, message }) =>
        message === UNKNOWN && options.every((faults) => faults.some((fault) => fault.field === field)),
    );
    const best = options.toSorted((a, b) => a.length - b.length)[0] ?? [];
    const faults = unknown.length > 0 ? unknown : best;
    return faults.map((fault) => ({ ...fault, field: [...path, fault.field].filter(Boolean).join(".") }));
  }
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ field: [...path, key].join("."), message: issue.message }));
  const { rule, fix } = issue.code === "custom" ? (issue.params ?? {}) : {};
  return [
    {
      field: path.join("."),
      message: issue.message,
      ...(typeof rule === "string" ? { rule } : {}),
      ...(typeof fix === "string" ? { fix } : {}),
    },
  ];
}

const UNKNOWN = "isn't known here";

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

const UNITS: Readonly<Record<string, readonly [one: string, more: string]>> = {
  string: ["character", "characters"],
  array: ["entry", "entries"],
};

/** " characters", or " character" for one; "" for numbers. */
function unitsOf(origin: string, count: number | bigint): string {
  const [one, more] = UNITS[origin] ?? ["", ""];
  return one === "" ? "" : ` ${Number(count) === 1 ? one : more}`;
}

const inWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing" : `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case "unrecognized_keys":
      return UNKNOWN;
    case "invalid_value":
      return `must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.join(", ")}`;
    case "too_big":
      return `must be at most ${issue.maximum}${unitsOf(issue.origin, issue.maximum)}`;
    case "too_small":
      return `must be at least ${issue.minimum}${unitsOf(issue.origin, issue.minimum)}`;
    default:
      return "isn't in the right form";
  }
};
