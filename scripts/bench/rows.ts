import { getPlatformProxy } from "wrangler";
import { byItself } from "../../src/domain/acts/act.ts";
import { KINDS } from "../../src/domain/kinds.ts";
import { listOpenBatches } from "../../src/domain/ledger/queries/sweep.ts";
import { cleanUp } from "../../src/domain/privacy/clean-up.ts";
import { consumeQueue } from "../../src/domain/sending/consume-queue.ts";
import { runTick } from "../../src/domain/sending/run-tick.ts";
import { planTick } from "../../src/domain/sequences/plan-tick.ts";
import type { Services } from "../../src/domain/services.ts";
import { DEFAULT_LIMITS } from "../../src/domain/signup/partners/limits.ts";
import { signUp } from "../../src/domain/signup/sign-up.ts";
import { ownWording } from "../../src/domain/signup/wording.ts";
import { siteOf } from "../../src/domain/site/site.ts";
import { openDb } from "../../src/platform/db/client.ts";
import { resendProvider } from "../../src/platform/providers/resend.ts";
import { startResendEmulator } from "../../test/support/resend-emulator/server.ts";
import type { Measured } from "./measured.ts";
import { metered } from "./metered.ts";
import { countingGuard, makeSequence, migrate, testConfig } from "./rows-set-up.ts";
import { seed } from "./weekly-run.ts";

const STEPS = 10;
const READERS = 2500;
const WEEK_MS = 7 * 24 * 3_600_000;
const TUESDAY = Date.UTC(2026, 10, 24, 8);

/**
 * What D1 bills: rows read and written and statements, as D1 itself counts them, over the ten weeks of a sequence. The
 * delivery code runs as it is, in Node, on the local D1.
 */
export async function d1Rows(): Promise<readonly Measured[]> {
  const proxy = await getPlatformProxy<{ DB: D1Database }>({ persist: false });
  const emulator = await startResendEmulator({ lean: true });
  try {
    const meter = { read: 0, written: 0, statements: 0, roundTrips: 0, guardCalls: 0 };
    const db = openDb(metered(proxy.env.DB, meter));
    await migrate(proxy.env.DB);
    await makeSequence(proxy.env.DB, STEPS);
    for (const statement of seed(READERS, TUESDAY).split(";\n")) await proxy.env.DB.prepare(statement).run();
    const config = testConfig(emulator.url);
    const random = () => crypto.randomUUID().replaceAll("-", "");
    const deps = (now: number): Services => ({
      db,
      config,
      kinds: KINDS,
      bucket: null,
      provider: resendProvider({ apiKey: "rows", baseUrl: emulator.url }),
      enqueue: async () => undefined,
      now,
      wallNow: () => now,
      guard: countingGuard(meter),
      wait: async () => undefined,
      random,
      by: byItself(random),
    });
    const take = () => {
      const taken = { ...meter };
      Object.assign(meter, { read: 0, written: 0, statements: 0, roundTrips: 0, guardCalls: 0 });
      return taken;
    };

    let written = 0;
    let readByTicks = 0;
    let lastTickRead = 0;
    let statementsPerBatch = 0;
    let guardCalls = 0;
    let batches = 0;
    for (let week = 0; week < STEPS; week += 1) {
      const now = TUESDAY + week * WEEK_MS;
      take();
      await planTick(deps(now), {
        tickAt: now,
        statementBudget: 1000,
        growth: 0,
        lostUntil: 0,
        lettersLeft: null,
      });
      const planned = take();
      readByTicks += planned.read;
      lastTickRead = planned.read;
      written += planned.written;
      const open = await listOpenBatches(db);
      take();
      await consumeQueue(
        deps(now),
        "letters",
        open.map(({ id: batchId }) => ({ body: { batchId }, ack() {}, retry() {} }) as unknown as Message),
      );
      const sent = take();
      written += sent.written;
      guardCalls += sent.guardCalls;
      batches += open.length;
      if (week > 0) statementsPerBatch = Math.max(statementsPerBatch, sent.statements / open.length);
    }
    // The first tick of a day counts its numbers, and the very first those of all days before.
    await runTick(deps(TUESDAY + (STEPS - 1) * WEEK_MS + 1), 1);
    take();
    await runTick(deps(TUESDAY + (STEPS - 1) * WEEK_MS + 1), 1);
    await cleanUp(deps(TUESDAY), TUESDAY + (STEPS - 1) * WEEK_MS + 1);
    const idle = take();
    const address = {
      address: "new@themepost.dev",
      key: "new@themepost.dev",
      localPart: "new",
      domain: "themepost.dev",
    };
    const request = {
      address,
      told: { firstName: "" },
      timeZone: "UTC",
      sequenceSlug: "bench",
      page: "/",
      origin: "http://localhost:8787",
      partnerId: null,
      formKey: null,
      wording: await ownWording(siteOf(undefined, "http://localhost:8787"), "en"),
      answer: "",
      language: "en" as const,
      network: "203.0.113.9",
      stampOnce: false,
      stampNonce: "bench",
      proven: false,
      renewal: false,
      limits: DEFAULT_LIMITS,
    };
    const base = {
      partner: null,
      verdict: { kind: "own" as const, origin: "http://localhost:8787" },
      refusal: null,
      language: "en" as const,
      sequence: null,
    };
    const afresh = { ...base, kind: "taken", planned: false } as const;
    await signUp(deps(TUESDAY), { kind: "passed", request, base, challenge: null, afresh });
    const signUpTrips = take().roundTrips;
    const letters = READERS * STEPS;
    return [
      {
        what: "D1 rows written per letter, up to accepted",
        value: round(written / letters),
        budget: "≤ 6.5",
      },
      { what: "D1 statements per batch of 100", value: round(statementsPerBatch), budget: "≤ 6" },
      { what: "calls of the Guard per batch of 100", value: round(guardCalls / batches), budget: "≤ 1.1" },
      {
        what: "D1 rows read by a tick per due enrollment, mean over 10 steps",
        value: round(readByTicks / letters),
        budget: "≤ 30",
      },
      { what: "… at the tenth step", value: round(lastTickRead / READERS), budget: "≤ 30" },
      {
        what: `D1 rows read by a tick with nothing due, ${READERS} enrollments`,
        value: idle.read,
        budget: "~0",
      },
      { what: "D1 round trips of a sign-up", value: signUpTrips, budget: "≤ 4" },
    ];
  } finally {
    await proxy.dispose();
    emulator.close();
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
