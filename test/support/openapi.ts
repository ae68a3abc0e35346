import { Validator } from "@cfworker/json-schema";

type Document = { readonly components: Record<string, Record<string, unknown>> } & Record<string, unknown>;

/**
 * What is wrong with `value` by the schema at `pointer` (for instance "#/components/schemas/Run") of an OpenAPI 3.1 file;
 * empty where it fits.
 */
export function faultsBy(document: Document, pointer: string, value: unknown): string[] {
  const schema = { ...document, $ref: pointer };
  const result = new Validator(
    schema as ConstructorParameters<typeof Validator>[0],
    "2020-12",
    false,
  ).validate(value);
  return result.errors.map((error) => `${error.instanceLocation}: ${error.error}`);
}
