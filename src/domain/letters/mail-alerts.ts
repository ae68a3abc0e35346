import { DAY_MS, HOUR_MS } from "../../platform/calendar/durations.ts";
import { faultName } from "../../platform/log/fault-name.ts";
import { logEvent } from "../../platform/log/log-event.ts";
import { type Alert, listAlerts } from "../../platform/log/queries.ts";
import { say } from "../../platform/texts/texts.ts";
import { alertWords } from "../desk/alert-words.ts";
import type { Services } from "../services.ts";
import { readSite } from "../site/site.ts";
import { frameOf } from "./frame.ts";
import { planAlertMails } from "./queries/alert-mails.ts";
import { renderAlerts } from "./render-letter.tsx";

/** The same alert is mailed once an hour at most, however often it's raised; what stays, once a day. */
const AGAIN_AFTER_MS = HOUR_MS;
const STAYS_AFTER_MS = DAY_MS;

/** The alerts that are to be mailed at `now`: new ones, those raised again, and those that stay. */
export function alertsToMail(
  alerts: readonly Pick<Alert, "name" | "detail" | "lastAt" | "mailedAt">[],
  now: number,
) {
  return alerts.filter(({ lastAt, mailedAt }) => {
    if (mailedAt === null) return true;
    const sinceMs = now - mailedAt;
    return sinceMs >= STAYS_AFTER_MS || (sinceMs >= AGAIN_AFTER_MS && lastAt > mailedAt);
  });
}

/**
 * Plans a mail to each owner of what needs a look, once: a tick that's repeated plans nothing more. While sending is stopped it waits like any
 * other mail. Never throws: it's no part of what it tells of. Returns how many wait to be sent.
 */
export async function mailAlerts(deps: Services): Promise<number> {
  const { db, config, now } = deps;
  try {
    const due = alertsToMail(await listAlerts(db), now);
    if (due.length === 0) return 0;
    const site = await readSite(db, config.publicUrl);
    const lines = due.map(({ name, detail }) => ({
      sentence: say(alertWords(name), {}, "en"),
      detail: `${name} · ${detail}`.replaceAll(/[{}]/g, ""),
    }));
    const frame = frameOf(site, config.publicUrl, "en");
    const letter = await renderAlerts(frame, { fromName: site.name, replyTo: "" }, lines);
    const planned = await planAlertMails(db, letter, due, now);
    if (planned > 0) await deps.enqueue("confirmations", [{ gather: "confirmations" }]);
    return planned;
  } catch (error) {
    logEvent("alerts.not_mailed", { error: faultName(error) });
    return 0;
  }
}
