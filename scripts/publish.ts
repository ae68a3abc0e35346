// A folder of letters on its way to a service.
import { readSequence } from "./read-sequence.ts";
import { quantity } from "./themepost/show.ts";

/** By this the acts of the owner's own commands are known. */
export const USER_AGENT = "themepost/0.1.0";

/** Where the service is, and the owner's token for it. */
export type Service = { readonly url: string; readonly token: string };

/** A folder of letters, and the sequence's name. */
export type Letters = { readonly folder: string; readonly slug: string };

/** What was answered, and the warnings as lines that name file line, rule and fix. */
export type Sent<Answer> = { readonly answer: Answer; readonly warned: readonly string[] };

/** What a publication changed. */
export type Published = {
  readonly steps: readonly { readonly change: string }[];
  readonly resumed: number;
};

/** A refusal of letters; `title` is that of the problem, and the message names every fault. */
export class Faulty extends Error {
  readonly title: string;
  constructor(title: string, message: string) {
    super(message);
    this.title = title;
  }
}

type Finding = {
  readonly field: string;
  readonly letter?: string | null;
  readonly line?: number | null;
  readonly rule?: string;
  readonly severity?: string;
  readonly message: string;
  readonly fix?: string;
};

type Problem = { readonly title: string; readonly detail: string; readonly faults?: readonly Finding[] };

/** Publishes a folder; throws what `sendFolder` does. */
export function publish(what: Service & Letters): Promise<Sent<Published>> {
  return sendFolder<Published>({ ...what, method: "PUT", path: "" });
}

/**
 * Sends a folder to a route of its sequence. Throws a `Faulty` where it's refused, and another error where no service answers; the
 * caller says what the route answers.
 */
export async function sendFolder<Answer>(
  what: Service &
    Letters & { readonly method: "PUT" | "POST"; readonly path: string; readonly resume?: boolean },
): Promise<Sent<Answer>> {
  const { url, token, folder, slug, method, path, resume = false } = what;
  const { body, lineOffsets } = readSequence(folder);
  const resource = `${url}/api/v1/admin/sequences/${slug}`;
  const headers = { authorization: `Bearer ${token}`, "user-agent": USER_AGENT };
  const send = async () =>
    fetch(`${resource}${path}`, {
      redirect: "manual",
      method,
      headers: {
        ...headers,
        "content-type": "application/json",
        ...(method === "PUT" ? await asSeen(resource, headers) : {}),
      },
      body: JSON.stringify(resume ? { ...body, resume: true } : body),
    });
  const answer = await send().catch(() => {
    throw new Error(`Nothing answers at ${url}.`);
  });
  const tell = ({ field, letter = null, line = null, rule, severity, message, fix }: Finding) => {
    const at = line === null ? "" : `:${line + (lineOffsets.get(letter ?? "") ?? 0)}`;
    const mild = severity === "warn" ? "warning: " : "";
    // Only the message of a fault of the format goes on after the field's name.
    const part =
      field !== "" && (rule === undefined || rule === "format") ? `${field.split(".").at(-1)} ` : "";
    return `  ${letter ?? "sequence"}${at}  ${mild}${part}${message}${rule === undefined ? "" : ` (${rule})`}. ${fix ?? ""}`.trimEnd();
  };
  if (answer.ok) {
    const result = (await answer.json()) as Answer & { readonly warnings?: readonly Finding[] };
    return { answer: result, warned: (result.warnings ?? []).map(tell) };
  }
  const problem = (await answer.json().catch(() => null)) as Problem | null;
  if (problem === null) throw new Error(`${url} isn't Themepost (it answered ${answer.status}).`);
  const { title, faults = [] } = problem;
  throw new Faulty(title, [refusal(problem), ...faults.map(tell)].join("\n"));
}

/** "5 problems, nothing published. …", or what else is wrong. */
function refusal({ title, detail, faults = [] }: Problem): string {
  const problems = faults.filter(({ severity }) => severity !== "warn").length;
  if (problems === 0) return `${title}. ${detail}`;
  return `${quantity(problems, "problem")}, nothing published. Fix ${problems === 1 ? "it" : "them"} and run it again.`;
}

/** The headers of a change of something that stands at `resource`: the revision of what is there, or that nothing is. */
export async function asSeen(
  resource: string,
  headers: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const answer = await fetch(resource, { headers, redirect: "manual" });
  await answer.arrayBuffer();
  const etag = answer.headers.get("etag");
  return etag === null ? { "if-none-match": "*" } : { "if-match": etag };
}

/** "10 letters: 10 new" */
export function summary(steps: Published["steps"]): string {
  const counts = Map.groupBy(steps, (step) => step.change);
  const parts = [...counts].map(([change, members]) => `${members.length} ${change}`);
  return `${quantity(steps.length, "letter")}: ${parts.join(", ")}`;
}
