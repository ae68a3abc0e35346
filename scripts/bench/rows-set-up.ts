import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Config, readConfig } from "../../src/platform/config.ts";
import type { Check, GuardPort } from "../../src/platform/guard/guard-port.ts";
import { WEBHOOK_SECRET } from "../../test/support/webhook-secret.ts";
import { ROOT } from "../project.ts";

/** Applies the migrations. */
export async function migrate(binding: D1Database): Promise<void> {
  const folder = join(ROOT, "migrations");
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()) {
    for (const statement of readFileSync(join(folder, file), "utf8").split("--> statement-breakpoint")) {
      await binding.prepare(statement).run();
    }
  }
}

/** Makes the sequence “bench” with so many steps. */
export async function makeSequence(binding: D1Database, steps: number): Promise<void> {
  await binding
    .prepare(
      "insert into renditions (hash, subject, html, text, created_at) values ('h', 's', '<p>{{greeting}}</p>', '{{greeting}}', 0)",
    )
    .run();
  await binding
    .prepare(
      "insert into sequences (slug, title, welcome_rendition_id, published_at) values ('bench', 'Bench', 1, 0)",
    )
    .run();
  await binding.prepare("insert into system_mails values (1, 'confirmation', 'en', 1)").run();
  for (let step = 0; step < steps; step += 1) {
    await binding
      .prepare(
        "insert into steps (sequence_id, slug, position, title, subject, preheader, markdown, status, rendition_id) values (1, ?, ?, 't', 's', 'p', 'm', 'published', 1)",
      )
      .bind(`step-${step}`, step)
      .run();
  }
}

/** A whole configuration that sends through the provider at `baseUrl`. */
export function testConfig(baseUrl: string): Config {
  const reading = readConfig({
    PUBLIC_URL: "https://letters.themepost.dev",
    INSTANCE: "bench",
    MAIL_PROVIDER: "resend",
    RESEND_API_KEY: "rows",
    RESEND_WEBHOOK_SECRET: WEBHOOK_SECRET,
    RESEND_BASE_URL: baseUrl,
    MAIL_FROM: "Letters <letters@themepost.dev>",
    MAIL_REPLY_TO: "hello@themepost.dev",
    SIGNING_SECRET: "s".repeat(32),
    SUPPRESSION_KEY: "s".repeat(32),
    ADMIN_TOKEN: "t".repeat(32),
  });
  if (reading.kind === "faulty") throw new Error(reading.faults.join("; "));
  return reading.config;
}

/** The Guard lives in a Durable Object, which Node does not have; here only how often it is asked matters. */
export function countingGuard(meter: { guardCalls: number }): GuardPort {
  const answer = <T>(value: T) => {
    return async () => {
      meter.guardCalls += 1;
      return value;
    };
  };
  const unasked = async () => {
    throw new Error("nothing here asks that of the Guard");
  };
  const current: Check = {
    kind: "current",
    sending: "on",
    reason: "",
    guardName: "bench",
    lostUntil: 0,
    limitPerSecond: 10_000,
    acts: false,
    nextWaitsMs: [],
    outageMs: null,
  };
  return {
    reserve: async ({ wanted }) => {
      meter.guardCalls += 1;
      return {
        sending: "on",
        reservation: { kind: "go", waitsMs: Array(wanted).fill(0), limitPerSecond: 10_000 },
      };
    },
    check: answer(current),
    admit: async (_, { next }) => {
      meter.guardCalls += 1;
      return { ...current, nextWaitsMs: Array(next.wanted).fill(0) };
    },
    observe: answer(undefined),
    prune: answer(undefined),
    report: answer({ outage: false }),
    journal: answer({ before: 0, last: 0 }),
    handOverActs: answer([]),
    stop: unasked,
    resume: unasked,
    disarm: unasked,
    arm: unasked,
    status: unasked,
    readJournal: unasked,
    noteBroadcast: async () => undefined,
    readBroadcastNotes: async () => [],
    readAdmissions: unasked,
  };
}
