import { beforeEach, expect, test } from "vitest";
import { dayOf } from "../../src/domain/counts/queries/day-counts.ts";
import { raiseAlert } from "../../src/platform/log/queries.ts";
import { wrongCounts } from "../support/counts.ts";
import { addToDesk, atDesk, textOf } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { becomeReader, DAY, linkIn, sequenceOf, startService } from "../support/service.ts";

const service = startService({ ownGuard: true });
const OWNER = "rosa@lindner.at";
const count = (day: number, what: string, key: string, n: number, at: number | null = null) =>
  service.rows(
    "insert into day_counts (day, what, key, counted, at) values (?, ?, ?, ?, ?)",
    day,
    what,
    key,
    n,
    at,
  );

beforeEach(async () => {
  await emptyTables(service);
  await addToDesk(service, OWNER, "owner");
  await service.publish(sequenceOf(3));
});

test("the owner sees how many readers there are, how many more than four weeks ago, and how they came and went", async () => {
  const rosa = await atDesk(service, OWNER);
  expect(textOf(await rosa.see("/desk"))).toContain("No readers yet.");
  expect(textOf(await rosa.see("/desk/numbers"))).toContain("No one has joined in these weeks.");
  await becomeReader(service, "ada@gmail.com");
  await becomeReader(service, "bea@gmx.de");
  const today = dayOf(service.clock.now);
  await count(today - 28, "readers", "", 1);
  const letter = (await service.accepted("bea@gmx.de")).at(-1);
  await service.request(linkIn(letter, "unsubscribe"), { method: "POST" });
  expect(textOf(await rosa.see("/desk"))).toContain("1 reader. As many as four weeks ago.");
  const page = await rosa.see("/desk/numbers");
  const text = textOf(page);
  expect(text).toContain("2 people joined, one left.");
  expect(text).toContain("Your own pages 2");
  expect(text).toContain("By the link in a letter 1");
  expect(text).toContain("4 letters left: 0 bounced, 0 marked as spam.");
  expect(text).toMatch(/Gmail 2 \d 0 doesn.t say/);
  // Of so few people there's no curve.
  expect(page).not.toContain("<svg");
  const file = await rosa.get("/desk/numbers/growth.csv");
  expect(file.headers.get("content-disposition")).toContain('filename="growth.csv"');
  const lines = (await file.text()).trim().split("\r\n");
  expect([lines.length, lines[0], lines.at(-1)?.split(",").slice(2)]).toEqual([
    13,
    "from,to,joined,left,suppressed",
    ["2", "1", "0"],
  ]);
});

test("of a large list there's a picture with the same numbers beneath, and the night's count with its date", async () => {
  const today = dayOf(service.clock.now);
  for (const back of [3, 10, 40]) {
    await count(today - back, "confirmed", "", 100 + back);
    await count(today - back, "left", "one_click", back);
  }
  const rosa = await atDesk(service, OWNER);
  const html = await rosa.see("/desk/numbers");
  expect(html).toMatch(/<svg[^>]*aria-label="353 people joined, 53 left."/);
  expect(textOf(html)).toContain("With their mailbox’s unsubscribe button 53");
});

test("sources and the last runs are pictures, too, each with its finding, its numbers and a file", async () => {
  const today = dayOf(service.clock.now);
  await count(today - 3, "confirmed", "", 30);
  await count(today - 3, "confirmed", "7", 12);
  for (const [id, bounced] of [
    [1, 0],
    [2, 3],
  ] as const)
    await service.rows(
      "insert into runs (cause, cause_id, at, started_at, planned, failed, bounced, complained) values ('tick', ?, ?, 0, 40, 1, ?, 0)",
      id,
      service.clock.now - id * DAY,
      bounced,
    );
  const rosa = await atDesk(service, OWNER);
  const html = await rosa.see("/desk/numbers");
  expect(html).toMatch(/<svg[^>]*aria-label="30 of 42 came by Your own pages."/);
  expect(html).toMatch(
    /<svg[^>]*aria-label="80 letters in the last 2 runs: 2 failed, 3 bounced, 0 marked as spam."/,
  );
  expect(textOf(html)).toMatch(/36 1 3 0/);
  const file = (await (await rosa.get("/desk/numbers/runs.csv")).text()).trim().split("\r\n");
  expect(file.map((line) => line.split(",").slice(2).join())).toEqual([
    "planned,failed,bounced,complained",
    "40,1,3,0",
    "40,1,0,0",
  ]);
});

test("a number that isn't what the ledger says is put right from its alert, as an act", async () => {
  await becomeReader(service, "ada@gmail.com");
  const day = dayOf(service.clock.now);
  await count(day, "left", "nonsense", 3);
  const date = new Date(day * DAY).toISOString().slice(0, 10);
  await raiseAlert(service.db, { name: "counts.differ", detail: `${date}: left 3, facts 0`, now: 1 });
  const rosa = await atDesk(service, OWNER);
  expect(await rosa.see("/desk")).toContain(`name="date" value="${date}"`);
  const answer = await rosa.post("/desk/counts/recount", { date });
  expect(answer.headers.get("location")).toBe("/desk?done=recounted");
  expect(await wrongCounts(service)).toEqual([]);
  expect(await service.rows("select name from alerts")).toEqual([]);
  expect(await service.rows("select object from acts where verb = 'recount'")).toEqual([
    { object: `day:${date}` },
  ]);
  const tooOld = await rosa.post("/desk/counts/recount", { date: "2020-01-01" });
  expect(tooOld.headers.get("location")).toBe("/desk?done=not_recounted");
});
