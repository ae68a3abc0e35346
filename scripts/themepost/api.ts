import { join } from "node:path";
import { Readable } from "node:stream";
import { asSeen, type Service, USER_AGENT } from "../content/publish.ts";
import { portOfRunning } from "../local-state.ts";
import { ROOT } from "../project.ts";
import { readVars } from "../vars.ts";
import { Refused } from "./command.ts";
import { profileOf } from "./profiles.ts";

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
  /** The same as `admin`, as a page; and as a file. */
  readonly page: (...ask: Ask) => Promise<string>;
  readonly file: (...ask: Ask) => Promise<AsyncIterable<Uint8Array>>;
  /** What /healthz says, in health or not. */
  readonly health: <Answer>() => Promise<Answer>;
  readonly service: () => Service;
  readonly env: Env;
};

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The API of an installation: of the profile that's named, else the one that THEMEPOST_URL and ADMIN_TOKEN name, else THEMEPOST_PROFILE, else the
 * trial that runs on this machine.
 */
export function apiOf(env: Env, profile?: string): Api {
  const service = () => serviceIn(env, profile);
  const admin: Api["admin"] = (method, path, body) => call(service(), method, `/api/v1/admin${path}`, body);
  return {
    admin,
    list: (path) => wholeList(admin, path),
    page: async (method, path, body) =>
      (await request(service(), "text/html", method, `/api/v1/admin${path}`, body)).text(),
    file: async (method, path, body) => {
      const answer = await request(service(), "text/csv", method, `/api/v1/admin${path}`, body);
      return answer.body ?? Readable.from([]);
    },
    health: () => call(service(), "GET", "/healthz"),
    service,
    env,
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
type Problem = {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly faults?: readonly Fault[];
};

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
    throw new Refused(
      isHere(url)
        ? `Nothing answers at ${url}. Start the trial (npm start), or name an installation with --profile or THEMEPOST_URL.`
        : `Nothing answers at ${url}. Is the address right, and the network up?`,
      "unreachable",
      { url },
    );
  }
  if (answer.ok || path === "/healthz") return answer;
  if (answer.status === 401) {
    throw new Refused(
      `${url} doesn't accept this token. Set ADMIN_TOKEN (from production.vars, or from .dev.vars for a trial), or use --profile.`,
      "token",
      { url },
    );
  }
  const result = (await answer.json().catch(() => ({}))) as Problem;
  if (result.title === undefined) throw new Refused(`${url} isn't Themepost (it answered ${answer.status}).`);
  const faults = (result.faults ?? []).map(({ field, message }) => `\n  ${`${field} ${message}`.trim()}`);
  throw new Refused(`${result.title}. ${result.detail ?? ""}${faults.join("")}`, "refused", {
    status: answer.status,
    ...result,
  });
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

function serviceIn(env: Env, named: string | undefined): Service {
  const profile = named ?? (env.THEMEPOST_URL ? undefined : env.THEMEPOST_PROFILE);
  if (profile !== undefined) {
    const { url, token } = profileOf(profile, env);
    return { url: originOf(url, `The profile ${profile}`), token };
  }
  const given = env.THEMEPOST_URL?.trim() || `http://localhost:${trialPort(env)}`;
  return { url: originOf(given, "THEMEPOST_URL"), token: tokenOf(env) };
}

const PORT = 8787;

function trialPort(env: Env): number {
  return portOfRunning(env.THEMEPOST_STATE ?? join(ROOT, ".wrangler", "state")) ?? PORT;
}

function isHere(url: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(new URL(url).hostname);
}

/** An address as an origin, whatever was pasted. */
function originOf(given: string, what: string): string {
  const url = /^https?:\/\//.test(given)
    ? given
    : `${/^(localhost|127\.0\.0\.1|\[::1\])([:/]|$)/.test(given) ? "http" : "https"}://${given}`;
  if (!URL.canParse(url)) throw new Refused(`${what} isn't an address: ${given}`);
  const { origin, protocol } = new URL(url);
  // The token would be read by everyone on the way.
  if (protocol === "http:" && !isHere(url))
    throw new Refused(`${what} is ${given}; use https. Nothing was sent.`);
  return origin;
}

function tokenOf(env: Env): string {
  if (env.ADMIN_TOKEN !== undefined) return env.ADMIN_TOKEN;
  try {
    return readVars(join(ROOT, ".dev.vars")).ADMIN_TOKEN ?? "";
  } catch {
    throw new Refused("Set ADMIN_TOKEN, name a --profile, or run npm start once for a local trial.", "token");
  }
}
