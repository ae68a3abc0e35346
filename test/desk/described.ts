import { expect } from "vitest";
import { parse } from "yaml";
import source from "../../docs/openapi.yaml?raw";
import { faultsBy } from "../support/openapi.ts";

type Content = { readonly content?: Record<string, { readonly schema: unknown }> };
type Operation = { readonly responses: Record<string, Content & { readonly $ref?: string }> };

/** The API as docs/openapi.yaml describes it. */
export const description = parse(source);

/** Method and path template of every operation that is described. */
function operations(): ReadonlyArray<{ readonly method: string; readonly path: string }> {
  return Object.entries(description.paths as Record<string, Record<string, unknown>>).flatMap(
    ([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== "parameters")
        .map((method) => ({ method: method.toUpperCase(), path })),
  );
}

/** Holds an answer, its status, type and body, against the description; gives its body. */
export async function expectDescribed<T>(method: string, path: string, answer: Response): Promise<T> {
  const operation = operations().find(
    (candidate) =>
      candidate.method === method &&
      new RegExp(`^${candidate.path.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`).test(path.split("?")[0] ?? ""),
  );
  if (operation === undefined) throw new Error(`${method} ${path} is not described`);
  const { responses } = description.paths[operation.path][method.toLowerCase()] as Operation;
  const named = responses[answer.status] ?? (answer.ok ? undefined : responses.default);
  const response: Content | undefined =
    named?.$ref === undefined ? named : description.components.responses[named.$ref.split("/").at(-1) ?? ""];
  if (response === undefined) throw new Error(`${method} ${path}: no ${answer.status} is described`);
  const text = await answer.text();
  if (response.content === undefined) {
    expect(text).toBe("");
    return undefined as T;
  }
  const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
  expect(Object.keys(response.content)).toContain(type);
  const body = type.endsWith("json") ? JSON.parse(text) : text;
  expect(faultsBy({ ...description, answer: response.content[type]?.schema }, "#/answer", body)).toEqual([]);
  return body;
}
