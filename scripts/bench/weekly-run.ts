import { readFileSync } from "node:fs";
import { executeLocal } from "../local-database.ts";
import { fireTick } from "../local-worker.ts";
import { groupMembers } from "../process-group.ts";
import { ACCOUNT, type Bench, withBenchWorker } from "./bench-worker.ts";
import type { Measured } from "./measured.ts";

const LETTERS = Number(process.env.BENCH_SUBSCRIBERS ?? 100_000);
/** How large each letter is made; 0 leaves the built-in ones as they are. */
const LETTER_BYTES = Number(process.env.BENCH_LETTER_BYTES ?? 0);
const ENROLLED = Number(process.env.BENCH_ENROLLED ?? 1_000_000);
const LIMITED_PER_SECOND = 10;
const LIMITED_LETTERS = 60_000;
const TICKS_PER_SECOND = 100; // CLK_TCK of Linux

/**
 * One weekly run end to end: the real Worker under workerd with its real D1, Guard and queue, against an instant provider on
 * this machine. All subscribers are due at once. On Linux also CPU and memory of workerd, which hosts D1, Guard and queue too.
 */
export function weeklyRun(): Promise<readonly Measured[]> {
  return withBenchWorker(async (bench) => {
    const size = LETTER_BYTES === 0 ? "" : enlarge(LETTER_BYTES);
    const run = await measureRun(bench, `${seed(LETTERS, slotOfNow())} ${size}`, LETTERS);
    return [
      {
        what: `weekly run, ${LETTERS} subscribers: accepted letters per second`,
        value: Math.round(run.perSecond),
        budget: "≥ 2500",
      },
      { what: "… of these seconds, planning", value: round(run.planningSeconds), budget: "" },
      { what: "… letters accepted, each once", value: run.once, budget: String(LETTERS) },
      {
        what: "… lateness of a letter after the tick, median / 99th percentile (s)",
        value: run.lateness,
        budget: "",
      },
      { what: "provider calls per letter", value: run.callsPerLetter, budget: "0.01" },
      {
        what: "CPU per letter, Worker, D1, Guard and queue together (ms)",
        value: round(run.cpuMsPerLetter),
        budget: "≤ 0.3 in the Worker",
      },
      {
        what: "memory of workerd at start, halfway, at the end (MB)",
        value: run.memory,
        budget: "flat",
      },
    ];
  });
}

/** The same with a million enrolled, of whom one in a hundred is due. */
export function manyEnrolled(): Promise<readonly Measured[]> {
  return withBenchWorker(async (bench) => {
    const due = Math.round(ENROLLED / 100);
    const run = await measureRun(bench, seed(ENROLLED, slotOfNow(), 100), due);
    return [
      {
        what: `${ENROLLED} enrolled, ${due} due: accepted letters per second`,
        value: Math.round(run.perSecond),
        budget: "",
      },
      { what: "… letters accepted, each once", value: run.once, budget: String(due) },
      { what: "… seconds of planning", value: round(run.planningSeconds), budget: "" },
      { what: "… lateness, median / 99th percentile (s)", value: run.lateness, budget: "" },
    ];
  });
}

/** A provider that allows ten calls a second: how near the run comes to it, and how often it is refused. */
export function limitedRun(): Promise<readonly Measured[]> {
  return withBenchWorker(
    async (bench) => {
      const run = await measureRun(bench, seed(LIMITED_LETTERS, slotOfNow()), LIMITED_LETTERS);
      const account = bench.emulator.account(ACCOUNT);
      const callsPerSecond = run.perSecondOfSending / 100;
      return [
        {
          what: `provider limited to ${LIMITED_PER_SECOND} calls/s, ${LIMITED_LETTERS} letters: share of the limit (%)`,
          value: round((callsPerSecond / LIMITED_PER_SECOND) * 100),
          budget: "≥ 95",
        },
        {
          what: "… answers that were 429 (%)",
          value: round((account.refusedForRate / account.calls) * 100),
          budget: "< 1",
        },
        { what: "… letters accepted, each once", value: run.once, budget: String(LIMITED_LETTERS) },
      ];
    },
    { ratePerSecond: LIMITED_PER_SECOND },
  );
}

async function measureRun({ port, stateDir, worker, emulator }: Bench, readers: string, letters: number) {
  executeLocal(stateDir, readers);
  const usage = workerdUsage(worker.group);
  const before = usage();
  const tickAt = Date.now();
  const startedAt = performance.now();
  await fireTick(port, slotOfNow());
  const planningSeconds = (performance.now() - startedAt) / 1000;
  let halfwayMb = 0;
  let accepted = 0;
  for (let quiet = 0; accepted < letters && quiet < 200; quiet += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const now = emulator.acceptedCount(ACCOUNT);
    if (now > accepted) quiet = 0;
    accepted = now;
    if (halfwayMb === 0 && accepted >= letters / 2) halfwayMb = usage().mb;
  }
  const account = emulator.account(ACCOUNT);
  const after = usage();
  const arrivals = account.accepted.map((message) => Date.parse(message.created_at)).sort((a, b) => a - b);
  const sendingSeconds = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 1000;
  const seconds = ((arrivals.at(-1) ?? 0) - tickAt) / 1000;
  const at = (share: number) => round(((arrivals[Math.floor(arrivals.length * share)] ?? 0) - tickAt) / 1000);
  const distinct = emulator.distinctRecipients(ACCOUNT);
  return {
    perSecond: accepted / seconds,
    perSecondOfSending: accepted / sendingSeconds,
    planningSeconds,
    once: accepted === distinct ? accepted : `${accepted} (${distinct} distinct)`,
    lateness: `${at(0.5)} / ${at(0.99)}`,
    callsPerLetter: round(account.calls / accepted),
    cpuMsPerLetter: (after.cpuMs - before.cpuMs) / accepted,
    memory: `${before.mb} / ${halfwayMb} / ${after.mb}`,
  };
}

/** The quarter of an hour that the next tick plans. */
export function slotOfNow(): number {
  return Math.floor(Date.now() / 900_000) * 900_000;
}

/** SQL that makes `count` active readers; every `each`th is due at `dueAt`, the others a week later. */
export function seed(count: number, dueAt: number, each = 1): string {
  const week = 7 * 24 * 3_600_000;
  return `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})
    insert into subscribers (address, address_key, address_hash, first_name, state, created_at, confirmed_at)
    select 'reader-' || i || '@themepost.dev', 'reader-' || i || '@themepost.dev', 'hash-' || i, 'Reader ' || i, 'active', 0, 0 from n;
    insert into enrollments (subscriber_id, sequence_id, state, weekday, hour, time_zone, next_due_at, enrolled_at)
    select s.id, q.id, 'active', 2, 9, 'Europe/Berlin',
      case when s.id % ${each} = 0 then ${dueAt} else ${dueAt + week} end, 0 from subscribers s, sequences q order by s.id;`;
}

/** SQL that makes every letter so many bytes of HTML, a part of them in letters that aren't Latin, as people write. */
export function enlarge(bytes: number): string {
  const filler = `(select group_concat(p, '') from (with recursive n(i) as (select 1 union all select i + 1 from n where i < 1200)
    select '<p>It’s a long letter — and each line says what the last one said: ' || i || '</p>' as p from n))`;
  return `update renditions set html = substr(html, 1, instr(html, '</body>') - 1)
    || substr(${filler}, 1, ${bytes} - length(cast(html as blob)) - 3000) || '</p></body></html>';`;
}

function workerdUsage(group: number) {
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

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
