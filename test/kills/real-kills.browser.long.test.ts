import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { executeLocal, migrateLocal, queryLocal } from "../../scripts/local-database.ts";
import { fireTick, localToken, startWorker } from "../../scripts/local-worker.ts";
import { type RunningEmulator, startResendEmulator } from "../support/resend-emulator/server.ts";
import { freePort } from "../support/running-themepost.ts";
import { WEBHOOK_SECRET } from "../support/webhook-secret.ts";

const READERS = 5000;
const ACCOUNT = "re_kills";
const DUE_AT = Math.floor(Date.now() / 900_000) * 900_000;
/** So slow that all kills fall into one run of fifty calls. */
const CALLS_PER_SECOND = 5;

type Killed = {
  readonly port: number;
  readonly stateDir: string;
  readonly emulator: RunningEmulator;
  readonly tick: () => Promise<void>;
};

/**
 * Kills a service again and again while it sends 5,000 letters, after random times of up to a second and a half; then lets it finish. `prepare` makes
 * the letters due, `between` is done before each kill.
 */
async function killed(
  kills: number,
  prepare: (of: Killed) => Promise<void>,
  between: (of: Killed) => void,
  after: (of: Killed) => void,
): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), "themepost-kills-"));
  const port = await freePort();
  const emulator = await startResendEmulator({ lean: true, ratePerSecond: CALLS_PER_SECOND });
  const start = () =>
    startWorker({
      stateDir,
      port,
      vars: {
        PUBLIC_URL: `http://localhost:${port}`,
        MAIL_PROVIDER: "resend",
        RESEND_API_KEY: ACCOUNT,
        RESEND_BASE_URL: emulator.url,
        RESEND_WEBHOOK_SECRET: WEBHOOK_SECRET,
      },
    });
  const of: Killed = { port, stateDir, emulator, tick: () => fireTick(port, Date.now()) };
  migrateLocal(stateDir);
  let worker = await start();
  try {
    await publish(port);
    await prepare(of);
    const moments: string[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const afterMs = Math.round(100 + Math.random() * 1400);
      between(of);
      // The kill may cut the tick itself off.
      of.tick().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      process.kill(-worker.group, "SIGKILL");
      await worker.stop();
      moments.push(`${afterMs} ms: ${emulator.acceptedCount(ACCOUNT)}`);
      executeLocal(stateDir, QUARTER_OF_AN_HOUR_LATER);
      worker = await start();
    }
    console.log(`killed after … with … letters accepted: ${moments.join(", ")}`);
    expect(emulator.acceptedCount(ACCOUNT)).toBeGreaterThan(0);
    const account = emulator.account(ACCOUNT);
    account.settings = { ...account.settings, ratePerSecond: 100 };
    account.faults.length = 0;
    for (let round = 0; round < 5 && emulator.acceptedCount(ACCOUNT) < READERS; round += 1) {
      await of.tick();
      await quiet(emulator);
      await worker.stop();
      executeLocal(stateDir, QUARTER_OF_AN_HOUR_LATER);
      worker = await start();
    }
    await of.tick();
    await quiet(emulator);
    await of.tick();
    await quiet(emulator);
    await worker.stop();
    expect(emulator.acceptedCount(ACCOUNT)).toBe(READERS);
    expect(emulator.distinctRecipients(ACCOUNT)).toBe(READERS);
    const states = queryLocal(stateDir, "select state, count(*) as n from deliveries group by 1");
    expect(states).toEqual([{ state: "accepted", n: READERS }]);
    after(of);
  } finally {
    await worker.stop();
    emulator.close();
    rmSync(stateDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

// Local queues are in memory: what was queued is lost with each kill, and only the ticks bring it back.
test("twenty SIGKILLs at random moments of a run of 5,000 letters, and each letter is at the provider exactly once", async () => {
  const nothing = () => undefined;
  await killed(20, async ({ stateDir }) => executeLocal(stateDir, readersDueAt(DUE_AT)), nothing, nothing);
}, 900_000);

test("ten SIGKILLs while a broadcast of 5,000 is locked and leaves, with answers lost on the way, and everyone has it exactly once", async () => {
  await killed(
    10,
    async ({ port, stateDir }) => {
      executeLocal(stateDir, readersDueAt(DUE_AT + 30 * 86_400_000));
      executeLocal(stateDir, "update subscribers set broadcasts = 1");
      const begun = await ask(port, "POST", "/broadcasts", {
        ...{ language: "en", subject: "A letter to everyone", preheader: "What happened this month" },
        markdown: "# News\n\nSomething happened, and you hear of it first.",
        ...{ audience: { all: [] }, time: { kind: "now" }, on_theme_days: "regardless", hold_minutes: 0 },
      });
      const seen = { "if-match": begun.headers.get("etag") ?? "" };
      const { id } = (await begun.json()) as { id: number };
      await ask(port, "POST", `/broadcasts/${id}/schedule`, { people: READERS }, seen);
    },
    ({ emulator }) => emulator.account(ACCOUNT).faults.push("drop_after_accept"),
    ({ stateDir }) => {
      const found = queryLocal(stateDir, "select state, ended_at is not null as ended from broadcasts");
      expect(found).toEqual([{ state: "done", ended: 1 }]);
    },
  );
}, 900_000);

/** What the service stored of real time, moved back: leases, backoffs and queue messages are a quarter of an hour older. */
const QUARTER_OF_AN_HOUR_LATER = `
  update batches set enqueued_at = enqueued_at - 900000, lease_until = lease_until - 900000, retry_at = retry_at - 900000;
  update attempts set started_at = started_at - 900000;`;

/** Waits until nothing has been accepted for two seconds. */
async function quiet(emulator: RunningEmulator): Promise<void> {
  for (let seen = -1, still = 0; still < 10; still += 1) {
    const now = emulator.acceptedCount(ACCOUNT);
    if (now > seen) still = 0;
    seen = now;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function ask(
  port: number,
  method: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/admin${path}`, {
    method,
    headers: {
      authorization: `Bearer ${localToken()}`,
      "content-type": "application/json",
      ...headers,
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer;
}

async function publish(port: number): Promise<void> {
  const letter = (slug: string) => ({
    slug,
    subject: `On ${slug}`,
    preheader: `Some words on ${slug}`,
    status: "published",
    markdown: `# ${slug}\n\nWords.`,
  });
  const put = (path: string, body: unknown) => ask(port, "PUT", path, body);
  await put("/site", {
    name: "Kills",
    time_zone: "Europe/Berlin",
    slot: { weekday: "tuesday", hour: 9 },
    owner: { name: "Themepost (test)", address: "1 Example Street, 12345 Sampletown" },
  });
  await put("/sequences/strengthening-bonds", {
    title: "Kills",
    welcome: letter("welcome"),
    steps: [letter("one"), letter("two")],
  });
}

function readersDueAt(dueAt: number): string {
  return `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${READERS})
    insert into subscribers (address, address_key, address_hash, state, created_at, confirmed_at)
    select 'reader-' || i || '@themepost.dev', 'reader-' || i || '@themepost.dev', 'hash-' || i, 'active', 0, 0 from n;
    insert into enrollments (subscriber_id, sequence_id, state, weekday, hour, time_zone, next_due_at, enrolled_at)
    select s.id, q.id, 'active', 2, 9, 'Europe/Berlin', ${dueAt}, 0 from subscribers s, sequences q order by s.id;`;
}
