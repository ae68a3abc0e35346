import { beforeEach, expect, test } from "vitest";
import { replayOptOuts } from "../../src/domain/restore/replay-opt-outs.ts";
import { draftBroadcast, LETTER, schedule, tickAt } from "../support/broadcast.ts";
import { emptyTables } from "../support/empty-tables.ts";
import {
  becomeReader,
  DAY,
  HOUR,
  linkIn,
  type Service,
  sequenceOf,
  startService,
} from "../support/service.ts";

const EMAIL = "ada@themepost.dev";
let service: Service;

beforeEach(async () => {
  service = startService({ ownGuard: true });
  await emptyTables(service);
  await service.publish(sequenceOf(4));
  await cover(["sequence", "broadcasts"]);
});

/** Gives the site's consent these scopes. */
async function cover(covers: readonly string[]): Promise<void> {
  const shown = await (await service.admin("GET", "/site")).json<Record<string, unknown>>();
  const { version: _, published_at: __, rendering: ___, origin: ____, ...site } = shown;
  const put = await service.admin("PUT", "/site", { ...site, consent: { texts: {}, covers } });
  expect(put.status).toBe(200);
}

const person = async () =>
  (
    await service.rows<{ state: string; broadcasts: number; standing: number }>(
      "select state, broadcasts, standing from subscribers",
    )
  )[0];
const preferences = async () => linkIn((await service.accepted(EMAIL))[1], "preferences");
const leave = async () => linkIn((await service.accepted(EMAIL))[1], "unsubscribe");

test("who agreed to letters in between gets them, and who agreed to the sequence alone doesn't", async () => {
  await becomeReader(service, EMAIL);
  expect(await person()).toMatchObject({ state: "active", broadcasts: 1 });
  await cover(["sequence"]);
  await becomeReader(service, "bo@themepost.dev");
  expect(await service.rows("select address_key, broadcasts from subscribers order by id")).toEqual([
    { address_key: EMAIL, broadcasts: 1 },
    { address_key: "bo@themepost.dev", broadcasts: 0 },
  ]);
});

test("a reader stops letters in between on the page with their dates, at once, and the sequence goes on", async () => {
  await becomeReader(service, EMAIL);
  const before = await person();
  const answer = await service.change(await preferences(), { action: "stop_broadcasts" });
  const page = await (await service.request(answer.headers.get("location") ?? "")).text();
  expect(page).toContain("You don’t get letters in between any more.");
  expect(page).not.toContain("stop_broadcasts");
  expect(await person()).toMatchObject({ state: "active", broadcasts: 0 });
  expect((await person())?.standing).toBeGreaterThan(before?.standing ?? 0);
  expect(await service.rows("select kind, reason from opt_outs")).toEqual([
    { kind: "broadcasts", reason: "preferences" },
  ]);
  const again = await service.change(await preferences(), { action: "stop_broadcasts" });
  expect(again.headers.get("location")).toContain("said=nothing");
  expect(await service.rows("select kind from opt_outs")).toHaveLength(1);
});

test("they switch them on again on their own page only, with the words that they agree to as a record", async () => {
  await becomeReader(service, EMAIL);
  await service.change(await preferences(), { action: "stop_broadcasts" });
  // Letters get forwarded: their links switch nothing on.
  await service.change(await preferences(), { action: "start_broadcasts" });
  expect(await person()).toMatchObject({ broadcasts: 0 });
  const own = await service.ownPage(EMAIL);
  const words = "Yes, email me letters in between from";
  expect(await (await service.request(own)).text()).toContain(words);
  const answer = await service.form(own, { action: "start_broadcasts" });
  expect(answer.headers.get("location")).toContain("said=broadcasts");
  expect(await person()).toMatchObject({ state: "active", broadcasts: 1 });
  const [record] = await service.rows<Record<string, unknown>>(
    `select w.text, w.covers, c.page, c.confirmed_at as at from consents c
     join wordings w on w.version = c.wording_version where c.sequence_id is null`,
  );
  expect(record).toMatchObject({ covers: '["broadcasts"]', page: "/data", at: service.clock.now });
  expect(record?.text).toContain(words);
  const page = await (await service.request(own)).text();
  expect(page).toContain("letters in between");
  expect(page.split(words)).toHaveLength(2);
  for (let press = 0; press < 6; press += 1) {
    await service.change(await preferences(), { action: "stop_broadcasts" });
    await service.form(own, { action: "start_broadcasts" });
  }
  expect(await service.rows("select id from consents where sequence_id is null")).toHaveLength(5);
});

test("leaving the last sequence ends letters in between, too, and the page that follows can keep them", async () => {
  await becomeReader(service, EMAIL);
  // Nothing is left besides, so there's one button.
  expect(await (await service.request(await leave())).text()).not.toContain("everything");
  const page = await (await service.form(await leave(), { scope: "sequence" })).text();
  expect(await person()).toMatchObject({ state: "unsubscribed", broadcasts: 0 });
  const back = /action="(\/back\/[^"]+)"/.exec(page)?.[1] ?? "";
  expect(page).toContain("keep_broadcasts");
  const kept = await service.form(back, { action: "keep_broadcasts" });
  expect(kept.headers.get("location")).toContain("said=kept");
  expect(await person()).toMatchObject({ state: "active", broadcasts: 1 });
  // The provider of their mailbox presses again, for the letter that they left by.
  await service.form(await leave(), { "List-Unsubscribe": "One-Click" });
  expect(await person()).toMatchObject({ state: "active", broadcasts: 1 });
  await service.change(await preferences(), { action: "stop_broadcasts" });
  expect(await person()).toMatchObject({ state: "unsubscribed", broadcasts: 0 });
});

test("leaving one of two sequences keeps letters in between, and the page says that they still come", async () => {
  await becomeReader(service, EMAIL);
  service.moveTo(service.clock.now + 3 * DAY);
  await service.publish({ ...sequenceOf(2), title: "Garden" }, "garden");
  await service.signUp({ email: EMAIL, consent: "yes", sequence: "garden" });
  await service.drain();
  const [, , mail] = await service.accepted(EMAIL);
  await service.form(linkIn(mail, "confirm"), {});
  const page = await (await service.form(await leave(), { scope: "sequence" })).text();
  expect(await person()).toMatchObject({ state: "active", broadcasts: 1 });
  expect(page).toContain("letters in between");
  await service.form(await leave(), { scope: "everything" });
  expect(await person()).toMatchObject({ state: "unsubscribed", broadcasts: 0 });
});

test("everything left behind a letter in between is said to be everything", async () => {
  await becomeReader(service, EMAIL);
  await schedule(service, await draftBroadcast(service));
  await tickAt(service, service.clock.now + HOUR);
  const mail = (await service.accepted(EMAIL)).find(({ subject }) => subject === LETTER.subject);
  const page = await (await service.form(linkIn(mail, "unsubscribe"), { scope: "everything" })).text();
  expect(page).toContain("We won’t send any more letters to");
  expect(page).not.toContain("You still get");
});

test("a database restored to before it learns of it again, unless the reader agreed anew since", async () => {
  await becomeReader(service, EMAIL);
  const [{ address_hash: addressHash = "" } = {}] = await service.rows<{ address_hash: string }>(
    "select address_hash from subscribers",
  );
  const entry = { addressHash, kind: "broadcasts", sequenceId: null, reason: "one_click" } as const;
  const replay = (at: number) =>
    replayOptOuts(service.db, [{ ...entry, at }], { wallNow: at, journaled: { before: 0, last: 1 } });
  service.moveTo(service.clock.now + DAY);
  await replay(service.clock.now);
  expect(await person()).toMatchObject({ state: "active", broadcasts: 0 });
  const stoppedAt = service.clock.now;
  service.moveTo(service.clock.now + DAY);
  await service.form(await service.ownPage(EMAIL), { action: "start_broadcasts" });
  await replay(stoppedAt);
  expect(await person()).toMatchObject({ state: "active", broadcasts: 1 });
});
