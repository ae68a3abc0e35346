import { type Column, getTableColumns, getTableName, is } from "drizzle-orm";
import { SQLiteTable } from "drizzle-orm/sqlite-core";
import { beforeAll, expect, test, vi } from "vitest";
import * as schema from "../../src/platform/db/schema/index.ts";
import type { PersonalTable } from "../../src/platform/db/schema/personal.ts";
import { openGuard } from "../../src/platform/guard/open-guard.ts";
import { becomeReader, DAY, linkIn, type Service, sequenceOf, startService } from "../support/service.ts";

const EMAIL = "ada@themepost.dev";
const TABLES = Object.values(schema).filter((each) => is(each, SQLiteTable));
const PERSONAL = Object.values(schema).flatMap((each) =>
  "holdings" in each ? [each as unknown as PersonalTable] : [],
);

/** Tables that hold nothing of a person, or nothing that names one; each with why. */
const NOBODYS: Readonly<Record<string, string>> = {
  alerts: "ids and codes only",
  facts: "of the database itself",
  sequences: "published",
  steps: "published",
  step_variants: "published",
  system_mails: "published",
  next_renditions: "to be published",
  drafts: "to be published, or published before",
  desk_people: "of people at the desk",
  desk_sessions: "of people at the desk",
  desk_links: "of people at the desk",
  day_counts: "counts",
  jobs: "filters and numbers",
  segments: "filters of readers by a name",
  broadcasts: "a letter to many, its audience as a filter, and numbers",
  import_lines: "a file that's being imported: of people who aren't readers by it yet, for a week at most",
  tags: "words of the owner's",
  desk_looks: "who looked at whom, by ids",
  site: "published",
  pictures: "published",
  renditions: "published",
  wordings: "published",
  partners: "of other sites",
  partner_origins: "of other sites",
  form_keys: "of other sites",
  partner_links: "of other sites",
  acts: "ids, names of other sites, and no address",
  unread_events: "events without addresses, for some weeks",
  kept_answers: "answers without addresses, for a day",
  runs: "counts",
  batches: "numbers and keys of our own",
  attempts:
    "address and name of an open call's members; ids only once it is answered, for which an erasure waits",
  gate_counts: "keyed hashes for the days of a budget",
  refusals: "counts",
  lapsed_sign_ups: "counts",
  bounce_days: "counts",
  mailbox_messages: "the trial's own inbox",
  mailbox_clock: "the trial's clock",
};

test("every table says what it holds about a person, column by column, or that it is nobody's", () => {
  const declared = PERSONAL.map(({ table }) => getTableName(table));
  expect(declared.filter((name) => name in NOBODYS)).toEqual([]);
  expect(TABLES.map(getTableName).filter((name) => !declared.includes(name) && !(name in NOBODYS))).toEqual(
    [],
  );
  for (const { table, holdings } of PERSONAL)
    expect(Object.keys(holdings).sort()).toEqual(Object.keys(getTableColumns(table)).sort());
});

let service: Service;
beforeAll(async () => {
  service = startService({ ownGuard: true });
  await service.publish(sequenceOf(3));
  await becomeReader(service, EMAIL, { first_name: "Ada", time_zone: "Europe/Berlin" });
});

// What finds the person, or must be one of a few words, keeps its value.
const FIXED = ["addressKey", "addressHash", "wordingVersion", "kind", "state", "feedback"];
const JSON_TEXTS = ["request", "was", "became"];

// What a wrong declaration would change, said a second time.
const NOT_GIVEN = [
  "sentinel-feedback-events-svixid",
  "sentinel-feedback-events-providerid",
  "sentinel-consents-requestid",
  "sentinel-consents-confirmationid",
  "sentinel-reader-changes-token",
  "sentinel-erasures-requestid",
];
const STAYS = [
  "sentinel-deliveries-reason",
  "sentinel-deliveries-providerid",
  "sentinel-consents-locale",
  "sentinel-consents-requestid",
  "sentinel-consents-confirmationid",
  "sentinel-consents-formkey",
  "sentinel-consents-origin",
  "sentinel-opt-outs-reason",
  "sentinel-erasures-requestid",
];

/** Text columns that can hold anything, each with the text that this test puts into it. */
function sentinels({ table, holdings }: PersonalTable) {
  return Object.entries(getTableColumns(table) as Record<string, Column>).flatMap(([name, column]) => {
    if (column.dataType !== "string" || (column.enumValues !== undefined && column.enumValues.length > 0))
      return [];
    if (FIXED.includes(name)) return [];
    const text = `sentinel-${getTableName(table)}-${name}`.replaceAll("_", "-").toLowerCase();
    const value = JSON_TEXTS.includes(name) ? JSON.stringify(text) : text;
    return [{ column, name, text, value, holding: holdings[name] }];
  });
}

async function fillEveryTable(): Promise<void> {
  const path = await service.ownPage(EMAIL);
  await service.change(path, { action: "personal", first_name: "Ada", answer: "teenager" });
  service.moveTo(service.clock.now + 8 * DAY);
  await service.tick();
  await service.drain();
  await service.arrangeAccount({ aheadMs: service.clock.now - Date.now() });
  await service.takeEvents();
  const bounce = { type: "Transient", subType: "General", message: "", diagnosticCode: ["smtp; 4.2.2"] };
  await service.arrangeEvent((await service.accepted(EMAIL)).at(-1)?.id ?? "", "email.bounced", { bounce });
  for (const event of await service.takeEvents()) await service.hook(event);
  await service.form(linkIn((await service.accepted(EMAIL))[1], "unsubscribe"), {});
  await service.admin("POST", "/suppressions", { address: EMAIL, note: "asked on the telephone" });
  await service.admin("POST", "/suppressions/lift", { address: EMAIL, note: "asked on the telephone" });
  await service.form(`${await service.ownPage(EMAIL)}/erase`, {});
  await service.drain();
  for (const each of PERSONAL) {
    const put = sentinels(each).map(({ column, value }) => `${column.name} = '${value}'`);
    if (put.length > 0)
      await service.bindings.DB.prepare(`update ${getTableName(each.table)} set ${put.join(", ")}`)
        .run()
        .catch((error) => {
          throw new Error(getTableName(each.table) + error);
        });
  }
}

/** Everything that is stored, as text. */
async function everything(): Promise<string> {
  const rows = await Promise.all(TABLES.map((table) => service.db.select().from(table)));
  const guard = openGuard(service.bindings.GUARD);
  const kept = [
    await guard.readJournal(0, 1000),
    await guard.readAdmissions(0, 1000, 0),
    await guard.status(),
  ];
  return JSON.stringify([rows, kept, service.queued]);
}

test("a person with a mark in every text of theirs is given each that is declared as exported; erased, none of them is left", async () => {
  await fillEveryTable();
  const marks = PERSONAL.flatMap(sentinels);
  const stored = await everything();
  expect(marks.filter(({ text }) => !stored.includes(text)).map(({ text }) => text)).toEqual([]);

  const path = await service.ownPage(EMAIL);
  const file = await (await service.request(`${path}/my-letters.json`)).text();
  expect(marks.filter(({ text }) => !file.includes(text)).map(({ text }) => text)).toEqual(NOT_GIVEN);

  const logged: unknown[] = [];
  for (const name of ["log", "info", "warn", "error"] as const)
    vi.spyOn(console, name).mockImplementation((...said) => void logged.push(said));
  const answer = await service.admin("POST", "/subscribers/erase", { address: EMAIL });
  await service.tick();
  vi.restoreAllMocks();
  expect(answer.status).toBe(200);
  const left = `${await everything()}${JSON.stringify(logged)}`;
  expect(marks.filter(({ text }) => left.includes(text)).map(({ text }) => text)).toEqual(STAYS);
  expect(left).not.toContain(EMAIL);
});
