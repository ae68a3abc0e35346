import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getPlatformProxy } from "wrangler";
import { dayOf, FROM_FACTS, readCounts } from "../../src/domain/counts/queries/day-counts.ts";
import { readReaders } from "../../src/domain/counts/queries/readers.ts";
import { takeStock } from "../../src/domain/counts/queries/recount.ts";
import { KINDS } from "../../src/domain/kinds.ts";
import { findByBeginning } from "../../src/domain/people/queries/find-people.ts";
import { readStory } from "../../src/domain/privacy/timeline.ts";
import { listPeople } from "../../src/domain/segments/list-people.ts";
import type { Segment } from "../../src/domain/segments/segment.ts";
import { readToday } from "../../src/domain/sending/today.ts";
import { openDb } from "../../src/platform/db/client.ts";
import { publishContent } from "../content/publish-content.ts";
import { executeLocal, migrateLocal, queryLocal } from "../local-database.ts";
import { fireTick, localToken, startWorker } from "../local-worker.ts";
import { ROOT } from "../project.ts";
import { addTrialOwner } from "../trial-owner.ts";
import type { Measured } from "./measured.ts";
import { metered } from "./metered.ts";
import { seed } from "./weekly-run.ts";

const PORT = 8795;
const URL_ = `http://localhost:${PORT}`;
const READERS = 1_000_000;
/** Letters in the ledger of each reader: a year's, unless BENCH_WEEKS says otherwise. */
const LETTERS = Number(process.env.BENCH_WEEKS ?? 52);
const IMPORTED = 100_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** Each page is asked so often; its middle time counts. */
const TIMES = 7;

/** The desk at a million readers: what each page reads, how soon its first byte comes, and an import that's killed in the middle. */
export async function desk(): Promise<readonly Measured[]> {
  const stateDir = mkdtempSync(join(tmpdir(), "themepost-desk-"));
  const start = () => startWorker({ stateDir, port: PORT, vars: { PUBLIC_URL: URL_ } });
  migrateLocal(stateDir);
  let worker = await start();
  try {
    const edition = { origin: "built_in", force: false } as const;
    await publishContent({ url: URL_, token: localToken() }, join(ROOT, "emails"), edition, () => undefined);
    await addTrialOwner(URL_, localToken());
    await worker.stop();
    const now = Date.now();
    executeLocal(stateDir, seed(READERS, now + WEEK_MS));
    for (const week of ledger(now)) executeLocal(stateDir, week);
    const reads = await pageReads(stateDir, now);
    worker = await start();
    const times = await firstBytes();
    const counted = await countedReaders();
    const imports = await killedImport(stateDir, worker, async () => {
      worker = await start();
    });
    return [...reads, ...times, ...counted, ...imports];
  } finally {
    await worker.stop();
    rmSync(stateDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Letters of weeks gone by, week by week, and their numbers by day and run. */
function ledger(now: number): string[] {
  const weeks = Array.from({ length: LETTERS }, (_, week) => {
    const at = now - (week + 1) * WEEK_MS;
    return `insert into deliveries (kind, anchor, round, item, intended_item, recipient_id, rendition_id, slot_at, state, provider_id, planned_at, settled_at, feedback, feedback_at)
      select 'theme', id, 1, ${week + 1}, ${week + 1}, subscriber_id, 1, ${at}, 'accepted', 'p' || id, ${at}, ${at}, 'delivered', ${at} from enrollments;`;
  });
  const days = `with recursive d(back) as (select 1 union all select back + 1 from d where back < ${7 * LETTERS})
    insert into day_counts (day, what, key, counted)
    select ${dayOf(now)} - back, what, key, counted from d, (select 'confirmed' as what, '' as key, 900 as counted
      union all select 'left', 'one_click', 70 union all select 'accepted', 'gmail', 60000 union all select 'delivered', 'gmail', 59000);
    with recursive r(hour) as (select 1 union all select hour + 1 from r where hour < ${7 * 24 * LETTERS})
    insert into runs (cause, cause_id, at, started_at, planned)
    select 'tick', hour, ${now} - hour * 3600000, ${now} - hour * 3600000, 6000 from r order by hour desc;`;
  return [...weeks, days];
}

/** What D1 bills for the readings of each page. */
async function pageReads(stateDir: string, now: number): Promise<Measured[]> {
  const proxy = await getPlatformProxy<{ DB: D1Database }>({ persist: { path: join(stateDir, "v3") } });
  const meter = { read: 0, written: 0, statements: 0, roundTrips: 0 };
  const db = openDb(metered(proxy.env.DB, meter));
  await takeStock(db, dayOf(now), now);
  const status = async () => ({ sending: "on", reason: "", since: null, heldUntil: null });
  const guard = { status } as unknown as Parameters<typeof readToday>[0]["guard"];
  const middle = READERS / 2;
  const page = { before: Number.MAX_SAFE_INTEGER, limit: 50 };
  const asked = { now, timeZone: "Europe/Berlin", kinds: KINDS };
  const sequence = "strengthening-bonds";
  const rare: Segment = {
    all: [
      { field: "sequence", sequence, any_of: ["paused"] },
      { field: "source", any_of: ["own"] },
    ],
  };
  const active: Segment = { all: [{ field: "state", any_of: ["active"] }] };
  const list = (segment: Segment, before = page.before) =>
    listPeople(db, segment, asked, { ...page, before });
  const pages: ReadonlyArray<readonly [string, () => Promise<unknown>]> = [
    ["Today", () => readToday({ db, guard, now, wallNow: () => now })],
    ["the number of readers", () => readReaders(db, now)],
    ["Numbers", () => readCounts(db, { from: dayOf(now) - 84, to: dayOf(now) }, FROM_FACTS)],
    ["Readers", () => list({ all: [] })],
    ["the last page of Readers", () => list({ all: [] }, 51)],
    ["Readers, active", () => list(active)],
    ["Readers, a filter that's true of no one", () => list(rare)],
    ["a search by beginning", () => findByBeginning(db, `reader-${middle}`, 51)],
    ["a person", () => readStory({ db, kinds: KINDS, now }, middle)],
  ];
  const measured: Measured[] = [];
  try {
    for (const [name, run] of pages) {
      Object.assign(meter, { read: 0, written: 0, statements: 0, roundTrips: 0 });
      await run();
      measured.push({ what: `D1 rows read by ${name}`, value: meter.read, budget: "≤ 2000" });
      // The session and the site are read beside.
      measured.push({
        what: `… statements, with the two of every page`,
        value: meter.statements + 2,
        budget: "≤ 6",
      });
    }
  } finally {
    await proxy.dispose();
  }
  return measured;
}

async function firstBytes(): Promise<Measured[]> {
  const paths = [
    "",
    "/numbers",
    "/readers",
    "/readers?before=51",
    "/readers?state=active",
    "/readers/500000",
    "/imports",
    "/sites",
    "/settings",
    "/settings/acts",
    "/letters",
    "/letters/strengthening-bonds",
    "/letters/strengthening-bonds/letters/emotional-needs",
    "/letters/strengthening-bonds/publish",
  ];
  const measured: Measured[] = [];
  for (const path of paths) {
    const times: number[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      const begin = performance.now();
      const answer = await fetch(`${URL_}/desk${path}`);
      times.push(performance.now() - begin);
      const html = await answer.text();
      if (answer.status !== 200)
        throw new Error(`/desk${path} answered ${answer.status}: ${html.slice(0, 200)}`);
    }
    const sorted = times.toSorted((a, b) => a - b);
    const value = Math.round(sorted[Math.floor(TIMES / 2)] ?? 0);
    measured.push({ what: `first byte of /desk${path}, ms, middle of ${TIMES}`, value, budget: "< 200" });
  }
  return measured;
}

/** What shows a form of the desk that it's ours. */
async function formToken(): Promise<string> {
  const page = await (await fetch(`${URL_}/desk/settings`)).text();
  return /name="desk" value="([0-9a-f]+)"/.exec(page)?.[1] ?? "";
}

/** How long it takes until the page of publishing knows its readers. */
async function countedReaders(): Promise<Measured[]> {
  const path = `${URL_}/desk/letters/strengthening-bonds`;
  const begin = Date.now();
  const body = new URLSearchParams({ desk: await formToken() });
  await fetch(`${path}/count`, { method: "POST", headers: { origin: URL_ }, body, redirect: "manual" });
  for (
    let tries = 0;
    !(await (await fetch(`${path}/publish`)).text()).includes("Readers counted");
    tries += 1
  ) {
    if (tries > 1200) throw new Error("the readers aren't counted");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return [
    {
      what: "the readers of a sequence counted before publishing, s",
      value: Math.round((Date.now() - begin) / 1000),
      budget: "",
    },
  ];
}

/** Imports a file of leavers, kills the Worker in the middle, and starts it again: each is suppressed once. */
async function killedImport(
  stateDir: string,
  worker: { readonly stop: () => Promise<void> },
  startAgain: () => Promise<void>,
): Promise<Measured[]> {
  const desk = await formToken();
  const post = (path: string, body: FormData) =>
    fetch(`${URL_}${path}`, { method: "POST", headers: { origin: URL_ }, body, redirect: "manual" });
  const form = (fields: Readonly<Record<string, string>>) => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ desk, ...fields })) body.set(name, value);
    return body;
  };
  const lines = Array.from({ length: IMPORTED }, (_, n) => `leaver-${n}@example.org`).join("\n");
  const file = form({ intent: "stop", per_day: "500" });
  file.set("file", new File([`email\n${lines}\n`], "leavers.csv"));
  const begin = Date.now();
  const taken = await post("/desk/imports", file);
  const path = taken.headers.get("location") ?? "";
  if (path === "") throw new Error(`the file wasn't taken: ${taken.status}`);
  const tookMs = Date.now() - begin;
  const page = async () => (await fetch(`${URL_}${path}`)).text();
  const until = async (is: (html: string) => boolean) => {
    for (let tries = 0; !is(await page()); tries += 1) {
      if (tries > 600) throw new Error("the import doesn't go on");
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  };
  await until((html) => html.includes("is checked"));
  await post(path.replace("jobs", "imports").concat("/run"), form({ people: String(IMPORTED) }));
  await until((html) => Number(/value="(\d+)">/.exec(html)?.[1] ?? 0) > 20 || html.includes("is imported"));
  await worker.stop();
  await startAgain();
  await fireTick(PORT, Date.now());
  await until((html) => html.includes("is imported"));
  const wholeMs = Date.now() - begin;
  const [row] = queryLocal<{ n: number; different: number; stops: number }>(
    stateDir,
    `select (select count(*) from suppressions where note like 'import %') as n,
      (select count(distinct address_hash) from opt_outs where kind = 'suppressed') as different,
      (select count(*) from opt_outs where kind = 'suppressed') as stops`,
  );
  return [
    { what: `a file of ${IMPORTED} lines taken, s`, value: Math.round(tookMs / 100) / 10, budget: "" },
    {
      what: "… checked and imported, with a kill in the middle, s",
      value: Math.round(wholeMs / 1000),
      budget: "",
    },
    { what: "… suppressed", value: row?.n ?? 0, budget: String(IMPORTED) },
    {
      what: "… recorded, and recorded for different people",
      value: `${row?.stops}/${row?.different}`,
      budget: `${IMPORTED}/${IMPORTED}`,
    },
  ];
}
