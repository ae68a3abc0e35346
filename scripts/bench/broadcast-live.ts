import { setTimeout as sleep } from "node:timers/promises";
import { executeLocal, queryLocal } from "../local-database.ts";
import { fireTick, localToken } from "../local-worker.ts";
import { ACCOUNT, type Bench, withBenchWorker } from "./bench-worker.ts";
import type { Measured } from "./measured.ts";
import { seed, slotOfNow } from "./weekly-run.ts";

const READERS = Number(process.env.BENCH_BROADCAST_READERS ?? 100_000);
/** Of them, so many get a weekly letter at that time. */
const WEEKLY = READERS / 20;
const CALLS_PER_SECOND = 10;
const WEEK_MS = 604_800_000;
const QUIET_MS = 120_000;

/** A broadcast to a hundred thousand through the real Worker at a provider of ten calls a second, with a weekly run beside it. */
export function broadcastLive(): Promise<readonly Measured[]> {
  return withBenchWorker(measure, { ratePerSecond: CALLS_PER_SECOND });
}

async function measure(bench: Bench): Promise<readonly Measured[]> {
  const { emulator, port, stateDir } = bench;
  executeLocal(stateDir, seed(READERS, slotOfNow() + WEEK_MS));
  executeLocal(
    stateDir,
    `update subscribers set broadcasts = 1;
     update enrollments set next_due_at = ${slotOfNow()} where id % 20 = 0;`,
  );
  await begin(bench);
  const account = emulator.account(ACCOUNT);
  const all = READERS + WEEKLY;
  while (account.calls === 0) await sleep(50);
  const from = { calls: account.calls, at: Date.now() };
  // The run begins while the broadcast leaves.
  await fireTick(port, slotOfNow());
  const tickAt = Date.now();
  let accepted = 0;
  let lastAt = Date.now();
  while (accepted < all && Date.now() < lastAt + QUIET_MS) {
    await sleep(100);
    const now = emulator.acceptedCount(ACCOUNT);
    if (now > accepted) lastAt = Date.now();
    accepted = now;
  }
  const calls = account.calls - account.refusedForRate - from.calls;
  const share = calls / ((lastAt - from.at) / 1000) / CALLS_PER_SECOND;
  // The last answers are written a moment after they were given.
  await sleep(2000);
  const [themes] = queryLocal<{ n: number; last: number }>(
    stateDir,
    "select count(*) as n, max(settled_at) as last from deliveries where kind = 'theme' and state = 'accepted'",
  );
  const once = queryLocal<{ kind: string; n: number; people: number }>(
    stateDir,
    "select kind, count(*) as n, count(distinct recipient_id) as people from deliveries where state = 'accepted' group by 1",
  );
  return [
    {
      what: `a broadcast to ${READERS} and a run of ${WEEKLY} at ${CALLS_PER_SECOND} calls/s: share of the limit (%)`,
      value: round(share * 100),
      budget: "≥ 95",
    },
    {
      what: "… answers that were 429 (%)",
      value: round((account.refusedForRate / account.calls) * 100),
      budget: "< 1",
    },
    { what: "… accepted by the provider", value: accepted, budget: String(all) },
    {
      what: "… each once, by the ledger",
      value: once
        .map(({ kind, n, people }) => `${kind} ${n}${n === people ? "" : ` of ${people}`}`)
        .join(", "),
      budget: "",
    },
    {
      what: "… the last letter of the run after its tick (s)",
      value: round(((themes?.last ?? 0) - tickAt) / 1000),
      budget: "–",
    },
  ];
}

/** Writes a broadcast to everyone and schedules it without a hold. */
async function begin({ url }: Bench): Promise<void> {
  const ask = async (
    path: string,
    body: unknown = undefined,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const answer = await fetch(`${url}/api/v1/admin/broadcasts${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${localToken()}`,
        "content-type": "application/json",
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const told = (await answer.json()) as { readonly id: number; readonly at_least?: boolean };
    if (!answer.ok) throw new Error(JSON.stringify(told));
    return { etag: answer.headers.get("etag") ?? "", ...told };
  };
  const { id, etag } = await ask("", {
    ...{ language: "en", subject: "A letter to everyone", preheader: "What happened this month" },
    markdown: "# News\n\nSomething happened, and you hear of it first.",
    ...{ audience: { all: [] }, time: { kind: "now" }, on_theme_days: "regardless", hold_minutes: 0 },
  });
  await ask(`/${id}/count`, {});
  while ((await ask(`/${id}/forecast`)).at_least === true) await sleep(500);
  await ask(`/${id}/schedule`, { people: READERS }, { "if-match": etag });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
