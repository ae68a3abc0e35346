// node scripts/publish.mjs [folder] [slug]: publishes a folder of letters at PUBLISH_URL with ADMIN_TOKEN.
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bootstrap, fail, ROOT } from "./bootstrap.mjs";

/** By this the acts of the owner's own commands are known. */
export const USER_AGENT = "themepost/0.1.0";

/** Publishes a folder; returns what `sendFolder` does. */
export function publish({ url, token, folder, slug }) {
  return sendFolder({ url, token, folder, slug, method: "PUT", path: "" });
}

/**
 * Sends a folder to a route of its sequence and returns the answer, and its warnings as lines that name file line, rule and fix.
 * Throws an Error that tells every fault in the same way; its `title` is that of the problem.
 */
export async function sendFolder({ url, token, folder, slug, method, path, resume = false }) {
  const { readSequence } = await import("./read-sequence.mjs");
  const { body, lineOffsets } = readSequence(folder);
  const resource = `${url}/api/v1/admin/sequences/${slug}`;
  const headers = { authorization: `Bearer ${token}`, "user-agent": USER_AGENT };
  const answer = await fetch(`${resource}${path}`, {
    method,
    headers: {
      ...headers,
      "content-type": "application/json",
      ...(method === "PUT" ? await asSeen(resource, headers) : {}),
    },
    body: JSON.stringify(resume ? { ...body, resume: true } : body),
  });
  const result = await answer.json();
  const tell = ({ letter, line, rule, severity, message, fix }) => {
    const at = line === null ? "" : `:${line + (lineOffsets.get(letter) ?? 0)}`;
    const mild = severity === "warn" ? "warning: " : "";
    return `  ${letter ?? "sequence"}${at}  ${mild}${message} (${rule}). ${fix}`;
  };
  if (answer.ok) return { answer: result, warned: (result.warnings ?? []).map(tell) };
  const faults = (result.faults ?? []).map(tell);
  const error = new Error([`${result.title}. ${result.detail}`, ...faults].join("\n"));
  throw Object.assign(error, { title: result.title });
}

/** The headers of a change of something that stands at `resource`: the revision of what is there, or that nothing is. */
export async function asSeen(resource, headers) {
  const answer = await fetch(resource, { headers });
  await answer.arrayBuffer();
  const etag = answer.headers.get("etag");
  return etag === null ? { "if-none-match": "*" } : { "if-match": etag };
}

/** "10 letters: 10 new" */
export function summary(steps) {
  const counts = Map.groupBy(steps, (step) => step.change);
  const parts = [...counts].map(([change, members]) => `${members.length} ${change}`);
  return `${steps.length} letters: ${parts.join(", ")}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url) && (await bootstrap(import.meta.url))) {
  const folder = process.argv[2] ?? join(ROOT, "emails", "sequences", "strengthening-bonds");
  const { PUBLISH_URL: url, ADMIN_TOKEN: token } = process.env;
  if (url === undefined || token === undefined) {
    fail("Set PUBLISH_URL (for instance http://localhost:8787) and ADMIN_TOKEN (see .dev.vars).");
  }
  try {
    const { answer, warned } = await publish({
      url,
      token,
      folder,
      slug: process.argv[3] ?? basename(folder),
    });
    console.log([summary(answer.steps), ...warned].join("\n"));
  } catch (error) {
    fail(error.message);
  }
}
