// node scripts/publish.mjs [folder] [slug]: publishes a folder of letters at PUBLISH_URL with ADMIN_TOKEN.
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bootstrap, fail, ROOT } from "./bootstrap.mjs";

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
  const answer = await fetch(`${url}/api/v1/admin/sequences/${slug}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
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
