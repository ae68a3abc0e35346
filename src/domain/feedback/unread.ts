import { DAY_MS } from "../../platform/calendar/durations.ts";
import { faultName } from "../../platform/log/fault-name.ts";
import { logEvent } from "../../platform/log/log-event.ts";
import { raiseAlert } from "../../platform/log/queries.ts";
import { withoutAddresses } from "../sending/match-answer.ts";
import type { Services } from "../services.ts";
import { forgetUnread, keepUnread, listUnread } from "./queries/unread.ts";
import { readEvent } from "./read-event.ts";
import { takeFeedback } from "./take-feedback.ts";

const KEPT_MS = 35 * DAY_MS;
const A_TICK = 50;
/** More than any event of the provider's has; a longer one is told of and not kept. */
const BODY_CHARACTERS_MAX = 20_000;

type Deps = Pick<Services, "db" | "config" | "guard" | "kinds" | "now" | "by" | "wallNow">;

/** Keeps a signed event that can't be read, without what's personal in it, and tells the owner. */
export async function keepUnreadable(
  { db, now }: Pick<Deps, "db" | "now">,
  svixId: string,
  body: string,
): Promise<void> {
  logEvent("feedback.unreadable", { svixId });
  const kept = withoutPeople(body);
  if (kept !== null) await keepUnread(db, { svixId, body: kept, receivedAt: now });
  await raiseAlert(db, { name: "feedback.unreadable", detail: svixId, now });
}

/** Takes events that can be read by now, and forgets those that are too old. Returns how many were taken. */
export async function takeUnread(deps: Deps): Promise<number> {
  const unread = await listUnread(deps.db, A_TICK);
  if (unread.length === 0) return 0;
  const done: string[] = [];
  let taken = 0;
  for (const { svixId, body, receivedAt } of unread) {
    const reading = readEvent(JSON.parse(body), deps.config.instance, receivedAt);
    if (reading.kind === "letter") {
      try {
        await takeFeedback(deps, svixId, reading.event);
        taken += 1;
      } catch (error) {
        // The next tick tries again; what else a tick does must not wait for it.
        logEvent("feedback.unreadable", { svixId, error: faultName(error) });
        continue;
      }
    }
    if (reading.kind !== "unreadable" || receivedAt < deps.now - KEPT_MS) done.push(svixId);
  }
  await forgetUnread(deps.db, done);
  return taken;
}

const NAMES_PEOPLE = ["to", "from", "cc", "bcc", "reply_to"];
const TELLS_OF_THE_LETTER = ["subject", "headers", "html", "text"];

/** The same as JSON, of people nothing but the domain of their address; null where it's no JSON, or too long. */
function withoutPeople(body: string): string | null {
  if (body.length > BODY_CHARACTERS_MAX) return null;
  try {
    return JSON.stringify(JSON.parse(body), function (this: unknown, name, value: unknown) {
      if (TELLS_OF_THE_LETTER.includes(name)) return undefined;
      if (typeof value !== "string") return value;
      const ofPeople = NAMES_PEOPLE.includes(name) || (Array.isArray(this) && value.includes("@"));
      return ofPeople
        ? value.replace(/^.*@/s, "@").replace(/[>\s].*$/s, "")
        : withoutAddresses(value, BODY_CHARACTERS_MAX);
    });
  } catch {
    return null;
  }
}
