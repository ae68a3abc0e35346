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
const KILLS = 20;
const ACCOUNT = "re_kills";
/** So slow that twenty kills fall into one run of fifty calls. */
const CALLS_PER_SECOND = 5;

// Local queues are in memory: what was queued is lost with each kill, and only the ticks bring it back.
test("twenty SIGKILLs at random moments of a run of 5,000 letters, and each letter is at the provider exactly once", async () => {
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
  migrateLocal(stateDir);
  let worker = await start();
  try {
    const dueAt = Math.floor(Date.now() / 900_000) * 900_000;
    await publish(port, localToken());
    executeLocal(stateDir, readersDueAt(dueAt));
    const moments: string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const afterMs = Math.round(100 + Math.random() * 1400);
      // The kill may cut the tick itself off.
      fireTick(port, dueAt).catch(() => undefined);
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
    for (let round = 0; round < 5 && emulator.acceptedCount(ACCOUNT) < READERS; round += 1) {
      await fireTick(port, dueAt);
      await quiet(emulator);
      await worker.stop();
      executeLocal(stateDir, QUARTER_OF_AN_HOUR_LATER);
      worker = await start();
    }
    await fireTick(port, dueAt);
    await quiet(emulator);
    await worker.stop();
    expect(emulator.acceptedCount(ACCOUNT)).toBe(READERS);
    expect(emulator.distinctRecipients(ACCOUNT)).toBe(READERS);
    const states = queryLocal(stateDir, "select state, count(*) as n from deliveries group by 1");
    expect(states).toEqual([{ state: "accepted", n: READERS }]);
  } finally {
    await worker.stop();
    emulator.close();
    rmSync(stateDir, { recursive: true, force: true, maxRetries: 5 });
  }
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

async function publish(port: number, token: string): Promise<void> {
  const letter = (slug: string) => ({
    slug,
    subject: `On ${slug}`,
    preheader: `Some words on ${slug}`,
    status: "published",
    markdown: `# ${slug}\n\nWords.`,
  });
  const put = async (path: string, body: unknown) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/admin${path}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };
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
