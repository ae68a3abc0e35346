import { join } from "node:path";
import { asSeen, type Service, USER_AGENT } from "../content/publish.ts";
import { ROOT } from "../project.ts";
import { readVars } from "../vars.ts";
import { Refused } from "./command.ts";

type Method = "GET" | "POST" | "PUT" | "DELETE";

/** How a question is asked. */
export type Ask = readonly [method: Method, path: string, body?: unknown];

/** A list as every path gives it. */
export type List<Row> = {
  readonly data: readonly Row[];
  readonly has_more: boolean;
  readonly next: string | null;
};

/** The service's API. Callers say what an answer holds, as docs/openapi.yaml describes it; every refusal is a `Refused`. */
export type Api = {
  /** Asks a path below /api/v1/admin. */
  readonly admin: <Answer>(...ask: Ask) => Promise<Answer>;
  /** A whole list, page by page. `path` has no query but what chooses among its entries. */
  readonly list: <Row>(path: string) => Promise<List<Row>>;
  /** The same as `admin`, as a page. */
  readonly page: (...ask: Ask) => Promise<string>;
  /** What /healthz says, in health or not. */
  readonly health: <Answer>() => Promise<Answer>;
  readonly service: () => Service;
};

/** The API that THEMEPOST_URL and ADMIN_TOKEN name, or that of the trial on this machine. */
export function apiOf(env: NodeJS.ProcessEnv): Api {
  const service = () => ({ url: serviceUrl(env), token: token(env) });
  const admin: Api["admin"] = (method, path, body) => call(service(), method, `/api/v1/admin${path}`, body);
  return {
    admin,
    list: (path) => wholeList(admin, path),
    page: async (method, path, body) =>
      (await request(service(), "text/html", method, `/api/v1/admin${path}`, body)).text(),
    health: () => call(service(), "GET", "/healthz"),
    service,
  };
}

async function call<Answer>(service: Service, ...ask: Ask): Promise<Answer> {
  const answer = await request(service, "application/json", ...ask);
  const result = (await answer.json().catch(() => null)) as Answer | null;
  if (result === null) throw new Refused(`${service.url} isn't Themepost (it answered ${answer.status}).`);
  return result;
}

type Fault = { readonly field: string; readonly message: string };

/** What an answer holds that isn't good. */
type Problem = { readonly title?: string; readonly detail?: string; readonly faults?: readonly Fault[] };

/** Paths of acts on something that says what was seen of it; the rest of the path is that. */
const OF_WHAT_WAS_SEEN =
  /(\/sequences\/[^/]+|\/broadcasts\/\d+)\/(?:(?:un)?archive|schedule|take-back|stop|go-on|send-to-rest|send-to-joined)$/;

/** Asks for an answer of a media type. What the service refuses, and what isn't the service, is a `Refused`. */
async function request(
  { url, token }: Service,
  accept: string,
  ...[method, path, body]: Ask
): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, "user-agent": USER_AGENT, accept };
  let answer: Response;
  try {
    answer = await fetch(`${url}${path}`, {
      method,
      // An answer that leads elsewhere isn't followed with a token.
      redirect: "manual",
      headers: {
        ...headers,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(method === "PUT" || OF_WHAT_WAS_SEEN.test(path)
          ? await asSeen(`${url}${path.replace(OF_WHAT_WAS_SEEN, "$1")}`, headers)
          : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Refused(`Nothing answers at ${url}. Start it (npm start), or set THEMEPOST_URL.`);
  }
  if (answer.ok || path === "/healthz") return answer;
  if (answer.status === 401) {
    throw new Refused(
      `${url} doesn't accept this token. Set ADMIN_TOKEN (from production.vars, or from .dev.vars for a trial).`,
    );
  }
  const result = (await answer.json().catch(() => ({}))) as Problem;
  if (result.title === undefined) throw new Refused(`${url} isn't Themepost (it answered ${answer.status}).`);
  const faults = (result.faults ?? []).map(({ field, message }) => `\n  ${`${field} ${message}`.trim()}`);
  throw new Refused(`${result.title}. ${result.detail ?? ""}${faults.join("")}`);
}

/** As many as a page may hold, so that a long list takes few questions. */
const PAGE = 500;

async function wholeList<Row>(admin: Api["admin"], path: string): Promise<List<Row>> {
  const data: Row[] = [];
  for (let cursor = ""; ; ) {
    const query = `${path.includes("?") ? "&" : "?"}limit=${PAGE}${cursor}`;
    const page = await admin<List<Row>>("GET", `${path}${query}`);
    data.push(...page.data);
    if (page.next === null) return { data, has_more: false, next: null };
    cursor = `&cursor=${page.next}`;
  }
}

/** THEMEPOST_URL as an origin, whatever was pasted. */
function serviceUrl(env: NodeJS.ProcessEnv): string {
  const given = env.THEMEPOST_URL?.trim() || "http://localhost:8787";
  const url = /^https?:\/\//.test(given)
    ? given
    : `${/^(localhost|127\.0\.0\.1|\[::1\])([:/]|$)/.test(given) ? "http" : "https"}://${given}`;
  if (!URL.canParse(url)) throw new Refused(`THEMEPOST_URL isn't an address: ${given}`);
  const { origin, protocol, hostname } = new URL(url);
  // The token would be read by everyone on the way.
  if (protocol === "http:" && !["localhost", "127.0.0.1", "[::1]"].includes(hostname))
    throw new Refused(`THEMEPOST_URL is ${given}; use https. Nothing was sent.`);
  return origin;
}

function token(env: NodeJS.ProcessEnv): string {
  if (env.ADMIN_TOKEN !== undefined) return env.ADMIN_TOKEN;
  try {
    return readVars(join(ROOT, ".dev.vars")).ADMIN_TOKEN ?? "";
  } catch {
    throw new Refused("Set ADMIN_TOKEN, or run npm start once for a local trial.");
  }
}
