// A folder of letters, or a whole newsletter, on its way to a service.
import { quantity } from "../themepost/show.ts";
import { withPictures } from "./letter-pictures.ts";
import { readSequence, type SequenceFolder } from "./read-sequence.ts";
import type { SiteFile } from "./read-site.ts";

/** By this the acts of the owner's own commands are known. */
export const USER_AGENT = "themepost/0.2.0";

/** Where the service is, and the owner's token for it. */
export type Service = { readonly url: string; readonly token: string };

/** Where an edition comes from, and whether it replaces one that was made elsewhere. */
export type Edition = { readonly origin: "built_in" | "files"; readonly force: boolean };

/** A folder of letters, and the sequence's name. */
export type Letters = { readonly folder: string; readonly slug: string };

/** What was answered, the warnings as lines that name file line, rule and fix, and whether what was there stays as it was. */
export type Sent<Answer> = {
  readonly answer: Answer;
  readonly warned: readonly string[];
  readonly unchanged: boolean;
};

/** What a publication changed. */
export type Published = {
  readonly steps: readonly { readonly slug: string; readonly change: string }[];
  readonly resumed: number;
};

/** What a publication of the site came to. */
export type SitePublished = { readonly letters: number; readonly rendering: boolean };

/** A refusal; `code` and `title` are those of the problem, and the message tells every fault. */
export class Faulty extends Error {
  readonly code: string;
  readonly title: string;
  constructor({ code, title }: Pick<Problem, "code" | "title">, message: string) {
    super(message);
    this.code = code;
    this.title = title;
  }
}

type Finding = {
  readonly field: string;
  readonly line?: number | null;
  readonly rule?: string;
  readonly severity?: string;
  readonly message: string;
  readonly fix?: string;
};

type Problem = {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly faults?: readonly Finding[];
};

type Body = Readonly<Record<string, unknown>>;
type Place = (path: readonly string[], line: number | null) => string;

const ASK_EVERY_MS = 1000;

/**
 * Publishes a site with its picture, and waits until its letters have been rendered with it, because no sequence can be published before; `say` is told
 * how far they are. Throws a `Faulty` where it's refused, and another error where no service answers.
 */
export async function publishSite(
  service: Service,
  site: SiteFile,
  edition: Edition,
  say: (line: string) => void,
): Promise<Sent<SitePublished>> {
  const body = { ...(await withPicture(service, site)), ...edition };
  const sent = await send<SitePublished>(service, "PUT", "/site", body, site.placeOf);
  if (!sent.answer.rendering) return sent;
  for (let rendering: Rendering = await renderingOf(service); rendering !== null; ) {
    say(`  site: ${rendering.done} of ${rendering.letters} letters rendered anew …`);
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    rendering = await renderingOf(service);
  }
  return { ...sent, answer: { ...sent.answer, rendering: false } };
}

/** What a site's file says, with its author's picture by the name that the service gives it. */
async function withPicture(service: Service, { body, picture, placeOf }: SiteFile): Promise<Body> {
  if (picture === null) return body;
  const { name, file } = picture;
  const place = placeOf(["author", "picture"]);
  const data = Buffer.from(file).toString("base64");
  const { answer } = await send<{ name: string }>(
    service,
    "POST",
    "/pictures",
    { data },
    () => `${place}  ${name}`,
  );
  return { ...body, author: { ...(body.author as Body), picture: answer.name } };
}

type Rendering = { readonly letters: number; readonly done: number } | null;

/** How far the letters of the site's next edition are; null where there's none. */
async function renderingOf({ url, token }: Service): Promise<Rendering> {
  const headers = { authorization: `Bearer ${token}`, "user-agent": USER_AGENT };
  const answer = await fetch(`${url}/api/v1/admin/site`, { headers, redirect: "manual" }).catch(() => null);
  if (answer?.ok !== true)
    throw new Error(
      `${url} stopped answering while letters were being rendered. Run it again: it goes on from there.`,
    );
  return ((await answer.json()) as { readonly rendering: Rendering }).rendering;
}

/** Publishes a folder of letters; throws what `sendFolder` does. */
export function publish(what: Service & Letters & Edition): Promise<Sent<Published>> {
  const { origin, force } = what;
  return sendFolder<Published>({ ...what, method: "PUT", path: "", more: { origin, force } });
}

/**
 * Sends a folder to a route of its sequence. Throws a `Faulty` where it's refused, `FolderFaults` where it can't be read, and another
 * error where no service answers; the caller says what the route answers.
 */
export async function sendFolder<Answer>(
  what: Service &
    Letters & {
      readonly method: "PUT" | "POST";
      readonly path: string;
      /** What is sent besides what the folder says. */
      readonly more?: Body;
      /** Told of what was read, before it's sent. */
      readonly onRead?: (folder: SequenceFolder) => void;
    },
): Promise<Sent<Answer>> {
  const { folder, slug, method, path, more = {}, onRead } = what;
  const read = readSequence(folder);
  onRead?.(read);
  const { welcome, steps } = read.body;
  const [first = welcome, ...others] = await withPictures(what, folder, [welcome, ...steps], (place, line) =>
    read.placeOf(place === 0 ? ["welcome", "markdown"] : ["steps", String(place - 1), "markdown"], line),
  );
  const body = { ...read.body, welcome: first, steps: others, ...more };
  return send<Answer>(what, method, `/sequences/${slug}${path}`, body, read.placeOf);
}

/** Sends a body to a route of the owner's API. Throws as `publish` does; `placeOf` says where what's told of is written. */
export async function send<Answer>(
  { url, token }: Service,
  method: "PUT" | "POST",
  path: string,
  body: Body,
  placeOf: Place,
): Promise<Sent<Answer>> {
  const resource = `${url}/api/v1/admin${path}`;
  const headers = { authorization: `Bearer ${token}`, "user-agent": USER_AGENT };
  const sent = async () => {
    const seen: Record<string, string> = method === "PUT" ? await asSeen(resource, headers) : {};
    const answer = await fetch(resource, {
      redirect: "manual",
      method,
      headers: { ...headers, "content-type": "application/json", ...seen },
      body: JSON.stringify(body),
    });
    return { answer, unchanged: answer.headers.get("etag") === seen["if-match"] };
  };
  const { answer, unchanged } = await sent().catch(() => {
    throw new Error(`Nothing answers at ${url}.`);
  });
  const tell = (finding: Finding) => told(finding, placeOf);
  if (answer.ok) {
    const result = (await answer.json()) as Answer & { readonly warnings?: readonly Finding[] };
    return { answer: result, warned: (result.warnings ?? []).map(tell), unchanged };
  }
  const problem = (await answer.json().catch(() => null)) as Problem | null;
  if (problem === null) throw new Error(`${url} isn't Themepost (it answered ${answer.status}).`);
  throw new Faulty(problem, [refusal(problem), ...(problem.faults ?? []).map(tell)].join("\n"));
}

/** A finding as a line: where, what, and what to do about it. */
function told({ field, line = null, rule, severity, message, fix }: Finding, placeOf: Place): string {
  const mild = severity === "warn" ? "warning: " : "";
  // Only the message of a fault of the format goes on after the field's name.
  const part = field !== "" && (rule === undefined || rule === "format") ? `${field.split(".").at(-1)} ` : "";
  const where = placeOf(field.split("."), line);
  return `  ${where}  ${mild}${part}${message}${rule === undefined ? "" : ` (${rule})`}. ${fix ?? ""}`.trimEnd();
}

/** "5 problems, nothing published. …", or what else is wrong. */
function refusal({ code, title, detail, faults = [] }: Problem): string {
  const problems = faults.filter(({ severity }) => severity !== "warn").length;
  if (problems === 0 || code !== "faulty") return `${title}. ${detail}`;
  return `${quantity(problems, "problem")}, nothing published. Fix ${problems === 1 ? "it" : "them"} and run it again.`;
}

/** The headers of a change of something that is at `resource`: the revision of what is there, or that nothing is. */
export async function asSeen(
  resource: string,
  headers: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const answer = await fetch(resource, { headers, redirect: "manual" });
  await answer.arrayBuffer();
  const etag = answer.headers.get("etag");
  return etag === null ? { "if-none-match": "*" } : { "if-match": etag };
}

/** "site: published, 10 letters rendered anew" */
export function siteLine({ answer: { letters }, unchanged }: Sent<SitePublished>): string {
  if (letters > 0) return `site: published, ${quantity(letters, "letter")} rendered anew`;
  return unchanged ? "site: unchanged" : "site: published";
}

/** "10 letters: 10 new" */
export function summary(steps: Published["steps"]): string {
  const counts = Map.groupBy(steps, (step) => step.change);
  const parts = [...counts].map(([change, members]) => `${members.length} ${change}`);
  return `${quantity(steps.length, "letter")}: ${parts.join(", ")}`;
}
