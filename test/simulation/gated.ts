import type { GuardPort } from "../../src/platform/guard/guard-port.ts";
import type { Invocation } from "./scheduler.ts";

type Gated = { readonly inner: D1PreparedStatement; readonly query: string };

/** A D1 binding whose every statement and batch is an operation of the invocation. `seen` hears of each query in time. */
export function gatedD1(
  inner: D1Database,
  invocation: Invocation,
  seen: (query: string) => void,
): D1Database {
  const name = (query: string) => `d1 ${query.trim().split(/\s+/).slice(0, 3).join(" ")}`;
  const wrap = (statement: D1PreparedStatement, query: string): unknown => {
    const run =
      (method: "run" | "all" | "raw" | "first") =>
      (...args: unknown[]) =>
        invocation.operation(name(query), async () => {
          seen(query);
          return (statement[method] as (...given: unknown[]) => Promise<unknown>)(...args);
        });
    return {
      inner: statement,
      query,
      bind: (...values: unknown[]) => wrap(statement.bind(...values), query),
      run: run("run"),
      all: run("all"),
      raw: run("raw"),
      first: run("first"),
    };
  };
  return {
    prepare: (query: string) => wrap(inner.prepare(query), query),
    batch: (statements: Gated[]) =>
      invocation.operation(`batch ${name(statements[0]?.query ?? "")}`, async () => {
        for (const { query } of statements) seen(query);
        return inner.batch(statements.map((statement) => statement.inner));
      }),
  } as unknown as D1Database;
}

/** A Guard whose every method is an operation of the invocation. */
export function gatedGuard(inner: GuardPort, invocation: Invocation): GuardPort {
  return new Proxy({} as GuardPort, {
    get: (_, method: string) =>
      method === "then"
        ? undefined
        : (...args: unknown[]) =>
            invocation.operation(
              `guard ${method}`,
              () =>
                (inner as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>)[method]?.(
                  ...args,
                ) as Promise<unknown>,
            ),
  });
}
