import { run } from "../../platform/db/batch.ts";
import { recordAct, recordIntent } from "../acts/queries/acts.ts";
import { lastPersonId } from "../people/queries/find-people.ts";
import type { Segment } from "../segments/segment.ts";
import type { Services } from "../services.ts";
import { readSite } from "../site/site.ts";
import { type ExportedRow, exportPage, suppressionsPage } from "./queries/export-people.ts";

/** The columns of the file, as an import of ours knows them. */
export const EXPORT_COLUMNS = [
  "email",
  "first_name",
  "state",
  "joined_at",
  "confirmed_at",
  "source",
  "consent_wording",
  "tags",
  "sequence",
  "sequence_state",
  "themes_had",
  "weekday",
  "hour",
  "zone",
  "every_weeks",
  "unsubscribed_at",
  "suppression",
] as const;

/** Of suppressions no address is left: whoever has the key finds one by its HMAC. */
export const SUPPRESSION_COLUMNS = ["address_hash", "reason", "since", "until"] as const;

const SUPPRESSIONS_A_PAGE = 1000;

type Cells = readonly (string | number | null)[];

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

function cellsOf(row: ExportedRow): Cells {
  const had = row.sequence === null ? null : row.ledger.filter(({ state }) => state === "accepted").length;
  return [
    row.address,
    row.firstName,
    row.state,
    iso(row.joinedAt),
    iso(row.confirmedAt),
    row.source,
    row.wording,
    row.tags,
    row.sequence,
    row.enrollment,
    had,
    row.weekday,
    row.hour,
    row.timeZone,
    row.everyWeeks,
    iso(row.unsubscribedAt),
    row.suppression,
  ];
}

/**
 * The people that a segment is true of, page by page: a line for each sequence that one is in. That it began is kept as an act before the first, and
 * how many people went out after the last; where it was cut short, the act says only that it began.
 */
export async function* exportPeople(deps: Services, segment: Segment): AsyncGenerator<readonly Cells[]> {
  const { db, now, by, kinds } = deps;
  const asked = { now, kinds, timeZone: (await readSite(db, deps.config.publicUrl)).timeZone };
  const act = { at: now, verb: "export_readers", object: "readers" } as const;
  await recordIntent(db, by, { ...act, changed: { segment } });
  const last = await lastPersonId(db);
  let people = 0;
  for (let after: number | null = 0; after !== null; ) {
    const page: Awaited<ReturnType<typeof exportPage>> = await exportPage(db, segment, asked, {
      after,
      last,
    });
    people += new Set(page.rows.map(({ id }) => id)).size;
    yield page.rows.map(cellsOf);
    after = page.next;
  }
  await run(db, recordAct(by, { ...act, changed: { segment, people } }));
}

/** All suppressions in force, as hashes, page by page, with the same acts. */
export async function* exportSuppressions(deps: Services): AsyncGenerator<readonly Cells[]> {
  const { db, now, by } = deps;
  const act = { at: now, verb: "export_suppressions", object: "suppressions" } as const;
  await recordIntent(db, by, { ...act, changed: {} });
  let all = 0;
  for (let after: string | null = ""; after !== null; ) {
    const page: Awaited<ReturnType<typeof suppressionsPage>> = await suppressionsPage(
      db,
      after,
      SUPPRESSIONS_A_PAGE,
      now,
    );
    all += page.length;
    yield page.map(({ addressHash, reason, at, until }) => [addressHash, reason, iso(at), iso(until)]);
    after = page.length < SUPPRESSIONS_A_PAGE ? null : (page.at(-1)?.addressHash ?? null);
  }
  await run(db, recordAct(by, { ...act, changed: { suppressions: all } }));
}
