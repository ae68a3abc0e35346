import type { Config } from "../config.ts";
import type { Db } from "../db/client.ts";
import { faultName } from "./fault-name.ts";
import { logEvent } from "./log-event.ts";
import { listUntold, markTold } from "./queries.ts";

const TIMEOUT_MS = 5000;

/**
 * Posts alerts that weren't told yet to the owner's webhook, where there is one, as JSON (`alerts`, and `text` for what shows texts). Each at
 * least once until it's cleared; where the webhook doesn't answer, the next tick tries again. Never throws: it's no part of what it's told of.
 */
export async function tellAlerts(deps: {
  readonly db: Db;
  readonly config: Pick<Config, "alertWebhookUrl" | "publicUrl">;
  readonly now: number;
}): Promise<void> {
  const { alertWebhookUrl: url, publicUrl } = deps.config;
  if (url === null) return;
  try {
    const untold = await listUntold(deps.db);
    if (untold.length === 0) return;
    const lines = untold.map(({ name, detail }) => `${name}: ${detail}`);
    const body = {
      service: publicUrl,
      text: [`Themepost at ${publicUrl} needs a look:`, ...lines].join("\n"),
      alerts: untold.map(({ name, detail, firstAt }) => ({
        name,
        detail,
        first_at: new Date(firstAt).toISOString(),
      })),
    };
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error("refused");
    const names = untold.map(({ name }) => name);
    await markTold(deps.db, names, deps.now);
    logEvent("alerts.told", { alerts: names.length });
  } catch (error) {
    logEvent("alerts.not_told", { error: faultName(error) });
  }
}
