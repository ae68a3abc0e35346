import { type Account, accountNow } from "./account.ts";
import { type Answer, errorAnswer } from "./errors.ts";

/** A page of the account's emails, newest first, with what's wrong with its list. */
export function list(account: Account, query: string): Answer {
  const params = new URLSearchParams(query);
  const limit = Math.min(Number(params.get("limit") ?? 20), 100);
  const { sendOnly, keptSince, lagMs, slowMs, missing } = account.settings.list;
  if (sendOnly) return errorAnswer("restricted_api_key");
  const now = accountNow(account);
  const dated = account.accepted.map((message) => {
    const at = Date.parse(message.created_at) - (message.late ? slowMs : 0);
    return { ...message, at, created_at: new Date(at).toISOString() };
  });
  const newestFirst = dated
    .filter(({ id, at, late }) => at >= keptSince && !missing.includes(id) && !(late && now - at < lagMs))
    .reverse()
    .sort((a, b) => b.at - a.at);
  const after = newestFirst.findIndex((message) => message.id === params.get("after"));
  const data = newestFirst.slice(after + 1, after + 1 + limit).map(listed);
  const has_more = after + 1 + limit < newestFirst.length;
  return { status: 200, body: { object: "list", has_more, data } };
}

/** One email of the account. */
export function single(account: Account, id: string): Answer {
  const message = account.accepted.find((candidate) => candidate.id === id);
  if (message === undefined) return errorAnswer("not_found");
  const { html, text } = message;
  return { status: 200, body: { object: "email", ...listed(message), html, text } };
}

function listed({ id, to, from, subject, created_at, last_event }: Account["accepted"][number]) {
  // 2023-04-03 22:13:42.674981+00, as their description shows it.
  const written = created_at.replace("T", " ").replace("Z", "000+00");
  return { id, to: [to], from, subject, created_at: written, last_event };
}
