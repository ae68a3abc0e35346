type Part = Readonly<Record<string, unknown>>;
type Operation = { parameters?: Part[]; responses: Record<string, Part> };
export type OpenApi = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Record<string, unknown>;
};

/**
 * The same document, with each answer and parameter that stands in it more than once told once, among the components. A parameter
 * doesn't say twice what it is.
 */
export function shared(made: OpenApi): OpenApi {
  const document = plain(made) as OpenApi;
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  for (const operation of operations) {
    const parameters = (operation.parameters ?? []).map(describedOnce);
    if (parameters.length === 0) delete operation.parameters;
    else operation.parameters = parameters;
  }
  const answers = naming(
    operations.flatMap(({ responses }) => Object.values(responses)),
    answerName,
  );
  const parameters = naming(
    operations.flatMap((operation) => operation.parameters ?? []),
    parameterName,
  );
  for (const operation of operations) {
    for (const [status, answer] of Object.entries(operation.responses)) {
      operation.responses[status] = referTo("responses", answer, answers);
    }
    if (operation.parameters !== undefined) {
      operation.parameters = operation.parameters.map((each) => referTo("parameters", each, parameters));
    }
  }
  const told = (names: ReadonlyMap<string, string>) =>
    Object.fromEntries([...names].map(([text, name]) => [name, JSON.parse(text)]));
  const { schemas, ...rest } = document.components;
  const components = { ...rest, parameters: told(parameters), responses: told(answers), schemas };
  return { ...document, components };
}

/** What zod says besides: a safe integer's bounds, patterns of what has a format or a type of its own, and any text as a name. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const schema = value as Part;
  const told = Object.entries(schema).filter(([name, each]) => {
    if (name === "maximum" || name === "minimum") return Math.abs(Number(each)) !== Number.MAX_SAFE_INTEGER;
    if (name === "pattern") return schema.format === undefined && schema.type !== "integer";
    return name !== "propertyNames" || JSON.stringify(each) !== '{"type":"string"}';
  });
  return Object.fromEntries(told.map(([name, each]) => [name, plain(each)]));
}

/** Names for what stands there more than once, by its text. */
function naming(parts: readonly Part[], nameOf: (part: Part) => string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const byText = Map.groupBy(parts, (part) => JSON.stringify(part));
  for (const [text, [part, ...more]] of byText) {
    if (part === undefined || more.length === 0) continue;
    const name = nameOf(part);
    const taken = [...names.values()].filter((each) => each.replace(/[0-9]+$/, "") === name).length;
    names.set(text, taken === 0 ? name : `${name}${taken + 1}`);
  }
  return names;
}

function referTo(kind: string, part: Part, names: ReadonlyMap<string, string>): Part {
  const name = names.get(JSON.stringify(part));
  return name === undefined ? part : { $ref: `#/components/${kind}/${name}` };
}

/** An answer that is a problem is named by its codes. */
function answerName({ description }: Part): string {
  const codes = [...String(description).matchAll(/`([a-z_]+)`: /g)].map(([, code]) => code ?? "");
  if (codes.length === 0) return pascal(String(description).split(/[.:]/)[0] ?? "");
  return codes.length > 2 ? "Conflict" : pascal(codes.join(" or "));
}

function parameterName({ name }: Part): string {
  return pascal(String(name));
}

function pascal(text: string): string {
  const words = text.match(/[A-Za-z0-9]+/g) ?? [];
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}

function describedOnce(parameter: Part): Part {
  const { schema, description } = parameter as { schema?: Part; description?: string };
  if (schema === undefined || schema.description !== description) return parameter;
  const { description: _, ...rest } = schema;
  return { ...parameter, schema: rest };
}
