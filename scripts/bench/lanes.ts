import { setTimeout as sleep } from "node:timers/promises";
import { executeLocal } from "../local-database.ts";
import { devVars, fireTick } from "../local-worker.ts";
import { ACCOUNT, type Bench, withBenchWorker } from "./bench-worker.ts";
import type { Measured } from "./measured.ts";
import { emailOf, load, signUp, visitor } from "./sign-ups.ts";
import { seed, slotOfNow } from "./weekly-run.ts";

const SECONDS = Number(process.env.BENCH_LANES_SECONDS ?? 60);
const SIGN_UPS = 2000;
const NETWORKS = 200;
const QUIET_MS = 120_000;
const SETTLING_MS = 3000;

/** A weekly run with a sign-up a second beside it, at a provider of five calls a second and at one of ten. */
export async function busyLanes(): Promise<readonly Measured[]> {
  return [...(await bothBusy(5)), ...(await bothBusy(10))];
}

function bothBusy(ratePerSecond: number): Promise<readonly Measured[]> {
  return withBenchWorker(
    async (bench) => {
      const letters = ratePerSecond * 100 * SECONDS;
      executeLocal(bench.stateDir, seed(letters, slotOfNow()));
      await fireTick(bench.port, slotOfNow());
      const account = bench.emulator.account(ACCOUNT);
      const signing = signUps(bench, { count: SECONDS, perSecond: 1, networks: SECONDS });
      while (account.accepted.length === 0) await sleep(100);
      await sleep(SETTLING_MS);
      const taken = () => ({ calls: account.calls - account.refusedForRate, at: Date.now() });
      const from = taken();
      await sleep(SECONDS * 700);
      const to = taken();
      const signedUp = await signing;
      await allAccepted(bench, letters + SECONDS);
      const waits = waitsOf(bench, signedUp);
      return [
        {
          what: `both lanes busy, ${ratePerSecond} calls/s: share of the limit (%)`,
          value: round(((to.calls - from.calls) / ((to.at - from.at) / 1000) / ratePerSecond) * 100),
          budget: "≥ 95",
        },
        {
          what: "… answers that were 429 (%)",
          value: round((account.refusedForRate / account.calls) * 100),
          budget: "< 1",
        },
        {
          what: "… a confirmation after its sign-up, median / 99th percentile (s)",
          value: `${at(waits, 0.5)} / ${at(waits, 0.99)}`,
          budget: "p99 ≤ 5",
        },
        { what: "… accepted, each once", value: once(bench), budget: String(letters + SECONDS) },
      ];
    },
    { ratePerSecond },
  );
}

/** Two thousand people sign up within a minute from two hundred networks; the provider allows five calls a second. */
export function burst(): Promise<readonly Measured[]> {
  return withBenchWorker(
    async (bench) => {
      const signedUp = await signUps(bench, {
        count: SIGN_UPS,
        perSecond: SIGN_UPS / 60,
        networks: NETWORKS,
      });
      await allAccepted(bench, SIGN_UPS);
      const { calls } = bench.emulator.account(ACCOUNT);
      const waits = waitsOf(bench, signedUp);
      return [
        {
          what: `${SIGN_UPS} sign-ups in a minute, ${NETWORKS} networks, 5 calls/s: confirmations accepted, each once`,
          value: once(bench),
          budget: String(SIGN_UPS),
        },
        {
          what: "… after the sign-up, median / 99th percentile / last (s)",
          value: `${at(waits, 0.5)} / ${at(waits, 0.99)} / ${at(waits, 1)}`,
          budget: "last ≤ 90",
        },
        { what: "… in calls", value: calls, budget: "" },
      ];
    },
    { ratePerSecond: 5 },
  );
}

/** Signs people up at a steady rate; by address, when each was answered that a confirmation is on its way. */
async function signUps(
  { url, port }: Bench,
  { count, perSecond, networks }: { count: number; perSecond: number; networks: number },
): Promise<ReadonlyMap<string, number>> {
  const secret = devVars().SIGNING_SECRET?.split(",")[0] ?? "";
  const signedUp = new Map<string, number>();
  await load(
    async (n) => {
      const network = `198.51.${n % networks}.7`;
      const status = await signUp(
        { url, port, network },
        await visitor(secret, `lane-${n}`, network),
        [202, 429],
      );
      if (status === 202) signedUp.set(emailOf(`lane-${n}`), Date.now());
    },
    perSecond,
    count / perSecond,
  );
  return signedUp;
}

/** Waits until the provider has taken so many messages, or none for two minutes. */
async function allAccepted({ emulator }: Bench, messages: number): Promise<void> {
  let accepted = 0;
  for (let lastAt = Date.now(); accepted < messages && Date.now() < lastAt + QUIET_MS; ) {
    await sleep(250);
    const now = emulator.acceptedCount(ACCOUNT);
    if (now > accepted) lastAt = Date.now();
    accepted = now;
  }
}

/** How long each confirmation took after its sign-up, ascending, in seconds; infinite where none came. */
function waitsOf({ emulator }: Bench, signedUp: ReadonlyMap<string, number>): number[] {
  const arrived = new Map(
    emulator.account(ACCOUNT).accepted.map((message) => [message.to, instant(message)]),
  );
  return [...signedUp]
    .map(([address, since]) => Math.max(0, (arrived.get(address) ?? Number.POSITIVE_INFINITY) - since) / 1000)
    .sort((a, b) => a - b);
}

function once({ emulator }: Bench): string | number {
  const accepted = emulator.acceptedCount(ACCOUNT);
  const distinct = emulator.distinctRecipients(ACCOUNT);
  return accepted === distinct ? accepted : `${accepted} (${distinct} distinct)`;
}

function instant(message: { readonly created_at: string }): number {
  return Date.parse(message.created_at);
}

function at(sorted: readonly number[], share: number): number {
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
