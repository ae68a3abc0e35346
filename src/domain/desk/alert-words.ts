import type { WordKey } from "../../platform/texts/texts.ts";

/** What each alert means, and what to do; those of partners go by their beginning. */
const ALERTS: Readonly<Record<string, WordKey>> = {
  "sending.stopped": "desk.alert.sendingStopped",
  "run.stopped": "desk.alert.runStopped",
  "guard.disarmed": "desk.alert.disarmed",
  "queue.dead_letter": "desk.alert.deadLetter",
  "feedback.about_us": "desk.alert.aboutUs",
  "feedback.bounce_storm": "desk.alert.bounceStorm",
  "feedback.unreadable": "desk.alert.unreadable",
  "feedback.failed": "desk.alert.failed",
  "letters.uncertain": "desk.alert.uncertain",
  "provider.outage": "desk.alert.outage",
  "provider.quota": "desk.alert.quota",
  "plan.ceiling": "desk.alert.ceiling",
  "database.filling": "desk.alert.filling",
  "database.nearly_full": "desk.alert.nearlyFull",
  "sign_ups.partner_breaker": "desk.alert.breaker",
  "sign_ups.service_breaker": "desk.alert.breaker",
  "sign_ups.partner_budget": "desk.alert.budget",
  "broadcast.held": "desk.alert.broadcastHeld",
  "counts.differ": "desk.alert.countsDiffer",
  "desk.wrong_tokens": "desk.alert.wrongTokens",
};

/** The sentence that says what an alert means, and what to do. */
export function alertWords(name: string): WordKey {
  return ALERTS[name.split(".").slice(0, 2).join(".")] ?? "desk.alert.other";
}
