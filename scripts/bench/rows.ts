import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { getPlatformProxy } from "wrangler";
import { KINDS } from "../../src/domain/kinds.ts";
import { listOpenBatches } from "../../src/domain/ledger/queries/sweep.ts";
import { cleanUp } from "../../src/domain/privacy/clean-up.ts";
import { runTick } from "../../src/domain/sending/run-tick.ts";
import { sendBatch } from "../../src/domain/sending/send-batch.ts";
import { planTick } from "../../src/domain/sequences/plan-tick.ts";
import { DEFAULT_LIMITS } from "../../src/domain/signup/partners/limits.ts";
import { signUp } from "../../src/domain/signup/sign-up.ts";
import { WORDING } from "../../src/domain/signup/wording.ts";
import { readConfig } from "../../src/platform/config.ts";
import { openDb } from "../../src/platform/db/client.ts";
import { resendProvider } from "../../src/platform/providers/resend.ts";
import { startResendEmulator } from "../../test/support/resend-emulator/server.ts";
import { WEBHOOK_SECRET } from "../../test/support/webhook-secret.ts";
import { ROOT } from "../bootstrap.mjs";
import { seed } from "./weekly-run.mjs";

const STEPS = 10;
const READERS = 2000;
const WEEK_MS = 7 * 24 * 3_600_000;
const TUESDAY = Date.UTC(2026, 10, 24, 8);

/**
 * What D1 bills: rows read and written and statements, as D1 itself counts them, over the ten weeks of a sequence. The
 * delivery code runs as it is, in Node, on the local D1.
 */
export async function d1Rows() {
  const proxy = await getPlatformProxy({ persist: false });
  const emulator = await startResendEmulator({ lean: true });
  try {
    const meter = { read: 0, written: 0, statements: 0, roundTrips: 0, guardCalls: 0 };
    const db = openDb(metered(proxy.env.DB, meter));
    await migrate(proxy.env.DB);
    await makeSequence(proxy.env.DB);
    for (const statement of seed(READERS, TUESDAY).split(";\n")) await proxy.env.DB.prepare(statement).run();
    const config = testConfig(emulator.url);
    const deps = (now) => ({
      db,
      config,
      kinds: KINDS,
      provider: resendProvider({ apiKey: "rows", baseUrl: emulator.url }),
      enqueue: async () => undefined,
      now,
      wallNow: () => now,
      guard: countingGuard(meter),
      wait: async () => undefined,
      random: () => crypto.randomUUID().replaceAll("-", ""),
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
      for (const { id, lane } of await listOpenBatches(db)) {
        take();
        await sendBatch(deps(now), id, lane);
        const sent = take();
        written += sent.written;
        guardCalls += sent.guardCalls;
        batches += 1;
        if (week > 0) statementsPerBatch = Math.max(statementsPerBatch, sent.statements);
      }
    }
    take();
    await runTick(deps(TUESDAY + (STEPS - 1) * WEEK_MS + 1), 1);
    await cleanUp({ db, config: deps(TUESDAY).config, kinds: KINDS }, TUESDAY + (STEPS - 1) * WEEK_MS + 1);
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
      wording: WORDING,
      network: "203.0.113.9",
      stampNonce: "bench",
      proven: false,
      limits: DEFAULT_LIMITS,
      dailyLimitSet: false,
    };
    const base = { partner: null, verdict: { kind: "own", origin: "http://localhost:8787" }, refusal: null };
    await signUp(deps(TUESDAY), { kind: "passed", request, base, challenge: null });
    const signUpTrips = take().roundTrips;
    const letters = READERS * STEPS;
    return [
      { what: "D1 rows written per letter, up to accepted", value: round(written / letters), budget: "≤ 7" },
      { what: "D1 statements per batch of 100", value: statementsPerBatch, budget: "≤ 6" },
      { what: "calls of the Guard per batch of 100", value: round(guardCalls / batches), budget: "" },
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

/** The Guard lives in a Durable Object, which Node does not have; here only how often it is asked matters. */
function countingGuard(meter) {
  const answer = (value) => async () => {
    meter.guardCalls += 1;
    return value;
  };
  const current = { kind: "current", sending: "on", reason: "", guardName: "bench", lostUntil: 0 };
  const reservation = { kind: "go", waitMs: 0, limitPerSecond: 10_000 };
  return {
    reserve: answer({ sending: "on", reservation }),
    check: answer(current),
    admit: answer(current),
    observe: answer(undefined),
    prune: answer(undefined),
    journal: answer(0),
  };
}

function metered(binding, meter) {
  const count = (result) => {
    meter.read += result.meta.rows_read;
    meter.written += result.meta.rows_written;
    meter.statements += 1;
    return result;
  };
  const wrap = (statement, sql) => ({
    inner: statement,
    bind: (...values) => wrap(statement.bind(...values), sql),
    run: async () => count(await trip(statement.run())),
    all: async () => count(await trip(statement.all())),
    // raw() answers without the bill. A read runs once more for it; a write gives its few columns under names of their own.
    raw: async () => {
      const all = count(await trip(statement.all()));
      return /^\s*(select|with)/i.test(sql) ? statement.raw() : all.results.map((row) => Object.values(row));
    },
  });
  const trip = (promise) => {
    meter.roundTrips += 1;
    return promise;
  };
  return {
    prepare: (sql) => wrap(binding.prepare(sql), sql),
    batch: async (statements) => (await trip(binding.batch(statements.map(({ inner }) => inner)))).map(count),
  };
}

async function migrate(binding) {
  const folder = join(ROOT, "migrations");
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()) {
    for (const statement of readFileSync(join(folder, file), "utf8").split("--> statement-breakpoint")) {
      await binding.prepare(statement).run();
    }
  }
}

async function makeSequence(binding) {
  await binding
    .prepare(
      "insert into renditions (hash, subject, html, text, created_at) values ('h', 's', '<p>{{greeting}}</p>', '{{greeting}}', 0)",
    )
    .run();
  await binding
    .prepare(
      "insert into sequences (slug, title, confirmation_rendition_id, welcome_rendition_id, welcome_back_rendition_id, published_at) values ('bench', 'Bench', 1, 1, 1, 0)",
    )
    .run();
  for (let step = 0; step < STEPS; step += 1) {
    await binding
      .prepare(
        "insert into steps (sequence_id, slug, position, title, subject, preheader, markdown, status, rendition_id) values (1, ?, ?, 't', 's', 'p', 'm', 'published', 1)",
      )
      .bind(`step-${step}`, step)
      .run();
  }
}

function testConfig(baseUrl) {
  const reading = readConfig({
    PUBLIC_URL: "https://letters.themepost.dev",
    INSTANCE: "bench",
    MAIL_PROVIDER: "resend",
    RESEND_API_KEY: "rows",
    RESEND_WEBHOOK_SECRET: WEBHOOK_SECRET,
    RESEND_BASE_URL: baseUrl,
    MAIL_FROM: "Letters <letters@themepost.dev>",
    MAIL_REPLY_TO: "hello@themepost.dev",
    OWNER_NAME: "Bench",
    POSTAL_ADDRESS: "1 Street",
    DEFAULT_TIME_ZONE: "Europe/Berlin",
    SEND_WEEKDAY: "tuesday",
    SEND_HOUR: "9",
    SIGNING_SECRET: "s".repeat(32),
    SUPPRESSION_KEY: "s".repeat(32),
    ADMIN_TOKEN: "t".repeat(32),
  });
  if (reading.kind === "faulty") throw new Error(reading.faults.join("; "));
  return reading.config;
}

function round(value) {
  return Math.round(value * 100) / 100;
}
