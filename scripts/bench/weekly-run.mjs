import { readFileSync } from "node:fs";
import { executeLocal, fireTick } from "../local-worker.mjs";
import { groupMembers } from "../process-group.mjs";
import { ACCOUNT, withBenchWorker } from "./bench-worker.mjs";

const LETTERS = Number(process.env.BENCH_SUBSCRIBERS ?? 100_000);
const TICKS_PER_SECOND = 100; // CLK_TCK of Linux

/**
 * One weekly run end to end: the real Worker under workerd with its real D1 and queue, against an instant provider on
 * this machine. All subscribers are due at once. On Linux also CPU and memory of workerd, which hosts D1 and the queue too.
 */
export function weeklyRun() {
  return withBenchWorker(async ({ port, stateDir, worker, emulator }) => {
    const dueAt = Math.floor(Date.now() / 900_000) * 900_000;
    executeLocal(stateDir, seed(LETTERS, dueAt));
    const account = async () => (await fetch(`${emulator.url}/_emulator/${ACCOUNT}`)).json();
    const usage = workerdUsage(worker.group);
    const before = usage();
    const startedAt = performance.now();
    await fireTick(port, dueAt);
    const plannedAt = performance.now();
    let peakMb = before.mb;
    let accepted = 0;
    for (let quiet = 0; accepted < LETTERS && quiet < 200; quiet += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const now = emulator.acceptedCount(ACCOUNT);
      if (now > accepted) quiet = 0;
      accepted = now;
      peakMb = Math.max(peakMb, usage().mb);
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const after = usage();
    const { calls } = await account();
    const distinct = emulator.distinctRecipients(ACCOUNT);
    return [
      {
        what: `weekly run, ${LETTERS} subscribers: accepted letters per second`,
        value: Math.round(accepted / seconds),
        budget: "≥ 2500",
      },
      { what: "… of these seconds, planning", value: round((plannedAt - startedAt) / 1000), budget: "" },
      {
        what: "… letters accepted, each once",
        value: accepted === distinct ? accepted : `${accepted} (${distinct} distinct)`,
        budget: String(LETTERS),
      },
      { what: "provider calls per letter", value: calls / accepted, budget: "0.01" },
      {
        what: "CPU per letter, Worker, D1 and queue together (ms)",
        value: round((after.cpuMs - before.cpuMs) / accepted),
        budget: "≤ 0.3 in the Worker",
      },
      {
        what: "memory of workerd, at start and at peak (MB)",
        value: `${before.mb} / ${peakMb}`,
        budget: "flat",
      },
    ];
  });
}

/** SQL that makes `count` active readers, all due at `dueAt`. */
export function seed(count, dueAt) {
  return `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})
    insert into subscribers (address, address_key, first_name, state, created_at, confirmed_at)
    select 'reader-' || i || '@themepost.dev', 'reader-' || i || '@themepost.dev', 'Reader ' || i, 'active', 0, 0 from n;
    insert into enrollments (subscriber_id, sequence_id, state, weekday, hour, time_zone, next_due_at, enrolled_at)
    select s.id, q.id, 'active', 2, 9, 'Europe/Berlin', ${dueAt}, 0 from subscribers s, sequences q order by s.id;`;
}

function workerdUsage(group) {
  const pids = groupMembers(group)
    .filter(({ command }) => command.includes("bin/workerd"))
    .map(({ pid }) => pid);
  return () => {
    let cpuMs = 0;
    let mb = 0;
    for (const pid of process.platform === "linux" ? pids : []) {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      cpuMs += ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
      mb += Math.round((Number(fields[21]) * 4096) / 1e6);
    }
    return { cpuMs, mb };
  };
}

function round(value) {
  return Math.round(value * 1000) / 1000;
}
