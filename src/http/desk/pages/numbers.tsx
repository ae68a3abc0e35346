import type { Context } from "hono";
import { byKey, firstDay, growthOf, lettersOf } from "../../../domain/counts/growth.ts";
import { dateOfDay } from "../../../domain/counts/nightly.ts";
import { dayOf, FROM_FACTS, readCounts } from "../../../domain/counts/queries/day-counts.ts";
import { readReaders } from "../../../domain/counts/queries/readers.ts";
import { listRunNumbers } from "../../../domain/ledger/queries/runs.ts";
import { listPartners } from "../../../domain/signup/partners/queries/partners.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { say } from "../../ui/say.ts";
import { csvAnswer, csvOf } from "../csv.ts";
import type { DeskPage } from "../desk-page.ts";
import { NumbersPage } from "./numbers-page.tsx";
import { showDesk } from "./show-desk.ts";

type Ctx = Context<AppEnv>;

/** More partners than anyone has; those behind go by their ids. */
const PARTNERS_MAX = 500;

/** As many runs as fit side by side on a phone. */
const RUNS_SHOWN = 40;

/** Numbers: how the list grows, where people come from, what becomes of letters; each picture also as a file. */
export const NUMBERS: readonly DeskPage[] = [
  { method: "get", path: "/desk/numbers", needs: "see_numbers", run: (c) => showNumbers(c) },
  { method: "get", path: "/desk/numbers/growth.csv", needs: "see_numbers", run: growthFile },
  { method: "get", path: "/desk/numbers/sources.csv", needs: "see_numbers", run: sourcesFile },
  { method: "get", path: "/desk/numbers/letters.csv", needs: "see_numbers", run: lettersFile },
  { method: "get", path: "/desk/numbers/runs.csv", needs: "see_numbers", run: runsFile },
];

async function readAll(c: Ctx) {
  const today = dayOf(await c.var.now());
  const counts = await readCounts(c.var.db, { from: firstDay(today), to: today }, FROM_FACTS);
  return { today, counts };
}

const lastRuns = (c: Ctx) => listRunNumbers(c.var.db, RUNS_SHOWN);

async function sourceNames(c: Ctx): Promise<(key: string) => string> {
  const names = new Map(
    (await listPartners(c.var.db, "", PARTNERS_MAX)).map(({ partnerId, name }) => [String(partnerId), name]),
  );
  return (key) =>
    names.get(key) ?? (key === "" ? say("desk.numbers.ownPages") : say("desk.numbers.partner", { key }));
}

async function showNumbers(c: Ctx): Promise<Response> {
  const [{ today, counts }, readers, runs, sourceName, site] = await Promise.all([
    readAll(c),
    c.var.now().then((now) => readReaders(c.var.db, now)),
    lastRuns(c),
    sourceNames(c),
    c.var.site(),
  ]);
  return showDesk(
    c,
    <NumbersPage
      readers={readers}
      weeks={growthOf(counts, today)}
      letters={lettersOf(counts, today)}
      counts={counts}
      runs={runs}
      sourceName={sourceName}
      timeZone={site.timeZone}
    />,
  );
}

async function growthFile(c: Ctx): Promise<Response> {
  const { today, counts } = await readAll(c);
  const weeks = growthOf(counts, today).map((week) => [
    dateOfDay(week.from),
    dateOfDay(week.until - 1),
    week.joined,
    week.left,
    week.suppressed,
  ]);
  return csvAnswer("growth.csv", csvOf([["from", "to", "joined", "left", "suppressed"], ...weeks]));
}

async function sourcesFile(c: Ctx): Promise<Response> {
  const [{ counts }, names] = await Promise.all([readAll(c), listPartners(c.var.db, "", PARTNERS_MAX)]);
  const slugs = new Map(names.map(({ partnerId, slug }) => [String(partnerId), slug]));
  const rows = byKey(counts, "confirmed").map(({ key, n }) => [slugs.get(key) ?? key, n]);
  return csvAnswer("sources.csv", csvOf([["source", "joined"], ...rows]));
}

async function lettersFile(c: Ctx): Promise<Response> {
  const { today, counts } = await readAll(c);
  const weeks = lettersOf(counts, today).map((week) => [
    dateOfDay(week.from),
    dateOfDay(week.until - 1),
    week.accepted,
    week.delivered,
    week.bounced,
    week.complained,
  ]);
  const head = ["from", "to", "accepted", "delivered", "bounced", "complained"];
  return csvAnswer("letters.csv", csvOf([head, ...weeks]));
}

async function runsFile(c: Ctx): Promise<Response> {
  const runs = (await lastRuns(c)).map(({ id, tickAt, planned, failed, bounced, complained }) => [
    id,
    new Date(tickAt).toISOString(),
    ...[planned, failed, bounced, complained],
  ]);
  return csvAnswer("runs.csv", csvOf([["run", "at", "planned", "failed", "bounced", "complained"], ...runs]));
}
