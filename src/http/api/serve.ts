import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as z from "zod";
import { isDisarmed } from "../../domain/restore/is-disarmed.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { type Problem, problem } from "../ui/problem.ts";
import { answerOnce } from "./answer-once.ts";
import { type Endpoint, FIX_THE_FIELDS } from "./endpoint.ts";
import { readValue } from "./faults.ts";
import { entityTag, readPrecondition } from "./precondition.ts";

type Ctx = Context<AppEnv>;

/** More than any request needs but a publication, which says so. */
const BODY_BYTES_MAX = 64 * 1024;

const NOTHING = z.strictObject({});

/**
 * Routes for endpoints, with the conventions of all: OPTIONS and the methods that a path doesn't have are answered here, requests
 * are parsed by the endpoint's schemas, and answers go out through them.
 */
export function serve(endpoints: readonly Endpoint[]): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  for (const [path, here] of Map.groupBy(endpoints, (endpoint) => endpoint.path)) {
    const route = path.replaceAll(/\{([a-z_]+)\}/g, ":$1");
    for (const endpoint of here) {
      app.on(endpoint.method.toUpperCase(), route, limitOf(endpoint), (c) => answer(c, endpoint));
    }
    const methods = here.map(({ method }) => method.toUpperCase());
    const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].sort().join(", ");
    const preflight = here.find((endpoint) => endpoint.preflight !== undefined)?.preflight;
    app.all(route, async (c) =>
      c.req.method === "OPTIONS"
        ? c.body(null, 204, { allow, ...(await preflight?.(c)) })
        : problem({ code: "wrong_method", detail: `This path takes ${allow}.`, headers: { allow } }),
    );
  }
  return app;
}

function limitOf({ bodyBytesMax: maxSize = BODY_BYTES_MAX }: Endpoint) {
  const detail = `A request can have at most ${maxSize} bytes here.`;
  return bodyLimit({ maxSize, onError: () => problem({ code: "too_large", detail }) });
}

async function answer(c: Ctx, endpoint: Endpoint): Promise<Response> {
  const request = await readRequest(c, endpoint);
  if ("code" in request) return problem(request);
  if (endpoint.method !== "post" || !changes(endpoint)) return perform(c, endpoint, request.input);
  return answerOnce(c, endpoint, request.text, () => perform(c, endpoint, request.input));
}

/** Whether an endpoint changes anything. */
function changes({ method, act }: Endpoint): boolean {
  return method !== "get" && act !== null;
}

async function restored(c: Ctx): Promise<boolean> {
  return (await isDisarmed({ ...c.var, now: await c.var.now() })).disarmed;
}

async function perform(c: Ctx, endpoint: Endpoint, input: Parsed): Promise<Response> {
  if (changes(endpoint) && endpoint.whileDisarmed !== true && (await restored(c))) {
    return problem({
      code: "not_re_armed",
      detail: "The database was restored. Re-arm first: npm run themepost -- re-arm.",
    });
  }
  const result = await endpoint.run(c, input as never);
  if ("code" in result) return problem(result);
  if ("response" in result) return result.response;
  const { status, body, etag } = result;
  return c.json((endpoint.answers[status]?.schema?.parse(body) ?? null) as object, status as 200, {
    "cache-control": "no-store",
    ...(etag === undefined ? {} : { etag: entityTag(etag) }),
  });
}

type Parsed = {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly expects: unknown;
};
type Request = { readonly input: Parsed; readonly text: string };

async function readRequest(c: Ctx, endpoint: Endpoint): Promise<Request | Problem> {
  const params = readValue(endpoint.params ?? NOTHING, c.req.param());
  if (params.kind === "faulty") {
    // Something with such a name can't be there, unless this would make it.
    if (endpoint.method !== "put") return { code: "not_found", detail: "There's nothing by that name." };
    return { code: "faulty", detail: FIX_THE_FIELDS, faults: params.faults };
  }
  const query = readQuery(c, endpoint);
  if (query.kind === "faulty")
    return {
      code: "faulty",
      detail: "Fix the query parameters named below and ask again.",
      faults: query.faults,
    };
  const expects = readPrecondition(c.req.header("if-match"), c.req.header("if-none-match"));
  const parsed = { params: params.value, query: query.value, expects };
  if (endpoint.method === "get" || endpoint.readsItsBody === true)
    return { text: "", input: { ...parsed, body: undefined } };
  const text = await c.req.text();
  const json = readJson(c, text);
  if ("code" in json) return json;
  const body = readValue(endpoint.body ?? NOTHING.optional(), json.value);
  if (body.kind === "faulty") {
    const { explain = (fault) => fault } = endpoint;
    const faults = body.faults.map((fault) => explain(fault, json.value));
    return { code: "faulty", detail: FIX_THE_FIELDS, faults };
  }
  return { text, input: { ...parsed, body: body.value } };
}

/** A parameter that is given twice has no one value. */
function readQuery(c: Ctx, endpoint: Endpoint) {
  const given = Object.entries(c.req.queries());
  const twice = given.filter(([, values]) => values.length > 1);
  const faults = twice.map(([field]) => ({ field, message: "is given more than once" }));
  if (faults.length > 0) return { kind: "faulty" as const, faults };
  return readValue(
    endpoint.query ?? NOTHING,
    Object.fromEntries(given.map(([name, [value]]) => [name, value])),
  );
}

function readJson(c: Ctx, text: string): Problem | { readonly value: unknown } {
  if (text === "") return { value: undefined };
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    return { code: "wrong_type", detail: "Send JSON, with content-type: application/json." };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { code: "not_json", detail: "The body isn't JSON. Nothing was changed." };
  }
}
