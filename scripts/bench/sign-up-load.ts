import { ASSETS } from "../../src/http/ui/assets.ts";
import { executeLocal } from "../local-database.ts";
import { devVars, fireTick } from "../local-worker.ts";
import { ACCOUNT, withBenchWorker } from "./bench-worker.ts";
import type { Measured } from "./measured.ts";
import { type Fields, load, signUp, visitor } from "./sign-ups.ts";
import { seed, slotOfNow } from "./weekly-run.ts";

const PER_SECOND = 200;
const SECONDS = Number(process.env.BENCH_SIGN_UP_SECONDS ?? 30);
/** Enough for the run to outlast the sign-ups that are measured beside it. */
const READERS = 2500 * SECONDS;

/**
 * Sign-ups at a steady rate against the real Worker, their confirmations going out meanwhile to the emulator: alone, while a
 * weekly run is going, and while nine in ten posts are abuse. As the floor that wrangler dev and this load generator set, a
 * static file at the same rate.
 */
export function signUpLoad(): Promise<readonly Measured[]> {
  return withBenchWorker(
    async (bench) => {
      const { url, port, stateDir, emulator } = bench;
      const secret = devVars().SIGNING_SECRET?.split(",")[0] ?? "";
      const post = (fields: Fields) => signUp({ url, port }, fields);
      await load(async (n) => post(await visitor(secret, `warm-${n}`)), 50, 5);
      const floor = await load(
        async () => {
          const answer = await fetch(`${url}${ASSETS["icon.svg"]}`);
          if (!answer.ok) throw new Error(`the static file was answered ${answer.status}`);
          await answer.text();
        },
        PER_SECOND,
        10,
      );
      const slow = await load(async (n) => post(await visitor(secret, `slow-${n}`)), 50, 10);
      // First, so that no confirmations of earlier sign-ups are in the run's way.
      executeLocal(stateDir, seed(READERS, slotOfNow()));
      await fireTick(port, slotOfNow());
      const before = emulator.acceptedCount(ACCOUNT);
      const busy = await load(async (n) => post(await visitor(secret, `busy-${n}`)), PER_SECOND, SECONDS);
      const letters = Math.round((emulator.acceptedCount(ACCOUNT) - before) / SECONDS);
      const quiet = await load(async (n) => post(await visitor(secret, `quiet-${n}`)), PER_SECOND, SECONDS);
      const abusive: { people: number[]; abuse: number[] } = { people: [], abuse: [] };
      await load(
        async (n) => {
          const person = n % 10 === 0;
          const fields = person ? await visitor(secret, `mixed-${n}`) : await abuse(secret, n);
          const began = performance.now();
          await post(fields);
          (person ? abusive.people : abusive.abuse).push(performance.now() - began);
        },
        PER_SECOND,
        SECONDS,
      );
      return [
        row(
          `a static file at ${PER_SECOND} requests/s, median / 99th percentile (ms)`,
          percentiles(floor),
          "the floor",
        ),
        row("sign-up at 50/s for 10 s, median / 99th percentile (ms)", percentiles(slow), ""),
        row(`sign-up at ${PER_SECOND}/s for ${SECONDS} s (ms)`, percentiles(quiet), "p99 < 50"),
        row("… nine in ten of them abuse: people's (ms)", percentiles(abusive.people), ""),
        row("… and the abusive ones' (ms)", percentiles(abusive.abuse), "less than a sign-up"),
        row(`… while a weekly run sends ${letters} mails/s beside (ms)`, percentiles(busy), ""),
      ];
    },
    { vars: { SIGN_UPS_PER_HOUR: "1000000" } },
  );
}

function row(what: string, value: string, budget: string): Measured {
  return { what, value, budget };
}

function percentiles(times: number[]): string {
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.floor(times.length * share)] ?? 0);
  return `${at(0.5)} / ${at(0.99)}`;
}

let worn: string | null = null;

/** A robot: falls into the trap, forges a stamp, uses one stamp for everything, or bombs one address. */
async function abuse(secret: string, n: number): Promise<Fields> {
  const fields = await visitor(secret, `abuse-${n}`);
  worn ??= fields.stamp ?? "";
  const kinds: Fields[] = [
    { leave_empty: "https://spam.example" },
    { stamp: `${(fields.stamp ?? "").slice(0, -2)}AA` },
    { stamp: worn },
    { email: `victim+${n}@gmail.com` },
  ];
  return { ...fields, ...kinds[n % kinds.length] };
}
