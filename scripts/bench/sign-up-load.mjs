import { withBenchWorker } from "./bench-worker.mjs";

const PER_SECOND = 200;
const SECONDS = 10;

/**
 * Sign-ups at a steady rate against the real Worker, their confirmations going out meanwhile to the emulator; and, as the
 * floor that wrangler dev and this load generator set, a static file at the same rate.
 */
export function signUpLoad() {
  return withBenchWorker(async ({ url }) => {
    await load((n) => signUp(url, `warm-${n}`), 50);
    const floor = await load(
      () => fetch(`${url}/assets/icon.svg`).then((answer) => answer.text()),
      PER_SECOND,
    );
    const slow = await load((n) => signUp(url, `slow-${n}`), 50);
    const full = await load((n) => signUp(url, `full-${n}`), PER_SECOND);
    return [
      {
        what: `a static file at ${PER_SECOND} requests/s, median / 99th percentile (ms)`,
        value: floor,
        budget: "the floor",
      },
      { what: "sign-up at 50 requests/s, median / 99th percentile (ms)", value: slow, budget: "" },
      {
        what: `sign-up at ${PER_SECOND} requests/s, median / 99th percentile (ms)`,
        value: full,
        budget: "p99 < 50",
      },
    ];
  });
}

/** Starts `act` at a steady rate whether or not earlier ones have ended; returns "median / 99th percentile" in ms. */
async function load(act, perSecond) {
  const times = [];
  const open = [];
  const startedAt = performance.now();
  for (let n = 0; n < perSecond * SECONDS; n += 1) {
    const waitMs = startedAt + (n * 1000) / perSecond - performance.now();
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const began = performance.now();
    open.push(act(n).then(() => times.push(performance.now() - began)));
  }
  await Promise.all(open);
  times.sort((a, b) => a - b);
  const at = (share) => Math.round(times[Math.floor(times.length * share)]);
  return `${at(0.5)} / ${at(0.99)}`;
}

async function signUp(url, name) {
  const answer = await fetch(`${url}/api/v1/subscriptions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: `${name}@themepost.dev`, first_name: "Ada", time_zone: "Europe/London" }),
  });
  await answer.text();
  if (answer.status !== 202) throw new Error(`a sign-up was answered ${answer.status}`);
}
