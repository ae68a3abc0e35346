import { beforeEach, expect, test } from "vitest";
import { dayOf, FROM_FACTS, readCounts } from "../../src/domain/counts/queries/day-counts.ts";
import { wrongCounts } from "../support/counts.ts";
import { emptyTables } from "../support/empty-tables.ts";
import {
  becomeReader,
  DAY,
  HOUR,
  linkIn,
  runUntil,
  type Service,
  START,
  sequenceOf,
  startService,
  WEEK,
} from "../support/service.ts";

let service: Service;
beforeEach(async () => {
  service = startService({ ownGuard: true });
  await emptyTables(service);
  await service.publish(sequenceOf(3));
});

const all = { from: 0, to: 1_000_000 };
const counts = async () => {
  const found = await readCounts(service.db, all, FROM_FACTS);
  const sums = Map.groupBy(found, ({ what, key }) => `${what} ${key}`.trim());
  return Object.fromEntries([...sums].map(([name, of]) => [name, of.reduce((sum, { n }) => sum + n, 0)]));
};
const report = async (type: string, email: string, details = {}) => {
  const letter = (await service.accepted(email)).at(-1);
  await service.arrangeEvent(letter?.id ?? "", type, details);
  for (const event of await service.takeEvents()) await service.hook(event);
};

/** A few weeks with everything in them that is counted. */
async function live() {
  for (const email of ["ada@gmail.com", "bea@gmx.de", "cleo@themepost.dev", "dora@outlook.fr"])
    await becomeReader(service, email);
  await runUntil(service, START + WEEK, 4 * HOUR);
  await report("email.delivered", "ada@gmail.com");
  await report("email.delivered", "bea@gmx.de");
  await report("email.complained", "bea@gmx.de");
  const letter = (await service.accepted("cleo@themepost.dev")).at(-1);
  await service.request(linkIn(letter, "unsubscribe"), { method: "POST" });
  await service.admin("POST", "/subscribers/erase", { address: "dora@outlook.fr" });
  await service.tick();
}

test("what happens is counted as it happens: who joined, left and was suppressed, and letters by mailbox", async () => {
  await live();
  expect(await counts()).toMatchObject({
    confirmed: 4,
    "left complaint": 1,
    "left unsubscribe_link": 1,
    "left erased": 1,
    "suppressed complaint": 1,
    "suppressed erased": 1,
    "accepted gmail": 3,
    "accepted gmx": 3,
    "delivered gmail": 3,
    "complained gmx": 1,
  });
  const { "delivered gmx": delivered = 0 } = await counts();
  expect(delivered).toBe(2);
  expect(await wrongCounts(service)).toEqual([]);
});

test("a number made wrong is noticed at night, and counting that day anew puts it right", async () => {
  await live();
  await runUntil(service, START + WEEK + DAY, 4 * HOUR);
  const alerts = async () => service.rows<{ name: string; detail: string }>("select * from alerts");
  expect(await alerts()).toEqual([]);
  for (let day = dayOf(START) - 14; day <= dayOf(service.clock.now); day += 1)
    await service.rows(
      "insert into day_counts (day, what, key, counted) values (?, 'left', 'nonsense', 7)",
      day,
    );
  await runUntil(service, service.clock.now + DAY, 4 * HOUR);
  const [alert] = await alerts();
  expect(alert?.name).toBe("counts.differ");
  expect(alert?.detail).toMatch(/^2026-1[12]-\d\d: left (7, facts 0|10, facts 3)$/);
});

test("what happened before the counting began is counted the first night", async () => {
  await live();
  await service.rows("delete from day_counts");
  await runUntil(service, service.clock.now + 2 * DAY, 4 * HOUR);
  expect(await wrongCounts(service)).toEqual([]);
  expect((await counts())["left complaint"]).toBe(1);
});

test("numbers that can't be counted at night keep no letter back, and are counted by a later tick", async () => {
  await live();
  const day = dayOf(service.clock.now) + 1;
  service.moveTo(day * DAY + HOUR);
  await service.rows(
    "create trigger no_stock before insert on day_counts when new.what = 'readers' begin select raise(abort, 'not now'); end",
  );
  const stock = () => service.rows("select counted from day_counts where what = 'readers' and day = ?", day);
  await service.rows("update enrollments set next_due_at = ? where state = 'active'", service.clock.now);
  await service.tick();
  expect(await stock()).toEqual([]);
  expect((await service.rows("select id from runs where at >= ?", day * DAY)).length).toBe(1);
  await service.rows("drop trigger no_stock");
  service.moveTo(service.clock.now + HOUR);
  await service.tick();
  expect(await stock()).toHaveLength(1);
});
